"""What a message is, whichever way it goes, and how a way tells that it failed."""

from dataclasses import dataclass, field


class NotSentError(Exception):
    """The message did not go out; the text says why and holds neither address nor secret of the way."""


@dataclass(frozen=True)
class Fact:
    """One line of a message: what it is about, what there is to say, and where that is."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Listing:
    """Names under a heading; ``total`` counts those that were left off too."""

    label: str
    names: list[str]
    total: int

    @property
    def rest(self) -> int:
        """How many were left off."""
        return self.total - len(self.names)


@dataclass(frozen=True)
class Message:
    """A message: a subject line, a sentence, the facts, and lists of names.  It holds no secret."""

    subject: str
    lead: str
    good: bool = False
    facts: list[Fact] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    url: str = ""
