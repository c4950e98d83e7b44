"""The manual's table of kinds of fault names places and tests that there are."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "pages" / "faults.md"
HEADING = "| kind of fault | rule | where it holds | the test that fails without it |"


def rows():
    """The cells of each row of the page's tables."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    bodies = [line for line in lines if line != HEADING and not re.fullmatch(r"[| -]+", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in bodies]


@lru_cache
def functions(path):
    """The names of the functions of a file of tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_every_row_is_whole():
    found = rows()
    assert len(found) > 20
    assert [row for row in found if len(row) != 4 or not all(row)] == []
    kinds = [row[0] for row in found]
    assert len(kinds) == len(set(kinds))


def test_every_place_exists():
    named = [name for row in rows() for name in re.findall(r"`([^`]+)`", row[2])]
    assert len(named) >= len(rows())
    assert [name for name in named if not (ROOT / "src" / name).exists()] == []


def test_every_test_exists():
    lost = []
    for row in rows():
        named = re.findall(r"`([^`]+)`", row[3])
        assert named, row
        for each in named:
            path, _, name = each.partition("::")
            file = ROOT / "tests" / path
            if not file.is_file() or name not in functions(file):
                lost.append(each)
    assert lost == []


def test_the_page_is_part_of_the_manual():
    index = (ROOT / "docs" / "pages" / "index.md").read_text(encoding="utf-8")
    assert re.search(r"^faults$", index, re.MULTILINE)
