"""The staged check of one server or address through msal, and the explanation of what it finds; without Django."""
