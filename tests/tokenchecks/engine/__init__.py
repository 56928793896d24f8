"""The Django-free part of the checks, against the demo tenant over real TLS."""
