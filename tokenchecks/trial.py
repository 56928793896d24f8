"""Values that are saved nowhere, read from JSON and checked all the same."""

import json
from typing import Any
from urllib.parse import urlsplit

from configurator.vault.text import Secret
from tokenchecks.engine.subject import AuthenticationType, Subject

KEYS = {"address", "authentication_type", "client_id", "secret", "mailbox", "account", "password"}
TYPES: dict[str, AuthenticationType] = {"oauth_service": "oauth_service", "oauth_user": "oauth_user"}


class TrialError(Exception):
    """The file is not what is expected; the text says what is."""


def read_trial(text: str) -> Subject:
    """Return the subject that the JSON describes; TrialError when it is no such JSON.

    Values are taken as they stand, wrong ones too: saying what is wrong with them is the check's business.
    """
    values = _values(text)
    kind = TYPES.get(str(values.get("authentication_type", "")).strip().lower().replace(" ", "_"))
    if kind is None:
        raise TrialError('"authentication_type" is "OAuth Service" or "OAuth User".')
    parts = urlsplit(values["address"].strip())
    mailbox = values.get("mailbox") or values.get("account")
    return Subject(
        kind="address" if mailbox else "incoming",
        name=mailbox or values["address"],
        login_host=(parts.hostname or "").lower(),
        tenant=parts.path.strip("/"),
        client_id=values["client_id"].strip(),
        authentication_type=kind,
        secret=_secret(values.get("secret")),
        mailbox=mailbox,
        account=values.get("account") or mailbox,
        password=_secret(values.get("password")),
    )


def _values(text: str) -> dict[str, str]:
    """Return the JSON object, of texts alone; TrialError otherwise."""
    try:
        values: Any = json.loads(text)
    except ValueError as error:
        raise TrialError("The file holds no JSON.") from error
    if not isinstance(values, dict) or not all(isinstance(value, str | None) for value in values.values()):
        raise TrialError(f"Give one JSON object of texts with the keys {', '.join(sorted(KEYS))}.")
    if unknown := set(values) - KEYS:
        raise TrialError(f"Unknown: {', '.join(sorted(unknown))}. The keys are {', '.join(sorted(KEYS))}.")
    missing = {"address", "client_id"} - {name for name, value in values.items() if value}
    if missing:
        raise TrialError(f"Missing: {', '.join(sorted(missing))}.")
    return values


def _secret(text: str | None) -> Secret | None:
    """Return the secret, None when it is blank."""
    return Secret(text) if text else None
