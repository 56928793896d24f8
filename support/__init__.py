"""What support takes along: a queue's set-up sheet on paper, and a redacted bundle for a case with somebody else."""
