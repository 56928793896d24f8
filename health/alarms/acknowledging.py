"""The pages that acknowledge the warning of a server, an address or a secret's end date."""

import uuid
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from health.acknowledgements import views
from health.alarms.models import ENDING, Alarm
from health.alarms.services.warnings import RIGHT, WarningSubject
from health.models import Acknowledgement
from tokenchecks.subjects.stored_rows import reaches, stored


class Dismiss(views.Acknowledge):
    """Acknowledge the warning of one object."""

    list_url = "alarms:list"
    of_warning = True
    message = "The warning is dismissed and counts no more until then."

    def test_func(self) -> bool:
        """Tell whether the user may change the object; 404 for a kind that has no warnings."""
        if self.kwargs["kind"] not in RIGHT:
            raise Http404
        return self.may(RIGHT[self.kwargs["kind"]])

    def shown(self) -> Any:
        """Return the object; 404 where the user may not change it."""
        kind, pk = self.kwargs["kind"], self.kwargs["pk"]
        if not reaches(self.scope(RIGHT[kind]), kind, pk):
            raise Http404
        return object_of(kind, pk)

    def subject(self) -> WarningSubject:
        """Return the warning of the object."""
        return WarningSubject(self.kwargs["kind"], self.kwargs["pk"])


class TakeBack(views.TakeBack):
    """Let an acknowledged warning count again; POST only."""

    message = "The warning counts again."

    def test_func(self) -> bool:
        """Tell whether the user may change the object; everybody may know that there is no such acknowledgement."""
        kinds = Acknowledgement.objects.of_warnings().filter(pk=self.kwargs["pk"]).values_list("kind", flat=True)
        return all(self.may(RIGHT[kind]) for kind in kinds)

    def found(self) -> tuple[WarningSubject, uuid.UUID, str]:
        """Return the warning; 404 where the user may not change the object."""
        found = get_object_or_404(Acknowledgement.objects.of_warnings(), pk=self.kwargs["pk"])
        if not reaches(self.scope(RIGHT[found.kind]), found.kind, found.subject_id):
            raise Http404
        url = object_of(found.kind, found.subject_id).get_absolute_url()
        return WarningSubject(found.kind, found.subject_id), found.pk, url


def object_of(kind: str, pk: uuid.UUID) -> Any:
    """Return what a warning is about; 404 when it is gone."""
    row = get_object_or_404(Alarm, pk=pk) if kind == ENDING else stored(kind, pk)
    if row is None:
        raise Http404
    return row
