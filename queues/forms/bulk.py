"""The forms of bulk actions on queues and addresses."""

from typing import Any

from django import forms

from configurator.console.objects.forms import say_what_to_do
from mailsettings.models import IncomingServer
from queues.forms.address import CHOOSE_SERVER, AddressForm, ServerChoiceField, ServerSelect
from queues.forms.language import LanguageField
from queues.forms.queue import QueueForm
from queues.models import Queue, QueueAddress
from queues.numbers import say_ranges


class OneValue(forms.Form):
    """One value for all rows."""

    # The summary of errors needs them.
    blocks = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Use the messages of the forms of single rows."""
        super().__init__(*args, **kwargs)
        say_ranges(self.fields)
        for field in self.fields.values():
            say_what_to_do(field)


def field_of(model: Any, form: Any, name: str) -> forms.Field:
    """Return the field as the form of a single row has it, with the rules of its model."""
    of_model = model._meta.get_field(name)
    form_class = {"form_class": form._meta.field_classes[name]} if name in form._meta.field_classes else {}
    field: forms.Field = of_model.formfield(help_text=form._meta.help_texts[name], initial=None, **form_class)
    field.validators += of_model.validators
    return field


class QueuePriority(OneValue):
    priority = field_of(Queue, QueueForm, "priority")


class QueueLanguage(OneValue):
    language = LanguageField(label="Queue Language", help_text=QueueForm.base_fields["language"].help_text)


class QueueGroupOf(OneValue):
    group = field_of(Queue, QueueForm, "group")


class AddressPriority(OneValue):
    priority = field_of(QueueAddress, AddressForm, "priority")


class AddressLanguage(OneValue):
    extension_language = LanguageField(
        label="Extension Language", help_text=AddressForm.base_fields["extension_language"].help_text
    )


class AddressServer(OneValue):
    server = ServerChoiceField(
        label="E-Mail Server",
        queryset=IncomingServer.objects.all(),
        widget=ServerSelect(attrs={"data-picker": "true"}),
        empty_label="Choose a server",
        help_text="The incoming mail server that the mailboxes are read through from now on.",
        error_messages={"required": CHOOSE_SERVER, "invalid_choice": CHOOSE_SERVER},
    )
