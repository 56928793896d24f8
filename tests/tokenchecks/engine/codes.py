"""What each of Entra's codes must lead to, written down apart from the catalogue: class, who, field, password right."""

from typing import NamedTuple

HERE, ENTRA, MICROSOFT, WAIT = "console administrator", "Entra administrator", "Microsoft", "wait"
EXCHANGE = "Exchange administrator"


class Expected(NamedTuple):
    """The diagnosis of a code; `field` is the name in the form."""

    class_: str
    who: str
    field: str = ""
    password_right: bool = False


GROUPS: dict[Expected, str] = {
    Expected("tenant", HERE, "address"): "90002 900023 900021 90038 900382 900432 50059 90019 9001023 50194 50049",
    Expected("tenant", HERE, "account"): "50128",
    Expected("tenant", ENTRA, "address"): "5000224 5000225",
    Expected("app", HERE, "client_id"): "700016 700011",
    Expected("app", ENTRA): "700054 70001 7000112 7000229 7000218 501051",
    Expected("app", HERE, "secret"): "700025",
    Expected("app", HERE): "50011",
    Expected("app", ENTRA, "", True): "50105",
    Expected("secret", HERE, "secret"): "7000215 7000216 70002",
    Expected("secret", ENTRA, "secret"): "7000222 700030 50012",
    Expected("secret", HERE): "700024 700027",
    Expected("consent", ENTRA, "", True): "65001 65004 90094 90095",
    Expected("consent", ENTRA): "65005 650056 650057 90008 1003031",
    Expected("scope", ENTRA): "650052 50001",
    Expected("scope", HERE): "500011 70011 1002012 28002 28003 28000 700022 700023 9010010",
    Expected("internal", HERE): ("901002 90014 900144 9002313 90023 90100 70008 700082"),
    Expected("account", HERE, "account"): "90072 50034 51004 50014 16003 50020 500208",
    Expected("account", ENTRA, "password"): "50053",
    Expected("account", ENTRA): "50057 50125 80012 80013",
    Expected("password", HERE, "password"): "50126 50064 50132 50133 50173",
    Expected("password", ENTRA, "password"): "50056 50144 50135",
    Expected("password", ENTRA, "password", True): "50055",
    Expected("policy", ENTRA, "", True): (
        "500121 50076 50079 50072 50074 50078 50158 53000 53001 53002 53003 530003 530004 530031 530032 530035 50131"
    ),
    Expected("policy", ENTRA, "password", True): "53004",
    Expected("policy", ENTRA): "53011 50097 50155 50187 135010 135011 70043",
    Expected("federation", ENTRA): "20001 20012 20033 40008 40009 40010 40011 40012 40013 40014 40015",
    Expected("transient", ENTRA): "80001 80002 80005 80007 80014",
    Expected("network", HERE): "1002016",
    Expected("throttle", WAIT): "50196 90055 50166",
    Expected("transient", WAIT): "7000272 90033 90006 90012 90024 90090 50033 50087 70012 50000 90036 90092",
}
# Codes of sign-ins in a browser, of certificates, devices, single sign-on: met when other programs are explained.
FURTHER: dict[Expected, str] = {
    Expected("account", ENTRA): "500341",
    Expected("account", HERE, "account"): "16000 500200 500207 50197 90022 90084 90101 90125 90126",
    Expected("internal", HERE): (
        "16001 16002 160021 50013 50027 50050 50061 50068 50070 50071 50085 50089 50120 50134 "
        "50136 501314 50139 50143 50147 50148 501481 501491 50168 50179 51001 54005 70000 700007 7000014 "
        "7000110 700081 700083 700084 70037 70046 90004 90005 90007 90013 90015 90016 90056 900561 "
        "90086 90107 90114 90117 90119 90120 90121 1000002 140000 165004 165900 240002 70018 70019 70020 "
    ),
    Expected("policy", ENTRA): (
        "70044 17003 50002 500021 500022 50015 500212 500213 50058 50099 50140 50199 530034 54000 700003 "
        "700020 901011 1000104 130004 130005 130006 130007 130008 130500 140001 "
    ),
    Expected("transient", WAIT): "230109 500133 51005 70016 90025 90085 90091",
    Expected("policy", ENTRA, "", True): (
        "399218 50005 50086 50127 50129 50161 50170 50177 50178 50201 53005 53008 53009 53010 530001 "
        "530002 530033 530036 530084 54008 130501 130502 130503 220450 240001 "
    ),
    Expected("scope", ENTRA): "500014 650058",
    Expected("app", ENTRA): (
        "50003 50007 500112 500113 500117 50042 50043 501241 50124 50146 501461 50162 501621 50182 "
        "51000 650051 65002 67003 700009 7000113 7000114 7000116 7000214 70003 70004 70005 700051 70007 "
        "75001 75003 75005 7500525 7500529 750054 750061 75008 75011 75016 76021 76026 90010 9001011 "
        "900236 900231 9002325 9002326 9002327 9002331 9002332 9002346 90027 900971 900981 90102 1000031 "
        "100007 221000 240003 500119 "
    ),
    Expected("federation", ENTRA): (
        "50006 50008 500083 5000819 50107 50169 50180 51006 81004 81005 81006 81007 81009 81010 81011 "
        "81012 90020 90081 90082 90087 90123 399284 1000000 "
    ),
    Expected("federation", ENTRA, "account"): "7500514",
    Expected("scope", HERE): "50010 500131 50171 90009",
    Expected("secret", ENTRA, "secret"): (
        "50017 500171 500173 50032 50048 50192 700021 70021 700211 700212 700213 7000219 700229 900384 1000502 220501 "
    ),
    Expected("tenant", HERE, "address"): "50029 700005 7000012 90043 900439 90051 90124 90130",
    Expected("throttle", WAIT): "50088",
    Expected("password", ENTRA, "password"): (
        "50142 120002 120003 120004 120005 120008 120011 120012 120013 120014 120015 120016 120018 120020 120021 "
    ),
    Expected("consent", ENTRA, "", True): "52004 65006 9002341 90099 900941 9009412",
    Expected("consent", ENTRA): "650053 650054",
    Expected("app", HERE, "client_id"): "700038 90112",
    Expected("transient", ENTRA): "80003 80010",
    Expected("permission", ENTRA): "90093",
    Expected("password", HERE, "password"): "120000",
}
CODES = {code: expected for groups in (GROUPS, FURTHER) for expected, codes in groups.items() for code in codes.split()}

