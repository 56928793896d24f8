"""The form of an e-mail queue."""

from typing import Any

from django import forms

from configurator.accounts.models import QueueGroup
from configurator.accounts.scope import Scope
from configurator.console.objects.clear_word import not_the_word
from configurator.console.objects.fields import LineField, LinesField
from configurator.console.objects.forms import Block, RecordForm
from mailsettings.forms.fields import ENHANCED_SECURITY
from queues.forms.language import LanguageField
from queues.models import NotDefined, Queue
from queues.numbers import FIELD_CLASSES, say_ranges

SWITCHES = ("preferred_agent", "required_agent", "picking_by_others")
CHOOSE_GROUP = "Choose one of your queue groups."
NO_GROUP = "No group"
CHOOSE = "Choose On, Off or Not Defined."


class QueueForm(RecordForm):
    """An e-mail queue; its addresses have forms of their own in the block Numbers/Addresses."""

    language = LanguageField(
        label="Queue Language", help_text="Choose it by name or tag; empty takes the system default."
    )
    type = forms.CharField(label="Type", initial="E-Mail Queue", disabled=True, required=False)

    blocks = (
        Block("Basics", ("name", "description", "type", "language", "group", "enabled")),
        Block(
            "Contact Management",
            ("priority", "queue_size", "pick_timeout_ms"),
            note="Priority acts as a target service time in seconds: allocation = skill value × weight + waiting time "
            "÷ priority × weight. Where several set a priority, the first of these counts: a keyword rule of the "
            "e-mail, the IVR, the address, the queue, the agent.",
        ),
        Block("Numbers/Addresses", template="queues/addresses.html", note=ENHANCED_SECURITY),
        Block(
            "E-Mail Settings",
            (
                "max_email_kb",
                "preferred_agent",
                "accept_time_limit",
                "required_agent",
                "required_agent_expiry",
                "picking_by_others",
            ),
            intro="Empty or Not Defined takes the system's value; anything else overrides it for this queue.",
        ),
        Block("Access Rights", template="queues/access.html"),
    )

    class Meta:
        model = Queue
        fields = [*Queue.audit_fields]
        field_classes = FIELD_CLASSES | {"name": LineField, "description": LinesField}
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        error_messages = {name: {"invalid_choice": CHOOSE} for name in SWITCHES} | {
            "group": {"invalid_choice": CHOOSE_GROUP}
        }
        help_texts = {
            "group": "A role that is limited to queue groups sees the queue if this is one of them. Without a group no "
            "such role sees it.",
            "priority": "The lowest value is the highest priority: 5 is allocated before 10. An address's own Priority "
            "overrides it.",
            "queue_size": "How many contacts may wait; 0 or less means unlimited.",
            "pick_timeout_ms": "In milliseconds; 120000 is two minutes.",
            "max_email_kb": "In KB; the system default is 25 MB, which is 25600.",
            "accept_time_limit": "In seconds; 0 is not in use, 1 means one week.",
            "required_agent": "Needs Preferred Agent on.",
            "required_agent_expiry": "In seconds; the system default is one week.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the inherited choice as SC does."""
        super().__init__(*args, **kwargs)
        for name in SWITCHES:
            undefined = f"Not Defined ({self.inherited(name)})"
            self.fields[name].choices = [("", undefined), *NotDefined.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["language"].stored = lambda: self.instance.language  # type: ignore[attr-defined]  # a LanguageField
        self.fields["group"].empty_label = NO_GROUP  # type: ignore[attr-defined]  # a ModelChoiceField
        say_ranges(self.fields)

    def offer(self, scope: Scope) -> None:
        """Offer only the queue groups within the scope; a user who is limited to some has to choose one."""
        field: Any = self.fields["group"]
        field.queryset = QueueGroup.objects.visible_to(scope)
        if not scope.is_whole:
            field.required, field.empty_label = True, None
            field.error_messages["required"] = CHOOSE_GROUP

    def clean_description(self) -> str:
        """Refuse the word by which an import empties it."""
        description: str = self.cleaned_data["description"]
        not_the_word(description)
        return description

    def clean(self) -> dict[str, Any]:
        """Required Agent depends on Preferred Agent."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("required_agent") == NotDefined.ON and data.get("preferred_agent") != NotDefined.ON:
            self.add_error(
                "required_agent", "It needs Preferred Agent on: set that to On, or this to Off or Not Defined."
            )
        return data
