"""The demo tenant as a process of the stack."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from configurator.local.log import Log
from configurator.local.ports import free_port
from configurator.local.processes import Program, StackError


class Tenant(Program):
    """``python -m demo``: simulated hosts of Microsoft, on a port that it keeps when started again."""

    def __init__(self, directory: Path, log: Log, root: Path, env: Mapping[str, str]) -> None:
        self.directory = directory
        argv = [sys.executable, "-m", "demo", "--data", str(directory), "--port", str(free_port())]
        super().__init__("demo", log, argv, env, root)

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a process that uses this tenant; {} while it starts."""
        try:
            said = json.loads((self.directory / "tenant.json").read_text())
        except (FileNotFoundError, ValueError):
            # Not there yet, or half written.
            return {}
        return {"ENTRA_CONNECT_TO": said["connect_to"], "ENTRA_CA_FILE": said["ca_file"]}

    def start(self) -> None:
        """Start the tenant and return when it has written where it listens."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.directory / "tenant.json").unlink(missing_ok=True)
        super().start()
        deadline = time.monotonic() + 30
        while not self.settings:
            if self.exit_code() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackError(f"The demo tenant did not start: {self.log.last(self.name)}")
            time.sleep(0.02)
