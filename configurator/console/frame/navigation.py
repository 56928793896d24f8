"""The navigation tree, in SC's words; each leaf shows to those who may view it."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from configurator.accounts.models import User


@dataclass(frozen=True)
class Leaf:
    """A page of the tree: label, URL name, and the rights of which any shows it."""

    label: str
    url_name: str
    right: str
    or_rights: tuple[str, ...] = ()
    # Whether it is for those alone who are not limited to queue groups.
    whole: bool = False

    @cached_property
    def url(self) -> str:
        """Where the leaf leads."""
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


TREE = (
    Branch(
        "System Services",
        (
            Leaf("Incoming Mail Servers", "mailsettings:incoming_list", "incoming_server.view"),
            Leaf("External Outgoing Mail Server", "mailsettings:outgoing", "outgoing_server.view"),
        ),
        group="E-Mail Settings",
    ),
    Branch(
        "Queue Management",
        (
            Leaf("Queues", "queues:queue_list", "queue.view"),
            Leaf("Addresses", "tokenchecks:address_list", "queue.view"),
            Leaf("Addresses at risk", "tokenchecks:risk_list", "queue.view"),
        ),
    ),
    Branch(
        "System Activities",
        (
            Leaf("Token Checks", "tokenchecks:standing_list", "token_check.view"),
            Leaf("Error Codes", "tokenchecks:code_list", "token_check.view"),
            Leaf("Findings", "findings:list", "queue.view", ("incoming_server.view", "outgoing_server.view")),
            Leaf("Alarms", "alarms:list", "alarm.view"),
            Leaf("Secrets and Impact", "queues:secret_list", "incoming_server.view"),
            Leaf("Imports", "imports:list", "queue.modify", ("incoming_server.modify",), whole=True),
            Leaf("Audit Log", "console:audit_log", "audit_log.view"),
            Leaf("Support Bundle", "support:bundle", "queue.view", ("incoming_server.view", "outgoing_server.view")),
        ),
    ),
    Branch(
        "User and Role Management",
        (
            Leaf("Users", "console:user_list", "user.view"),
            Leaf("Roles", "console:role_list", "role.view"),
            Leaf("Queue Groups", "console:queue_group_list", "queue_group.view"),
        ),
    ),
)


def tree_for(user: User) -> tuple[Branch, ...]:
    """Return the branches and leaves that the user may view."""
    seen = (replace(branch, leaves=tuple(leaf for leaf in branch.leaves if leaf.shows_to(user))) for branch in TREE)
    return tuple(branch for branch in seen if branch.leaves)


def markup_of(tree: tuple[Branch, ...], label: str, path: str) -> SafeString:
    """Return the tree as markup, in which the leaf of that label is where the reader is, its page or one beneath it."""
    pages = {reverse("console:start"), *(leaf.url for branch in tree for leaf in branch.leaves)}
    return _markup(tree, label, path if path in pages else "")


@lru_cache(maxsize=256)
def _markup(tree: tuple[Branch, ...], label: str, path: str) -> SafeString:
    """Nothing in it is anybody's own: one markup serves all who may view the same."""
    return render_to_string("console/navigation_tree.html", {"tree": tree, "label": label, "path": path})


def trail(url_name: str) -> tuple[str, ...]:
    """Return the breadcrumb above the page: branch, group and leaf; KeyError for a page outside the tree."""
    for branch in TREE:
        for leaf in branch.leaves:
            if leaf.url_name == url_name:
                return tuple(filter(None, (branch.label, branch.group, leaf.label)))
    raise KeyError(url_name)
