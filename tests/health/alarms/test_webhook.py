"""What is posted to a webhook, and what is made of its answers."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from configurator.env import secret_address
from configurator.vault.text import Secret
from health.alarms.notices import webhook
from health.alarms.notices.cards import card
from health.alarms.notices.sending import Fact, Listing, Message, NotSentError
from tests.health.alarms.receiver import PATH, Receiver
from tests.outbound import OutboundProxy, refusal
from tokenchecks.engine.microsoft.proxy import Proxy

MESSAGE = Message(
    subject="Broken: Contoso support – the secret has expired (9 queues stopped)",
    lead="Contoso support is broken.",
    facts=[Fact("Why", "It *ended*."), Fact("Where", "Entra › App registrations", "https://entra.microsoft.com/")],
    listings=[Listing("Queues that stop", [f"Queue {number}" for number in range(40)], 90)],
    url="https://console.contoso.example/alarms/1/",
)
NOTICE = uuid.UUID(int=7)


def test_it_posts_the_envelope_that_teams_takes(receiver: Receiver) -> None:
    webhook.send(MESSAGE, NOTICE)

    [(path, headers, body)] = receiver.posted
    assert path == PATH
    assert headers["Content-Type"] == "application/json"
    assert headers["Idempotency-Key"] == str(NOTICE)
    assert body["type"] == "message"
    [attachment] = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    content = attachment["content"]
    assert (content["type"], content["version"]) == ("AdaptiveCard", "1.4")
    assert [item["type"] for item in content["body"]] == ["TextBlock", "TextBlock", "FactSet", "TextBlock"]
    assert [action["url"] for action in content["actions"]] == [MESSAGE.url, "https://entra.microsoft.com/"]


def test_a_card_reads_no_markdown_out_of_names_and_stays_small() -> None:
    """Teams refuses a message above 28 KB."""
    names = ["[click](https://evil.example) " + "x" * 300] * 50
    listings = [Listing(label, names, 5000) for label in ("Replies", "Queues", "Addresses")]
    made = card(Message("*bold*", "`code`", listings=listings))

    assert len(json.dumps(made)) < 28_000
    text = made["attachments"][0]["content"]["body"]
    assert text[0]["text"] == "\\*bold\\*"
    assert "[click]" not in text[2]["text"]
    assert text[2]["text"].endswith("and 4975 more")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((302, {"Location": "https://elsewhere.example/"}, b""), "it redirects elsewhere (HTTP 302), which is refused"),
        ((404, {}, b"Wh-c4nary"), "it was not taken (HTTP 404)"),
    ],
)
def test_any_other_answer_is_a_failure_in_words_of_our_own(
    receiver: Receiver, answer: tuple[int, dict[str, str], bytes], said: str
) -> None:
    receiver.answer = answer

    with pytest.raises(NotSentError) as failed:
        webhook.send(MESSAGE, NOTICE)

    assert str(failed.value) == f"localhost: {said}"
    assert len(receiver.posted) == 1


def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    """Taken is taken: what else a receiver says is of no use."""
    receiver.answer = (200, {}, b"x" * 4_000_000)

    webhook.send(MESSAGE, NOTICE)

    assert len(receiver.posted) == 1


def test_a_certificate_of_a_stranger_is_refused(receiver: Receiver, settings: Settings) -> None:
    settings.ENTRA_CA_FILE = None

    with pytest.raises(NotSentError, match="localhost: "):
        webhook.send(MESSAGE, NOTICE)

    assert receiver.posted == []


def test_a_receiver_that_is_away_is_a_failure(settings: Settings) -> None:
    settings.ALARM_WEBHOOK_URL = Secret(f"https://localhost:1{PATH}")

    with pytest.raises(NotSentError, match="localhost: no connection"):
        webhook.send(MESSAGE, NOTICE)


class TestThroughAProxy:
    """The proxy that is set for the way out."""

    @pytest.fixture
    def outbound(self, receiver: Receiver, settings: Settings) -> Iterator[OutboundProxy]:
        with OutboundProxy({"localhost": ("127.0.0.1", receiver.server.server_address[1])}) as proxy:
            settings.OUTBOUND_PROXY = Proxy("127.0.0.1", proxy.port, "svc", Secret("Pr0xy~w:rd"))
            yield proxy

    def test_it_is_posted(self, receiver: Receiver, outbound: OutboundProxy) -> None:
        outbound.account = ("svc", "Pr0xy~w:rd")
        webhook.send(MESSAGE, NOTICE)
        assert len(receiver.posted) == 1
        assert outbound.asked == [f"localhost:{receiver.server.server_address[1]}"]

    def test_the_proxy_refuses(self, receiver: Receiver, outbound: OutboundProxy) -> None:
        outbound.answer = refusal("407 No", "Via: Pr0xy~w:rd\r\n", "<title>Pr0xy~w:rd</title>")
        with pytest.raises(NotSentError) as failed:
            webhook.send(MESSAGE, NOTICE)
        assert str(failed.value) == f"localhost: the proxy 127.0.0.1:{outbound.port} answered HTTP 407"
        assert receiver.posted == []


def test_only_https_is_taken(tmp_path: Path) -> None:
    for text in ("http://hooks.example/x", "https://", "hooks.example/x", "https://user:word@hooks.example/x"):
        with pytest.raises(ValueError, match="no https address"):
            secret_address(text)
    assert secret_address("") is None
    assert secret_address(" https://hooks.example/x ") == Secret("https://hooks.example/x")
