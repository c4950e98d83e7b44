"""Commands killed at any moment lose nothing, double nothing, and the next says nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "killed.py"


@pytest.mark.long("first")
def test_commands_killed_at_any_moment_leave_the_repository_whole():
    """Five rounds, one of them with the database server; `benchmarks/killed.py` goes a hundred."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env={**os.environ, "ROUNDS": "5"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "5 rounds, 1 of them with the server" in done.stdout
    assert "The chain of the log holds." in done.stdout
