"""What the screens Users and Roles show: who is there, and what each role may do."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from configurator.accounts.rights import OBJECTS, Act, permission

ACT_LABELS = {act: act.capitalize() for act in Act}


@dataclass(frozen=True)
class RoleRow:
    """One object of rights, and for each role the acts it may do on it, in SC's words."""

    label: str
    cells: list[str]


def matrix() -> tuple[list[str], list[RoleRow]]:
    """Return the role names, and for each object of rights what each role may do, Manage for all four acts."""
    roles = list(Group.objects.prefetch_related("permissions__content_type").order_by("name"))
    held = [{f"{item.content_type.app_label}.{item.codename}" for item in role.permissions.all()} for role in roles]
    rows = []
    for item in OBJECTS:
        cells = []
        for names in held:
            acts = [act for act in item.acts if permission(f"{item.key}.{act}") in names]
            cells.append(words(acts))
        rows.append(RoleRow(item.label, cells))
    return [role.name for role in roles], rows


def words(acts: list[Act]) -> str:
    """Return the acts in SC's words."""
    if {Act.VIEW, Act.MODIFY, Act.CREATE, Act.DELETE} <= set(acts):
        return "Manage"
    return ", ".join(ACT_LABELS[act] for act in acts) or "–"
