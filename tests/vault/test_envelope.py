"""The envelope fails closed: T1 to T10 of the design, on the bytes alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.vault.envelope import MAX_BYTES, Context, Place, accept, destination, open_, seal
from configurator.vault.errors import Refused, SecretRefused, SecretUnreadable, Unreadable
from configurator.vault.keys import new_entry, parse
from configurator.vault.text import Secret

RING = parse(new_entry("k1"))
OTHER_BYTES = parse(new_entry("k1"))
OTHER_NAME = parse(new_entry("k2"))
CONTEXT = Context("mailsettings_incomingserver", "row-1", "secret", destination("login", "tenant", "client"))
PLACE = CONTEXT.place
SECRET = Secret("a-Client~Secret.8Q_of-forty-characters-x")


def reason(envelope: bytes, place: Place = PLACE) -> Unreadable:
    with pytest.raises(SecretUnreadable) as error:
        open_(envelope, place, RING)
    return error.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "x",
        " ",
        "  leading and trailing  ",
        "äöü€",
        "😀𝒳🏴‍☠️",
        "\x01\x7f",
        "a" * 8192,
        "😀" * 2048,
        "é" * (MAX_BYTES // 2),
    ],
)
def test_what_is_sealed_opens_unchanged(text: str) -> None:
    assert open_(seal(Secret(text), PLACE, RING), PLACE, RING).reveal() == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_any_text_survives(text: str) -> None:
    assert open_(seal(Secret(text), PLACE, RING), PLACE, RING) == Secret(text)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTEXT, row="row-2"),
        replace(CONTEXT, field="password"),
        replace(CONTEXT, table="queues_queueaddress"),
        replace(CONTEXT, destination=destination("login", "tenant", "other client")),
        replace(CONTEXT, table="mailsettings_incomingserverrow-1", row=""),
        Context("mailsettings_incomingserver", "row-", "1secret", CONTEXT.destination),
    ],
)
def test_a_moved_envelope_does_not_open(other: Context) -> None:
    assert reason(seal(SECRET, PLACE, RING), other.place) is Unreadable.NOT_AUTHENTIC


def test_every_single_bit_flip_is_refused() -> None:
    envelope = seal(SECRET, PLACE, RING)
    for bit in range(len(envelope) * 8):
        flipped = bytearray(envelope)
        flipped[bit // 8] ^= 1 << bit % 8
        reason(bytes(flipped))


def test_every_truncation_and_extension_is_refused() -> None:
    envelope = seal(SECRET, PLACE, RING)
    for length in range(len(envelope)):
        reason(envelope[:length])
        reason(envelope[length + 1 :])
    reason(envelope + b"\0")


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(noise: bytes) -> None:
    reason(noise)
    reason(b"v1\x02k1" + noise)


@pytest.mark.parametrize("marker", [b"v0", b"v2", b"V1", b"", b"\x00\x01"])
def test_another_version_is_refused(marker: bytes) -> None:
    assert reason(marker + seal(SECRET, PLACE, RING)[2:]) is Unreadable.VERSION


def test_a_wrong_key_of_the_same_name_is_refused() -> None:
    assert reason(seal(SECRET, PLACE, OTHER_BYTES)) is Unreadable.NOT_AUTHENTIC


def test_an_unknown_key_is_refused_and_named() -> None:
    with pytest.raises(SecretUnreadable) as error:
        open_(seal(SECRET, PLACE, OTHER_NAME), PLACE, RING)
    assert (error.value.reason, error.value.key_id) == (Unreadable.UNKNOWN_KEY, "k2")
    assert "not in VAULT_KEYS" in str(error.value)


def test_a_renamed_key_id_is_refused() -> None:
    """The key's name is part of what is authenticated: the same bytes under another name do not open it."""
    ring = parse(new_entry("k1") + "," + new_entry("k2"))
    with pytest.raises(SecretUnreadable):
        open_(seal(SECRET, PLACE, ring).replace(b"k1", b"k2", 1), PLACE, ring)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Refused.EMPTY),
        ("a\0b", Refused.NUL),
        ("half \ud83d", Refused.NOT_UNICODE),
        ("a" * (MAX_BYTES + 1), Refused.TOO_LONG),
        ("😀" * (MAX_BYTES // 4 + 1), Refused.TOO_LONG),
    ],
)
def test_what_is_no_secret_is_refused(text: str, why: Refused) -> None:
    for act in (accept, lambda secret: seal(secret, PLACE, RING)):
        with pytest.raises(SecretRefused) as error:
            act(Secret(text))
        assert error.value.reason is why
        assert error.value.__context__ is None


def test_the_same_secret_never_looks_the_same() -> None:
    sealed = {seal(SECRET, PLACE, RING) for _ in range(1000)}
    nonces = {envelope[5:17] for envelope in sealed}
    assert len(sealed) == len(nonces) == 1000


def test_the_envelope_holds_no_part_of_the_text() -> None:
    envelope = seal(Secret("canary" * 20), PLACE, RING)
    assert b"canary" not in envelope


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_destinations_never_collide(one: list[str], other: list[str]) -> None:
    assert (destination(*one) == destination(*other)) == (one == other)


def test_the_place_keeps_no_destination_in_clear() -> None:
    assert "client" not in PLACE.destination_digest
    assert len(PLACE.destination_digest) == 64
