"""VAULT_KEYS: what is read, what is refused, and that no message holds a key."""

import base64

import pytest

from configurator.vault.errors import KeyringError
from configurator.vault.keys import new_entry, parse


def entry(name: str, fill: bytes, size: int = 32) -> str:
    return f"{name}:{base64.b64encode(fill * size).decode()}"


def test_the_first_key_is_the_primary() -> None:
    ring = parse(f"{entry('new', b'n')}, {entry('old', b'o')}")
    assert ring.primary.id == "new"
    assert ring.ids == ["new", "old"]
    assert ring.get("other") is None


def test_a_new_entry_is_a_fresh_key_of_that_name() -> None:
    one, other = new_entry("k20300101"), new_entry("k20300101")
    assert one != other
    assert parse(one).primary.id == "k20300101"


def test_nothing_shows_key_material() -> None:
    ring = parse(entry("k1", b"S"))
    shown = repr(ring) + str(ring) + repr(ring.primary) + repr([ring])
    assert shown.count("k1") == 4
    assert "U1NT" not in shown
    assert "SSS" not in shown


def test_each_purpose_has_its_own_bytes() -> None:
    key = parse(entry("k1", b"S")).primary
    assert len({key.sealing, key.fingerprinting, bytes.fromhex(key.check_value), b"S" * 32}) == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" , ", "is empty"),
        ("k1", "is 0 bytes long"),
        (entry("", b"S"), "A key's name is"),
        (entry("a b", b"S"), "A key's name is"),
        (entry("k" * 33, b"S"), "A key's name is"),
        (entry("kä", b"S"), "A key's name is"),
        (entry("k1", b"S", 31), "31 bytes long"),
        (entry("k1", b"S", 33), "33 bytes long"),
        ("k1:U1NT U1NT", "not base64"),
        ("k1:U1NTé", "not base64"),
        ("k1:U1N", "not base64"),
        (f"{entry('k1', b'S')},{entry('k1', b'T')}", "same name"),
        (f"{entry('k1', b'S')},{entry('k2', b'S')}", "same key under two names"),
    ],
)
def test_a_malformed_setting_is_refused_without_showing_it(text: str, says: str) -> None:
    with pytest.raises(KeyringError, match=says) as error:
        parse(text)
    assert "U1N" not in str(error.value)
    assert error.value.__context__ is None
