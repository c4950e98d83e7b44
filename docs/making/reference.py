"""The reference: read from the code, its tables and its docstrings. Nothing here is told twice."""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from darkfigure.cases.records import KINDS as RECORDS
from darkfigure.cases.sense import RECORDS as RECORDS_SENSE
from darkfigure.codes import codes_for
from darkfigure.reading.kinds import KINDS as FILES
from darkfigure.tables.counted import RULES
from darkfigure.tables.cross_checks import CHECKS as CROSS_CHECKS
from darkfigure.tables.measures import all_measures
from darkfigure.tables.sense import FIGURES
from darkfigure.writing.forms.templates import dictionary_page
from darkfigure.writing.registry import FORMS, KINDS
from darkfigure_hub.commands.endings import ENDINGS
from darkfigure_hub.commands.entries import SUBJECTS
from darkfigure_hub.commands.table import COMMANDS
from making.running import ROOT, Place
from making.tutorials import cut

#: The packages whose public names are the Python interface.
PACKAGES = (
    "publication",
    "reading",
    "tables",
    "law",
    "estimation",
    "linkage",
    "intelligence",
    "codes",
    "writing.charts",
)
#: The repository's own pages, shown as they are.
OWN = {
    "architecture": "ARCHITECTURE.md",
    "glossary": "GLOSSARY.md",
    "contributing": "CONTRIBUTING.md",
    "changes": "CHANGELOG.md",
    "licences": "LICENCES-DATA.md",
}


