"""The house: what no import rule can see."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from darkfigure_hub.commands.table import under

ROOT = Path(__file__).parents[2]
LIBRARY, HUB = ROOT / "src" / "darkfigure", ROOT / "src" / "darkfigure_hub"
FILES = [
    path
    for folder in (LIBRARY, HUB)
    for path in folder.rglob("*.py")
    if "migrations" not in path.parts
]
CAP_FILE, CAP_FUNCTION = 520, 85


def test_files_and_functions_stay_small():
    long = []
    for path in FILES:
        text = path.read_text()
        if text.count("\n") > CAP_FILE:
            long.append(f"{path}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            # The parameters of a command are its documentation; what counts is what the function
            # does.
            if (
                isinstance(node, ast.FunctionDef)
                and (node.end_lineno or 0) - node.body[0].lineno + 1 > CAP_FUNCTION
            ):
                long.append(f"{path}:{node.lineno} {node.name}")
    assert long == []


def test_no_room_for_odds_and_ends():
    names = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base2"}
    assert [path for path in FILES if path.stem in names or path.parent.name in names] == []


def test_the_library_imports_without_hub_framework_or_network():
    modules = [
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        for path in LIBRARY.rglob("*.py")
    ]
    code = (
        "import sys, importlib\n"
        "class Wall:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'django', 'psycopg', 'ninja', 'darkfigure_hub', "
        "'requests'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Wall())\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_scope_is_made_in_access_alone():
    makers = {
        path.relative_to(ROOT / "src").as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Scope"
    }
    assert makers == {"darkfigure_hub/access/scopes.py"}


def test_the_library_has_no_clock():
    for path in LIBRARY.rglob("*.py"):
        assert not re.search(r"\b(date\.today|datetime\.now|time\.time)\(", path.read_text()), path


def test_glossary_names_modules_that_exist():
    named = re.findall(
        r"`((?:darkfigure|darkfigure_hub)/[\w/.]+)`", (ROOT / "GLOSSARY.md").read_text()
    )
    assert len(named) > 15
    assert [name for name in named if not (ROOT / "src" / name).exists()] == []


@pytest.mark.parametrize(
    "room", sorted(path.name for path in LIBRARY.iterdir() if (path / "__init__.py").exists())
)
def test_every_room_says_what_it_is_for(room):
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert f"`{room}/`" in text or f"{room}/" in text
    assert ast.get_docstring(ast.parse((LIBRARY / room / "__init__.py").read_text()))


def test_the_readme_speaks_of_commands_that_exist():
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"^make ([a-z]+)", readme, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for command in set(re.findall(r"\.venv/bin/darkfigure ([\w-]+)", readme)):
        assert command in under("")


#: Sentences that stand in a room as text, not in a catalogue. It may fall, and not rise.
SENTENCES = {
    "basis": 14,
    "cases": 65,
    "codes": 4,
    "intelligence": 5,
    "linkage": 18,
    "reading": 4,
}


def sentences(path):
    """The texts of a file that have a space and end with a full stop, but for descriptions and what
    is raised at the caller.
    """

    def within(node, raised):
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                continue
            last = each
            if isinstance(each, ast.JoinedStr):
                last = each.values[-1] if each.values else each
            text = last.value if isinstance(last, ast.Constant) else None
            spaced = isinstance(each, ast.JoinedStr) or (
                isinstance(text, str) and " " in text.strip()
            )
            if isinstance(text, str) and spaced and text.rstrip().endswith(".") and not raised:
                yield text
            elif not isinstance(each, ast.JoinedStr):
                yield from within(each, raised or isinstance(each, ast.Raise))

    return list(within(ast.parse(path.read_text()), False))


@pytest.mark.parametrize(
    "room",
    sorted(
        {path.name for path in LIBRARY.iterdir() if path.is_dir()}
        - {"data", "synthetic", "writing"}
    ),
)
def test_words_are_made_in_writing(room):
    found = [text for path in (LIBRARY / room).rglob("*.py") for text in sentences(path)]
    assert len(found) <= SENTENCES.get(room, 0), found


def test_decisions_are_short():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert path.read_text().count("\n") <= 40, path
