"""The questions of the rules, a file for each kind of object; the words stand in rules.toml."""

from health.findings.rules import addresses, incoming, outgoing, queues
from health.findings.rules.registry import QUESTIONS, held_by

__all__ = ["QUESTIONS", "addresses", "held_by", "incoming", "outgoing", "queues"]
