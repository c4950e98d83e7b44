"""An edition made by hand, for the tests of what is made of one: its text, what each reference
shows, no repository.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from darkfigure.assessment.comparison import (
    Compared,
    Dated,
    FigureMoved,
    figures_in_both,
    judgements_moved,
    questions_moved,
)
from darkfigure.assessment.edition import Edition, JudgementTold, Rendering, key_of
from darkfigure.assessment.findings import Finding
from darkfigure.assessment.material import Material
from darkfigure.assessment.references import Kind
from darkfigure.assessment.shown import Shown, Tabled
from darkfigure.assessment.text import Place
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.cells import cells_of
from darkfigure.intelligence.coverage import Coverage, coverage
from darkfigure.intelligence.coverage_change import coverage_change
from darkfigure.intelligence.judgements import Judgement
from darkfigure.intelligence.ledgers import Ledgers
from darkfigure.intelligence.requirement_sets import RequirementSet, example_set
from darkfigure.publication import Answer
from darkfigure.reading.edition_folders import from_texts
from darkfigure.writing.editions.judged import judgement_told
from judgements_drawn import SOUND

HEAD = """
edition: "2009"
title: "An assessment (synthetic)"
as_at: 2009-12-17
requirements: nir-2009
publisher: "Darkfigure"
contact: "nobody"
licence: "OGL v3.0"
out: "2026-01-02 09:30"
marking: {marking}
chapters:
  - {{area: HT, file: trafficking.md}}
"""
SECTIONS = (
    "Summary", "Scale", "Victims", "Offenders", "Methods and routes", "Money", "Enablers",
    "Geography", "Response and effect", "Outlook", "What we do not know",
    "Change since last edition", "Sources",
)  # fmt: skip
DAY = date(2009, 12, 17)


def chapter(**said: str) -> str:
    """A chapter with every section; what is said in one is given by its name."""
    parts = ["# Human trafficking"]
    for name in SECTIONS:
        parts += [f"## {name}", said.get(name.lower().replace(" ", "_"), "Nothing is said.")]
    return "\n\n".join(parts) + "\n"


def held() -> RequirementSet:
    """The requirement set of the package that goes with it."""
    return example_set("trafficking_2009")


def nothing_known() -> Coverage:
    """Coverage of that set on which nobody has reported."""
    return coverage(cells_of(held()), Ledgers(), DAY)


def edition(
    text: str,
    values: Mapping[str, Shown] | None = None,
    *,
    marking: str = "official",
    judgements: Sequence[JudgementTold] = (),
) -> Edition:
    """An edition of one chapter; what a reference shows is given by its subject, or is a figure of
    its own.
    """
    source = from_texts({"edition.yaml": HEAD.format(marking=marking), "trafficking.md": text})
    given = values or {}
    found = {}
    for at, (of, live, _) in enumerate(source.lives):
        if live.reference.is_looked_up:
            plain = Shown(said=str(1000 + at), value=1000 + at, low=1000 + at, high=1000 + at,
                          title=live.reference.subject, question=live.reference.subject,
                          sources=("A body, 2009",), as_at=DAY)  # fmt: skip
            found[key_of(of, live)] = given.get(live.reference.subject, plain)
    return Edition(source, Rendering.RESTRICTED, found, tuple(judgements))


def material(
    restricted: Edition,
    public: Edition | None = None,
    *,
    judgements: Sequence[Judgement] = (),
    before: Sequence[Judgement] = (),
    answers: Mapping[str, Answer] | None = None,
    faults: Sequence[Finding] = (),
    names: Sequence[Place] = (),
    drifted: Sequence[tuple[str, str]] = (),
    published: Sequence[tuple[Place, str]] = (),
    covered: Coverage | None = None,
) -> Material:
    """What an edition is checked by."""
    return Material(
        restricted,
        public or replace(restricted, rendering=Rendering.PUBLIC),
        held(),
        covered or nothing_known(),
        judgements,
        before,
        answers,
        faults,
        names,
        drifted,
        published,
    )


def compared() -> Compared:
    """Two editions compared, with something of every kind in it."""
    then = edition(chapter(scale="{{ ask arrests }} {{ estimate women }}"))
    now = edition(
        chapter(scale="{{ ask arrests }} {{ estimate women }}"),
        {"arrests": Shown(said="406", value=406, low=406, high=406, title="Arrests")},
    )
    told = [judgement_told(replace(SOUND, version=version)) for version in (1, 2)]
    other = replace(told[1], confidence="high", reason="A second origin.")
    then, now = replace(then, judgements=(told[0],)), replace(now, judgements=(other,))
    before, after = nothing_known(), nothing_known()
    bridge = Shown(
        table=Tabled("Why", ("Step", "Arrests", "Why"), (("a", "1", ""), ("b", "1", "late"),
                                                         ("c", "2", ""))),
    )  # fmt: skip
    figures = [
        FigureMoved("Arrests", then.values[old], now.values[new], bridge)
        for old, new in figures_in_both(then, now, Kind.ASK)
    ]
    estimates = [
        FigureMoved("Women", then.values[old], now.values[new])
        for old, new in figures_in_both(then, now, Kind.ESTIMATE)
    ]
    opened, closed = questions_moved(example_set("trafficking_2008"), held(), Marking.OFFICIAL)
    return Compared(
        Dated("2008", date(2008, 12, 17)),
        Dated("2009", DAY),
        judgements_moved(then, now),
        tuple(figures),
        tuple(estimates),
        coverage_change(before, before, after),
        opened,
        closed,
        synthetic=True,
    )
