"""The worker: task, claim, check, close; the schedule, the sweep and retention."""
