"""Cases that people outside tried: what they gave the console, and what it says.

The rows are in ``explain.toml``, ``checks.toml``, ``forms.toml`` and ``imports.toml``, and each is a test of the
``test_*.py`` of that name. ``python -m tests.cases`` writes docs/cases.md from them.

Every row has ``id``, ``kind`` and ``says``, a text that the console answers with; an empty ``says`` means that it
says nothing and does what is meant. Several rows with one ``id`` are several inputs of one case. The other keys are
those of the channel, described in its test module.
"""
