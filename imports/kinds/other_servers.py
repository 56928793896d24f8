"""Servers that use no OAuth, which the console does not carry: how their rows are known."""

import re
from typing import Final

ENTER_OAUTH: Final = (
    "This console carries OAuth servers only: take the row out, and leave this server where it is. If it is to use "
    "OAuth, enter OAuth Service or OAuth User, and the login address and tenant ID as its Address."
)
# What mail systems call servers, and ways to sign in, without OAuth.
WORDS: Final = frozenset(
    {
        *("imap", "imaps", "imap4", "imap4rev1", "pop", "pops", "pop3", "pop3s", "smtp", "smtps", "smtpauth"),
        *("exchange", "ews", "mapi", "ssl", "tls", "starttls"),
        *("basic", "simple", "normal", "legacy", "plain", "login", "none", "anonymous"),
        *("password", "passwords", "passwd", "pass", "userpass", "userpassword", "usernamepassword", "credentials"),
        *("passwort", "kennwort"),
        *("ntlm", "kerberos", "gssapi", "digest", "md5", "cram", "apop"),
    }
)
ADDRESS: Final = re.compile(
    r"(?:imaps?|pop3?s?|smtps?)://"
    r"|(?:https?://)?(?:imap4?|pop3?|smtp|mail|exchange|mx\d*)[.-]"
    r"|[\w.-]+:(?:25|110|143|465|587|993|995)$",
    re.IGNORECASE,
)


def is_other_type(authentication_type: str) -> bool:
    """Tell whether the Authentication Type is that of a server without OAuth."""
    words = set(re.findall(r"[^\W_]+", authentication_type.casefold()))
    return bool(words & WORDS) and not any("oauth" in word for word in words)


def is_other_address(address: str) -> bool:
    """Tell whether the Address is that of a mail server instead of a login address and tenant."""
    return bool(ADDRESS.match(address))
