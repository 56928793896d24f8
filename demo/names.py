"""The demo's IDs and addresses, which are no secrets, so they are the same in every world."""

HALDEN = "84b8d7c4-cb95-4736-82a5-7ea33310544d"
FJORDLYS = "61d56eb4-9449-4a8e-882b-418837786ebf"
WRONG_TENANT = "49200d8c-1659-454c-9b60-ba1769efdc06"  # no tenant has it

HALDEN_DOMAINS = ("halden-energie.example", "fjällkraft.example")

SERVICE_APP = "0a7d72b9-263f-4a41-aee0-d0ea3134f121"
OUTGOING_APP = "8471282b-b9c9-4860-940e-b7074e26161b"
SALES_APP = "927955ad-e5f8-410c-8700-5c144c7b56bc"
FAULTS_APP = "d97c4864-627d-4fe6-821b-3fa9abf809ed"
BILLING_APP = "acd9d790-74c2-4e54-a7db-12bab042202e"
NORDLICHT_APP = "5bd51ba1-33d9-4ad8-9c83-83a2a2f2ff3c"
USER_APP = "a14de7ec-e080-4b9c-b43e-054cbdb1ecf4"

UNLICENSED = "presse@halden-energie.example"
SHARED_MAILBOXES = (
    "kundenservice@halden-energie.example",
    "service@halden-energie.example",
    "customer.service@halden-energie.example",
    "tenants@halden-energie.example",
    "service.client@halden-energie.example",
    "reclamations@halden-energie.example",
    "kundtjanst@fjällkraft.example",
    "faktura@fjällkraft.example",
    "umzug@halden-energie.example",
    "zaehlerstand@halden-energie.example",
    "meter@halden-energie.example",
    "stoerung@halden-energie.example",
    "outage@halden-energie.example",
    "vertrieb@halden-energie.example",
    "sales@halden-energie.example",
    "rechnung@halden-energie.example",
    UNLICENSED,
)
# Sign-in names of OAuth User mailboxes, and whether a policy asks them for MFA.
USERS = {
    "anna.lindqvist@halden-energie.example": False,
    "jonas.weber@halden-energie.example": False,
    "vorstand@halden-energie.example": True,
}

FIRST_APP = "2b62b8fd-aa8b-49f2-bd92-384cd2006b3d"
FIRST_OUTGOING_APP = "2238a270-c825-498b-a9fe-333101e8175a"
FIRST_USER_APP = "9a952e35-8ce7-4c5f-8ed9-21131dd3c304"
FIRST_MAILBOX = "hjelp@fjordlys.example"
FIRST_ACCOUNT = "ingrid.moen@fjordlys.example"
