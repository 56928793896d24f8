"""A message as an Adaptive Card in the envelope that Teams' Workflows webhook takes."""

from typing import Any, Final

from health.alarms.notices.sending import Listing, Message

SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
CONTENT_TYPE: Final = "application/vnd.microsoft.card.adaptive"
# Teams refuses a message above 28 KB; a card's text is far below that with so many names of a length.
MOST_NAMES: Final = 25
NAME_LENGTH: Final = 120


def card(message: Message) -> dict[str, Any]:
    """Return the JSON to post."""
    body: list[dict[str, Any]] = [
        _text(message.subject, weight="Bolder", size="Medium", color="Good" if message.good else "Attention"),
        _text(message.lead),
    ]
    if message.facts:
        facts = [{"title": plain(fact.label), "value": plain(fact.text)} for fact in message.facts]
        body.append({"type": "FactSet", "facts": facts})
    body += [_text(_names(listing)) for listing in message.listings if listing.names]
    links = [(fact.text, fact.url) for fact in message.facts if fact.url]
    actions = [("Open in Configurator", message.url), *links] if message.url else links
    content = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": title[:60], "url": url} for title, url in actions],
    }
    return {"type": "message", "attachments": [{"contentType": CONTENT_TYPE, "contentUrl": None, "content": content}]}


def _text(text: str, **look: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": plain(text), "wrap": True, **look}


def _names(listing: Listing) -> str:
    """Return the names on one line, and how many were left off."""
    shown = [name[:NAME_LENGTH] for name in listing.names[:MOST_NAMES]]
    rest = listing.total - len(shown)
    return f"{listing.label}: {', '.join(shown)}{f' and {rest} more' if rest else ''}"


def plain(text: str) -> str:
    """Keep what people typed from being read as Markdown, which a card's texts are written in."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#~|" else char for char in " ".join(text.split()))
