"""The forms of a user, of an initial password, of a role, and of a queue group."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField

from configurator.accounts.models import QueueGroup, Role, User
from configurator.accounts.rights import BY_KEY, OBJECTS, Act
from configurator.accounts.scope import Scope
from configurator.console.objects.clear_word import not_the_word
from configurator.console.objects.fields import LineField, UserMailField
from configurator.console.objects.forms import Block, RecordForm, say_what_to_do

CHANGED_AT_SIGN_IN = "The user chooses another one at the first sign-in with it. It is never shown again."
TAKEN = "There is a user of this name already: choose another."
NO_SUCH_GROUP = "One of these groups is not there any more, or not yours: tick anew."
UNLIKE = "The two differ: type the same password twice."


class InitialPassword(SetPasswordMixin):
    """Two fields for a password set by somebody else, checked by the validators of the settings."""

    error_messages = {"password_mismatch": UNLIKE}

    def password_fields(self: Any) -> list[BoundField]:
        return [self["password1"], self["password2"]]

    def typed_secrets(self: Any) -> list[BoundField]:
        """Return those in which something was typed, which must be typed again after an error."""
        return [field for field in self.password_fields() if self.data.get(field.html_name)]


def initial_password_fields() -> tuple[forms.CharField, forms.CharField]:
    first, second = SetPasswordMixin.create_password_fields("Initial password", "Initial password again")
    help_text = " ".join([*password_validators_help_texts(), CHANGED_AT_SIGN_IN])
    first.help_text = help_text.replace("Your password", "The password").replace("your other", "the user's")
    second.help_text = ""
    return first, second


class UserForm(RecordForm):
    blocks: ClassVar[tuple[Block, ...]] = (
        Block("User", ("username", "first_name", "last_name", "email", "is_active")),
        Block("Roles", ("groups",)),
    )

    groups = forms.ModelMultipleChoiceField(
        queryset=Role.objects.order_by("name"),
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What the user may do comes from these alone. Without one he signs in and sees nothing.",
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "is_active", "groups"]
        field_classes = dict.fromkeys(("username", "first_name", "last_name"), LineField) | {"email": UserMailField}
        labels = {"username": "User name", "email": "E-Mail", "is_active": "Active"}
        help_texts = {
            "username": "Letters, digits and @ . + - _ only; it is what the audit log names.",
            "is_active": "Without the tick the user cannot sign in, and is out at the next request.",
        }
        error_messages = {"username": {"unique": TAKEN}}

    def clean_username(self) -> str:
        """The name is unique in any case: the audit log names people by it."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return username


class NewUserForm(InitialPassword, UserForm):
    """A new user, with the password for the first sign-in."""

    blocks = (*UserForm.blocks, Block("Password", ("password1", "password2")))
    password1, password2 = initial_password_fields()

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        return super().clean() or {}

    def _post_clean(self) -> None:
        """Run the validators once the user's other values are known."""
        super()._post_clean()  # type: ignore[misc]  # absent from the stubs
        self.validate_password_for_user(self.instance)


class InitialPasswordForm(InitialPassword, forms.Form):
    blocks: ClassVar[tuple[Block, ...]] = ()

    password1, password2 = initial_password_fields()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            say_what_to_do(field)

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(self.user)
        return super().clean() or {}


def rights_field(key: str) -> forms.MultipleChoiceField:
    acts = [(act.value, act.capitalize()) for act in BY_KEY[key].acts]
    return forms.MultipleChoiceField(
        label=BY_KEY[key].label, choices=acts, required=False, widget=forms.CheckboxSelectMultiple
    )


class RoleForm(RecordForm):
    blocks = (
        Block("Role", ("name",)),
        Block(
            "Rights",
            tuple(item.key for item in OBJECTS),
            template="console/people/role_rights.html",
            intro="Manage is View, Modify, Create and Delete together. You can give what you have yourself.",
        ),
        Block("Queues", ("queue_groups",), template="console/people/role_queues.html"),
    )

    queue_groups = forms.ModelMultipleChoiceField(
        queryset=QueueGroup.objects.all(),
        label="Queue groups",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The rights reach to the queues of the groups ticked, and to their addresses; with none ticked "
        "to all queues. Servers belong to no group: whoever may view them views all.",
        error_messages={"invalid_choice": NO_SUCH_GROUP, "invalid_pk_value": NO_SUCH_GROUP},
    )

    class Meta:
        model = Role
        fields = ["name"]
        field_classes = {"name": LineField}
        error_messages = {"name": {"unique": "There is a role of this name already: choose another."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add a field for each object, ticked as the role is, or as the one that is copied."""
        super().__init__(*args, **kwargs)
        held = self.initial.pop("rights", self.instance.rights_held())
        for item in OBJECTS:
            field = self.fields[item.key] = rights_field(item.key)
            field.initial = [act.value for act in item.acts if f"{item.key}.{act}" in held]
            field.widget.attrs["form"] = "record-form"
        if "queue_groups" not in self.initial:
            self.initial["queue_groups"] = list(self.instance.queue_groups.all()) if self.instance.pk else []

    def offer(self, scope: Scope) -> None:
        """Offer only the queue groups within the scope."""
        self.fields["queue_groups"].queryset = QueueGroup.objects.visible_to(scope)  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        self.initial["queue_groups"] = [group.pk for group in self.initial["queue_groups"] if scope.holds(group.pk)]

    def clean(self) -> dict[str, Any]:
        """Other rights on an object require View."""
        data: dict[str, Any] = super().clean() or {}
        for item in OBJECTS:
            acts = data.get(item.key, [])
            if acts and Act.VIEW not in acts:
                self.add_error(item.key, f"{acts[0].capitalize()} also needs View: tick View too.")
        return data

    def rights_held(self) -> frozenset[str]:
        return frozenset(f"{item.key}.{act}" for item in OBJECTS for act in self.cleaned_data.get(item.key, []))


class QueueGroupForm(RecordForm):
    blocks = (Block("Queue group", ("name",)),)

    class Meta:
        model = QueueGroup
        fields = ["name"]
        field_classes = {"name": LineField}
        help_texts = {"name": "What its queues have in common, as a site or a department."}

    def clean_name(self) -> str:
        """Refuse the word by which an import takes a queue out of its group."""
        name: str = self.cleaned_data["name"]
        not_the_word(name)
        return name

    def _post_clean(self) -> None:
        """Show what the constraints refuse on the name, the only field."""
        super()._post_clean()  # type: ignore[misc]  # absent from the stubs
        if of_none := self.errors.pop(NON_FIELD_ERRORS, None):
            self.add_error("name", of_none.as_data())
