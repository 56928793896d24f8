"""Hosts that pretend to be one of Microsoft's login addresses."""

import difflib

import idna

from configurator import signs
from mailsettings.identifiers.clouds import DEFAULT_LOGIN_HOST, LOGIN_HOSTS
from mailsettings.identifiers.hosts import CUSTOMERS, MICROSOFTS

SIMILARITY = 0.85
# Hosts and domains that somebody may put before a domain of his own, the longest first.
PUT_BEFORE = sorted({*LOGIN_HOSTS, *MICROSOFTS, *CUSTOMERS}, key=lambda name: (-len(name), name))
SIGN_IN_DOMAINS = ("microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "microsoftazuread-sso.com")


def lookalike(host: str) -> str:
    """Return which login address the host resembles, and how; "" when it resembles none."""
    shown = as_read(host)
    foreign = signs.strange(shown)
    if foreign:
        return (
            f"“{shown[:80]}” only looks like a login address: {foreign.ordinal} in it is {foreign.what}. "
            f"Do not use it; type {closest(shown) or 'login.microsoftonline.com'} by hand."
        )
    before = next((known for known in PUT_BEFORE if f".{known}." in f".{host}"), "")
    if before:
        known = before if before in LOGIN_HOSTS else DEFAULT_LOGIN_HOST
        return f"“{host[:80]}” is not Microsoft's: only its beginning is. Do not use it; the login address is {known}."
    if near := closest(host):
        return f"“{host[:80]}” is not Microsoft's, it only looks like {near}. Type that by hand."
    domain = ".".join(host[:80].split(".")[-2:])
    similar = difflib.get_close_matches(domain, SIGN_IN_DOMAINS, n=1, cutoff=SIMILARITY)
    if not similar:
        return ""
    return (
        f"“{host[:80]}” is not Microsoft's, its domain only looks like {similar[0]}. Do not use it; type "
        f"{DEFAULT_LOGIN_HOST} by hand."
    )


def as_read(host: str) -> str:
    """Return the host as a person reads it, with xn-- decoded."""
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host, uts46=True)
    except (idna.IDNAError, UnicodeError):
        return host


def closest(host: str) -> str:
    """Return the login address that the host nearly is, "" when it is near none."""
    near = difflib.get_close_matches(host[:80], sorted(LOGIN_HOSTS), n=1, cutoff=SIMILARITY)
    return near[0] if near else ""
