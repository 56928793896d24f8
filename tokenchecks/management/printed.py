"""An outcome or an explanation on a terminal: as a person reads it, and as one JSON line."""

import json
from typing import Any

from tokenchecks.engine.explain.diagnose import Diagnosis
from tokenchecks.engine.explain.explanation import explain_cause
from tokenchecks.engine.results import Outcome, StageResult
from tokenchecks.engine.subject import Kind

MARKS = {"ok": "✓", "warning": "▲", "broken": "✕", "not_reached": "–", "not_needed": "·"}
WORDS = {"ok": "OK", "warning": "Warning", "broken": "Broken"}


WIDTH = 30


class ProgressBar:
    """One line on a terminal that counts what has ended; nothing where there is no terminal."""

    def __init__(self, stream: Any, total: int) -> None:
        self.stream, self.total, self.ended = stream, total, 0
        self.shown = total > 1 and stream.isatty()

    def advance(self, ended: int) -> None:
        self.ended += ended
        if self.shown:
            filled = WIDTH * min(self.ended, self.total) // self.total
            self._write(f"{'█' * filled}{'░' * (WIDTH - filled)} {self.ended} of {self.total}")

    def clear(self) -> None:
        """Clear the line for other output."""
        if self.shown:
            self._write("")

    def _write(self, text: str) -> None:
        self.stream.write(f"\r\x1b[K{text}", ending="")
        self.stream.flush()


def as_json(name: str, outcome: Outcome) -> str:
    """Return ``{"subject", "status", "stages"}`` as one line."""
    stages = [stage.as_json() for stage in outcome.stages]
    return json.dumps({"subject": name, "status": outcome.status, "stages": stages}, ensure_ascii=False)


def as_text(name: str, kind: Kind, client_id: str, outcome: Outcome) -> str:
    """Return the stages, and under each that is not in order why, who corrects it and where."""
    lines = [f"{MARKS[outcome.status]} {WORDS[outcome.status]}  {name}"]
    for stage in outcome.stages:
        lines += _stage(stage, kind, client_id)
    return "\n".join(lines)


def _stage(stage: StageResult, kind: Kind, client_id: str) -> list[str]:
    said = stage.detail or stage.outcome.replace("_", " ")
    if not stage.cause:
        return [f"  {MARKS[stage.outcome]} {stage.stage:<9} {said}  {stage.ms} ms"]
    words = explain_cause(stage.cause, kind, client_id)
    lines = [
        f"  {MARKS[stage.outcome]} {stage.stage:<9} {words.title}  {stage.code}  {stage.ms} ms",
        f"      Why           {words.cause} {stage.detail}".rstrip(),
        f"      What to do    {words.remedy}",
        f"      Who mends it  {words.who}: {stage.where}" if stage.where else f"      Who mends it  {words.who}",
    ]
    if stage.evidence:
        lines.append(f"      What tells    {' '.join(stage.evidence)}")
    if stage.password_right:
        lines.append("      Good to know  The password is right.")
    if stage.provider_words:
        lines.append(f"      Their words   {stage.provider_words}")
    if stage.correlation_id:
        lines.append(f"      Correlation   {stage.correlation_id}  {stage.at:%Y-%m-%d %H:%M:%S} UTC")
    return lines


def explained(diagnosis: Diagnosis) -> str:
    """Return the likeliest cause of a pasted text, then the others, each with what would tell it apart."""
    codes = ", ".join(diagnosis.codes) or ("No code found; at a guess" if diagnosis.guessed else "No code found")
    lines = [f"{MARKS['broken' if diagnosis.codes else 'not_reached']} {codes}"]
    for number, finding in enumerate(diagnosis.findings, 1):
        words = finding.meaning
        lines += [f"  {number}  {words.title}"]
        lines += [f"      Why           {words.cause}"] if number == 1 else []
        lines += [
            f"      What to do    {words.remedy}",
            f"      Who mends it  {words.where if words.who == 'wait' else f'{words.who}: {words.where}'}",
            f"      {'It is this if' if diagnosis.is_known else 'Look for     '} {finding.evidence}",
        ]
    return "\n".join(lines)
