"""Records: models that people edit, their versions, events, names and secrets."""
