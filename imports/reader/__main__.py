"""Run as `python -I …/imports/reader`: a line of JSON that names the sheet and the file's bytes on standard input,
lines of JSON on standard output. These are a head, then number, texts and faults of each row that holds something; at
the end ``{"end": true}`` or why there is none: ``{"bad": message}``, ``{"memory": true}`` or ``{"fault": class}``."""

import json
import sys
from pathlib import Path


def main() -> None:
    """Read the file within the limits; nothing of it gets into a traceback, since nobody is to see it there."""
    sys.path.append(str(Path(__file__).parents[2]))
    from imports.reader.limits import confine  # noqa: PLC0415  the path is set only now

    confine()
    from imports.reader.bad import BadFile  # noqa: PLC0415
    from imports.reader.file import read  # noqa: PLC0415

    request = json.loads(sys.stdin.buffer.readline())
    try:
        head, rows = read(sys.stdin.buffer.read(), request["sheet"])
        _write(head)
        for row in rows:
            _write(row)
        _write({"end": True})
    except BadFile as bad:
        _write({"bad": str(bad)})
    except MemoryError:
        _write({"memory": True})
    except Exception as fault:  # noqa: BLE001  with any fault the file cannot be read
        _write({"fault": type(fault).__name__})


def _write(line: object) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    main()
