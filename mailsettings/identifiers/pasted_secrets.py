"""What people paste instead of a client secret, recognised by its form alone; no message repeats any of it.

Secrets that Entra makes since 2021 are three characters, a digit, "Q~" and 31 to 34 more. Older ones are 32 to 44
letters, digits and characters such as + / = [ ] : ? . _ - @ *, and stay valid as long as they are in use.
"""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

from configurator import signs
from mailsettings.identifiers.guids import AROUND, GUID, is_guid
from mailsettings.identifiers.secret_form import BEGINS_AS_MADE, LONGEST_MADE, is_cut

NEW_VALUE: Final = (
    "In Entra, Certificates & secrets, copy the column Value; it is shown only right after the secret is made, so you "
    "may have to make a new one."
)
ENTRA_MADE: Final = re.compile(r"[\w~.-]{3}\dQ~[\w~.-]{31,34}", re.ASCII)
# No secret is longer than 64 characters (Microsoft Graph, passwordCredential); one set by an old tool may be.
LONGEST: Final = 256
SHORTEST_OF_OLD, LONGEST_OF_OLD = 32, 44
HEXADECIMAL: Final = re.compile(r"[0-9a-f-]{16,}", re.IGNORECASE)
LOOKED_AT: Final = 1000

# Words for a secret, in the languages of Entra's and of other programs' pages.
WORDS: Final = (
    r"(client[ _-]?secret|secret|pass ?word|passwd|pwd|passwort|kennwort|contrase[nñ]a|mot de passe|wachtwoord|hasło)"
)
NOT_FOLLOWED: Final = "which this console does not follow"
# What a text is, and the forms that it then has as a whole; the first that fits is named.
FORMS: Final = {
    "more than one secret; one stands alone": (r".*\dQ~[\w~.-]{31}.*\dQ~[\w~.-]{31}.*",),
    "the secret as it is masked later": (
        r".{0,4}[*•●∙·⋅×xX.…_-]{4,}",
        r".*[*•●∙]{3,}.*|[.…?_-]{1,3}",
        r"[\[(<]?(hidden|redacted|masked|set)[\])>]?",
    ),
    "a piece of JSON": (r"[\[{]\s*[\"'].*",),
    f"a reference to a key vault, {NOT_FOLLOWED}": (
        r"[@$#]?((microsoft|azure|az|ms)[ ._-]?)*(key[ _-]?vault|appconfiguration)([^a-z].*|ref.*|secret)?",
        r"(akv|kv)([ :/|#.].*)?|vault([/#].*)?",
        r".*\.(vault(core)?|managedhsm)\.(azure\.(net|cn)|usgovcloudapi\.net|microsoftazure\.de)\b.*",
    ),
    f"a reference to a secret store, {NOT_FOLLOWED}": (
        r"(arn:aws|aws_?secretsmanager|ssm:|projects/[^/]+/secrets/|op://|vault:|ref\+|bao:|keyring:|dpapi:).*",
        r"secret(ref|keyref)[: ].*",
    ),
    f"a reference to a variable, {NOT_FOLLOWED}": (
        r"[$#]?\{.*\}\}?#?",
        r"\$\(.*\)|\$env:.*|\$\w{3,}|%\w+%|__\w+__",
        r"env[:.(]\w.*|process\.env\..*|os\.environ.*|!+(env|ref|vault|secret)\b.*",
        r"\[(parameters|variables)\(.*",
    ),
    "the placeholder of some instructions": (
        r"<[^>]*>|\[[a-z _-]*\]",
        r"(your|enter|paste|insert|replace)[ _-].*",
    ),
    "a certificate or a key, which is not a client secret": (
        r"-----begin.*|ssh-(rsa|ed25519) .*|mii[a-z0-9+/=\s]{100,}",
    ),
    "the thumbprint of a certificate": (r"[0-9a-f]{40}|[0-9a-f]{64}|([0-9a-f]{2}[: ]){19}[0-9a-f]{2}",),
    "the header of a request": (r"(bearer |basic |authorization:).*",),
    "a token, and tokens last for an hour": (r"eyj[\w-]*\.[\w-]*\.[\w.-]*|eyj[\w+/=-]{60,}",),
    "a refresh token or the code of a sign-in": (r"[01]\.a[\w.-]{100,}|m\.[\w.!*$-]{60,}|ew[\w+/=.-]{100,}",),
    "an encrypted form of a secret": (
        r"\$ansible_vault;.*|enc[\[(].*|\$2[aby]\$.*|pbkdf2_.*|\{(cipher|ssha|noop|bcrypt)\}.*",
    ),
    "a connection string": (r"[\w .-]+=[^;]*;.*",),
    "a line with a name before the secret": (
        rf"[\"']?([a-z0-9]+[ _.-]+){{0,6}}({WORDS}|value|secrettext)([ _-]?(value|id))?[\"']?\s*([:=]|=>|\t)\s*.*",
    ),
    "a command line": (r"export .*|set \w+=.*|--[a-z][\w-]+[ =].*",),
    "the name of a permission": (r"(mail|mailboxsettings|user|imap|pop|smtp|ews|full)[._](read|send|access)[a-z._]*",),
    "a date; the date has a field of its own": (
        r"\d{1,4}([./-])\d{1,2}\1\d{1,4}",
        r"\d{1,2}[ .-]+[a-z]{3,9}[ .,-]+\d{2,4}|[a-z]{3,9} \d{1,2},? \d{4}",
    ),
    "a formula or an error of a spreadsheet": (r"=[a-z]{1,3}\$?\d{1,7}|=[a-z]\w*\(.*\)|#[a-z/0]{2,12}[!?]|#n/?[avd]",),
    "a web address": (
        r"[a-z]{3,20}(\+[a-z]+)?://.*",
        r"(www|login|portal|entra|graph)\.[\w.-]+\.[a-z]{2,}(/.*)?|[\w-]+\.onmicrosoft\.(com|us|de)",
    ),
    "the name of a file": (
        r"(/|~/|\.{1,2}/|[a-z]:\\)[\w .\\/-]+\.(txt|pem|pfx|key|env|json|ya?ml|cer|crt|p12)",
        r"/run/secrets/.*|file:.*",
    ),
    "a word or words in place of the secret": (
        rf"[a-z _.-]*({WORDS}|change[_-]?me)[a-z _.-]*\d{{0,3}}",
        r"value|none|null|n/?a|tbd|todo|test|admin|abc123|undefined|true|false|yes|no|[(\[]?unchanged[)\]]?|same",
        # Such as "see KeePass": no word of it has the length of a secret.
        r"[\w'’]{1,15}([,.]? [\w'’]{1,15})+[.!]?",
    ),
}
PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), what) for what, patterns in FORMS.items() for pattern in patterns
)
QUOTED: Final = re.compile(r"([\"'`]).*\1", re.DOTALL)
# Entra makes none of these; a secret that was chosen by hand, as old tools let one, may contain them.
SELDOM: Final = {" ": "a blank", '"': "a quotation mark", "'": "an apostrophe", "`": "a grave accent"}
# Only characters that a URL has unencoded, and others percent-encoded.
URL_SPELLED: Final = re.compile(r"[\w.~+-]*(%[0-9a-f]{2}[\w.~+-]*)+", re.IGNORECASE | re.ASCII)
MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(\.[a-z]{2,})+", re.IGNORECASE)


