"""What is killed at any moment loses nothing and doubles nothing, and what comes next says nothing
of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.long("first")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("killed.py", "5 rounds, 1 of them with the server"),
        ("killed_service.py", "5 rounds: {'server': 2, 'worker': 2, 'PostgreSQL': 1} killed"),
    ],
)
def test_what_is_killed_at_any_moment_leaves_the_repository_whole(script, said):
    """Five rounds of commands, one with the database server; five of a service in use. By hand each
    goes a hundred.
    """
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / script)],
        env={**os.environ, "ROUNDS": "5"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    assert "The chain of the log holds." in done.stdout
