"""What each of Entra's codes must lead to, written down apart from the catalogue: class, who, field, password right."""

from typing import NamedTuple

HERE, ENTRA, MICROSOFT, WAIT = "console administrator", "Entra administrator", "Microsoft", "wait"


class Expected(NamedTuple):
    """The diagnosis of a code; `field` is the name in the form."""

    class_: str
    who: str
    field: str = ""
    password_right: bool = False


GROUPS: dict[Expected, str] = {
    Expected("tenant", HERE, "address"): "90002 900023 900021 90038 900382 900432 50059 90019 9001023 50194 50049",
    Expected("tenant", HERE, "account"): "50128",
    Expected("app", HERE, "client_id"): "700016 700011",
    Expected("app", ENTRA): "70001 7000112 7000229 7000218 501051",
    Expected("app", HERE, "secret"): "700025",
    Expected("app", ENTRA, "", True): "50105",
    Expected("secret", HERE, "secret"): "7000215 7000216 70002",
    Expected("secret", ENTRA, "secret"): "7000222 700027 700030 50012",
    Expected("secret", HERE): "700024",
    Expected("consent", ENTRA, "", True): "65001 65004 90094 90095",
    Expected("consent", ENTRA): "65005 650056 650057 90008",
    Expected("scope", ENTRA): "650052 500011 50001",
    Expected("scope", HERE): "70011 1002012 28002 28003 700022 700023",
    Expected("internal", HERE): ("901002 90014 900144 9002313 90023 90100 700054 50173 50133 70008 700082 70043"),
    Expected("account", HERE, "account"): "90072 50034 51004 50014 16003 50020 500208",
    Expected("account", ENTRA, "password"): "50053",
    Expected("account", ENTRA): "50057 50125 80012 80013",
    Expected("password", HERE, "password"): "50126 50064",
    Expected("password", ENTRA, "password"): "50056 50144 50135",
    Expected("password", ENTRA, "password", True): "50055",
    Expected("policy", ENTRA, "", True): (
        "50076 50079 50072 50074 50078 50158 53000 53001 53002 53003 530003 530004 530031 530032 530035 50131"
    ),
    Expected("policy", ENTRA, "password", True): "53004",
    Expected("policy", ENTRA): "53011 50097 50155 50187 135010 135011",
    Expected("federation", ENTRA): "20001 20012 20033 40008 40009 40010 40011 40012 40013 40014 40015",
    Expected("transient", ENTRA): "80001 80002 80005 80007 80014",
    Expected("throttle", WAIT): "50196 90055 50166",
    Expected("transient", WAIT): "90033 90006 90012 90024 90090 50033 50087 70012",
    Expected("transient", MICROSOFT): "50000 90036 90092",
}
CODES = {code: expected for expected, codes in GROUPS.items() for code in codes.split()}

# Codes of the password grant alone; the others are met with either type of authentication.
USER_ONLY = frozenset(
    code
    for code, expected in CODES.items()
    if expected.class_ in {"account", "password", "policy", "consent", "federation"}
) | {"50128", "9001023", "7000218", "700025", "50105", "80001", "80002", "80005", "80007", "80014"}
