"""What is checked: the stored rows, what the engine is given of them, and how their checks are grouped."""
