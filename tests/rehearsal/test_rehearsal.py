"""The parts of `make rehearse` that read the two files; the whole of it runs by itself, as `make rehearse`."""

import dataclasses
import io
import os
import stat
import subprocess
from pathlib import Path

import pytest

from configurator.local.log import Log
from tests.rehearsal import dockerfile
from tests.rehearsal.browser import _Forms
from tests.rehearsal.dockerfile import Dockerfile
from tests.rehearsal.errors import RehearsalError
from tests.rehearsal.image import Image
from tests.rehearsal.services import Service


def test_dockerfile_is_read_with_its_continued_lines() -> None:
    read = dockerfile.load(
        '# a comment\nENV A=1 \\\n    B="2 3"\nRUN useradd --system --uid 77 \\\n  --shell /bin/false kim\n'
        'COPY x.py ./\nCOPY apps apps\nUSER kim\nCMD ["run", "it"]\n'
    )
    assert read.environment == {"A": "1", "B": "2 3"}
    assert read.user_id == 77
    assert read.copies == [("x.py", "./"), ("apps", "apps")]
    assert read.command == ["run", "it"]


def test_paths_of_a_container_are_placed_once_and_whole(tmp_path: Path) -> None:
    places = {"/data": Path("/data/here"), "/run/secrets": Path("/data/kept")}
    placed = Image(tmp_path).placed("cat /run/secrets/key > /data/x; ls /app /apple /my/data --file=/data", places)
    assert placed == f"cat /data/kept/key > /data/here/x; ls {tmp_path}/app /apple /my/data --file=/data/here"


def without(app: str) -> Dockerfile:
    """Return the Dockerfile as it would be if it forgot to copy an app."""
    read = dockerfile.read()
    return dataclasses.replace(
        read, directives=tuple(one for one in read.directives if one != ("COPY", f"{app} {app}"))
    )


def test_image_that_lacks_an_app_is_not_built(tmp_path: Path) -> None:
    image = Image(tmp_path, without("health"))
    assert len(image.dockerfile.copies) == len(dockerfile.read().copies) - 1
    with pytest.raises(RehearsalError, match=r"RUN failed: .* ModuleNotFoundError: No module named 'health'$"):
        image.build()


def test_image_holds_the_locked_packages_and_cannot_be_written(tmp_path: Path) -> None:
    image = Image(tmp_path)
    image.build()
    try:
        python = tmp_path / "venv" / "bin" / "python"
        asked = {"django": 0, "waitress": 0, "pytest": 1, "trustme": 1}
        for package, code in asked.items():
            done = subprocess.run([python, "-I", "-c", f"import {package}"], capture_output=True, check=False)
            assert done.returncode == code, package
        for path in image.app.rglob("*"):
            assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), path
        assert list((image.app / "collected").glob("css/frame.*.css"))

        said = io.StringIO()
        service = {
            "environment": {"A_FILE": "/run/secrets/a"},
            "command": ["sh", "-c", 'id -u; touch x; cat "$A_FILE"'],
        }
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "a").write_text("told\n")
        tmp_path.chmod(0o755)
        program = Service("probe", service, image, tmp_path / "secrets", Log(said)).program
        program.start()
        assert program.process
        program.process.wait(60)
        program.stop()
        user = image.dockerfile.user_id if os.getuid() == 0 else os.getuid()
        first, *_, last = said.getvalue().splitlines()
        assert (first.split()[-1], last.split()[-1]) == (str(user), "told")
        assert "cannot touch" in said.getvalue()
    finally:
        for path in [image.app, *image.app.rglob("*")]:
            path.chmod(0o755)


def test_forms_are_read_as_a_browser_fills_them_in() -> None:
    parser = _Forms()
    parser.feed(
        """<input name="early" form="f" value="1"><form id="f" action="/to/"><input name="text" value="a&amp;b">
        <input type="checkbox" name="off"><input type="checkbox" name="on" checked>
        <input type="radio" name="one" value="x"><input type="radio" name="one" value="y" checked>
        <select name="first"><option value="p">P</option><option value="q">Q</option></select>
        <select name="chosen"><option value="p">P</option><option value="q" selected>Q</option></select>
        <textarea name="area">\nlines</textarea></form><select name="late" form="f"><option value="z"></select>"""
    )
    ((action, fields),) = parser.forms
    assert action == "/to/"
    assert fields == {
        "early": "1",
        "text": "a&b",
        "off": None,
        "on": "on",
        "one": "y",
        "first": "p",
        "chosen": "q",
        "area": "lines",
        "late": "z",
    }
