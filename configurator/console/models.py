"""Saved views of lists, and preferences."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from configurator.console.querysets import SavedViewQuerySet

LONGEST_NAME, LONGEST_QUERY = 80, 2_000


class SavedView(models.Model):
    """Search, filters, sort and columns of a list under a name: the query of its URL.

    A shared one shows each user only what he may view himself. The one without a name has its owner's preferences:
    columns, sort and page size. ``list`` is the URL name of the list.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list = models.CharField(max_length=60)
    name = models.CharField("Name", max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    shared = models.BooleanField("Shared", default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["list"], name="view_shared_of_list", condition=Q(shared=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list", "name"],
                name="view_name_once",
                violation_error_message="You have a view of this name already. Give it another one.",
            ),
            CheckConstraint(condition=Q(name="", shared=False) | Q(name__regex=r"\S"), name="view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name
