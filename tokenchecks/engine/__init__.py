"""The staged check of one server or address through msal, and the words for what it finds; knows nothing of Django."""
