"""The one reader of the environment.

A value is looked up in the process's environment, then in ``.env`` next to ``manage.py``, then in
``DATA_DIR/stack.env``, which a running ``manage.py run`` writes, so that every other command of the checkout uses the
same stack. ``NAME_FILE`` names a file that contains the value of ``NAME``.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ

from configurator.local.lock import is_held
from configurator.vault.text import Secret
from tokenchecks.engine.microsoft.proxy import Proxy

ROOT = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()
environ.Env.read_env(ROOT / ".env")
DATA_DIR = Path(env.str("DATA_DIR", default="") or "var")
if not DATA_DIR.is_absolute():
    DATA_DIR = ROOT / DATA_DIR
# A run that was killed leaves its file; its addresses may be another program's by now.
if is_held(DATA_DIR):
    environ.Env.read_env(DATA_DIR / "stack.env")


def connect_to(value: str) -> dict[str, tuple[str, int]]:
    """Parse ``host=address:port,…`` to ``{host: (address, port)}``; ValueError for another form."""
    pairs: dict[str, tuple[str, int]] = {}
    for item in filter(None, (part.strip() for part in value.split(","))):
        host, equals, target = item.partition("=")
        address, colon, port = target.rpartition(":")
        if not (host and equals and address and colon and port.isdigit()):
            raise ValueError(f"ENTRA_CONNECT_TO: {item!r} is not host=address:port")
        pairs[host.strip().lower()] = (address.strip("[]"), int(port))
    return pairs


def secret_address(value: str) -> Secret | None:
    """Return an https URL whose path is as good as a password, None when it is empty; ValueError for any other."""
    parts = urlsplit(value.strip())
    if value.strip() and not (parts.scheme == "https" and parts.hostname and "@" not in parts.netloc):
        raise ValueError("ALARM_WEBHOOK_URL is no https address")
    return Secret(value.strip()) if value.strip() else None


def secret_setting(name: str) -> Secret:
    """Return the secret in ``name`` or its file, unchanged except for a line end at its end."""
    # Read past `env.str`, which takes a value that begins with a dollar sign for the name of another.
    return Secret(env.ENVIRON.get(name, "").rstrip("\r\n"))


def outbound_proxy(address: str, *, user: str, password: Secret) -> Proxy | None:
    """Return the proxy, None where there is none; ValueError, which repeats no value, if it is invalid.

    A password without a user, or either without an address, is a mistake.
    """
    address = address.strip()
    if not address:
        if user or password:
            raise ValueError("OUTBOUND_PROXY is empty, but OUTBOUND_PROXY_USER or OUTBOUND_PROXY_PASSWORD is set")
        return None
    if "@" in address:
        raise ValueError("OUTBOUND_PROXY: its sign-in goes to OUTBOUND_PROXY_USER and OUTBOUND_PROXY_PASSWORD_FILE")
    if ":" in user or (password and not user):
        raise ValueError("OUTBOUND_PROXY_USER: a name without a colon is needed where a password is set")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not (host and port and parts.scheme == "http") or parts.path.strip("/") or parts.query:
        raise ValueError("OUTBOUND_PROXY is not http://host:port")
    return Proxy(host, port, user, password)


def path_setting(name: str) -> Path | None:
    """Return the path in ``name``, None when it is unset or empty."""
    value = env.str(name, default="")
    return Path(value) if value else None


def filled_file(name: str) -> Path | None:
    """Return the path in ``name``, None when it is unset or the file is empty, as an unused secret is."""
    path = path_setting(name)
    return path if path and path.read_bytes().strip() else None
