"""The ceilings that may only fall: library modules that no test names, and names that say nothing.

A module is named where a test imports it, imports a name from it, or imports from a package a name
that the package gives out from it.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "darkfigure"
#: Library modules named in no test. Lower it with each that gets a specification; never raise it.
UNNAMED = 25
#: Of a hundred names given in the library, those that say no more than that there is something.
SHARE = 8.9
SAY_NOTHING = {
    "done", "each", "found", "given", "got", "held", "kept", "known", "left", "made", "one",
    "other", "others", "said", "shown", "taken", "thing", "told", "wanted", "what", "written",
}  # fmt: skip


def modules():
    return {
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for path in LIBRARY.rglob("*.py")
        if path.name != "__init__.py"
    }


def imported():
    """What tests import of the library: modules, and the modules that names come from."""
    named = set()
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("darkfigure"):
                named.add(node.module)
                for alias in node.names:
                    named.add(f"{node.module}.{alias.name}")
                    if not node.module.startswith("darkfigure_hub"):
                        value = getattr(import_module(node.module), alias.name, None)
                        named.add(getattr(value, "__module__", None))
    return named


def test_modules_that_no_test_names_become_fewer():
    unnamed = sorted(modules() - imported())
    assert len(unnamed) <= UNNAMED, f"name these in a test: {unnamed}"
    assert len(unnamed) > UNNAMED - 3, f"lower UNNAMED to {len(unnamed)}"


def names_given():
    """Every name that the library gives to a variable or a parameter."""
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.arg):
                yield node.arg


def test_names_that_say_nothing_become_fewer():
    names = [name for name in names_given() if name not in ("self", "cls", "_")]
    share = 100 * sum(name in SAY_NOTHING for name in names) / len(names)
    assert share <= SHARE
    assert share > SHARE - 0.2, f"lower SHARE: it is {share:.2f}"
