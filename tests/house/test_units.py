"""The units of systemd and the container file of the guide: they are ones, and say commands that
are there.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from darkfigure_hub.commands.table import COMMANDS
from support import PROGRAM

GUIDE = (Path(__file__).parents[2] / "docs" / "pages" / "running.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL)
UNITS = [each for each in BLOCKS if each.startswith("[Unit]")]


def test_the_guide_names_commands_that_are_there():
    named = set(re.findall(r"(?:bin/darkfigure |\"darkfigure\", \")([a-z-]+)", "".join(BLOCKS)))
    assert {"serve", "work", "backup"} <= named
    assert named <= {each.name.split()[0] for each in COMMANDS}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_takes_the_units(tmp_path):
    names = []
    for number, unit in enumerate(UNITS):
        names.append(tmp_path / f"darkfigure-{number}.service")
        names[-1].write_text(unit.replace("/opt/darkfigure/bin/darkfigure", str(PROGRAM)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, names)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [each for each in done.stderr.splitlines() if "darkfigure" in each]
    assert (done.returncode, ours) == (0, [])
    assert len(UNITS) == 3
