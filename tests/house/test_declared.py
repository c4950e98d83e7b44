"""What the program imports of others is declared by the package: what only the tests bring is not
there where it is installed.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def declared():
    """The names of all that the package and its extras ask for themselves."""
    extras = PROJECT["optional-dependencies"].values()
    asked = [*PROJECT["dependencies"], *(each for extra in extras for each in extra)]
    return {plain(re.match(r"[\w.-]+", each)[0]) for each in asked}


def imported():
    """The packages that are imported in the source, each with a file that does."""
    found = {}
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in names:
                found.setdefault(name.partition(".")[0], path.relative_to(ROOT))
    return found


def test_what_is_imported_is_declared():
    of, asked = packages_distributions(), declared()
    missing = {
        name: str(path)
        for name, path in imported().items()
        if name not in sys.stdlib_module_names
        and not name.startswith("darkfigure")
        and not {plain(each) for each in of.get(name, [name])} & asked
    }
    assert missing == {}
