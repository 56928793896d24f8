"""Work in the background: notifying workers through the broker, and what every task runs in."""
