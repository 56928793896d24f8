"""What a check returns: one typed result per stage, and the outcome of all."""

from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, date, datetime
from typing import Final, Literal

Stage = Literal["settings", "tenant", "token", "claims", "mailbox", "send", "expiry"]
StageOutcome = Literal["ok", "warning", "broken", "not_reached", "not_needed"]
Status = Literal["ok", "warning", "broken"]

STAGES: Final[tuple[Stage, ...]] = ("settings", "tenant", "token", "claims", "mailbox", "send", "expiry")
# A warning of one stage that a later one replaces with its own.
ANSWERS: Final = {"role_missing": "exchange_grants", "permission_delegated": "exchange_grants"}


@dataclass(frozen=True, slots=True)
class StageResult:
    """How one stage ended.

    `cause` is a key of aadsts.toml, from which title, cause and remedy are worded when they are shown. `owner` says
    whose form `field` is in: incoming_server, queue_address or outgoing_server. `asked` lists the requests, each with
    its host, `status` is the HTTP status of the last answer. `evidence` is what decided for this cause among those that
    share the code. `ends_on` is the end date of the secret from Microsoft; None where it has not returned one. None of
    the texts holds a secret, whatever the other side answered.
    """

    stage: Stage
    outcome: StageOutcome
    code: str = ""
    cause: str = ""
    class_: str = ""
    who: str = ""
    where: str = ""
    field: str = ""
    owner: str = ""
    ms: int = 0
    correlation_id: str = ""
    provider_words: str = ""
    detail: str = ""
    password_right: bool = False
    retry: bool = False
    retry_after: int | None = None
    asked: tuple[str, ...] = ()
    status: int = 0
    evidence: tuple[str, ...] = ()
    ends_on: date | None = None
    at: datetime = default(default_factory=lambda: datetime.now(UTC))

    def as_json(self) -> dict[str, str | int]:
        """The short form that `manage.py check_tokens --json` prints."""
        return {
            "stage": self.stage,
            "outcome": self.outcome,
            "code": self.code,
            "class": self.class_,
            "who": self.who,
            "where": self.where,
            "ms": self.ms,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    stages: tuple[StageResult, ...]

    @property
    def decisive(self) -> StageResult | None:
        """The first broken stage, else the first warning that no later one replaces, else None."""
        causes = {result.cause for result in self.stages if result.outcome == "warning"}
        for outcome in ("broken", "warning"):
            for result in self.stages:
                if result.outcome == outcome and ANSWERS.get(result.cause) not in causes:
                    return result
        return None

    @property
    def ends_on(self) -> date | None:
        """The end date of the secret from Microsoft."""
        return next((result.ends_on for result in self.stages if result.ends_on), None)

    @property
    def status(self) -> Status:
        decisive = self.decisive
        if decisive is None:
            return "ok"
        return "broken" if decisive.outcome == "broken" else "warning"
