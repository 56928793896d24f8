"""Users, roles, rights in SC's words, and sign-in."""
