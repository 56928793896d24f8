"""Looks for planted secrets in whatever leaves the console, in every form a leak may take."""

import base64
import html
import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus


def canary() -> str:
    """Return a secret that occurs nowhere else, with signs that encoders change and that a client secret may hold."""
    return f"Can~{secrets.token_hex(8)}&</\\+={secrets.token_hex(4)}"


def forms_of(text: str) -> set[bytes]:
    """Return the secret as a leak may show it: plain, encoded, escaped, reversed, or in part."""
    raw = text.encode()
    texts = {text, text[::-1], quote(text), quote(text, safe=""), quote_plus(text), html.escape(text)}
    texts |= {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], text.split("&", maxsplit=1)[0]}
    texts |= {repr(text)[1:-1], raw.hex()}
    return {item.encode() for item in texts} | {base64.b64encode(raw).rstrip(b"=")}


@dataclass
class Hunt:
    """Planted secrets, and where one of them was seen."""

    planted: list[str] = field(default_factory=list)
    places: dict[str, bytes] = field(default_factory=dict)

    def plant(self) -> str:
        """Return a new canary."""
        self.planted.append(canary())
        return self.planted[-1]

    def keep(self, place: str, content: bytes | str) -> None:
        """Keep what came out at ``place`` for the search."""
        blob = content.encode(errors="replace") if isinstance(content, str) else content
        self.places[place] = self.places.get(place, b"") + blob

    def hits(self) -> list[str]:
        """Return the places that show a planted secret in any form."""
        wanted = [form for text in self.planted for form in forms_of(text)]
        return [place for place, blob in self.places.items() if any(form in blob for form in wanted)]