def write(place: Place, folder: Path) -> None:
    """Write every page of the reference, with their list."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "commands": commands(place),
        "measures": measures(),
        "files": files(),
        "checks": checks(),
        "forms": forms(),
        "python": python(),
        **{name: included(ROOT / own, folder) for name, own in OWN.items()},
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    decisions(folder / "decisions")
    (folder / "index.md").write_text(
        "# Reference\n\n" + toctree([*pages, "decisions/index"]), encoding="utf-8"
    )


def toctree(names: list[str]) -> str:
    """A list of pages."""
    return "```{toctree}\n:maxdepth: 1\n\n" + "\n".join(names) + "\n```\n"


def included(path: Path, folder: Path) -> str:
    """A page that is a Markdown file of the repository, included and not copied."""
    return f"```{{include}} {os.path.relpath(path, folder)}\n```\n"


def decisions(folder: Path) -> None:
    """Each decision record as a page."""
    folder.mkdir(parents=True, exist_ok=True)
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for path in records:
        (folder / path.name).write_text(included(path, folder), encoding="utf-8")
    names = [path.stem for path in records]
    (folder / "index.md").write_text("# Decisions\n\n" + toctree(names), encoding="utf-8")


def commands(place: Place) -> str:
    """Every command by subject, with its own help."""
    helped = place.commands([[*each.name.split(" "), "--help"] for each in COMMANDS])
    told = dict(zip((each.name for each in COMMANDS), helped, strict=True))
    rows = "\n".join(f"| {status} | {meaning} |" for status, meaning in ENDINGS.items())
    parts = [
        "# Commands\n",
        f"## Exit status\n\n| status | what it says |\n| --- | --- |\n{rows}\n",
    ]
    for subject in SUBJECTS:
        parts.append(f"## {subject}\n")
        for each in COMMANDS:
            if each.subject == subject:
                text = told[each.name].strip("\n")
                parts.append(f"### {each.name}\n\n{each.help}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def measures() -> str:
    """Every measure: what it is, in which units, by which dimensions, who holds it."""
    parts = ["# Measures\n"]
    for each in all_measures().values():
        held = ", ".join(codes_for("agency").label(holder) for holder in each.holders)
        rules = ", ".join(map(str, RULES.get(each.code, ())))
        parts.append(
            f"## {each.code}\n\n**{each.title}.** {each.definition}\n\n"
            f"- Unit: {' or '.join(each.units).replace('_', ' ')}\n"
            f"- Dimensions: {', '.join(each.dimensions) or 'none'}\n"
            f"- Held by: {held or 'nobody named'}\n"
            f"- Counted from case records by: {rules or 'no rule'}\n"
        )
    return "\n".join(parts)


def files() -> str:
    """The files that can be taken in, and the dictionary of case returns."""
    rows = "\n".join(
        f"| `{each.name}` | {each.title} | {', '.join(each.columns) or 'see its form'} |"
        for each in FILES.values()
    )
    kinds = ", ".join(f"`{name}`" for name in RECORDS)
    told = dictionary_page().replace("\n# ", "\n## ").removeprefix("# ")
    return (
        f"# Files\n\n## Kinds that are recognised\n\n| kind | what it is | columns |\n"
        f"| --- | --- | --- |\n{rows}\n\nKinds of case record: {kinds}. `darkfigure templates "
        f"--out forms` writes a form of each.\n\n## {told}"
    )


def checks() -> str:
    """Every check of sense: on figures, on a case record, between records."""
    parts = [
        "# Checks of sense\n\nWhat cannot be refuses the return (fault); what is seldom so is told "
        "(noticed). They are printed from the tables that make them.\n"
    ]
    told = {
        "Figures": [(each.rule, each.fields, each.severity, each) for each in FIGURES],
        "A case record": [(each.rule, each.fields, each.severity, each) for each in RECORDS_SENSE],
        "Between case records": [
            (each.rule, (each.kind, each.column), "fault" if each.fault else "noticed", each)
            for each in CROSS_CHECKS
        ],
    }
    for title, rows in told.items():
        parts.append(f"## {title}\n\n| check | reads | | what is wrong | what would be right |")
        parts.append("| --- | --- | --- | --- | --- |")
        parts += [
            f"| {rule} | {', '.join(reads)} | {severity} | {each.wrong} | {each.right} |"
            for rule, reads, severity, each in rows
        ]
        parts.append("")
    return "\n".join(parts)


def forms() -> str:
    """Every form of output, by what is written."""
    heads = " | ".join(KINDS)
    rows = "\n".join(
        f"| {subject} | " + " | ".join("yes" if name in held else "" for name in KINDS) + " |"
        for subject, held in FORMS.items()
    )
    media = "\n".join(
        f"- `{name}`: {kind.media}, `.{kind.extension}`" for name, kind in KINDS.items()
    )
    return (
        f"# Forms of output\n\n| what | {heads} |\n|{' --- |' * (len(KINDS) + 1)}\n{rows}\n\n"
        f"{media}\n"
    )


def python() -> str:
    """The public names of the library's packages, with their signatures and docstrings."""
    parts = ["# Python\n\nThe library needs no database. Import from these packages.\n"]
    for package in PACKAGES:
        module = importlib.import_module(f"darkfigure.{package}")
        parts.append(f"## darkfigure.{package}\n\n{_told(module)}\n")
        parts.extend(_members(module))
    return "\n".join(parts)


def _members(module: ModuleType) -> Iterator[str]:
    for name in sorted(module.__all__, key=str.lower):
        value = getattr(module, name)
        if not callable(value) or not getattr(value, "__doc__", None):
            continue
        kind = "class " if inspect.isclass(value) else ""
        parts = [
            f"### {name}\n\n```python\n{kind}{name}{_signature(value)}\n```\n\n{_told(value)}\n"
        ]
        if inspect.isclass(value):
            for own, member in vars(value).items():
                held = member.fget if isinstance(member, property) else member
                if not own.startswith("_") and inspect.isfunction(held) and held.__doc__:
                    call = own if isinstance(member, property) else f"{own}{_signature(held)}"
                    parts.append(f"`{call}`\n: {_told(held)}\n")
        yield "\n".join(parts)


def _signature(value: object) -> str:
    try:
        return str(inspect.signature(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""


def _told(value: object) -> str:
    """The docstring; what is an example in it is shown as one."""
    text = inspect.getdoc(value) or ""
    if ">>>" in text:
        before, _, after = text.partition(">>>")
        return f"{before}```text\n{cut('>>>' + after)}```"
    return text
