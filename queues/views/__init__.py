"""The pages of queues and addresses."""
