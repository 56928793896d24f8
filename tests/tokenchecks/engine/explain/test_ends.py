"""Causes are ordered by what mended such answers: few ends change nothing, many do, and the file of them is current."""

import pytest

from tests.diagnosis import CONFIRMED, judged, train, weighted, without
from tests.tokenchecks.engine.labelled import ENDS, EVERY_TEXT, label
from tokenchecks.engine.explain.diagnose import diagnose, seen
from tokenchecks.engine.explain.ends import FILE, Ends, Pair, Seen, ends, learned, likeliest, pair_of, written
from tokenchecks.engine.explain.explanation import find_code

KNOWN = Seen("7000215", ("secret_wrong", "secret_expired", "app_unknown"))
HERE: Pair = ("secret", "console administrator")
ENTRA: Pair = ("secret", "Entra administrator")
APP: Pair = ("app", "console administrator")
BARE = Ends((70, 20, 5, 2, 2, 1), {})


def taught(*answers: tuple[Pair, int]) -> Ends:
    return Ends(BARE.rank, learned((KNOWN, pair) for pair, times in answers for _ in range(times)).counts)


def test_where_nothing_is_known_the_catalogue_has_the_order() -> None:
    assert BARE.ordered(KNOWN) == KNOWN.causes


def test_one_answer_changes_no_order_and_many_do() -> None:
    assert taught((ENTRA, 1)).ordered(KNOWN) == KNOWN.causes
    assert taught((ENTRA, 9)).ordered(KNOWN)[0] == "secret_expired"
    assert taught((ENTRA, 9), (HERE, 20)).ordered(KNOWN)[0] == "secret_wrong"


def test_a_code_without_ends_of_its_own_is_ordered_by_those_of_its_cause() -> None:
    assert taught((APP, 30)).ordered(Seen("70002", KNOWN.causes))[0] == "app_unknown"


def test_an_end_that_no_cause_stands_for_orders_nothing() -> None:
    assert taught((("throttle", "wait"), 30)).ordered(KNOWN) == KNOWN.causes


def test_causes_of_one_class_and_person_keep_their_order() -> None:
    known = Seen("7000215", ("secret_wrong", "app_unknown", "secret_id_pasted"))
    assert BARE.ordered(known) == ("secret_wrong", "secret_id_pasted", "app_unknown")


def test_the_shares_of_all_pairs_are_at_most_one() -> None:
    for row in EVERY_TEXT:
        shares = ends().shares(seen(row["words"]))
        assert 0 < sum(shares.values()) <= 1.0001


def test_what_is_taught_can_be_taken_away_again() -> None:
    answers = [(seen(row["words"]), label(row)) for row in ENDS]
    assert written(without(learned(answers), learned(answers[:9]))) == written(learned(answers[9:]))


def test_a_confirmed_end_outweighs_what_codes_say() -> None:
    assert weighted({"mended": ""}, (KNOWN, HERE)) == [(KNOWN, HERE)]
    assert weighted({"mended": "The secret was replaced."}, (KNOWN, ENTRA)) == [(KNOWN, ENTRA)] * CONFIRMED


def test_the_file_of_ends_is_what_the_collection_teaches() -> None:
    assert FILE.read_text(encoding="utf-8") == train(), "run `make diagnosis-train`"


def test_what_is_written_is_read_as_it_was() -> None:
    assert written(ends()) == FILE.read_text(encoding="utf-8")


def test_the_reasons_can_be_read() -> None:
    reasons = list(taught((HERE, 5), (ENTRA, 2)).reasons(KNOWN))
    counted = "secret, console administrator: 5; secret, Entra administrator: 2"
    assert reasons == [f"cause secret_wrong: {counted}", f"code 7000215, cause secret_wrong: {counted}"]


@pytest.mark.parametrize("code", ["7000215", "700016", "65001", "ErrorAccessDenied", "MailboxNotEnabledForRESTAPI"])
def test_a_check_and_the_explainer_say_the_same_of_a_bare_code(code: str) -> None:
    entry = find_code(code)
    assert entry
    said = f"AADSTS{code}" if code.isdigit() else code
    assert pair_of(likeliest(entry)) == pair_of(diagnose(said).findings[0].meaning.key)


def test_by_leave_one_out_most_answers_are_right_at_once_and_nearly_all_among_three() -> None:
    answers = list(judged(EVERY_TEXT))
    confirmed = [answer for answer in answers if answer.row.get("mended")]
    assert len(answers) >= 760
    assert sum(answer.first for answer in answers) >= 0.84 * len(answers)
    assert sum(answer.among for answer in answers) >= 0.95 * len(answers)
    assert sum(answer.first for answer in confirmed) >= 0.60 * len(confirmed)
    assert all(answer.known for answer in answers)
