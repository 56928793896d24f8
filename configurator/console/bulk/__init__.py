"""Acts on many rows of a list at once: chosen, previewed, confirmed, done in one transaction."""
