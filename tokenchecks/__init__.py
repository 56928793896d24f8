"""What is checked, how, when, and what came of it."""
