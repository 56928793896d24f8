"""The staged check of one server or address through msal, and the explanation of what it finds.

It runs without Django, so that the command line's ``--try``, benchmarks and anybody's script can use it.
"""
