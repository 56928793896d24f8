"""The embedded stack: a private PostgreSQL and Valkey from wheels, and ``manage.py run``.

Nothing here imports Django: the stack has to run before the settings can be read.
"""
