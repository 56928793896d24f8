"""What is broken or warned of, by cause: the list, what stops with it, the banner."""