def instead_of_secret(text: str) -> str:
    """Return what the text is and what to enter, where it is not the Value of a client secret; else ""."""
    seen = signs.stripped(text)
    what = "" if ENTRA_MADE.fullmatch(seen) else _kind(seen)
    return f"This is {what}. {NEW_VALUE}" if what else ""


def strange_in_secret(text: str) -> str:
    """Return which character in the text is in no client secret, with its name and position; "" where there is none."""
    sign = signs.strange(text)
    if sign:
        return (
            f"{sign.ordinal.capitalize()} is {sign.name}, and no client secret holds such a sign. Copy the Value again."
        )
    if QUOTED.fullmatch(text):
        return "There are quotation marks around it. Enter the secret without them."
    if " " in text and ENTRA_MADE.fullmatch(text.replace(" ", "")):
        return "There is a blank inside, which Entra did not make. Copy the Value again, by itself."
    return ""


def seldom_in_secret(text: str) -> str:
    """Name the characters in the text that few client secrets contain; "" where there is none."""
    return ", ".join(name for char, name in SELDOM.items() if char in text)


def doubtful_secret(text: str) -> str:
    """Return how its form differs from that of Entra's secrets, as the predicate of a sentence; "" where it does not.

    It may still be a secret, one that was chosen by hand with an old tool.
    """
    if is_cut(text):
        return "looks cut: Entra's secrets of this form have 40 characters. Copy the Value again, whole"
    if HEXADECIMAL.fullmatch(text):
        return (
            "holds hexadecimal digits alone, as the Secret ID and thumbprints do. Enter the column Value if it is "
            "one of these"
        )
    if len(text) < SHORTEST_OF_OLD:
        return (
            f"has fewer than {SHORTEST_OF_OLD} characters, and Entra's secrets have 40, older ones {SHORTEST_OF_OLD} "
            f"to {LONGEST_OF_OLD}. Copy the Value again, whole, if Entra made it"
        )
    if len(text) > (LONGEST_MADE if BEGINS_AS_MADE.match(text) else LONGEST_OF_OLD):
        return (
            f"is longer than Entra's secrets, which have 40 characters, older ones {SHORTEST_OF_OLD} to "
            f"{LONGEST_OF_OLD}. Copy the Value again, by itself, if Entra made it"
        )
    return ""


def _kind(text: str) -> str:
    """Return what the text is by its form, "" where it may be a secret."""
    if is_guid(text.strip(AROUND)):
        return "the Secret ID, not the secret"
    for pattern, what in PATTERNS:
        if pattern.fullmatch(text[:LOOKED_AT]):
            return what
    if GUID.search(text):
        return "a GUID with something else; the secret stands alone"
    if URL_SPELLED.fullmatch(text) and unquote(text) != text:
        return "the secret as a URL spells it"
    if MAIL.fullmatch(text) and len(text) < SHORTEST_OF_OLD:
        return "an e-mail address"
    return _of_length(text)


def _of_length(text: str) -> str:
    if ENTRA_MADE.search(_decoded(text)):
        return "the secret in base64"
    if len(text) > LONGEST:
        return "longer than any client secret"
    return ""


def _decoded(text: str) -> str:
    """Return the text decoded from base64, "" where it is none."""
    plain = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
