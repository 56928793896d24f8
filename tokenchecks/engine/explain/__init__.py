"""What an answer means: the catalogue, what is recognised in a text, and which cause it has."""
