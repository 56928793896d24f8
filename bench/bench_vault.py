"""What sealing costs, beside Fernet, the usual ready-made choice."""

import base64
import os

from cryptography.fernet import Fernet

from bench.measure import paired, report
from configurator.vault import envelope
from configurator.vault.envelope import Context
from configurator.vault.keys import new_entry, parse
from configurator.vault.text import Secret

TEXT = "x" * 40


def main() -> None:
    """Print the figures."""
    keys = parse(new_entry("bench"))
    place = Context("table", "row", "field", "destination").place
    sealed = envelope.seal(Secret(TEXT), place, keys)
    fernet = Fernet(base64.urlsafe_b64encode(os.urandom(32)))
    token = fernet.encrypt(TEXT.encode())

    sealing = paired(
        lambda: envelope.seal(Secret(TEXT), place, keys), lambda: fernet.encrypt(TEXT.encode()), times=2000
    )
    report("vault: seal / Fernet", sealing, "ratio", "<= 2")
    opening = paired(lambda: envelope.open_(sealed, place, keys), lambda: fernet.decrypt(token), times=2000)
    report("vault: open / Fernet", opening, "ratio", "<= 2")
    report("vault: envelope / Fernet token", len(sealed) / len(token), "bytes by bytes", "<= 1")


if __name__ == "__main__":
    main()
