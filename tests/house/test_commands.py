"""The table of commands says what the commands are; nothing is loaded that is not asked for."""

from __future__ import annotations

import inspect
import shlex
import subprocess
import sys

import pytest

from darkfigure.basis.loading import extra
from darkfigure.tables.counted import RULES
from darkfigure.tables.counting import COUNTED
from darkfigure_hub.commands.entries import SUBJECTS
from darkfigure_hub.commands.gathered import ABOUT, made
from darkfigure_hub.commands.table import COMMANDS, GROUPS, under
from support import PROGRAM

HEAVY = {
    "altair",
    "arviz_stats",
    "django",
    "duckdb",
    "ibis",
    "numba",
    "numpy",
    "polars",
    "psycopg",
    "pyarrow",
    "scipy",
    "splink",
    "vl_convert",
}


def loaded(code: str) -> set[str]:
    """The packages that a fresh Python has loaded after running some code."""
    told = "\nimport sys; print('LOADED', *{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code + told], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split("LOADED")[1].split())


def typed(arguments: str) -> str:
    """Code that runs the program."""
    return (
        f"import sys; sys.argv = ['darkfigure', *{shlex.split(arguments)!r}]\n"
        "from darkfigure_hub.commands.program import main\n"
        "try: main()\n"
        "except SystemExit: pass"
    )


def test_a_command_of_two_words_is_reached_by_the_first():
    words = {entry.name.split(" ")[0] for entry in COMMANDS if " " in entry.name}
    assert words == {group.name for group in GROUPS}


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda each: each.name)
def test_the_table_says_what_the_command_says_of_itself(entry):
    function = entry.load()
    assert inspect.getdoc(function).splitlines()[0] == entry.help
    assert entry.subject in SUBJECTS
    assert entry.examples
    command = made(entry)
    assert command.name == entry.name.split(" ")[-1]
    for example in entry.examples:
        words = shlex.split(example)[len(entry.name.split(" ")) :]
        words = words[: words.index("<")] if "<" in words else words
        assert shlex.split(example)[: len(entry.name.split(" "))] == entry.name.split(" ")
        command.make_context(command.name, words)


def test_every_function_of_a_command_stands_in_the_table():
    from importlib import import_module
    from pathlib import Path

    import darkfigure_hub.commands as commands

    apart = {"gathered", "given", "program", "table", "waiting", "estimate_asked", "__init__"}
    places = {entry.place for entry in COMMANDS}
    for path in Path(commands.__path__[0]).glob("*.py"):
        if path.stem in apart:
            continue
        module = import_module(f"darkfigure_hub.commands.{path.stem}")
        asked = {
            name
            for name, each in inspect.getmembers(module, inspect.isfunction)
            if each.__module__ == module.__name__
            and not name.startswith("_")
            and name != "print_received"
        }
        assert {f"{path.stem}:{name}" for name in asked} <= places, path.stem


def helped(*words: str) -> str:
    """What the program says of itself."""
    return subprocess.run(
        [PROGRAM, *words, "--help"], capture_output=True, text=True, check=True
    ).stdout


def test_help_is_grouped_and_shows_examples():
    shown = helped()
    assert " ".join(ABOUT.split()[:8]) in shown
    places = [shown.index(f"\n{subject}:") for subject in SUBJECTS]
    assert places == sorted(places)
    assert "darkfigure ask victims_recovered" in shown
    for group in GROUPS:
        assert set(under(group.name))
        shown = helped(group.name)
        assert all(f"  {name} " in shown for name in under(group.name))
        assert group.examples[0] in shown


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        ("--help", set()),
        ("--version", set()),
        ("asc", set()),
        ("requirements laod", set()),
        ("measures", set()),
        ("check --help", HEAVY - {"django", "psycopg", "altair", "splink", "numba", "scipy"}),
        ("ask --help", {"django", "psycopg", "numpy", "polars"}),
    ],
)
def test_a_command_loads_what_it_needs(arguments, allowed):
    assert loaded(typed(arguments)) & HEAVY <= allowed


def test_the_package_alone_loads_nothing():
    assert not loaded("import darkfigure") & (HEAVY | {"typer", "rich", "yaml"})
    assert not loaded("import darkfigure.publication, darkfigure.linkage") & (HEAVY | {"yaml"})


def test_a_misspelt_command_is_refused_with_the_nearest():
    done = subprocess.run(
        [PROGRAM, "requirements", "laod"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "There is no command 'laod'. Did you mean 'load'?" in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [("darkfigure compa", "compare"), ("darkfigure requirements d", "due")],
)
def test_a_shell_completes_names(words, expected, monkeypatch):
    monkeypatch.setenv("_DARKFIGURE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
    done = subprocess.run([PROGRAM], capture_output=True, text=True, check=False)
    assert expected in done.stdout.split()


def test_rules_named_are_those_that_are_counted():
    assert {name: tuple(ways) for name, ways in COUNTED.items()} == RULES


def test_what_is_not_installed_is_named():
    with pytest.raises(ImportError, match=r"pip install 'darkfigure\[charts\]'"), extra("charts"):
        import no_such_library  # noqa: F401
