"""How long an edition of the assessment takes: 15 chapters, 2,000 references, 300 judgements,
looked up in a repository, checked, and written in both renderings; again after one change; beside
Sphinx building as many pages of the same words without a figure.

    python benchmarks/edition.py            # AREAS, REFERENCES, JUDGEMENTS change the size
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import peak, row

from darkfigure.reading.judgement_files import read_judgement
from darkfigure.writing.editions.as_html import pages_of

if TYPE_CHECKING:
    from darkfigure.basis.marking import Scope

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "darkfigure_hub.settings")

AREAS = int(os.environ.get("AREAS", "15"))
REFERENCES = int(os.environ.get("REFERENCES", "2000"))
JUDGEMENTS = int(os.environ.get("JUDGEMENTS", "300"))
DAY, TODAY = date(2024, 6, 1), date.today()
JUDGED = """code: {code}
area: {area}
requirements: [{area}.1.1]
claim: "SYNTHETIC: decisions rise."
term: likely
confidence: {{rating: low, source_base: x, coverage: x, agreement: x, time_since: x}}
direction: increasing
resolution: "It cannot be told: it is made up for a benchmark."
figures: [{{ask: "reasonable_grounds_decisions period=2023", as_at: 2024-06-01}}]
change: {{kind: first}}
marking: PUBLIC
synthetic: yes
known: 2024-06-01
"""
HEAD = """edition: "2024"
title: "SYNTHETIC: an edition of the benchmark"
as_at: 2024-06-01
requirements: nir-bench
publisher: "P"
contact: "C"
licence: "L"
out: "2026-01-02 09:30"
chapters:
"""


def area(number: int) -> str:
    """The code of a threat area: letters alone."""
    return f"A{chr(ord('A') + number)}"


def requirement_set() -> str:
    """A set of as many threat areas, each with one question."""
    lines = ["edition: nir-bench", 'title: "SYNTHETIC"', "marking: public"]
    lines += ["valid: {from: 2024-04-01, to: 2025-03-31}", "areas:"]
    lines += [f'  - {{code: {area(at)}, title: "Area {at}"}}' for at in range(AREAS)]
    lines.append("requirements:")
    for at in range(AREAS):
        lines += [
            f"  - code: {area(at)}.1", f"    area: {area(at)}",
            '    title: "Scale"', '    text: "How many?"',
            '    decision: "x"', '    customer: "x"', '    owner: "x"', "    priority: 5",
            "    half_life: 1", "    latest_useful: 2025-03-31", "    questions:",
            f"      - code: {area(at)}.1.1",
            '        text: "How many?"', "        answer: quantity",
            '        unit: "persons"', '        accept: "x"',
            "        domain: {areas: forces, period: quarter}",
            "        priority: 5",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


def questions() -> list[str]:
    """As many questions as there are references, no two alike."""
    outcomes, ages = ("positive", "negative"), ("adult", "minor")
    found = []
    for measure in ("reasonable_grounds_decisions", "conclusive_grounds_decisions"):
        for outcome in outcomes:
            for age in ages:
                for start in range(2014, 2024):
                    for quarter in range(1, 5):
                        for length in range(8):
                            end = start + length
                            if end < 2024:
                                found.append(
                                    f"ask {measure} where=outcome={outcome} where=age_group={age} "
                                    f"period={start}Q{quarter}..{end}Q4"
                                )
    return (found * (REFERENCES // len(found) + 1))[:REFERENCES]


def chapters(*, figures: bool = True) -> dict[str, str]:
    """The text of each chapter: paragraphs with a figure each, and its judgements."""
    asked = questions()
    each, judged = REFERENCES // AREAS, JUDGEMENTS // AREAS
    texts = {}
    for at in range(AREAS):
        parts = [f"# Area {at}", "## Summary", "{{ key_judgements }}" if figures else "Text."]
        for number, question in enumerate(asked[at * each : (at + 1) * each]):
            shown = "{{ " + question + " }}" if figures else "1,000"
            parts.append(f"Paragraph {number} says that there were {shown} of these decisions.")
        if figures:
            parts += [f"{{{{ judgement {area(at)}-J-{number} }}}}" for number in range(judged)]
            parts += ["## What we do not know", "{{ gaps }}", "## Sources", "{{ sources }}"]
        texts[f"area-{at}.md"] = "\n\n".join(parts) + "\n"
    return texts


def main() -> None:
    """Set up, build, change, build again, and print."""
    with tempfile.TemporaryDirectory(prefix="bench-edition-") as home:
        os.environ["DARKFIGURE_HOME"] = home
        import_module("darkfigure_hub.flows.door").open_door()
        try:
            built = measured(Path(home))
        finally:
            import_module("darkfigure_hub.flows.stop_server").stop_server()
    sphinx = timed_sphinx(chapters(figures=False))
    print(f"{AREAS} chapters, {REFERENCES:,} references, {JUDGEMENTS} judgements")
    for name, seconds in built.items():
        row(
            f"edition: {name}",
            f"{seconds:.2f} s",
            f"Sphinx, as many pages without figures: {sphinx:.2f} s",
            seconds / sphinx,
            memory=peak(),
        )
        print(f"  {name:42} {seconds:7.2f} s   {seconds / sphinx:6.2f} of Sphinx")
    print(f"  {'Sphinx, as many pages without figures':42} {sphinx:7.2f} s")


def measured(home: Path) -> dict[str, float]:
    """Seconds by what is done."""
    from darkfigure.assessment.checks import check
    from darkfigure.assessment.material import Material
    from darkfigure.reading.edition_folders import from_texts
    from darkfigure.writing.editions.bundle import files_of
    from darkfigure_hub.flows.collate_edition import collate_edition

    scope = prepared(home)
    head = HEAD + "".join(f"  - {{area: {area(at)}, file: area-{at}.md}}\n" for at in range(AREAS))
    texts = {"edition.yaml": head, **chapters()}
    times: dict[str, float] = {}
    began = time.perf_counter()
    collated = collate_edition(scope, from_texts(texts))
    times["looked up, both renderings"] = time.perf_counter() - began
    for fault in collated.faults[:5]:
        print(f"fault: {fault.place} {fault.said}")
    began = time.perf_counter()
    check(
        Material(
            collated.restricted, collated.public, collated.held, collated.coverage,
            collated.judgements, (), collated.answers, collated.faults,
        )
    )  # fmt: skip
    times["checked"] = time.perf_counter() - began
    began = time.perf_counter()
    files_of(collated.restricted)
    files_of(collated.public)
    times["written, both renderings"] = time.perf_counter() - began
    times["in all"] = sum(times.values())
    changed = {**texts, "area-0.md": texts["area-0.md"].replace("Paragraph 0", "The first one")}
    began = time.perf_counter()
    again = collate_edition(scope, from_texts(changed), kept=collated, public=False)
    pages_of(again.restricted)
    times["pages again after one change"] = time.perf_counter() - began
    return times


def prepared(home: Path) -> Scope:
    """A repository with the example's figures, the set, and judgements approved by three."""
    from darkfigure_hub.access import for_example
    from darkfigure_hub.flows import judge
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.set_requirements import load_set
    from darkfigure_hub.flows.show_example import load_examples

    open_repository()
    author, reviewer, releaser = (for_example(name) for name in ("a", "b", "c"))
    load_examples(author, lambda _example, _received: None, lambda _doing, _rows: None)
    (home / "set.yaml").write_text(requirement_set())
    load_set(author, str(home / "set.yaml"))
    for number in range(JUDGEMENTS):
        at = number // AREAS
        text = JUDGED.format(code=f"{area(number % AREAS)}-J-{at}", area=f"{area(number % AREAS)}")
        drafted = judge.draft_judgement(author, read_judgement(text, "judgement.yaml"), TODAY)
        name = f"{drafted.judgement.code}/v1"
        judge.review_judgement(reviewer, name, DAY, TODAY)
        judge.approve_judgement(releaser, name, drafted.content, DAY, TODAY)
    return author


def timed_sphinx(texts: dict[str, str]) -> float:
    """How long Sphinx takes for the same pages without references."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "conf.py").write_text('extensions = ["myst_parser"]\nproject = "x"\n')
        names = "\n".join(name.removesuffix(".md") for name in texts)
        (folder / "index.md").write_text("# Index\n\n```{toctree}\n" + names + "\n```\n")
        for name, text in texts.items():
            (folder / name).write_text(text)
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-b", "html", place, str(folder / "out")],
            check=True,
        )
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
