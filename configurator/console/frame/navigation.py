"""The navigation tree, in SC's words; each leaf shows to those who may view it.

An app names its leaves in its AppConfig, which is loaded before the models: this module imports none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from configurator.accounts.models import User


@dataclass(frozen=True)
class Heading:
    """A heading of the tree, and the group that all beneath it belongs to."""

    label: str
    group: str = ""


SYSTEM_SERVICES: Final = Heading("System Services", group="E-Mail Settings")
QUEUE_MANAGEMENT: Final = Heading("Queue Management")
SYSTEM_ACTIVITIES: Final = Heading("System Activities")
USER_AND_ROLE_MANAGEMENT: Final = Heading("User and Role Management")
HEADINGS: Final = (SYSTEM_SERVICES, QUEUE_MANAGEMENT, SYSTEM_ACTIVITIES, USER_AND_ROLE_MANAGEMENT)


@dataclass(frozen=True)
class Leaf:
    """A page of the tree: its heading and place there, label, URL name, and the rights of which any shows it."""

    heading: Heading
    place: int
    label: str
    url_name: str
    right: str
    or_rights: tuple[str, ...] = ()
    # Whether it is for those alone who are not limited to queue groups.
    whole: bool = False

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)

    def shows_to(self, user: User) -> bool:
        """Tell whether the user may view the page."""
        if self.whole and not user.scope("queue.modify").is_whole:
            return False
        return any(user.may(right) for right in (self.right, *self.or_rights))


@dataclass(frozen=True)
class Branch:
    """A heading of the tree and what is under it."""

    label: str
    leaves: tuple[Leaf, ...]
    group: str = ""


@cache
def whole_tree() -> tuple[Branch, ...]:
    """Return the tree of the ``leaves`` that the apps' configs name."""
    leaves = [leaf for config in apps.get_app_configs() for leaf in getattr(config, "leaves", ())]
    leaves.sort(key=lambda leaf: leaf.place)
    return tuple(
        Branch(heading.label, tuple(leaf for leaf in leaves if leaf.heading == heading), heading.group)
        for heading in HEADINGS
    )


def tree_for(user: User) -> tuple[Branch, ...]:
    """Return the branches and leaves that the user may view."""
    seen = (
        replace(branch, leaves=tuple(leaf for leaf in branch.leaves if leaf.shows_to(user))) for branch in whole_tree()
    )
    return tuple(branch for branch in seen if branch.leaves)


def markup_of(tree: tuple[Branch, ...], label: str, path: str) -> SafeString:
    """Return the tree as markup, in which the leaf of that label is where the reader is, its page or one beneath it."""
    pages = {reverse("console:start"), *(leaf.url for branch in tree for leaf in branch.leaves)}
    return _markup(tree, label, path if path in pages else "")


@lru_cache(maxsize=256)
def _markup(tree: tuple[Branch, ...], label: str, path: str) -> SafeString:
    """Nothing in it is anybody's own: one markup serves all who may view the same."""
    return render_to_string("console/frame/navigation_tree.html", {"tree": tree, "label": label, "path": path})


def trail(url_name: str) -> tuple[str, ...]:
    """Return the breadcrumb above the page: branch, group and leaf; KeyError for a page outside the tree."""
    for branch in whole_tree():
        for leaf in branch.leaves:
            if leaf.url_name == url_name:
                return tuple(filter(None, (branch.label, branch.group, leaf.label)))
    raise KeyError(url_name)
