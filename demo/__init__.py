"""A simulated Entra tenant and Graph on loopback TLS, for the demo and for the tests."""
