"""DIR/world.json: the one file with secrets, read at start and written when the world changes."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import trustme

from demo import certificates, seed
from demo.world import Account, App, AppSecret, Mailbox, Tenant, World


def load(directory: Path) -> tuple[trustme.CA, World]:
    """The authority and the world of a directory; made at random when there are none yet."""
    path = directory / "world.json"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority, world = certificates.new_authority(), seed.world()
        save(directory, authority, world)
        return authority, world
    raw = json.loads(path.read_text(encoding="utf-8"))
    pems = (raw["authority"][part].encode() for part in ("certificate", "key"))
    return trustme.CA.from_pem(*pems), World({key: _tenant(tenant) for key, tenant in raw["tenants"].items()})


def save(directory: Path, authority: trustme.CA, world: World) -> None:
    """Replace the whole file, readable by its owner only."""
    pems = {
        "certificate": authority.cert_pem.bytes().decode(),
        "key": authority.private_key_pem.bytes().decode(),
    }
    data = {"first_steps": seed.first_steps(world), "tenants": asdict(world)["tenants"], "authority": pems}
    fresh = directory / "world.json.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1, ensure_ascii=False, default=datetime.isoformat)
    fresh.replace(directory / "world.json")


def _tenant(raw: dict[str, Any]) -> Tenant:
    raw["apps"] = {key: _app(app) for key, app in raw["apps"].items()}
    raw["accounts"] = {key: Account(**account) for key, account in raw["accounts"].items()}
    raw["mailboxes"] = {key: Mailbox(**mailbox) for key, mailbox in raw["mailboxes"].items()}
    return Tenant(**raw)


def _app(raw: dict[str, Any]) -> App:
    raw["secrets"] = [
        AppSecret(**{**secret, "expires": datetime.fromisoformat(secret["expires"])}) for secret in raw["secrets"]
    ]
    return App(**raw)
