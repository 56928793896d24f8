"""Templates, and names in strings, only go down the floors; of imports the linter says the same."""

from pathlib import Path

from django.urls import URLResolver, get_resolver

from tests.floors import (
    FLOORS,
    TEMPLATES,
    Reference,
    modules,
    package_of_label,
    references_of_module,
    references_of_template,
)

# What names something above it all the same, and why: by module, the names and the reason.
EXCEPTIONS = {
    "configurator/accounts/models.py": (
        {"console:user", "console:role", "console:role_list", "console:queue_group"},
        "Django finds the page of an object by its get_absolute_url(); these pages are the console's",
    ),
    "configurator/audit/models.py": (
        {"console:audit_event"},
        "Django finds the page of an object by its get_absolute_url(); this page is the console's",
    ),
    "configurator/accounts/rights.py": (
        {"mailsettings.incomingserver", "mailsettings.outgoingserver", "queues.queue", "tokenchecks.checkrun"},
        "the rights are SC's table in its order, and each is a Django permission of a model",
    ),
    "configurator/accounts/views.py": (
        {"accounts/sign_in.html", "accounts/password.html", "console:start"},
        "the pages of sign-in and of one's own password are in the console's frame, and lead to its start page",
    ),
}
LIST = """{% extends "base.html" %}
{% include "console/objects/errors.html" %}
{% include "bulk/bar.html" %}
"""
TEMPLATE = """{% extends "base.html" %}
{% load console history %}
{% include "tokenchecks/panel.html" %}
{% url 'queues:queue_list' as url %}
{% url "support:bundle" %}
"""
MODULE = '''"""Docstrings may say queues.Queue is above."""
MODEL = "queues.QueueAddress"
DOWN = ("mailsettings.IncomingServer", "mailsettings:incoming_list", "configurator.console.lists.rows")
LISTENER = "tokenchecks.listeners.records_changed"
PAGE, URL = "queues/queue.html", "alarms:list"
RIGHT, FIELD = "queue.view", "queue__name"
'''


def references() -> list[Reference]:
    """Return each reference of the product."""
    templates = [path for path in sorted(TEMPLATES.rglob("*")) if path.is_file()]
    found = [item for path in templates for item in references_of_template(path)]
    found += [item for path in modules() for item in references_of_module(path)]
    return found


def going_up() -> list[Reference]:
    """Return each reference of the product that goes up."""
    return [item for item in references() if item.goes_up]


def test_templates_and_strings_only_go_down() -> None:
    unnamed = [item for item in going_up() if item.name not in EXCEPTIONS.get(item.place, (set(), ""))[0]]
    advice = (
        "register it from the floor above (a panel, an AuditedKind, a leaf), or name it in EXCEPTIONS with a reason"
    )
    assert not unnamed, f"{advice}:\n" + "\n".join(map(str, unnamed))


def test_every_template_that_is_named_is_there() -> None:
    named = [item for item in references() if item.name.endswith((".html", ".txt"))]
    assert named
    assert [str(item) for item in named if not (TEMPLATES / item.name).is_file()] == []


def test_every_exception_is_needed() -> None:
    found = going_up()
    for place, (names, reason) in EXCEPTIONS.items():
        assert {item.name for item in found if item.place == place} == names, place
        assert reason


def test_a_template_that_goes_up_is_found(tmp_path: Path) -> None:
    (tmp_path / "mailsettings").mkdir()
    path = tmp_path / "mailsettings" / "planted.html"
    path.write_text(TEMPLATE, encoding="utf-8")

    found = {item.name: (item.line, item.goes_up) for item in references_of_template(path, tmp_path)}

    assert found == {
        "base.html": (1, False),
        "console": (2, False),
        "history": (2, True),
        "tokenchecks/panel.html": (3, True),
        "queues:queue_list": (4, True),
        "support:bundle": (5, True),
    }


def test_a_template_that_goes_up_inside_the_console_is_found(tmp_path: Path) -> None:
    path = tmp_path / "console" / "lists" / "planted.html"
    path.parent.mkdir(parents=True)
    path.write_text(LIST, encoding="utf-8")

    assert [item.name for item in references_of_template(path, tmp_path) if item.goes_up] == ["bulk/bar.html"]


def test_a_string_that_goes_up_is_found(tmp_path: Path) -> None:
    (tmp_path / "mailsettings").mkdir()
    path = tmp_path / "mailsettings" / "planted.py"
    path.write_text(MODULE, encoding="utf-8")

    found = {item.name for item in references_of_module(path, tmp_path) if item.goes_up}

    assert found == {
        "queues.QueueAddress",
        "tokenchecks.listeners.records_changed",
        "queues/queue.html",
        "alarms:list",
    }


def test_every_namespace_of_urls_is_an_app_on_a_floor() -> None:
    namespaces = [found.namespace for found in get_resolver().url_patterns if isinstance(found, URLResolver)]
    assert namespaces
    assert [name for name in namespaces if package_of_label(str(name)) not in FLOORS] == []
