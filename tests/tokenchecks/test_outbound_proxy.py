"""The setting OUTBOUND_PROXY: how it is read, and a worker whose only way out is a proxy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from configurator.env import ROOT, outbound_proxy
from configurator.vault.text import Secret
from demo.seed import first_steps
from demo.server import DemoTenant
from mailsettings.models import IncomingServer
from tests.canary.drive import Driver
from tests.canary.hunt import Hunt
from tests.canary.test_canary import keep_stores
from tests.outbound import OutboundProxy, refusal
from tests.people import TENANT, As, incoming
from tests.tokenchecks.engine.conftest import pairs
from tests.worker import WorkerProcess, wait_for
from tokenchecks.engine.microsoft.proxy import Proxy
from tokenchecks.models import CheckResult

NONE = Secret("")


def test_without_one_there_is_none() -> None:
    assert outbound_proxy(" ", user="", password=NONE) is None


@pytest.mark.parametrize(
    ("address", "host", "port", "shown"),
    [
        ("http://proxy.halden.example:3128", "proxy.halden.example", 3128, "proxy.halden.example:3128"),
        (" http://PROXY.example:80/ ", "proxy.example", 80, "proxy.example:80"),
        ("http://[fd00::7]:8080", "fd00::7", 8080, "[fd00::7]:8080"),
    ],
)
def test_it_is_host_and_port(address: str, host: str, port: int, shown: str) -> None:
    proxy = outbound_proxy(address, user="", password=NONE)
    assert proxy == Proxy(host, port)
    assert str(proxy) == shown


@pytest.mark.parametrize(
    "address",
    [
        "proxy.example:3128", "proxy.example", "http://proxy.example", "https://proxy.example:3128",
        "socks5://proxy.example:1080", "http://:3128", "http://proxy.example:0", "http://proxy.example:Pr0xy~word", "http://proxy.example:99999",
        "http://proxy.example:3128/pac?x=1", "http://proxy.example:3128/pac", "http://[fd00::7:8080",
        "http://svc:Pr0xy~word@proxy.example:3128",
    ],
)  # fmt: skip
def test_anything_else_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(ValueError, match="OUTBOUND_PROXY") as refused:
        outbound_proxy(address, user="", password=NONE)
    assert "proxy.example" not in f"{refused.value}"
    assert "Pr0xy" not in f"{refused.value}"


@pytest.mark.parametrize(
    ("address", "user", "password"),
    [("", "svc", ""), ("", "", "Pr0xy~word"), ("http://p:1", "", "Pr0xy~word"), ("http://p:1", "a:b", "Pr0xy~word")],
)
def test_a_sign_in_that_is_none_is_refused(address: str, user: str, password: str) -> None:
    with pytest.raises(ValueError, match="OUTBOUND_PROXY") as refused:
        outbound_proxy(address, user=user, password=Secret(password))
    assert "Pr0xy" not in f"{refused.value}"


@pytest.mark.parametrize("word", ['$P: "w+%2B\\n" ', "$HOME", "ß€ü"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_password_is_what_its_file_holds(tmp_path: Path, word: str, end: str) -> None:
    """Letter for letter, but for the line end that editors leave."""
    (tmp_path / "word").write_bytes(f"{word}{end}".encode())
    (tmp_path / "wanted").write_bytes(word.encode())
    told = _settings(
        "from pathlib import Path; s = settings.OUTBOUND_PROXY;"
        f"print(s, s.user, s.password.reveal() == Path({str(tmp_path / 'wanted')!r}).read_bytes().decode(), repr(s))",
        OUTBOUND_PROXY="http://proxy.example:3128",
        OUTBOUND_PROXY_USER="svc",
        OUTBOUND_PROXY_PASSWORD_FILE=str(tmp_path / "word"),
    )
    assert told == (
        "proxy.example:3128 svc True Proxy(host='proxy.example', port=3128, user='svc', password=[secret])\n"
    )


def _settings(command: str, **environment: str) -> str:
    """Return what the command prints in a process with these settings."""
    whole = f"from configurator import settings; {command}"
    process = subprocess.run(
        [sys.executable, "-c", whole],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


class TestWorker:
    """A worker of its own, which ENTRA_CONNECT_TO leads nowhere."""

    @pytest.fixture
    def word(self) -> Hunt:
        hunt = Hunt()
        hunt.plant()
        return hunt

    @pytest.fixture
    def outbound(self, tenant: DemoTenant, word: Hunt) -> Iterator[OutboundProxy]:
        with OutboundProxy(pairs(tenant.connect_to), ("svc", word.planted[0])) as proxy:
            yield proxy

    @pytest.fixture
    def behind(
        self, transactional_db: None, tmp_path: Path, outbound: OutboundProxy, word: Hunt
    ) -> Iterator[WorkerProcess]:
        (tmp_path / "word").write_text(f"{word.planted[0]}\n", encoding="utf-8")
        process = WorkerProcess(
            tmp_path / "worker.log",
            ENTRA_CONNECT_TO="",
            HTTPS_PROXY="http://127.0.0.1:1",
            OUTBOUND_PROXY=f"http://127.0.0.1:{outbound.port}",
            OUTBOUND_PROXY_USER="svc",
            OUTBOUND_PROXY_PASSWORD_FILE=str(tmp_path / "word"),
            LOG_LEVEL="DEBUG",
        )
        process.start()
        yield process
        process.stop()

    def checked(self, tenant: DemoTenant) -> tuple[IncomingServer, CheckResult]:
        steps = first_steps(tenant.world)
        server = incoming(tenant_id=steps["tenant"], client_id=steps["client_id"], secret=steps["secret"])
        return server, wait_for(lambda: CheckResult.objects.filter(subject_id=server.pk).first(), seconds=60)

    def test_it_checks_through_the_proxy(
        self, behind: WorkerProcess, tenant: DemoTenant, outbound: OutboundProxy, signed_in: As
    ) -> None:
        _, result = self.checked(tenant)
        assert [stage["outcome"] for stage in result.stages[:4]] == ["ok"] * 4, result.stages
        assert set(outbound.asked) == {"login.microsoftonline.com:443"}
        page = signed_in("support").get(result.run.get_absolute_url()).content.decode()
        assert f"through the proxy 127.0.0.1:{outbound.port}" in page

    def test_its_password_is_seen_nowhere(
        self, behind: WorkerProcess, tenant: DemoTenant, outbound: OutboundProxy, signed_in: As, word: Hunt
    ) -> None:
        """Neither in logs, pages and tables nor in the broker, when the proxy refuses and repeats it."""
        said = word.planted[0].encode()
        outbound.answer = refusal("407 No", f"Server: {said.hex()}\r\n", f"<title>{word.planted[0]}</title>")
        server, result = self.checked(tenant)
        assert result.stages[1]["cause"] == "proxy_sign_in_refused", result.stages
        driver = Driver(word, signed_in("superuser"), TENANT)
        driver.open_everything()
        driver.get(server.get_absolute_url())
        driver.get(result.run.get_absolute_url())
        behind.stop()
        word.keep("worker log", behind.log.read_bytes())
        keep_stores(word)
        assert word.hits() == []
