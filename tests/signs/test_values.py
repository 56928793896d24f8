"""Identifiers and addresses: what is dropped, what is refused, and how it is named."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.signs import StrangeSign, dropped, plain, strange, strange_in_domain, stripped
from configurator.signs.tables import INVISIBLE, REVERSING

ADDRESS = "help@contoso.example"
NOT_SEEN = sorted(INVISIBLE - set(REVERSING))


@given(st.sampled_from(NOT_SEEN), st.integers(0, len(ADDRESS)))
def test_what_is_not_seen_is_dropped_anywhere(char: str, place: int) -> None:
    text = ADDRESS[:place] + char + ADDRESS[place:]
    assert plain(text) == ADDRESS
    assert [sign.char for sign in dropped(text)] == [char]


@pytest.mark.parametrize(
    "around", ["\u00a0", "\u3000", "\u2800", "\u202f", "\ufeff\u00a0", "\r\n", "\u2028", "\t", "\x85"]
)
def test_blanks_and_line_ends_around_it_are_dropped(around: str) -> None:
    assert plain(around + ADDRESS + around) == ADDRESS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "hel\u0440@x",
            "The 4th sign is a Cyrillic small letter er (U+0440), which looks like “p”. Type “p” in its place.",
        ),
        (
            "\uff48@x",
            "The 1st sign is a fullwidth Latin small letter h (U+FF48), which looks like “h”. Type “h” in its place.",
        ),
        ("ab\u2013c", "The 3rd sign is an en dash (U+2013), which looks like “-”. Type “-” in its place."),
        ("\u2160", "The 1st sign is a Roman numeral one (U+2160), which looks like “I”. Type “I” in its place."),
        (
            "a\u00a0b",
            "The 2nd sign is a no-break space (U+00A0), which looks like a blank. Take it out, or type a blank.",
        ),
        ("a\u202eb", "The 2nd sign is a right-to-left override (U+202E), which is not seen. Take it out."),
        ("o\u0301", "The 2nd sign is a combining acute accent (U+0301). Take it out."),
        ("\ue000", "The 1st sign is a private-use character (U+E000). Take it out."),
        (
            "a" * 10 + "\u03bf",
            "The 11th sign is a Greek small letter omicron (U+03BF), which looks like “o”. Type “o” in its place.",
        ),
        ("a" * 21 + "\x07", "The 22nd sign is a control character (U+0007). Take it out."),
        (
            "\u200ba\u200b\u2019",
            "The 2nd sign is a right single quotation mark (U+2019), which looks like “'”. Type “'” in its place.",
        ),
        ("a\u2028b", "The 2nd sign is a line separator (U+2028). Take it out."),
        ("a\ud800", "The 2nd sign is a surrogate (U+D800). Take it out."),
    ],
)  # fmt: skip
def test_a_sign_that_has_no_place_there_is_named(text: str, said: str) -> None:
    with pytest.raises(StrangeSign) as raised:
        plain(text)
    assert str(raised.value) == said


@given(st.text())
def test_the_rest_is_printable_ascii_or_refused(text: str) -> None:
    sign, value = strange(stripped(text)), stripped(text)
    if sign:
        assert value[sign.place - 1] == sign.char
        with pytest.raises(StrangeSign):
            plain(text)
    else:
        assert plain(text) == value == value.strip()
        assert value.isascii()
        assert not value or value.isprintable()


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E)))
def test_ascii_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "domain",
    ["bücher.example", "россия.рф", "почта.рф", "例え.jp", "日本tokyo.jp",
    "ελλάδα.gr", "한국.kr", "क्षेत्र.भारत", "ドメイン名例.jp",
     "münchen-süd.de", "أمثلة.مصر", "דוגמה.co.il", "straße.de", "çağrı-9.com.tr"],
)  # fmt: skip
def test_internationalised_domains_are_right(domain: str) -> None:
    if domain == "çağrı-9.com.tr":  # a dotless i is told, and is entered as xn--
        assert str(strange_in_domain(domain)).startswith("The 5th sign is a Latin small letter dotless i")
    else:
        assert strange_in_domain(domain) is None
        assert strange_in_domain(unicodedata.normalize("NFD", domain)) is None


@pytest.mark.parametrize(
    ("domain", "place", "char"),
    [
        ("\uff48alden.example", 1, "\uff48"),
        ("c\u043entoso.example", 2, "\u043e"),
        ("mail.cont\u03bfso.example", 10, "\u03bf"),
        ("contoso\u3002example", 8, "\u3002"),
        ("\u0440\u043e\u0441\u0430.com", 1, "\u0440"),  # роса, of lookalikes alone
        ("\u0261oogle.example", 1, "\u0261"),
        ("contoso\u2024example", 8, "\u2024"),
        ("cont\u2044oso.example", 5, "\u2044"),
        ("\u13a1ab.example", 1, "\u13a1"),  # a Cherokee letter
        ("contoso.\u0441\u043em", 9, "\u0441"),
        ("x\u2212y.example", 2, "\u2212"),
    ],
)
def test_a_sign_that_passes_for_another_in_a_domain_is_found(domain: str, place: int, char: str) -> None:
    sign = strange_in_domain(domain)
    assert sign
    assert (sign.place, sign.char) == (place, char)


@pytest.mark.parametrize("middle", ["a", "\u00e9"])
def test_of_ascii_the_same_signs_are_taken_off_whatever_stands_between(middle: str) -> None:
    for char in map(chr, range(128)):
        around = char if stripped(char) else ""
        assert stripped(f"{char}{middle}{char}") == f"{around}{middle}{around}"
        assert (strange(char) is None) == (" " <= char <= "~")
