"""docs/rights.md: what each default role may do, and who may open and send to each address.

``python -m tests.rights`` writes the page; tests/console/test_permissions.py asks each cell of it with a real
request, and tests/test_papers.py fails while it is out of date.
"""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path

PAPER = Path(__file__).resolve().parent.parent / "docs" / "rights.md"
HEAD = """# Who may do what

Made by `make rules`; do not edit. The rights are those of `configurator/accounts/rights.py`; each cell of the tables of
addresses is asked with a real request by `tests/console/test_permissions.py`, which also fails for an address that is
missing here. Everywhere else answers 404, any method but GET, HEAD and POST is answered by 405, and whoever is not
signed in is sent to the sign-in page unless *anybody* is named. Where an address names a record, 404 also answers for
one that is not there and, to whoever is limited to queue groups, for one that stands outside of them.

*open* is a GET, *send* a POST; *back* is a GET that only leads to the page with the form.
"""
PEOPLE = {
    "superuser": "Superuser",
    "admin": "E-Mail Administrator",
    "queues": "Queue Administrator",
    "support": "Support",
}


def roles() -> Iterator[str]:
    """Yield the lines of the table of the default roles."""
    rights = importlib.import_module("configurator.accounts.rights")
    yield "\n## The default roles\n"
    yield f"| Object | Right | {' | '.join(rights.DEFAULT_ROLES)} |"
    yield "| --- " * (2 + len(rights.DEFAULT_ROLES)) + "|"
    for item in rights.OBJECTS:
        for act in item.acts:
            held = ["yes" if f"{item.key}.{act}" in given else "no" for given in rights.DEFAULT_ROLES.values()]
            yield f"| {item.label} | {act.capitalize()} | {' | '.join(held)} |"


def addresses() -> Iterator[str]:
    """Yield the lines of the tables of addresses, one an app."""
    table = importlib.import_module("tests.console.urls")
    routes = dict(table.patterns())
    space = ""
    for url in table.URLS:
        if url.name.partition(":")[0] != space:
            space = url.name.partition(":")[0]
            yield f"\n## Addresses of {space}\n"
            yield f"| Address | anonymous | {' | '.join(PEOPLE.values())} |"
            yield "| --- " * (2 + len(PEOPLE)) + "|"
        route = routes[url.name].replace("<slug:kind>", url.kind or "<kind>")
        cells = [cell(url, who) for who in PEOPLE]
        yield f"| `{route}` | {'anybody' if url.open else 'sign-in'} | {' | '.join(cells)} |"


def cell(url: object, who: str) -> str:
    """Return what the person may do at the address, in words."""
    opens, sends, back = (getattr(url, name) for name in ("get", "post", "back"))
    said = [("back" if back else "open") if who in opens else "", "send" if who in sends else ""]
    return ", ".join(filter(None, said)) or "no"


def paper() -> str:
    """Return docs/rights.md as the code and the table of the tests have it."""
    return "\n".join([HEAD.rstrip("\n"), *roles(), *addresses()]) + "\n"


def main() -> None:
    """Write the paper."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "configurator.settings")
    os.environ.setdefault("SECRET_KEY", "x" * 50)
    os.environ.setdefault("DATABASE_URL", "postgresql:///no-database-is-asked")
    importlib.import_module("django").setup()
    PAPER.write_text(paper(), encoding="utf-8")


if __name__ == "__main__":
    main()
