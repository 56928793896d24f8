"""The past of a subject: since when it is as it is, what was edited before, and how it is drawn."""
