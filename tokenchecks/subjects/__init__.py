"""What is checked: the stored rows, the engine's subjects, and what their failures have in common."""
