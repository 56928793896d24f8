"""Acts on many rows at once."""
