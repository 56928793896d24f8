"""From any text to its likeliest causes: the same catalogue, the same decisions as in a check."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from tokenchecks.engine.answers import Refusal
from tokenchecks.engine.explain.catalogue import Code, catalogue
from tokenchecks.engine.explain.ends import Ends, Seen, ends
from tokenchecks.engine.explain.evidence import evidence_in
from tokenchecks.engine.explain.explanation import Evidence, Explanation, decide, entries, explain_cause, find_code
from tokenchecks.engine.explain.languages import in_english
from tokenchecks.engine.explain.normalize import readable
from tokenchecks.engine.explain.recognise import GENERAL, Sign, Signs, signs_in
from tokenchecks.engine.explain.wordings import may_mean, others, telling, words_of
from tokenchecks.engine.subject import Kind

MOST: Final = 3
SHOWN: Final = 12
THROTTLED: Final = 429
SERVER_FAULT: Final = 500
WORDS: Final = 400
KIND: Final[Kind] = "incoming"
NOTHING: Final = "nothing_recognised"
# Says more of the cloud.
CLOUDS: Final = frozenset({"cloud_mixed_up", "tenant_in_other_cloud", "login_host_retired"})
# Entra's own codes for these hold in any cloud.
OF_ENTRA: Final = frozenset({"secret", "password", "policy", "consent", "federation"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause, and what would show that it is this one."""

    meaning: Explanation
    evidence: str

    def as_json(self) -> dict[str, str]:
        """The form that `manage.py explain --json` prints."""
        meaning = self.meaning
        return {
            "class": meaning.class_,
            "who": meaning.who,
            "cause": f"{meaning.title}. {meaning.cause}",
            "where": meaning.where,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The codes found, as their provider prints them, and one to three causes, the likeliest first.

    `guessed` says that no code or wording was known, and the causes follow from what the text is about.
    """

    codes: tuple[str, ...]
    findings: tuple[Finding, ...]
    guessed: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything in the text was known."""
        return self.findings[0].meaning.key != NOTHING

    def as_json(self) -> dict[str, Any]:
        """The form that `manage.py explain --json` prints."""
        return {
            "codes": list(self.codes),
            "certain": self.is_known and not self.guessed,
            "causes": [finding.as_json() for finding in self.findings],
        }


def diagnose(raw: bytes | str, by: Ends | None = None) -> Diagnosis:
    """Explain any pasted text; there is always a cause, at the least that nothing in the text is known.

    `by` orders the causes; ends.toml without it.
    """
    signs, known = _look(raw)
    first = next(_ordered(signs), None)
    causes = (by or ends()).ordered(known)
    return Diagnosis(_printed(signs), _findings(causes), guessed=first in signs.guessed)


def seen(raw: bytes | str) -> Seen:
    """Return what an answer is known by, before its causes are ordered by what corrected such answers."""
    return _look(raw)[1]


def _look(raw: bytes | str) -> tuple[Signs, Seen]:
    text, signs = _clearer(in_english(readable(raw)))
    first = next(_ordered(signs), None)
    return signs, Seen(first.code.code if first else "", tuple(dict.fromkeys(_causes(signs, text))))


def _by_ends(code: str, causes: Iterable[str]) -> tuple[str, ...]:
    return ends().ordered(Seen(code, tuple(dict.fromkeys(causes))))


def _clearer(text: str) -> tuple[str, Signs]:
    """Return the text that says more, as pasted or with its lines joined, and its signs."""
    words = words_of(text)
    signs = signs_in(text, words)
    if signs.codes or signs.firm or "\n" not in text:
        return text, signs
    joined = [between.join(text.split("\n")) for between in (" ", "")]
    return max([(text, signs), *((one, signs_in(one, words)) for one in joined)], key=lambda read: _certainty(read[1]))


def _certainty(signs: Signs) -> tuple[bool, bool, bool]:
    return (
        bool(signs.codes or signs.firm),
        bool(signs.weak or signs.own or signs.error or signs.suberror),
        bool(signs.status),
    )


def causes_of(code: Code, also: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Return what a code means by itself, without evidence for one of its causes."""
    return _findings(_by_ends(code.code, may_mean(code, code.cause, also)))


def besides(code: str, cause: str, kind: Kind) -> tuple[Finding, ...]:
    """Return what else a check's answer may mean: at most two causes, likeliest first."""
    known = find_code(code)
    keys = may_mean(known, cause) if known else iter((cause, *others("", cause)))
    rest = _by_ends(known.code if known else "", keys)
    return _findings((cause, *rest), kind)[1:]


def _findings(keys: Iterable[str], kind: Kind = KIND) -> tuple[Finding, ...]:
    meanings = [explain_cause(key, kind) for key in dict.fromkeys(keys)]
    return tuple(Finding(one, telling(catalogue().causes[one.key])) for one in islice(_diverse(meanings), MOST))


def _diverse(meanings: list[Explanation]) -> Iterator[Explanation]:
    """Yield first one cause of each class and person: a cause for another person is worth more than a variant."""
    first: dict[tuple[str, str], Explanation] = {}
    for meaning in meanings:
        first.setdefault((meaning.class_, meaning.who), meaning)
    yield from first.values()
    yield from (meaning for meaning in meanings if meaning not in first.values())


def _causes(signs: Signs, text: str) -> Iterator[str]:
    """Yield the causes: of the strongest sign, of other signs and words, then what else it may be."""
    found = list(_ordered(signs))
    if not found:
        yield from ("unknown", *others("", "unknown")) if signs.unknown else (NOTHING,)
        return
    first = found[0]
    decided = decide(first.code, _evidence(signs, first, text))
    peers = [sign for sign in found[1:] if _tells_as_much(first, sign, signs)]
    clouds = ("cloud_mixed_up",) if "other_cloud" in signs.flags else ()
    # What two clouds cannot explain stays first: a credential that Entra itself refused, and what passes.
    yield from (decided, *clouds) if _is_beyond_clouds(decided, first, signs) else (*clouds, decided)
    # A program's own failure may have followed from what the text is about.
    about = signs.guessed[:1] if first in signs.own else ()
    yield from (decide(sign.code, _evidence(signs, sign, text)) for sign in (*peers, *signs.firm[:1], *about))
    yield from may_mean(first.code, decided, first.also)


def _is_beyond_clouds(decided: str, first: Sign, signs: Signs) -> bool:
    """Return whether a cause has nothing to do with the cloud, though hosts of two are named."""
    cause = catalogue().causes[decided]
    return cause.retry or decided in CLOUDS or (first in signs.codes and cause.class_ in OF_ENTRA)


def _ordered(signs: Signs) -> Iterator[Sign]:
    """Yield all signs, the strongest first: codes, wordings, OAuth errors, weak wordings, statuses, own, guesses."""
    trouble = signs.status if signs.status == THROTTLED or signs.status >= SERVER_FAULT else 0
    vague = [sign for sign in signs.codes if sign.code.code in GENERAL]
    yield from (sign for sign in signs.codes if sign not in vague)
    yield from signs.firm
    yield from _fallen_back(entries("", signs.suberror, signs.error, trouble))
    yield from vague
    yield from signs.weak
    yield from _fallen_back(entries("", "", "", signs.status))
    yield from signs.own
    yield from signs.guessed


def _fallen_back(found: Iterator[Code]) -> Iterator[Sign]:
    return (Sign(code, f"HTTP {code.code}" if code.code.isdigit() else code.code) for code in found)


def _tells_as_much(first: Sign, sign: Sign, signs: Signs) -> bool:
    return any(first in group and sign in group for group in (signs.codes, signs.firm, signs.own, signs.guessed))


def _evidence(signs: Signs, sign: Sign, text: str) -> Evidence:
    realm = "Federated" if "realm_federated" in signs.flags else ""
    words = text[sign.position : sign.position + WORDS]
    return Evidence(KIND, signs.flags | evidence_in(Refusal(signs.status, words=words, realm=realm)))


def _printed(signs: Signs) -> tuple[str, ...]:
    """Return the codes found; the console's own names for wordings only where there is nothing else."""
    named = [*signs.codes, *signs.firm]
    printed = [sign.printed for sign in named] + list(signs.unknown) + [signs.suberror, signs.error]
    if not any(printed):
        printed = [sign.printed for sign in _ordered(signs) if sign not in signs.guessed]
    return tuple(islice(dict.fromkeys(filter(None, printed)), SHOWN))
