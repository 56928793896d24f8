"""``manage.py run``: the whole console on this machine, until it is stopped."""

import os
import signal
import sys

from configurator.env import DATA_DIR, ROOT, env
from configurator.local import launch, lock
from configurator.local.files import write_settings
from configurator.local.log import Log
from configurator.local.ports import is_taken
from configurator.local.processes import Program, StackError
from configurator.local.programs import EVERYWHERE, manage, programs, wait_for_web
from configurator.local.sign_ins import sign_in_table, write_sign_ins
from configurator.local.stack import Stack
from configurator.local.supervisor import Stopped, ignore_signals, stop_all, stop_on_signals, watch

LOOPBACKS = ("127.0.0.1", "localhost", "::1")
STACK_ENV = DATA_DIR / "stack.env"
LOCAL_JSON = DATA_DIR / "local.json"


class Runner:
    """Starts services and programs in their order, keeps them running, stops them."""

    def __init__(self) -> None:
        self.address = env.str("HOST", default="") or "127.0.0.1", int(env.str("PORT", default="") or 8000)
        self.demo = env.bool("DEMO", default=True)
        self.log = Log(sys.stdout)
        self.given = dict(os.environ)
        self.stack = Stack(DATA_DIR, self.log, self.given)
        self.programs: list[Program] = []

    @property
    def url(self) -> str:
        host, port = self.address
        return f"http://{'localhost' if host in EVERYWHERE else host}:{port}/"

    def run(self) -> None:
        """Start everything and keep it running; ends by Stopped or StackError."""
        host, port = self.address
        if is_taken(host, port):
            raise StackError(
                f"Port {port} is taken by another program: stop that one, or choose another port: "
                f"make run PORT={port + 1}"
            )
        environment = self.start_services()
        manage(self.log, environment, ROOT, "migrate", "--verbosity", "0")
        self.report("database tables are up to date")
        for program in programs(self.log, environment, ROOT, self.address):
            self.programs.append(program)
            program.start()
        users = write_sign_ins(LOCAL_JSON, self.url, demo=self.demo)
        manage(self.log, environment, ROOT, "ensure_users", stdin=users)
        if self.demo:
            manage(self.log, environment, ROOT, "load_demo")
        wait_for_web(self.programs[0], self.address)
        self.log.text(sign_in_table(LOCAL_JSON))
        watch([*self.stack.services, *self.programs], self.log)

    def start_services(self) -> dict[str, str]:
        """Start the services, write stack.env for other commands, and return the environment of the programs."""
        settings = self.stack.start(self.report, demo=self.demo, root=ROOT)
        settings |= {"DEMO": str(int(self.demo)), "DATA_DIR": str(DATA_DIR)}
        if not self.given.get("SECURE") and self.address[0] in LOOPBACKS:
            settings["SECURE"] = "0"
        if not self.given.get("SITE_ADDRESS"):
            settings["SITE_ADDRESS"] = self.url
        write_settings(STACK_ENV, settings)
        return self.given | settings | {"PYTHONUNBUFFERED": "1"}

    def report(self, text: str) -> None:
        self.log.line("run", text)

    def stop(self) -> None:
        """Stop everything in order and remove stack.env."""
        ignore_signals()
        stop_all(self.programs)
        self.stack.stop()
        STACK_ENV.unlink(missing_ok=True)


def main() -> None:
    """Run until stopped; ends the process with one line and code 1 when it cannot go on."""
    stop_on_signals()
    if "MAKELEVEL" in os.environ:
        # Killing make is meant to stop what make started.
        launch.die_with(os.getppid(), signal.SIGTERM)
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.take(DATA_DIR)
        runner = Runner()
        try:
            runner.run()
        finally:
            runner.stop()
    except Stopped:
        return
    except StackError as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(f"{error}: {DATA_DIR} may belong to another user; run as that one, or set DATA_DIR.")
