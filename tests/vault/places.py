"""Keys and places for the tests of the vault."""

from uuid import uuid4

from configurator.vault.envelope import Context, destination
from configurator.vault.keys import new_entry

PRIMARY = new_entry("k1")
SECOND = new_entry("k2")


def somewhere(**changed: str) -> Context:
    """Return a new place, with the named parts changed."""
    parts = {
        "table": "mailsettings_incomingserver",
        "row": str(uuid4()),
        "field": "secret",
        "destination": destination("login.microsoftonline.com", "tenant", "client"),
    }
    return Context(**(parts | changed))
