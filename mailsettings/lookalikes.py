"""Hosts that pretend to be one of Microsoft's login addresses."""

import difflib

import idna

from configurator import signs
from mailsettings.clouds import LOGIN_HOSTS

ALIKE = 0.85


def lookalike(host: str) -> str:
    """Say which login address the host only looks like, and how; "" when it looks like none."""
    shown = as_read(host)
    foreign = signs.strange(shown)
    if foreign:
        return (
            f"“{shown[:80]}” only looks like a login address: {foreign.ordinal} in it is {foreign.what}. "
            f"Do not use it; type {closest(shown) or 'login.microsoftonline.com'} by hand."
        )
    for known in sorted(LOGIN_HOSTS):
        if host.startswith(f"{known}.") and host != f"{known}.":
            return (
                f"“{host[:80]}” is not Microsoft's: only its beginning is. Do not use it; the login address is {known}."
            )
    near = closest(host)
    return f"“{host[:80]}” is not Microsoft's, it only looks like {near}. Type that by hand." if near else ""


def as_read(host: str) -> str:
    """Return the host as a person reads it, with the letters that xn-- stands for."""
    if "xn--" not in host:
        return host
    try:
        return idna.decode(host, uts46=True)
    except (idna.IDNAError, UnicodeError):
        return host


def closest(host: str) -> str:
    """Return the login address that the host nearly is, "" when it is near none."""
    near = difflib.get_close_matches(host[:80], sorted(LOGIN_HOSTS), n=1, cutoff=ALIKE)
    return near[0] if near else ""
