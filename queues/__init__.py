"""Queue Management: e-mail queues and their addresses."""
