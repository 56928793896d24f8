"""What codes look like in a text, in lower case unless said."""

import re
from typing import Final

AADSTS: Final = re.compile(r"aad\s?sts[^0-9a-z]{0,8}(\d(?:\d|\s{1,3}(?=\d)){3,14})")
LISTED: Final = re.compile(r"error_?codes\W{1,8}(\d{4,10}(?:\W{1,4}\d{4,10}){0,4})")
# A number that something calls a code, as sign-in logs and other products do.
NUMBERED: Final = re.compile(
    r"(?:err(?:or)?(?:\(s\))?|fehler|erreur|status|failure|sts|sign-?in)?[ _-]?"
    r"(?:code|errorcode|código(?: de error)?|errno|error(?:\(s\))?|fehler|number)\b[\"']?\W{0,6}(\d{5,7})\b(?![-\w])"
)
# In whatever case.
NAME: Final = re.compile(r"[A-Za-z]\w{4,63}")
SUBERROR: Final = re.compile(r"suberror\W{1,6}(\w{4,40})")
ERROR: Final = re.compile(r"(?<![a-z_])[a-z]{2,24}(?:_[a-z]{1,24}){1,4}(?![a-z_])")
ENHANCED: Final = re.compile(r"(?<![\w.])(?:([245]\d\d)[ #-]{1,3})?([45]\.\d{1,3}\.\d{1,3})(?![\w]|\.\d)")
# A constant or a class of a program: what a wording is named by where it has no code.
CONSTANT: Final = re.compile(r"[A-Z0-9_]{5,64}|[a-zA-Z0-9]{2,}_\w{2,60}|[A-Z]?[a-z]+[A-Z]\w{2,60}", re.ASCII)
# Before a number of that form: it is a version.
VERSION: Final = re.compile(
    r"(?:mysql|mariadb|php|mailkit|msal|release|version|ver|linux|python|ruby|node|v)[\W_]{0,3}$|/$"
)
STATUS: Final = re.compile(
    r"(?:http(?:/\d(?:\.\d)?)?|status(?:[_ ]?code)?|http_?status|error|response(?: code| status)?|returned|code)"
    r"(?: error)?(?: code| status)?\W{1,12}([45]\d\d)\b(?!\.\d|[ -]\d\.\d)"
    r"|\(([45]\d\d)\)|too many ([45]\d\d)"
    r"|\b([45]\d\d):? (?:client error|server error|unauthorized|forbidden|not found|bad request|bad gateway"
    r"|service unavailable|too many requests|gateway time-?out|internal server error|locked|request timeout)"
)
AT_MAILBOX: Final = re.compile(
    r"\bgraph|msgraph|odataerror|/mailfolders|/messages|/sendmail|/ews/|outlook\.office|mailbox"
)
AT_LOGIN: Final = re.compile(
    r"login\.(?:microsoft|windows|partner)|oauth2/|/token\b|openid|acquire_?token|client_?secret"
)
