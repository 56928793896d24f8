"""What a worker does with a check: claim, check, close; and what it does between checks."""
