"""aadsts.toml and more.toml, read once and checked: what every known answer means."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

from tokenchecks.engine.explain.labels import LOGICAL_FIELDS, labels

Class = Literal[
    "tenant",
    "app",
    "secret",
    "consent",
    "scope",
    "account",
    "password",
    "policy",
    "federation",
    "permission",
    "access_policy",
    "licence",
    "throttle",
    "transient",
    "network",
    "settings",
    "internal",
]
Who = Literal["console administrator", "Entra administrator", "Exchange administrator", "Microsoft", "wait"]
Flag = Literal[
    "service",
    "user",
    "secret_is_guid",
    "secret_has_blanks",
    "secret_end_date_past",
    "password_has_blanks",
    "tenant_is_client",
    "realm_federated",
    "realm_unknown",
    "has_role",
    "no_scope",
    "other_mailbox",
    "policy_wording",
    "distrusted_network",
    "at_mailbox",
    "at_send",
    "secret_given",
    "secret_cut",
    "password_is_app_password",
    "client_id_changed",
    "tenant_changed",
    "unchanged",
    "client_is_tenant",
    "domain_elsewhere",
    "domain_unowned",
    "delegated_rights",
    "no_role",
    "no_send_right",
    "names_secret",
    "token_ran_out",
    "wrong_audience",
    "refresh_token",
    "with_token",
    "with_password",
    "at_exchange",
    "forbidden",
    "unauthorized",
    "at_inbox",
    "token_issued",
    "ui_required",
    "session_ended",
    "abused",
    "not_in_directory",
    "names_no_scope",
    "names_no_secret",
    "other_cloud",
    "no_recipient",
    "tenant_glued",
    "by_ews",
    "impersonates",
    "names_no_client",
]
Table = Literal["aadsts", "graph", "transport", "check", "suberror", "error", "status"]

FILE: Final = Path(__file__).with_name("aadsts.toml")
MORE: Final = Path(__file__).with_name("more.toml")
TABLES: Final[tuple[Table, ...]] = get_args(Table)
TITLE_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Portal:
    """A page of Microsoft's admin centres."""

    path: str
    link: str


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, who corrects it, and how; texts name fields by placeholder."""

    key: str
    class_: Class
    who: Who
    title: str
    cause: str
    remedy: str
    field: str
    portal: str
    password_right: bool
    retry: bool


@dataclass(frozen=True, slots=True)
class Code:
    """One code, its cause, and the evidence for another."""

    code: str
    cause: str
    says: str
    when: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    portals: Mapping[str, Portal]
    causes: Mapping[str, Cause]
    tables: Mapping[Table, Mapping[str, Code]]


class CatalogueError(ValueError):
    """aadsts.toml is not complete; the message names the entry."""


@cache
def catalogue() -> Catalogue:
    """Return what aadsts.toml says; CatalogueError where it is not complete."""
    return read(parsed())


def parsed() -> dict[str, dict[str, Any]]:
    """Return both files, table by table; CatalogueError for an entry that is in both."""
    whole: dict[str, dict[str, Any]] = {}
    for path in (FILE, MORE):
        for table, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            known = whole.setdefault(table, {})
            if twice := known.keys() & entries.keys():
                raise CatalogueError(f"{table}: {min(twice)} stands in both files")
            known.update(entries)
    return whole


def read(data: Mapping[str, Any]) -> Catalogue:
    """Make typed values of parsed TOML, and check that every reference exists."""
    portals = {key: Portal(**entry) for key, entry in data["portal"].items()}
    causes = {key: _cause(key, entry, portals) for key, entry in data["cause"].items()}
    tables = {table: {code: read_code(code, entry, causes) for code, entry in data[table].items()} for table in TABLES}
    return Catalogue(portals, causes, tables)


def _cause(key: str, entry: Mapping[str, Any], portals: Mapping[str, Portal]) -> Cause:
    cause = Cause(
        key=key,
        class_=cast("Class", _one_of(key, entry["class"], get_args(Class))),
        who=cast("Who", _one_of(key, entry["who"], get_args(Who))),
        title=_text(key, entry["title"]),
        cause=_text(key, entry["cause"]),
        remedy=_text(key, entry["remedy"]),
        field=_one_of(key, entry.get("field", ""), ("", *LOGICAL_FIELDS)),
        portal=_one_of(key, entry.get("portal", ""), ("", *portals)),
        password_right=entry.get("password_right", False),
        retry=entry.get("retry", False),
    )
    if len(cause.title) > TITLE_LENGTH:
        raise CatalogueError(f"{key}: the title is longer than {TITLE_LENGTH} characters")
    return cause


def read_code(code: str, entry: Mapping[str, Any], causes: Mapping[str, Cause]) -> Code:
    """Make a typed value of one entry; CatalogueError where a reference does not exist."""
    when: Mapping[str, str] = entry.get("when", {})
    for flag in when:
        _one_of(code, flag, get_args(Flag))
    for cause in (entry["cause"], *when.values()):
        _one_of(code, cause, tuple(causes))
    return Code(code, entry["cause"], _text(code, entry["says"]), tuple(when.items()))


def _text(key: str, text: str) -> str:
    """Return the text if it is not empty and its placeholders exist."""
    try:
        rendered = text.format_map(labels("incoming"))
    except (KeyError, ValueError, IndexError):
        raise CatalogueError(f"{key}: {text!r} names an unknown field") from None
    if not rendered.strip():
        raise CatalogueError(f"{key}: a text is empty")
    return text


def _one_of(key: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise CatalogueError(f"{key}: {value!r} is not known")
    return value