# Codes of the password grant alone; the others are met with either type of authentication.
USER_ONLY = frozenset(
    code
    for code, expected in CODES.items()
    if expected.class_ in {"account", "password", "policy", "consent", "federation"}
) | {"50128", "9001023", "7000218", "700025", "50105", "80001", "80002", "80005", "80007", "80014"}

# Codes of Exchange and Graph that reading a mailbox seldom meets: HTTP status, class, who.
FURTHER_GRAPH: dict[str, tuple[int, str, str]] = {
    "ErrorMessageSubmissionBlocked": (403, "policy", EXCHANGE),
    "ErrorMessageSizeExceeded": (400, "settings", HERE),
    "ErrorMissingRecipients": (400, "settings", HERE),
    "ErrorInvalidSmtpAddress": (400, "settings", HERE),
    "ErrorInvalidRequest": (400, "internal", HERE),
    "RequestBodyRead": (400, "internal", HERE),
    "ExtensionError": (404, "licence", ENTRA),
    "RequestEntityTooLarge": (400, "settings", HERE),
    "ErrorImpersonateUserDenied": (403, "permission", EXCHANGE),
    "ErrorImpersonationDenied": (403, "permission", EXCHANGE),
    "ErrorImpersonationFailed": (403, "permission", EXCHANGE),
    "ErrorCannotUseImpersonation": (403, "permission", EXCHANGE),
    "ErrorInvalidExchangeImpersonationHeaderData": (403, "permission", EXCHANGE),
    "ErrorMissingEmailAddress": (404, "licence", ENTRA),
    "ErrorAccountDisabled": (404, "account", ENTRA),
    "ErrorPasswordExpired": (401, "password", ENTRA),
    "ErrorPasswordChangeRequired": (401, "password", ENTRA),
    "ErrorTokenSerializationDenied": (403, "permission", EXCHANGE),
    "ErrorTooManyObjectsOpened": (429, "throttle", WAIT),
    "ErrorExceededConnectionCount": (429, "throttle", WAIT),
    "ErrorExceededSubscriptionCount": (429, "throttle", WAIT),
    "ErrorTimeoutExpired": (503, "transient", WAIT),
    "ErrorConnectionFailed": (503, "transient", WAIT),
    "ErrorMailboxFailover": (503, "transient", WAIT),
    "ErrorParentFolderNotFound": (400, "settings", HERE),
    "ErrorFolderPropRequestFailed": (400, "settings", HERE),
    "ErrorInvalidIdMalformed": (400, "settings", HERE),
    "ErrorInvalidMailboxItemId": (400, "settings", HERE),
    "ErrorMailRecipientNotFound": (404, "account", HERE),
    "ErrorRecipientNotFound": (404, "account", HERE),
    "MailboxItemNotFound": (400, "settings", HERE),
    "MailboxNotHostedInExchangeOnline": (404, "licence", ENTRA),
    "MailboxNotFound": (404, "account", HERE),
    "MailboxInactive": (404, "licence", ENTRA),
    "RESTAPINotEnabledForComponentSharedMailbox": (404, "licence", ENTRA),
    "OrganizationFromTenantGuidNotFound": (401, "tenant", HERE),
    "Authorization_IdentityNotFound": (401, "app", ENTRA),
    "Authorization_IdentityDisabled": (401, "app", ENTRA),
    "Directory_ExpiredPageToken": (400, "internal", HERE),
    "Request_UnsupportedQuery": (400, "internal", HERE),
    "Request_BadRequest": (400, "internal", HERE),
    "Request_ThrottledTemporarily": (429, "throttle", WAIT),
    "RequestThrottled": (429, "throttle", WAIT),
    "Authentication_ExpiredToken": (503, "transient", WAIT),
    "Authentication_MissingOrMalformed": (400, "internal", HERE),
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant": (404, "licence", ENTRA),
    "Authentication_Unauthorized": (401, "scope", HERE),
    "AuthenticationError": (401, "scope", HERE),
    "InvalidMsaTicket": (401, "scope", HERE),
    "UnknownError": (503, "transient", WAIT),
    "InternalServerError": (503, "transient", WAIT),
    "ErrorBatchProcessingStopped": (503, "transient", WAIT),
    "Directory_ConcurrencyViolation": (503, "transient", WAIT),
}
