"""Patterns of codes, for text in lower case unless the name says otherwise."""

import re
from typing import Final

from tokenchecks.engine.explain.literals import compiled

AADSTS: Final = re.compile(r"a\s?a\s?d\s?s\s?t\s?s[^0-9a-z]{0,8}(\d(?:\d|\s{1,3}(?=\d)){3,14})")
LISTED: Final = re.compile(r"error_?codes\W{1,8}(\d{4,10}(?:[\s,\"']{1,4}\d{4,10}){0,4})")
# A number that something calls a code, as sign-in logs and other products do.
NUMBERED: Final = re.compile(
    r"(?:err(?:or)?(?:\(s\))?|fehler|erreur|status|failure|sts|sign-?in)?[ _-]?"
    r"(?:code|errorcode|código(?: de error)?|errno|error(?:\(s\))?|fehler|number)\b[\"']?"
    r"\W{0,6}(?<!-)(\d{5,7})\b(?![-\w])"
)
# In any case.
NAME: Final = re.compile(r"[A-Za-z]\w{4,63}")
SUBERROR: Final = re.compile(r"suberror\W{1,6}(\w{4,40})")
ERROR: Final = re.compile(r"(?<![a-z_])[a-z]{2,24}(?:_[a-z]{1,24}){1,4}(?![a-z_])")
ENHANCED: Final = re.compile(r"(?<![\w.])(?:([245]\d\d)[ #-]{1,3})?([45]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
# A constant or a class of a program: the name of a wording that has no code.
CONSTANT: Final = re.compile(r"[A-Z0-9_]{5,64}|[a-zA-Z0-9]{2,}_\w{2,60}|[A-Z]?[a-z]+[A-Z]\w{2,60}", re.ASCII)
# Before a number of that form: it is a version.
VERSION: Final = re.compile(
    r"(?:mysql|mariadb|php|mailkit|msal|release|version|ver|linux|python|ruby|node|v)[\W_]{0,3}$|/$"
)
# After it: the same.
OR_LATER: Final = re.compile(r"\s?(?:\+|and|or) ?(?:above|up|later|higher|lower|newer|older)")
# Words of mail.
ABOUT_MAIL: Final = compiled(r"smtp|mail from|rcpt|recipient|deliver|\.outlook\.com|storedrv|\bdsn\b|\bsaid: ")
# The statuses of HTTP that SMTP does not use in another sense.
HTTP: Final = r"(?:4(?:0\d|1[0-8]|2[2-9])|50\d|51[01]|52\d)"
STATUS: Final = re.compile(
    r"(?:http(?:/\d(?:\.\d)?)?|status(?:[_ ]?code)?|http_?status|error|response(?: code| status)?|returned|code)"
    rf"(?: error)?(?: code| status)?\W{{1,12}}({HTTP})\b(?!\.\d|[ -]\d\.\d)"
    rf"|\b(?:an?|got|gets?|getting|receiv\w{{1,3}}|return\w{{1,3}}|throws?) ({HTTP})"
    r"(?=[\"'(:.,]| ?[\"'({]| (?:error|status|response)|$)"
    rf"|\(({HTTP})\)|too many ({HTTP})"
    rf"|\b({HTTP}):? (?:client error|server error|unauthorized|forbidden|not found|bad request|bad gateway"
    r"|service unavailable|too many requests|gateway time-?out|internal server error|locked|request timeout)"
)
# A status by its name, as .NET prints it, and its number.
STATUS_NAMES: Final = {
    "badrequest": 400, "unauthorized": 401, "forbidden": 403, "notfound": 404, "toomanyrequests": 429,
    "internalservererror": 500, "badgateway": 502, "serviceunavailable": 503, "gatewaytimeout": 504,
}  # fmt: skip
NAMED_STATUS: Final = re.compile(rf"status ?(?:code)?\W{{1,4}}({'|'.join(STATUS_NAMES)})\b")
AT_MAILBOX: Final = compiled(
    r"\bgraph|msgraph|odataerror|/mailfolders|/messages|/sendmail|/ews/|outlook\.office|mailbox"
)
AT_LOGIN: Final = compiled(
    r"login\.(?:microsoft|windows|partner)|oauth2/|/token\b|openid|acquire_?token|client_?secret"
)
# URLs, mail addresses and paths of files: a word in one says nothing.
ADDRESSES: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s\"'<>]{1,2000}"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,120}"
    r"|(?<![\w./\\<])(?:[a-z]:|~|\.{1,2})?(?:[\\/]{1,2}[\w.@$+-]{1,120}(?: [\w.()-]{1,30}(?=[\\/]))?){1,40}"
    r"|(?<![\w.-])(?:[a-z0-9_-]{1,63}\.){1,9}"
    r"(?:com|net|org|de|us|cn|uk|fr|edu|gov|mil|info|io|eu|example|test|local|lan|internal|localhost)(?![\w-]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
# Names of programs' parts: several words without a blank, in any case.
PROGRAM_NAMES: Final = re.compile(
    r"\b[a-zA-Z0-9]{1,60}(?:(?:\.|::|->|\\|/|_|-(?=[a-z]{1,40}[A-Z_.]))[a-zA-Z0-9]{1,60}){1,20}"
    r"|\b[A-Za-z]{0,40}[a-z][A-Z][A-Za-z0-9]{0,60}\b",
    re.ASCII,
)
# The hosts of each of Microsoft's clouds that a client names: not of links in answers, nor issuers, which they share.
CLOUD_HOSTS: Final = {
    "Global": compiled(
        r"login\.(?:microsoftonline\.com|microsoft\.com|windows\.net)(?![\w-]|/error\b)|graph\.microsoft\.com"
        r"|outlook\.office365\.com|outlook\.office\.com|smtp\.office365\.com"
    ),
    "US Government": compiled(
        r"microsoftonline\.us|graph\.microsoft\.us|office365\.us\b|office\.us\b|usgovcloudapi\.net|apps\.mil\b"
    ),
    "China": compiled(r"chinacloudapi\.cn|microsoftonline\.cn|partner\.outlook\.cn"),
    "Germany (closed)": compiled(r"microsoftonline\.de\b|graph\.microsoft\.de\b|outlook\.office\.de\b|cloudapi\.de\b"),
}
