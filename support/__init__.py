"""Documents for support: a queue's set-up sheet on paper, and a redacted bundle for a case with somebody else."""
