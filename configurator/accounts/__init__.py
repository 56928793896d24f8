"""Who may do what: users, roles and rights in SC's words, and sign-in."""
