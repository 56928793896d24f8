"""Incoming Mail Servers and the External Outgoing Mail Server."""
