"""The screen Queue Groups: the list, a group's page, and its deletion."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from configurator.accounts.models import QueueGroup
from configurator.console.lists.views import RecordList
from configurator.console.objects.delete import DeletePage
from configurator.console.objects.views import RecordPage
from configurator.console.people import services
from configurator.console.people.exports import QUEUE_GROUP_EXPORT
from configurator.console.people.filters import QueueGroupFilter
from configurator.console.people.forms import QueueGroupForm
from configurator.console.people.tables import QueueGroupTable


class QueueGroupList(RecordList):
    model = QueueGroup
    table_class = QueueGroupTable
    filterset_class = QueueGroupFilter
    export = QUEUE_GROUP_EXPORT
    list_url, create_url = "console:queue_group_list", "console:queue_group_new"
    right = "queue_group.view"
    empty = (
        "No queue group yet. Add one, choose it on its queues, then tick it in a role to limit that to them.",
        "Add New",
    )

    def get_queryset(self) -> QuerySet[QueueGroup]:
        rows: QuerySet[QueueGroup] = QueueGroup.objects.visible_to(self.scope()).with_use().order_by("name")
        return rows

    def may(self, right: str) -> bool:
        """Return whether the user has the right; only users who are not limited to groups create them."""
        return super().may(right) and (right != "queue_group.create" or self.scope(right).is_whole)


class QueueGroupPage(RecordPage):
    model: ClassVar[Any] = QueueGroup
    form_class: ClassVar[Any] = QueueGroupForm
    template_name = "console/people/queue_group.html"
    list_url = "console:queue_group_list"
    of_queues = False
    right = "queue_group.view"
    saved_message = "The queue group was saved."

    def rows(self) -> QuerySet[Any]:
        """Return the groups that the user may view, with their queues and roles."""
        rows: QuerySet[Any] = QueueGroup.objects.visible_to(self.scope()).with_use()
        return rows

    def editable(self, record: Any) -> bool:
        scope = self.scope("queue_group.create" if record._state.adding else "queue_group.modify")
        within = scope.is_whole if record._state.adding else scope.holds(record.pk)
        return super().editable(record) and within

    def save(self, form: QueueGroupForm) -> None:
        services.queue_group_save(actor=self.actor, group=form.instance, version=form.cleaned_data["version"])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        may_delete = self.may("queue_group.delete") and self.scope("queue_group.delete").is_whole
        return super().get_context_data(**context) | {"may_delete": may_delete}


class QueueGroupDelete(DeletePage):
    """Delete a queue group that is not in use."""

    model: ClassVar[Any] = QueueGroup
    template_name = "console/people/queue_group_delete.html"
    list_url = "console:queue_group_list"
    right = "queue_group.delete"

    def test_func(self) -> bool:
        """Return whether the user may delete groups and is not limited to some."""
        return super().test_func() and self.scope().is_whole

    def delete(self, record: QueueGroup) -> None:
        services.queue_group_delete(actor=self.actor, group=record)
