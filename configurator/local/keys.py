"""The keys of a local stack: made once for each data directory."""

import base64
import secrets
from pathlib import Path

from configurator.local.files import read_settings, write_settings


def local_keys(path: Path) -> dict[str, str]:
    """Return SECRET_KEY and VAULT_KEYS from ``path``, created there when it has none."""
    kept = read_settings(path)
    vault_key = base64.b64encode(secrets.token_bytes(32)).decode()
    keys = {"SECRET_KEY": secrets.token_urlsafe(50), "VAULT_KEYS": f"local1:{vault_key}"} | kept
    if keys != kept:
        write_settings(path, keys)
    return keys
