"""aadsts.toml is complete, plain, and refused where it is not."""

import copy
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest

from mailsettings.identifiers.clouds import BY_LOGIN_HOST
from tokenchecks.engine.explain.catalogue import (
    TABLES,
    Catalogue,
    CatalogueError,
    Class,
    Flag,
    Who,
    catalogue,
    parsed,
    read,
)
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.explain.labels import FIELDS, Place
from tokenchecks.engine.explain.wordings import wordings
from tokenchecks.engine.subject import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)
# Reported by the console itself, not by an answer.
OURS = {
    "internal.worker_lost",
    "internal.mail_may_have_left",
    "internal.mail_not_sent",
    "internal.secret_unreadable",
    "unknown",
    "nothing_recognised",
}


def causes() -> list[str]:
    return sorted(catalogue().causes)


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(parsed())


@pytest.mark.parametrize("key", causes())
def test_each_cause_is_complete(key: str) -> None:
    cause = catalogue().causes[key]
    assert cause.class_ in get_args(Class)
    assert cause.who in get_args(Who)
    assert 8 <= len(cause.title) <= 60
    assert not cause.title.endswith(".")
    for text in (cause.cause, cause.remedy):
        assert text.endswith((".", "!"))
        assert 20 <= len(text) <= 400
    assert cause.field or cause.portal or cause.class_ in {
        "network", "internal", "scope", "transient", "throttle", "tenant", "secret", "settings", "account",
    }  # fmt: skip


@pytest.mark.parametrize("key", causes())
def test_each_cause_is_in_plain_words(key: str) -> None:
    cause = catalogue().causes[key]
    for text in (cause.title, cause.cause, cause.remedy):
        assert not re.search(r"AADSTS|\b\d{5,7}\b|[Ii]nvalid input|TODO", text)
        assert "  " not in text


@pytest.mark.parametrize("key", causes())
@pytest.mark.parametrize(
    ("kind", "place"),
    [*((kind, "") for kind in KINDS), *((kind, "next_secret") for kind in KINDS), ("incoming", "mailbox_to_try")],
)
def test_each_cause_can_be_worded_for_each_page(key: str, kind: Kind, place: Place) -> None:
    meaning = explain_cause(key, kind, "0a7d72b9-263f-4a41-aee0-d0ea3134f121", place)
    for text in (meaning.title, meaning.cause, meaning.remedy, meaning.where):
        assert not re.search(r"[{}]", text)
    assert (meaning.field == "") == (meaning.owner == "") == (meaning.label == "")
    if meaning.field:
        assert meaning.label in meaning.where
    if meaning.portal:
        assert meaning.portal.link.startswith(
            (
                "https://entra.microsoft.com/",
                "https://admin.microsoft.com/",
                "https://admin.exchange.microsoft.com/",
                "https://security.microsoft.com/",
            )
        )
        assert "{" not in meaning.portal.link


@pytest.mark.parametrize("key", causes())
def test_who_waits_is_tried_again(key: str) -> None:
    cause = catalogue().causes[key]
    # What Microsoft has blocked stays so until it lifts the block.
    assert cause.retry or cause.who not in {"wait", "Microsoft"} or cause.class_ == "policy"
    assert not (cause.retry and cause.class_ in {"secret", "password", "consent", "policy", "licence"})


def test_every_cause_is_reached_by_a_code() -> None:
    known = catalogue()
    reached = {
        cause
        for table in known.tables.values()
        for code in table.values()
        for cause in (code.cause, *dict(code.when).values())
    }
    texts = wordings().texts
    reached |= {cause for text in texts for cause in (text.code.cause, *dict(text.code.when).values())}
    # What a code is taken for is offered beside its cause.
    reached |= {cause for causes in wordings().also_of_cause.values() for cause in causes}
    reached |= {cause for text in texts for cause in text.also}
    assert set(known.causes) - reached == OURS


def test_every_code_says_something_of_its_own() -> None:
    for table in TABLES:
        for code in catalogue().tables[table].values():
            assert 8 <= len(code.says) <= 80


def test_every_flag_decides_something() -> None:
    used = {flag for table in catalogue().tables.values() for code in table.values() for flag, _ in code.when}
    used |= {flag for text in wordings().texts for flag, _ in text.code.when}
    assert used == set(get_args(Flag))


def test_codes_of_the_tables_do_not_collide() -> None:
    tables = [catalogue().tables[table] for table in ("aadsts", "graph", "check", "transport")]
    assert len(set().union(*tables)) == sum(map(len, tables))


def test_every_class_and_person_has_a_cause() -> None:
    assert {cause.class_ for cause in catalogue().causes.values()} == set(get_args(Class))
    assert {cause.who for cause in catalogue().causes.values()} == set(get_args(Who))


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_all_fields(kind: Kind) -> None:
    assert set(FIELDS[kind]) == set(FIELDS["incoming"])
    labels = [field.label for field in FIELDS[kind].values() if field.owner in {"incoming_server", "outgoing_server"}]
    assert len(set(labels)) == 3


def test_each_login_host_belongs_to_a_cloud() -> None:
    assert len(BY_LOGIN_HOST) == 13
    assert {cloud.graph_host for cloud in BY_LOGIN_HOST.values()}


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def cut(data: dict[str, Any]) -> None:
        *parents, last = path
        for name in parents:
            data = data[name]
        del data[last]

    return cut


def changed(value: Any, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *parents, last = path
        for name in parents:
            data = data[name]
        data[last] = value

    return change


@pytest.mark.parametrize(
    "spoil",
    [
        changed("nobody", "cause", "secret_wrong", "who"),
        changed("colour", "cause", "secret_wrong", "class"),
        changed("scope", "cause", "secret_wrong", "field"),
        changed("nowhere", "cause", "secret_wrong", "portal"),
        changed(" ", "cause", "secret_wrong", "title"),
        changed("x" * 61, "cause", "secret_wrong", "title"),
        changed("Enter it in {scope}.", "cause", "secret_wrong", "remedy"),
        changed("Enter it in {.", "cause", "secret_wrong", "remedy"),
        changed("nothing", "aadsts", "7000215", "cause"),
        changed({"weather": "secret_wrong"}, "aadsts", "7000215", "when"),
        changed({"service": "nothing"}, "aadsts", "7000215", "when"),
        changed("", "aadsts", "7000215", "says"),
    ],
)
def test_what_is_not_complete_is_refused(data: dict[str, Any], spoil: Callable[[dict[str, Any]], None]) -> None:
    assert isinstance(read(data), Catalogue)
    spoil(data)
    with pytest.raises(CatalogueError):
        read(data)


@pytest.mark.parametrize("name", ["class", "who", "title", "cause", "remedy"])
def test_nothing_may_be_missing(data: dict[str, Any], name: str) -> None:
    without("cause", "secret_wrong", name)(data)
    with pytest.raises(KeyError):
        read(data)
