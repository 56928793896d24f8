"""Free text: ordinary writing stays, what nobody sees is dropped, what nobody could read is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.signs import StrangeSign, key, line, lines
from configurator.signs.tables import INVISIBLE

ORDINARY = [
    "Customer Service UK", "Kundendienst Zürich – Süd",
    "Обслуживание клиентов", "お客様　サポート".replace("\u3000", " "),
    "客户服务", "고객 지원", "خدمة العملاء", "می\u200cخواهم", "عربي ه\u200d",
    "שירות\u200f (C++)\u200f", "क्\u200dष", "ශ්\u200dරී",
    "ခ\ufe00", "葛\U000e0100城", "ᠮᠣᠩᠭᠣᠯ\u180e\u1820", "ＡＢＣ窓口",
    "Queue “A” ’n’ more…", "Işık", "𝒳 team", "⠓⠑⠇⠇⠕⠀⠺",
    "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "🏳\ufe0f\u200d🌈",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "👩🏽\u200d💻", "🧑\u200d⚕\ufe0f", "1\ufe0f\u20e3 first", "☎\ufe0f Line",
    "\U0001fae8 new", "Nguyễn", "Łódź", "🙂\u200d↔\ufe0f",
]  # fmt: skip

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_writing_stays_as_it_is(text: str) -> None:
    assert line(text) == text
    assert lines(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Customer\u00a0Service UK", "Customer Service UK"),
        ("\ufeffCus\u200btomer\u200d Ser\u00advice\u2060", "Customer Service"),
        ("\u202acustomer\u202c \u2066x\u2069 \u202ey", "customer x y"),
        ("A\u200e B\u200f C\u061c", "A B C"),
        ("x\U000e0068\U000e0069y", "xy"),
        ("a\ufe0fb\U000e0101", "ab"),
        ("한\u3164글\uffa0", "한글"),
        ("\u2800Braille blank\u2800", "Braille blank"),
        ("a\u2063b\u2062c\u180ed\u034fe\ufffcf", "abcdef"),
        ("\ufff9base\ufffanote\ufffb", "basenote"),
        ("e\u0301te\u0301", "été"),
        ("a\u3000b\u2003c\u202fd\u205fe", "a b c d e"),
        ("  both ends \u00a0", "both ends"),
        ("a\U0001d173b\U0001bca0c", "abc"),
    ],
)
def test_what_is_not_seen_is_dropped_and_blanks_are_plain(text: str, kept: str) -> None:
    assert line(text) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\nb", "The 2nd sign is a line break (U+000A). Take it out."),
        ("a\tb", "The 2nd sign is a tab (U+0009). Take it out."),
        ("a\u2029b", "The 2nd sign is a paragraph separator (U+2029). Take it out."),
        ("a\0b", "The 2nd sign is a null character (U+0000). Take it out."),
        ("abc\x9f", "The 4th sign is a control character (U+009F). Take it out."),
        ("\uf0b7 item", "The 1st sign is a private-use character (U+F0B7). Take it out."),
        ("a\uffff", "The 2nd sign is a noncharacter (U+FFFF). Take it out."),
        (
            "K\ufffdln",
            "The 2nd sign is a replacement character (U+FFFD), which stands where a letter was lost. Type that letter.",
        ),
        ("Z" + "\u0300" * 5, "The 6th sign is a combining grave accent (U+0300). Take it out."),
    ],
)
def test_what_nobody_could_read_is_named(text: str, said: str) -> None:
    with pytest.raises(StrangeSign) as raised:
        line(text)
    assert str(raised.value) == said


def test_line_ends_are_line_feeds() -> None:
    assert lines("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch\n\ti") == "a\nb\nc\nd\ne\nf\ng\nh\n\ti"


@given(st.text())
def test_what_was_read_once_stays(text: str) -> None:
    for read in (line, lines):
        try:
            once = read(text)
        except StrangeSign:
            continue
        assert read(once) == once
        assert key(once) == key(text)


@given(st.text(), st.sampled_from(sorted(INVISIBLE)), st.integers(0, 20))
def test_the_key_ignores_what_is_not_seen(text: str, char: str, place: int) -> None:
    text = "".join(char for char in text if char not in INVISIBLE)
    assert key(text[:place] + char + text[place:]) == key(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Customer Service UK", "Customer\u00a0Service UK"),
        ("Customer Service UK", "\u0421ustomer  Servic\u0435 UK"),
        ("Customer Service UK", "\uff23ustomer Service UK\u200b"),
        ("Customer Service UK", "customer service uk "),
        ("Line - 1", "Line – 1"), ("Line - 1", "Line — 1"),
        ("O'Neil", "O’Neil"), ('The "A" team', "The “A” team"),
        ("Support IV", "Support Ⅳ"), ("été", "e\u0301te\u0301"),
        ("Customer Service UK", "Customer Service U\u039a"), ("Новый", "новый"), ("ΚΑΛΟ", "καλο"),
        ("Mail", "𝐌𝐚𝐢𝐥"), ("Queue…", "Queue..."),
    ],
)  # fmt: skip
def test_the_key_is_shared_by_lookalikes(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Queue 1", "Queue l"), ("Queue O", "Queue 0"), ("Zürich", "Zurich"),
        ("Обслуживание", "Обслуживанье"),
        (ENGLAND, SCOTLAND),
        ("CustomerService", "Customer Service"),
    ],
)  # fmt: skip
def test_the_key_keeps_apart_what_people_tell_apart(one: str, other: str) -> None:
    assert key(one) != key(other)
