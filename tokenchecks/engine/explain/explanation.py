"""From an answer to its meaning: by code, else suberror, error, status; evidence decides between causes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tokenchecks.engine.explain.catalogue import Cause, Class, Code, Flag, Portal, Table, Who, catalogue
from tokenchecks.engine.explain.ends import likeliest
from tokenchecks.engine.explain.labels import Owner, Place, fields, labels
from tokenchecks.engine.subject import Kind, is_guid

CODE_TABLES: Final[tuple[Table, ...]] = ("aadsts", "graph", "check", "transport")
PREFIX: Final = "AADSTS"
# Where to look when neither a field nor a page of Microsoft's has it.
ELSEWHERE: Final[Mapping[Who, str]] = {
    "console administrator": "This console's server or network",
    "Entra administrator": "Your own directory and sign-in service",
    "Exchange administrator": "Exchange Online",
    "Microsoft": "Microsoft's support",
    "wait": "Nothing to mend: wait",
}
THROTTLED: Final = 429
SERVER_FAULT: Final = 500


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known besides the answer, to tell causes apart that share a code."""

    kind: Kind = "incoming"
    flags: frozenset[Flag] = frozenset()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cause in words, for one kind of page.

    `where` is the field here, or the page of Microsoft's admin centre and then the field, or plain words.
    """

    key: str
    title: str
    cause: str
    remedy: str
    class_: Class
    who: Who
    field: str
    owner: Owner
    label: str
    portal: Portal | None
    where: str
    password_right: bool
    retry: bool

    @property
    def responsible(self) -> str:
        """Who has to act, with a capital letter."""
        return "Nobody: wait, it passes by itself" if self.who == "wait" else self.who[:1].upper() + self.who[1:]


def explain_code(
    code: str | int = "",
    suberror: str = "",
    error: str = "",
    status: int = 0,
    evidence: Evidence | None = None,
) -> Explanation:
    """Explain an answer; there is always an explanation, at the least that the answer is unknown."""
    evidence = evidence or Evidence()
    entry = next(entries(str(code), suberror, error, status), None)
    return explain_cause(decide(entry, evidence) if entry else "unknown", evidence.kind)


def explain_answer(code: str, suberror: str, error: str, status: int, evidence: Evidence) -> Explanation:
    """Explain a server's answer: as explain_code, and where no evidence decides, by what corrected such answers."""
    entry = next(entries(code, suberror, error, status), None)
    if entry is None or any(flag in evidence.flags for flag, _ in entry.when):
        return explain_code(code, suberror, error, status, evidence)
    return explain_cause(likeliest(entry), evidence.kind)


def deciding_flag(code: str, suberror: str, error: str, status: int, evidence: Evidence) -> Flag | None:
    """Return the evidence that decides for the cause of explain_answer; None where the code alone does."""
    entry = next(entries(code, suberror, error, status), None)
    return next((flag for flag, _ in entry.when if flag in evidence.flags), None) if entry else None


def find_code(code: str) -> Code | None:
    """Return the catalogue's entry for a code of Entra, Graph, the transport, or the check itself."""
    name = code.strip().removeprefix(PREFIX)
    tables = catalogue().tables
    return next((tables[table][name] for table in CODE_TABLES if name in tables[table]), None)


def decide(entry: Code, evidence: Evidence) -> str:
    """Return the key of the cause that the evidence points to."""
    return next((cause for flag, cause in entry.when if flag in evidence.flags), entry.cause)


@lru_cache(maxsize=1024)
def explain_cause(key: str, kind: Kind, client_id: str = "", place: Place = "") -> Explanation:
    """Word a cause for the page of a kind of subject; with a Client ID the link leads to that very app.

    ``place`` says where the values were entered, if not in the usual fields.
    """
    cause = catalogue().causes.get(key) or catalogue().causes["unknown"]
    names = labels(kind, place)
    field = fields(kind, place).get(cause.field)
    portal = _portal(cause.portal, client_id)
    return Explanation(
        key=cause.key,
        title=cause.title.format_map(names),
        cause=cause.cause.format_map(names),
        remedy=cause.remedy.format_map(names),
        class_=cause.class_,
        who=cause.who,
        field=field.name if field else "",
        owner=field.owner if field else "",
        label=field.label if field else "",
        portal=portal,
        where=_where(cause, portal, field.label if field else ""),
        password_right=cause.password_right,
        retry=cause.retry,
    )


def entries(code: str, suberror: str, error: str, status: int) -> Iterator[Code]:
    """Yield all entries that match the answer, the strongest first."""
    tables = catalogue().tables
    known = find_code(code)
    if known:
        yield known
    # A service in trouble may use any error: that it is in trouble is the better clue.
    trouble = status == THROTTLED or status >= SERVER_FAULT
    by_status = tables["status"].get(str(status))
    if trouble:
        yield by_status or tables["status"]["500"]
    if suberror in tables["suberror"]:
        yield tables["suberror"][suberror]
    if error in tables["error"]:
        yield tables["error"][error]
    if by_status:
        yield by_status


def _portal(key: str, client_id: str) -> Portal | None:
    if not key:
        return None
    portals = catalogue().portals
    portal = portals[key]
    if "{client_id}" not in portal.link:
        return portal
    if not is_guid(client_id):
        return Portal(portal.path, portals["app_list"].link)
    return Portal(portal.path, portal.link.format(client_id=client_id.strip().lower()))


def _where(cause: Cause, portal: Portal | None, label: str) -> str:
    if label and (portal is None or cause.who == "console administrator"):
        return label
    if portal is None:
        return ELSEWHERE[cause.who]
    return f"{portal.path}; then {label} here" if label else portal.path
