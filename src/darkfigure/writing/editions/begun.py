"""An edition begun: a folder of files for an editor to write in, with every section of every
chapter, and the references that no chapter is without.
"""

from __future__ import annotations

from datetime import date

from darkfigure.assessment.edition import SECTIONS
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.writing.words import ENGLISH, Words

#: What stands in a section from the beginning.
_FILLED = {
    "summary": "{{ key_judgements }}",
    "what_we_do_not_know": "{{ coverage AREA as=table }}\n\n{{ gaps }}",
    "change_since_last_edition": "{{ changes }}",
    "sources": "{{ sources }}",
}


def new_edition(
    held: RequirementSet, as_at: date, before: tuple[str, date, str] | None, name: str,
    words: Words = ENGLISH,
) -> dict[str, str]:  # fmt: skip
    """The files of an edition that begins, by their names: a chapter for each threat area of a
    requirement set. `before` is the edition before it: its name, its day, its requirement set.
    """
    files = {area: f"{area.lower()}.md" for area in held.threats}
    texts = {files[area]: _chapter(area, title, words) for area, title in held.threats.items()}
    return {"edition.yaml": _head(held, as_at, before, name, files, words), **texts}


def _head(
    held: RequirementSet, as_at: date, before: tuple[str, date, str] | None, name: str,
    files: dict[str, str], words: Words,
) -> str:  # fmt: skip
    lines = [
        f'edition: "{name}"',
        f'title: "{words.text("edition.begun.title", name=name)}"',
        f"as_at: {as_at}",
        f"requirements: {held.edition}",
        "marking: official",
        f'out: "{as_at} 09:30"',
        f'publisher: "{words.text("edition.begun.publisher")}"',
        f'contact: "{words.text("edition.begun.contact")}"',
        'licence: "Open Government Licence v3.0"',
    ]
    if before:
        lines.append(
            f'previous: {{edition: "{before[0]}", as_at: {before[1]}, requirements: {before[2]}}}'
        )
    lines.append("chapters:")
    lines += [f"  - {{area: {area}, file: {file}}}" for area, file in files.items()]
    return "\n".join(lines) + "\n"


def _chapter(area: str, title: str, words: Words) -> str:
    parts = [f"# {title}"]
    for section in SECTIONS:
        parts.append(f"## {words.text(f'edition.section.{section}')}")
        said = _FILLED.get(section, words.text("edition.begun.nothing"))
        parts.append(said.replace("AREA", area))
    return "\n\n".join(parts) + "\n"
