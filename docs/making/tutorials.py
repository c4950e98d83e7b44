"""Tutorials: Markdown whose commands are run while the manual is built, with what they print.

```run          each line is a command; what it prints stands below it
```refused      the same, of commands that must be refused
```file NAME    a file, written into the page's folder before what follows is run
```python       run in one interpreter for the page; what it prints stands below it
"""

from __future__ import annotations

import re
from pathlib import Path

from making.running import Place

BLOCK = re.compile(
    r"^```(run|refused|file|python)(?: (\S+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL
)
#: Of a longer output only the beginning is shown, and how much was left out.
SHOWN = 60


def made(text: str, place: Place) -> str:
    """A tutorial with its commands run. Raises NotAsSaid where one does not do what it should."""
    blocks = [found[3] for found in BLOCK.finditer(text) if found[1] == "python"]
    printed = iter(place.python(blocks) if blocks else [])

    def run(found: re.Match[str]) -> str:
        kind, name, body = found[1], found[2], found[3]
        if kind == "file":
            (place.folder / name).write_text(body, encoding="utf-8")
            return f"`{name}`\n\n```text\n{body}```\n"
        if kind == "python":
            out = next(printed)
            return f"```python\n{body}```\n" + (f"\n```text\n{cut(out)}```\n" if out else "")
        lines = [line for line in body.splitlines() if line.strip()]
        return "\n".join(
            console(line, place.shell(line, refused=kind == "refused")) for line in lines
        )

    return BLOCK.sub(run, text)


def console(line: str, printed: str) -> str:
    """A command and what it printed."""
    return f"```console\n$ {line}\n{cut(printed)}```\n"


def cut(printed: str) -> str:
    """What was printed, its end left out where it is long."""
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    more = len(lines) - SHOWN
    if more > 5:
        lines = [*lines[:SHOWN], f"... ({more} more lines)"]
    return "\n".join(lines) + "\n" if lines else ""


def title(path: Path) -> str:
    """The heading of a page."""
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
