"""Login hosts that are closed, have another name by now, or serve something else: what to write in their place."""

from typing import Final

from mailsettings.clouds import ALIASES, DEFAULT_LOGIN_HOST, GERMANY, GERMANY_CLOSED, GLOBAL

# The host, or the end of one after a dot -> why it is refused.
REFUSED: Final = {
    GERMANY_CLOSED.login_host: f"{GERMANY_CLOSED.login_host} belonged to Microsoft Cloud Deutschland, which closed in "
    f"October 2021: no token comes from there. Its tenants were moved; write {DEFAULT_LOGIN_HOST} in its place, or for "
    f"the German sovereign cloud {GERMANY.login_host}.",
    "login.live.com": f"login.live.com signs in personal accounts. Write {DEFAULT_LOGIN_HOST} in its place.",
    "accesscontrol.windows.net": "This is Azure Access Control, which is retired. Write "
    f"{DEFAULT_LOGIN_HOST} in its place.",
    "graph.windows.net": f"This is Azure AD Graph, which is retired. Write {DEFAULT_LOGIN_HOST} in its place.",
    "b2clogin.com": f"This signs in customers (Azure AD B2C), who have no mailboxes. Write {DEFAULT_LOGIN_HOST} "
    "and the tenant that has the mailboxes.",
    "ciamlogin.com": "This signs in customers (Entra External ID), who have no mailboxes. Write "
    f"{DEFAULT_LOGIN_HOST} and the tenant that has the mailboxes.",
    "portal.azure.com": f"This is a page for people. Write {DEFAULT_LOGIN_HOST} in its place.",
    "entra.microsoft.com": f"This is a page for people. Write {DEFAULT_LOGIN_HOST} in its place.",
    "graph.microsoft.com": "This is Microsoft Graph, where mail is read. Tokens come from "
    f"{DEFAULT_LOGIN_HOST}: write that.",
}


def refused(host: str) -> str:
    """Say why no token comes from the host and what to write; "" for any other host."""
    return next((why for name, why in REFUSED.items() if host == name or host.endswith(f".{name}")), "")


def renamed(host: str) -> str:
    """Say what the host is called now; "" where that is its name."""
    cloud = ALIASES.get(host)
    if cloud is None:
        return ""
    kind = "another" if cloud is GLOBAL and host.endswith("microsoft.com") else "the old"
    return f"{host} is {kind} name of {cloud.login_host}. It may still answer, but write {cloud.login_host}."
