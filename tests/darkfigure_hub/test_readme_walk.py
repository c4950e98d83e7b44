"""The README's walk from a spreadsheet to an answer, run as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from support import PROGRAM, run

pytestmark = pytest.mark.xdist_group("program")
ROOT = Path(__file__).parent.parent.parent


def walk():
    """The commands of the section, and the figure it says they end with."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## A file of your own\n")[2].partition("\n## ")[0]
    commands = re.search(r"```\n(.*?)```", section, re.DOTALL)[1].splitlines()
    figure = re.search(r"The last line answers (\d+) persons", section)[1]
    return [shlex.split(line)[1:] for line in commands], figure


@pytest.fixture
def home():
    folder = Path(tempfile.mkdtemp(prefix="df-"))
    yield folder
    run("stop", home=folder, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_spreadsheet_is_taken_in_and_asked_by_the_readme_alone(tmp_path, home):
    commands, figure = walk()
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    printed = []
    for command in commands:
        done = subprocess.run(
            [PROGRAM, *command],
            cwd=tmp_path,
            env={**os.environ, "DARKFIGURE_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
    looked, tried, taken, answered = printed
    assert "nothing is left to say" in looked
    assert "124 statements would be taken in" in tried
    assert "124 statements taken in" in taken
    assert "stated" not in tried  # every total is within what its parts can be
    assert re.search(rf"2024 Q1 to 2024 Q4\s+{figure}\b", answered)
