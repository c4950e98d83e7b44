"""A page for each question of tests/questions: as asked, as answered today, and why it is so."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

from making.running import ROOT, NotAsSaid, Place
from making.tutorials import console

MODULES = ("test_parliament", "test_casework")


def pages(place: Place) -> Iterator[tuple[str, str]]:
    """Name and text of each page. Raises NotAsSaid where an answer is not what its test asserts."""
    sys.path[:0] = [str(ROOT / "tests")]
    told = importlib.import_module("questions.asked")
    found = [
        (name, question, test, module)
        for module in MODULES
        for name, (question, test) in told.questions(
            importlib.import_module(f"questions.{module}")
        ).items()
        if question
    ]
    printed = iter(place.commands([line for _, asked, _, _ in found for line in asked.arguments]))
    for name, question, test, module in found:
        outputs = [next(printed) for _ in question.commands]
        if wrong := told.faults(question, test, "\n".join(outputs)):
            raise NotAsSaid(f"{name}: {'; '.join(wrong)}")
        yield name.removeprefix("test_"), page(name, question, test, module, outputs)


def page(name: str, question, test, module: str, outputs: list[str]) -> str:  # type: ignore[no-untyped-def]
    """One page."""
    answers = "\n".join(
        console(f"darkfigure {command}", printed)
        for command, printed in zip(question.commands, outputs, strict=True)
    )
    synthetic = (
        "```{warning}\nSYNTHETIC: the case records counted here are made up. "
        "They say nothing of real people.\n```\n\n"
        if "SYNTHETIC" in answers
        else ""
    )
    code = re.sub(r"^(@asked\((?:.|\n)*?\n\)\n)", "", dedent(inspect.getsource(test)))
    return (
        f"# {question.question}\n\n*{question.source}*\n\n{synthetic}"
        f"{inspect.getdoc(test)}\n\n## The answer today\n\n{answers}\n"
        f"## Held to by\n\n`tests/questions/{module}.py`, `{name}`:\n\n```python\n{code}```\n"
    )


def write(place: Place, folder: Path) -> None:
    """Write the pages and their list."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, text in pages(place):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        names.append(name)
    listed = "\n".join(names)
    (folder / "index.md").write_text(
        "# Questions\n\nEach was asked, or stands on figures that were published. Its answer is "
        "what the program printed when this site was built, and a test holds it to that.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n",
        encoding="utf-8",
    )
