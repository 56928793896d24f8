"""README.txt of a support bundle: what it contains, and what not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from support.contents import CHECKS, EVENTS, FINDINGS, SUBJECTS

WHAT: Final = {
    "configuration/queues.json": "the queues as they are set",
    "configuration/addresses.json": "their addresses",
    "configuration/incoming-servers.json": "the incoming mail servers",
    "configuration/outgoing-server.json": "the External Outgoing Mail Server",
    "findings.json": f"what the set-up's own rules found, at most {FINDINGS:,}",
    "standing.json": "how each stands, since when, and when it is checked next, the worst first",
    "checks.json": f"the last {CHECKS} checks of each, of at most {SUBJECTS}, the worst first: each stage with what "
    "was asked, what came back, and the correlation id by which Microsoft finds the request",
    "audit.json": f"who did what to these objects, the newest first, at most {EVENTS:,} events",
}
TEXT: Final = """Support bundle of Configurator
==============================

About:    {name}
Made at:  {at:%Y-%m-%d %H:%M:%S %Z}
Made by:  {by}

What is in it
-------------
versions.json
  the versions of the product and of what it stands on
{files}

What is not in it
-----------------
No client secret and no password: of each it says whether one is stored, since when and by whom. No fingerprint of one,
no part of one, and nothing that one is sealed in. No key, no token and no setting of the machine. No mail.
{left_out}
Tenant IDs, client IDs and correlation ids are in it, since a case at Microsoft needs them.
{choice}
"""
NAMED: Final = "Account names, mailbox addresses and the names of queues, servers and people are in it as they are."
HIDDEN: Final = (
    "Mailbox addresses, domains and the names of queues, servers and people are replaced by pseudonyms, the same in\n"
    "every bundle of this installation. What people wrote (descriptions, reasons) and the details of findings are\n"
    "left out."
)


def readme(name: str, by: str, at: datetime, files: Iterable[str], *, pseudonyms: bool) -> str:
    present = list(files)
    lines = "\n".join(f"{file}\n  {WHAT[file]}" for file in present)
    missing = [text for file, text in WHAT.items() if file not in present]
    left_out = f"Since whoever made it may not view it: {'; '.join(missing)}.\n" if missing else ""
    choice = HIDDEN if pseudonyms else NAMED
    return TEXT.format(name=name, at=at, by=by, files=lines, left_out=left_out, choice=choice)
