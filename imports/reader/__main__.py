"""Run as `python -I …/imports/reader`: a line of JSON with what is asked for and the file's bytes on standard input,
lines of JSON on standard output. These are a head, a pair of number and cells for each row that holds something, and
at the end ``{"end": true}`` or ``{"bad": message}``."""

import json
import sys
from pathlib import Path


def main() -> None:
    """Read the file within the limits; nothing of it gets into a traceback, since nobody is to see it there."""
    sys.path.append(str(Path(__file__).parents[2]))
    from imports.reader.limits import confine  # noqa: PLC0415  the path is set only now

    confine()
    from imports.reader.bad import BadFile  # noqa: PLC0415
    from imports.reader.rows import read  # noqa: PLC0415

    asked = json.loads(sys.stdin.buffer.readline())
    try:
        for line in read(sys.stdin.buffer.read(), asked["sheet"]):
            _write(line)
        _write({"end": True})
    except BadFile as bad:
        _write({"bad": str(bad)})
    except MemoryError:
        _write({"memory": True})
    except Exception as fault:  # noqa: BLE001  whatever it is, the file cannot be read
        _write({"fault": type(fault).__name__})


def _write(line: object) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    main()
