"""Turns what a stage met into its result: explained, and free of secrets."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from tokenchecks.engine.answers import Refusal
from tokenchecks.engine.explain.catalogue import Flag
from tokenchecks.engine.explain.evidence import evidence_in, known_of
from tokenchecks.engine.explain.explanation import (
    Evidence,
    Explanation,
    deciding_flag,
    explain_answer,
    explain_code,
    find_code,
)
from tokenchecks.engine.explain.facts import FACTS, history
from tokenchecks.engine.microsoft.transport import TransportError
from tokenchecks.engine.redact import Redactor
from tokenchecks.engine.results import Stage, StageOutcome, StageResult
from tokenchecks.engine.subject import Subject

logger = logging.getLogger(__name__)

# The evidence that a refusal came at this stage.
AT: Final[Mapping[Stage, frozenset[Flag]]] = {
    "mailbox": frozenset({"at_mailbox"}),
    "send": frozenset({"at_send"}),
}


class Reporter:
    """Makes the results of one check."""

    def __init__(self, subject: Subject, redactor: Redactor) -> None:
        self._subject = subject
        self.redactor = redactor
        self.flags: frozenset[Flag] = known_of(subject)
        self._found: list[str] = []

    def note(self, flag: Flag, fact: str = "") -> None:
        """Add evidence for the explanation of a later refusal."""
        self.flags |= {flag}
        if fact:
            self._found.append(fact)

    def ok(self, stage: Stage, detail: str, correlation_id: str = "") -> StageResult:
        """Return the result of a stage that found nothing wrong; `detail` is our own text."""
        return StageResult(
            stage,
            "ok",
            detail=detail,
            correlation_id=self.redactor.identifier(correlation_id),
        )

    def found(self, stage: Stage, outcome: StageOutcome, codes: Iterable[str], detail: str = "") -> StageResult:
        """Return what the check found by itself: the first code decides, the others are named with it."""
        first, *others = codes
        more = [self._explain(code).title for code in others]
        result = _result(stage, outcome, first, self._explain(first))
        return replace(result, detail=self.redactor.clean("; ".join(filter(None, (detail, *more)))))

    def refused(self, stage: Stage, refusal: Refusal) -> StageResult:
        """Return the result for a server's refusal."""
        clean = self.redactor.identifier
        code = clean(next((code for code in refusal.codes if find_code(code)), (*refusal.codes, "")[0]))
        suberror, error = clean(refusal.suberror), clean(refusal.error)
        evidence = Evidence(self._subject.kind, self.flags | evidence_in(refusal) | AT.get(stage, frozenset()))
        meaning = explain_answer(code, suberror, error, refusal.status, evidence)
        flag = deciding_flag(code, suberror, error, refusal.status, evidence)
        facts = (FACTS[flag] if flag else "", *map(self.redactor.clean, self._found), history(self._subject))
        shown = f"AADSTS{code}" if code.isdigit() else code or error or f"HTTP {refusal.status}"
        return replace(
            _result(stage, "broken", shown, meaning),
            password_right=meaning.password_right and not self._subject.is_service,
            correlation_id=clean(refusal.correlation_id),
            provider_words=self.redactor.clean(refusal.words),
            retry_after=refusal.retry_after,
            status=refusal.status,
            evidence=tuple(dict.fromkeys(filter(None, facts))),
        )

    def unreachable(self, stage: Stage, error: TransportError) -> StageResult:
        """Return the result for an answer that did not come."""
        result = _result(stage, "broken", error.kind, self._explain(error.kind))
        parts = filter(None, (f"{error}", error.seen))
        return replace(result, detail=". ".join(map(self.redactor.clean, parts)))

    def failed(self, stage: Stage, error: Exception) -> StageResult:
        """Return the result for a fault of ours; the exception's text may hold anything, so only its type is named."""
        logger.error("stage %s failed: %s", stage, type(error).__name__)
        return replace(_result(stage, "broken", "internal", self._explain("internal")), detail=type(error).__name__)

    def _explain(self, code: str) -> Explanation:
        return explain_code(code, evidence=Evidence(self._subject.kind, self.flags))


def _result(stage: Stage, outcome: StageOutcome, code: str, meaning: Explanation) -> StageResult:
    return StageResult(
        stage,
        outcome,
        code=code,
        cause=meaning.key,
        class_=meaning.class_,
        who=meaning.who,
        where=meaning.where,
        field=meaning.field,
        owner=meaning.owner,
        retry=meaning.retry,
    )
