"""Acknowledging a finding or a warning: the service, the form and the pages that both share."""
