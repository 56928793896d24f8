"""How far a right reaches: all queues, or those of some queue groups."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Scope:
    """The queue groups whose queues a right reaches; None for all queues, grouped or not."""

    groups: frozenset[uuid.UUID] | None = None

    @property
    def is_whole(self) -> bool:
        return self.groups is None

    def holds(self, group: uuid.UUID | None) -> bool:
        """Return whether a queue of that group, None for one without a group, is within it."""
        return self.groups is None or group in self.groups

    def covers(self, other: "Scope") -> bool:
        return self.groups is None or (other.groups is not None and other.groups <= self.groups)

    def __and__(self, other: "Scope") -> "Scope":
        if self.groups is None or other.groups is None:
            return other if self.groups is None else self
        return Scope(self.groups & other.groups)

    @classmethod
    def of_ticked(cls, groups: Collection[uuid.UUID]) -> Self:
        """Return the scope of a role with these queue groups: with none, all queues."""
        return cls(frozenset(groups) or None)


WHOLE = Scope()
