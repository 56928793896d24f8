"""Files that are made to hurt: each is refused with the limit that it breaks, or read within all of them."""

from pathlib import Path

import pytest

from imports.kinds import KINDS
from imports.reader.bad import DAMAGED
from imports.reading import BadFile, process, read
from imports.reading.process import LARGE, LATE, SLOW
from tests.imports.hostile import HOSTILE

ROOT = str(Path(__file__).parents[2])
BEGIN = "from imports.reader.limits import confine\nsys.stdin.buffer.read()"


def read_all(body: bytes) -> str:
    """Read the file to its end, and return what is said of it."""
    try:
        file = read([body])
        for _ in KINDS["queue"].columns.find(file).kept(file):
            pass
    except BadFile as bad:
        return str(bad)
    return ""


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_or_read(name: str) -> None:
    make, message = HOSTILE[name]

    said = read_all(make())

    assert message in said
    assert bool(message) == bool(said)


HOGS = {
    "memory": ("confine(); bytearray(1 << 30)", LARGE),
    "computing": ("confine(); resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass", SLOW),
    "time": ("confine(); time.sleep(60)", LATE),
    "a thread": ("confine(); os.kill(os.getpid(), 11)", LARGE),
    "a core": ("confine(); os.abort()", LARGE),
    "words": ("print('x' * 20_000_000)", DAMAGED),
}


@pytest.mark.parametrize("name", HOGS)
def test_a_reader_that_takes_too_much_is_ended_and_says_so(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, message = HOGS[name]
    program = tmp_path / "hog.py"
    program.write_text(f"import os, resource, sys, time\nsys.path.append({ROOT!r})\n{BEGIN}\n{code}\n")
    monkeypatch.setattr(process, "PROGRAM", program)
    monkeypatch.setattr(process, "LONGEST", 2 if message == LATE else 60)

    with pytest.raises(BadFile) as bad:
        read([b"Name\nx\n"])

    assert str(bad.value) == message


def test_the_reader_sees_no_environment_and_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program, there = tmp_path / "spy.py", tmp_path / "written"
    code = (
        "confine()\ntry:\n    said = str(os.write(os.open(%r, os.O_CREAT | os.O_WRONLY), b'x'))\n"
        "except OSError as fault:\n"
        "    said = type(fault).__name__\n"
        "print(json.dumps({'bad': said + ' ' + ' '.join(set(os.environ) - {'LC_CTYPE'})}))"
    )
    program.write_text(f"import json, os, signal, sys\nsys.path.append({ROOT!r})\n{BEGIN}\n{code % str(there)}\n")
    monkeypatch.setattr(process, "PROGRAM", program)

    with pytest.raises(BadFile) as bad:
        read([b"Name\nx\n"])

    assert str(bad.value) == "OSError "
    assert not there.exists() or not there.read_bytes()
