"""What is watched, the checks that were requested, and their results."""

from tokenchecks.models.credentials import Credential
from tokenchecks.models.inputs import RunInput
from tokenchecks.models.querysets import ATTEMPTS
from tokenchecks.models.rounds import CheckRound
from tokenchecks.models.runs import CheckResult, CheckRun, Kind, Purpose, State
from tokenchecks.models.watches import Span, Watch

__all__ = [
    "ATTEMPTS",
    "CheckResult",
    "CheckRound",
    "CheckRun",
    "Credential",
    "Kind",
    "Purpose",
    "RunInput",
    "Span",
    "State",
    "Watch",
]
