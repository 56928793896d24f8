"""Values to check that are stored nowhere, read from JSON."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from configurator import signs
from configurator.vault.text import Secret
from mailsettings.validators import client_secret, mailbox_password
from tokenchecks.engine.subject import AuthenticationType, Subject

KEYS = {"address", "authentication_type", "client_id", "secret", "mailbox", "account", "password"}
TYPES: dict[str, AuthenticationType] = {"oauth_service": "oauth_service", "oauth_user": "oauth_user"}


class TrialError(Exception):
    """The file is not as expected; the message says what is."""


def read_trial(text: str) -> Subject:
    """Return the subject that the JSON describes; TrialError for other JSON.

    Wrong values are accepted, since the check says what is wrong with them; invisible characters are dropped, and what
    no form accepts is refused as there: lookalike characters, and what cannot be a secret or a password.
    """
    values = {key: _read(key, value) for key, value in _values(text).items()}
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
    """Return the JSON object of strings; TrialError otherwise."""
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


def _read(key: str, value: str | None) -> str:
    """Return the value as a form cleans it; TrialError for what no form accepts."""
    try:
        match key:
            case "secret" if value:
                client_secret(Secret(value))
            case "password" if value:
                mailbox_password(Secret(value))
            case "mailbox" | "account" if value:
                return signs.address(value)
            case "address" | "client_id" if value:
                return signs.plain(value)
    except signs.StrangeSign as strange:
        raise TrialError(f'"{key}": {strange}') from strange
    except ValidationError as error:
        raise TrialError(f'"{key}": {" ".join(error.messages)}') from error
    return value or ""


def _secret(text: str | None) -> Secret | None:
    return Secret(text) if text else None
