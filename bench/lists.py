"""What is asked of each list: its first page, its last, a search in the middle of words, two filters."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.bare import ROWS


@dataclass(frozen=True)
class Listed:
    """A list of the console and of Django's admin, and how the same is asked of both."""

    name: str
    path: str
    admin: str
    rows: int  # among 100,000 addresses
    search: str
    filters: str
    admin_filters: str

    def ours(self) -> Iterator[tuple[str, str]]:
        """Yield each kind of page and where the console has it."""
        return self._kinds(self.path, "page=last", self.filters)

    def bare(self) -> Iterator[tuple[str, str]]:
        """Yield the same without a frame."""
        return self._kinds(f"/bare{self.path}", "page=last", self.filters)

    def admins(self) -> Iterator[tuple[str, str]]:
        """Yield the same of the admin."""
        return self._kinds(f"/admin/{self.admin}/", f"p={-(-self.rows // ROWS)}", self.admin_filters)

    def _kinds(self, path: str, deep: str, filters: str) -> Iterator[tuple[str, str]]:
        yield "first page", path
        yield "deep page", f"{path}?{deep}"
        yield "substring search", f"{path}?q={self.search}"
        yield "two filters", f"{path}?{filters}"


LISTS = (
    Listed(
        name="queues",
        path="/queues/",
        admin="queues/queue",
        rows=10_000,
        search="eue 0001",
        filters="status=broken&enabled=true",
        admin_filters="status__exact=broken&enabled__exact=1",
    ),
    Listed(
        name="addresses",
        path="/token-checks/addresses/",
        admin="queues/queueaddress",
        rows=100_000,
        search="ox77",
        filters="status=broken&authentication_type=oauth_user",
        admin_filters="status__exact=broken&server__authentication_type__exact=oauth_user",
    ),
    Listed(
        name="incoming servers",
        path="/e-mail-settings/incoming/",
        admin="mailsettings/incomingserver",
        rows=200,
        search="rver 0000",
        filters="status=unchecked&authentication_type=oauth_user",
        admin_filters="status__exact=unchecked&authentication_type__exact=oauth_user",
    ),
    Listed(
        name="what is watched",
        path="/token-checks/",
        admin="tokenchecks/watch",
        rows=100_000,
        search="ox77",
        filters="status=broken&kind=address",
        admin_filters="status__exact=broken&kind__exact=address",
    ),
    Listed(
        name="single checks",
        path="/token-checks/checks/",
        admin="tokenchecks/checkrun",
        rows=1_000_000,
        search="ox77",
        filters="kind=address&state=done",
        admin_filters="kind__exact=address&state__exact=done",
    ),
    Listed(
        name="audit log",
        path="/audit-log/",
        admin="audit/auditevent",
        rows=1_000_000,
        search="ox77",
        filters="kind=address&action=changed",
        admin_filters="kind=address&action=changed",
    ),
)
