"""Hosts that are no login addresses: closed, renamed, or Microsoft's for something else; and what to write instead."""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

from mailsettings.identifiers.clouds import ALIASES, CLOUDS, DEFAULT_LOGIN_HOST, GERMANY, GERMANY_CLOSED, GLOBAL

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

# Domains of Microsoft in which no customer names hosts, the narrow before the wide; what a host there is or does.
MICROSOFTS: Final = {
    "device.login.microsoftonline.com": "registers devices",
    "enterpriseregistration.windows.net": "registers devices",
    "certauth.login.microsoftonline.com": "signs in people with certificates",
    "microsoftazuread-sso.com": "signs in computers of a domain (seamless single sign-on)",
    "login.microsoft.com": "is one region's login address",
    "graph.microsoft.us": "is Microsoft Graph, where mail is read",
    "dod-graph.microsoft.us": "is Microsoft Graph, where mail is read",
    "microsoftgraph.chinacloudapi.cn": "is Microsoft Graph, where mail is read",
    "office365.com": "is where Microsoft keeps mail",
    "office.com": "is where Microsoft keeps mail",
    "office365.us": "is where Microsoft keeps mail",
    "outlook.com": "is where Microsoft keeps mail",
    "partner.outlook.cn": "is where Microsoft keeps mail",
    "onmicrosoft.com": "is the domain name of a tenant",
    "onmicrosoft.us": "is the domain name of a tenant",
    "partner.onmschina.cn": "is the domain name of a tenant",
    "live.com": "is for personal accounts",
    "msauth.net": "holds parts of sign-in pages",
    "msftauth.net": "holds parts of sign-in pages",
    "aadcdn.microsoftonline-p.com": "holds parts of sign-in pages",
    "account.activedirectory.windowsazure.com": "is a page for people",
    "portal.azure.us": "is a page for people",
    "portal.azure.cn": "is a page for people",
    "microsoftonline.com": "",
    "microsoftonline.us": "",
    "microsoftonline.cn": "",
    "microsoftonline.de": "",
    "microsoftonline-p.com": "",
    "microsoft.com": "",
    "microsoft.us": "",
    "microsoft365.com": "",
    "office.net": "",
    "outlook.office.de": "",
    "sovcloud-identity.fr": "",
    "sovcloud-identity.de": "",
    "sovcloud-identity.sg": "",
    "login.windows.net": "",
    "sts.windows.net": "",
}
# Each national cloud has its login host under a top-level domain of its own; of two, the later one is not closed.
LOGIN_HOST_OF_TLD: Final = {cloud.login_host.rpartition(".")[2]: cloud.login_host for cloud in CLOUDS}
NATIONAL: Final = tuple(f".{tld}" for tld in LOGIN_HOST_OF_TLD if tld != "com")
# Microsoft's tenants for customers, who have no mailboxes.
CUSTOMERS: Final = ("b2clogin.com", "ciamlogin.com")
LIKE_IP: Final = re.compile(r"[\d.]+|\[[\da-f:.]*(%\w*)?\]?|0x[\da-f.x]+|[\da-f]*(:[\da-f.]*){2,}", re.IGNORECASE)
# Two colons without a bracket are an IPv6 address, which then has no port.
HOST_AND_PORT: Final = re.compile(r"(\[[^\]]*\]?|[^:]*(?::[^:]*){2,}|[^:]*)(:?)(.*)", re.DOTALL)


def split_port(netloc: str) -> tuple[str, str, str]:
    """Return the host, a colon if there is one, and the port; colons of a bracketed IPv6 address do not count."""
    found = HOST_AND_PORT.fullmatch(netloc)
    return (found[1], found[2], found[3]) if found else (netloc, "", "")


def is_ip(host: str) -> bool:
    """Return whether a host is an IP address, in brackets or without, or was meant as one."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return bool(LIKE_IP.fullmatch(host))
    return True


def is_microsofts(host: str) -> bool:
    """Return whether the host is in a domain that is known to be Microsoft's."""
    return any(map(_within(host), (*MICROSOFTS, *CUSTOMERS)))


def is_for_customers(host: str) -> bool:
    """Return whether the host signs in customers, whose tenants have no mailboxes."""
    return any(map(_within(host), CUSTOMERS))


def other_of_microsofts(host: str) -> str:
    """Return what a host of Microsoft that issues no tokens for this console is for; "" for any other host."""
    name = next(filter(_within(host), MICROSOFTS), None)
    if name is None:
        return ""
    what = MICROSOFTS[name] or "is in a domain of Microsoft's"
    wanted = LOGIN_HOST_OF_TLD[name.rpartition(".")[2]] if name.endswith(NATIONAL) else DEFAULT_LOGIN_HOST
    return f"“{host[:80]}” {what}, but is no login address that this console takes. Write {wanted}."


def _within(host: str) -> Callable[[str], bool]:
    return lambda name: host == name or host.endswith(f".{name}")


def refused(host: str) -> str:
    """Return why no token comes from the host and what to write; "" for any other host."""
    return next((why for name, why in REFUSED.items() if _within(host)(name)), "")


def renamed(host: str) -> str:
    """Return the host's present name; "" where it was not renamed."""
    cloud = ALIASES.get(host)
    if cloud is None:
        return ""
    kind = "another" if cloud is GLOBAL and host.endswith("microsoft.com") else "the old"
    return f"{host} is {kind} name of {cloud.login_host}. It may still answer, but write {cloud.login_host}."
