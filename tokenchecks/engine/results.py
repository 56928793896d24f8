"""What a check says: one typed result per stage, and the outcome of all."""

from dataclasses import dataclass
from dataclasses import field as default
from datetime import UTC, datetime
from typing import Final, Literal

Stage = Literal["settings", "tenant", "token", "claims", "mailbox"]
StageOutcome = Literal["ok", "warning", "broken", "not_reached", "not_needed"]
Status = Literal["ok", "warning", "broken"]

STAGES: Final[tuple[Stage, ...]] = ("settings", "tenant", "token", "claims", "mailbox")


@dataclass(frozen=True, slots=True)
class StageResult:
    """How one stage ended.

    `cause` is a key of aadsts.toml, from which title, cause and remedy are worded when they are shown.
    `owner` says whose form `field` is in: incoming_server, queue_address or outgoing_server.
    `provider_words` and `detail` hold no secret, whatever the other side answered.
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
    """How the whole check ended."""

    stages: tuple[StageResult, ...]

    @property
    def decisive(self) -> StageResult | None:
        """The stage to look at: the first broken one, else the first warning, else none."""
        for outcome in ("broken", "warning"):
            for result in self.stages:
                if result.outcome == outcome:
                    return result
        return None

    @property
    def status(self) -> Status:
        """The outcome in one word."""
        decisive = self.decisive
        if decisive is None:
            return "ok"
        return "broken" if decisive.outcome == "broken" else "warning"
