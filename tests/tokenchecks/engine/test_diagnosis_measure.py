"""The measure of the explainer keeps apart what is one thread or one text, and counts what it says it counts."""

from collections import Counter
from typing import Any, get_args

from tests.diagnosis import Judged, channel, groups, judged, report
from tests.tokenchecks.engine.labelled import ENDS, EVERY_TEXT, PEOPLE
from tokenchecks.engine.explain.catalogue import Class
from tokenchecks.engine.explain.ends import Pair

WORDS = "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value."
RIGHT: Pair = ("secret", "console administrator")
OTHER: Pair = ("app", "Entra administrator")


def row(words: str, source: str = "") -> dict[str, Any]:
    return {"words": words, "class": "secret", "who": "here", "source": source}


def test_one_thread_is_one_group() -> None:
    rows = [
        row("a quite short one", "contoso/mail#1"),
        row("nothing like it", "Contoso/Mail#1"),
        row("a third text here"),
    ]
    assert sorted(map(len, groups(rows))) == [1, 2]


def test_what_differs_in_identifiers_alone_is_one_group() -> None:
    rows = [
        row(f"{WORDS} Trace ID: {trace} at 2024-01-0{day}", f"contoso/mail#{day}")
        for trace, day in (("5d1", 1), ("7e2", 2))
    ]
    assert len(groups(rows)) == 1
    assert (
        len(groups([*rows, row("535 5.7.139 Authentication unsuccessful, the user credentials were incorrect")])) == 2
    )


def test_groups_join_across_threads_and_words() -> None:
    rows = [row(WORDS, "contoso/mail#1"), row(f"{WORDS} 4711"), row("something else entirely", "contoso/mail#1")]
    assert list(map(len, groups(rows))) == [3]


def test_the_channel_follows_from_the_words() -> None:
    assert channel(row(WORDS)) == "entra"
    assert channel(row('{"error": {"code": "ErrorItemNotFound"}}')) == "graph"
    assert channel(row("A1 NO LOGIN failed.")) == "imap and pop"
    assert channel(row("550 5.7.60 Client does not have permissions")) == "smtp"
    assert channel(row("getaddrinfo ENOTFOUND")) == "other"


def test_the_report_counts() -> None:
    said = [[RIGHT, OTHER], [OTHER, RIGHT], [OTHER, OTHER]]
    lines = list(report([Judged(row(WORDS), RIGHT, pairs, known=True) for pairs in said]))
    assert lines[1].split() == ["all", "3", "33.3%", "66.7%", "0"]
    assert lines[-1].split(maxsplit=1) == ["2", "secret, console        app, entra"]


def test_every_answer_is_judged_once_and_none_is_left_without_a_cause() -> None:
    answers = list(judged(EVERY_TEXT))
    assert len(answers) == len(EVERY_TEXT)
    assert all(answer.said for answer in answers)


def test_each_end_says_what_mended_it_and_who_did() -> None:
    for row in ENDS:
        assert set(row) == {"source", "code", "words", "mended", "class", "who"}
        assert all(value.strip() for value in row.values())
        assert row["class"] in get_args(Class)
        assert row["who"] in PEOPLE
        assert row["mended"].endswith(".")


def test_no_end_is_collected_twice() -> None:
    words = Counter(row["words"] for row in EVERY_TEXT)
    assert all(words[row["words"]] == 1 for row in ENDS)
