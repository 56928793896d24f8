"""Any order of setting, reading, rotating, retiring and swapping: a secret reads right or not at all."""

from uuid import uuid4

import pytest
from django.test import override_settings
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from configurator.vault.envelope import Context
from configurator.vault.errors import SecretUnreadable
from configurator.vault.keys import new_entry
from configurator.vault.models import SealedSecret
from configurator.vault.rotation import counts, rotate
from configurator.vault.services import open_sealed, put
from configurator.vault.text import Secret
from tests.vault.places import somewhere

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=50)


class Vault(RuleBasedStateMachine):
    """The vault beside a plain dict of what it should hold."""

    places = Bundle("places")

    def __init__(self) -> None:
        super().__init__()
        SealedSecret.objects.all().delete()
        self.entries: list[str] = []
        self.texts: dict[Context, str] = {}
        self.damaged: set[Context] = set()
        self.new_primary()

    @property
    def environment(self) -> override_settings:
        """The process with its present keys."""
        return override_settings(VAULT_KEYS=",".join(self.entries))

    def row(self, place: Context) -> SealedSecret:
        return SealedSecret.objects.get(row=place.row)

    @rule(target=places, text=TEXTS)
    def set(self, text: str) -> Context:
        place = somewhere()
        with self.environment:
            put(secret=Secret(text), context=place, set_by="alice")
        self.texts[place] = text
        return place

    @rule()
    def new_primary(self) -> None:
        # A name is never used again: the database remembers which key it was.
        self.entries.insert(0, new_entry(f"k-{uuid4().hex[:20]}"))

    @rule(size=st.integers(1, 5))
    def rotate(self, size: int) -> None:
        with self.environment:
            list(rotate(size))

    @rule()
    def retire_what_is_not_used(self) -> None:
        used = counts()
        self.entries = [
            self.entries[0],
            *(entry for entry in self.entries[1:] if used[entry.partition(":")[0]]),
        ]

    @rule(one=places, other=places)
    def swap(self, one: Context, other: Context) -> None:
        if one == other:
            return
        first, second = self.row(one), self.row(other)
        pair = [(first, bytes(second.envelope), second.key_id), (second, bytes(first.envelope), first.key_id)]
        for row, envelope, key_id in pair:
            SealedSecret.objects.filter(pk=row.pk).update(envelope=envelope, key_id=key_id)
        self.damaged |= {one, other}

    @invariant()
    def reads_right_or_not_at_all(self) -> None:
        with self.environment:
            for place, text in self.texts.items():
                try:
                    assert open_sealed(self.row(place), place).reveal() == text
                except SecretUnreadable:
                    assert place in self.damaged


@pytest.mark.django_db
def test_a_secret_reads_right_or_not_at_all() -> None:
    run_state_machine_as_test(Vault, settings=limits(max_examples=20, stateful_step_count=15, deadline=None))
