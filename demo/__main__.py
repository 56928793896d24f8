"""python -m demo --data DIR: the demo tenant as a process of its own, until SIGTERM or SIGINT."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from demo.server import DemoTenant


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the world and the certificate authority")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (a free one when 0)")
    options = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with DemoTenant(options.data.resolve(), port=options.port) as tenant:
        sys.stdout.write(f"demo tenant ready on 127.0.0.1:{tenant.port}, certificates in {tenant.ca_file}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
