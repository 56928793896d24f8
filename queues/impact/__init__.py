"""What stops with a server or a secret."""
