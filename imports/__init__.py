"""Bring in: servers, queues and addresses from files, looked at row by row before anything is written."""
