"""Communication with Microsoft: sockets, TLS, HTTP, msal, Entra and Graph."""
