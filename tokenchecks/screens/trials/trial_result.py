"""How a trial or another act is shown: its panel, in the words of its purpose."""

from dataclasses import dataclass, field

from configurator.status import Status
from mailsettings.rotation.forms import SwitchForm
from tokenchecks.screens.panel import Panel

NO_MAIL = "That mail can be sent: the right to send is one thing, a mail that leaves another, and none was sent."
IT_LASTS = "That it stays so: a secret ends, and rights and consent can be taken back."


@dataclass(frozen=True)
class TrialPanel:
    """A run that is no history, as its page shows it."""

    panel: Panel
    purpose: str
    verdict: str = ""
    link: tuple[str, str] | None = None
    not_proved: list[str] = field(default_factory=list)
    # What may be missing for a switch to the next secret, now that a test of it has ended.
    switch_form: SwitchForm | None = None
    # The input on the page that the decisive stage is about, and the message at it.
    input: str = ""
    says: str = ""


def verdict_of(panel: Panel, good: str, bad: str) -> str:
    """Return what came of it in a sentence, "" while it is under way."""
    if panel.is_open:
        return ""
    if panel.status == Status.UNCHECKED:
        return "It came to nothing: what was to be checked is gone, or no worker took it up in time. Check again."
    return bad if panel.status == Status.BROKEN else good
