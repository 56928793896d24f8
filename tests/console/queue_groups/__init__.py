"""What somebody sees and does whose roles are limited to queue groups."""
