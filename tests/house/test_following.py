"""Nothing that follows from code lists or measures is kept when they change: such a cache is one
that forgets (`@follows_lists`).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
#: Who gives out what packs change.
LISTS = {
    "all_measures",
    "codes_for",
    "dated_codes",
    "domains",
    "has_history",
    "lineage",
    "measure_named",
    "measures_said",
    "packs_in_use",
    "read_combined",
}
KEEPING = {"cache", "lru_cache"}
#: Kept on purpose, and why.
STAY = {"open_repository": "done once; a pack added later enters its own agencies"}


def called(function):
    """The names of functions that one calls."""
    return {
        node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def decorators(function):
    return {
        ast.unparse(each.func if isinstance(each, ast.Call) else each)
        for each in function.decorator_list
    }


def follows(name, functions, met=frozenset()):
    """Whether a function of a module comes to ask for lists, by the functions of its module."""
    calls = called(functions[name])
    return bool(calls & LISTS) or any(
        follows(each, functions, met | {name}) for each in calls & functions.keys() - met - {name}
    )


def kept(path):
    """The functions of a module whose results are kept, and whether they follow from lists."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    return {
        name: follows(name, functions)
        for name, node in functions.items()
        if decorators(node) & KEEPING
    }


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_what_follows_from_lists_is_not_kept_for_good(path):
    wrong = [name for name, listed in kept(path).items() if listed and name not in STAY]
    assert not wrong, f"mark {', '.join(wrong)} with @follows_lists(): lists change"


def test_the_rule_finds_what_it_looks_for():
    module = "@lru_cache\ndef a():\n    return b()\ndef b():\n    return codes_for('area')\n"
    functions = {node.name: node for node in ast.parse(module).body}
    assert follows("a", functions)
    assert decorators(functions["a"]) & KEEPING
