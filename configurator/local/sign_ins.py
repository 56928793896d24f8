"""The users of a local stack, with passwords made once and kept in ``local.json``."""

import json
import secrets
from pathlib import Path

from configurator.local.files import write_private

ROLES = {
    "superuser": "Superuser",
    "admin": "E-Mail Administrator",
    "queues": "Queue Administrator",
    "support": "Support",
}


def write_sign_ins(path: Path, url: str, *, demo: bool) -> str:
    """Write ``path`` for scripts and return its users as JSON; passwords of an earlier run stay."""
    kept = json.loads(path.read_text())["users"] if path.exists() else []
    passwords = {user["username"]: user["password"] for user in kept}
    users = [
        {"username": name, "password": passwords.get(name) or secrets.token_urlsafe(12), "role": role}
        for name, role in ROLES.items()
        if demo or name == "superuser" or name in passwords
    ]
    write_private(path, json.dumps({"url": url, "users": users}, indent=2) + "\n")
    return json.dumps(users)


def sign_in_table(path: Path) -> str:
    """Return the address and the sign-ins as a table."""
    local = json.loads(path.read_text())
    rows = [("User", "Password", "Role"), *(tuple(user.values()) for user in local["users"])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ["".join(f"  {cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines = ["", f"  Configurator is ready: {local['url']}", "", *map(str.rstrip, padded), ""]
    return "\n".join(lines)
