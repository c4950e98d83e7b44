"""What is checked of an edition before it goes out: each check by its code, the standard it rests
on, and what it finds. Words are in the catalogue `edition.check`, standards in `edition.standard`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.edition import SECTIONS, Condition, key_of
from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.material import Material, finding
from darkfigure.assessment.prose import (
    checkable_words,
    ease,
    synthetic_figures,
    typed_figures,
)
from darkfigure.assessment.references import Kind
from darkfigure.assessment.text import (
    Block,
    Chapter,
    Heading,
    Items,
    Kept,
    Link,
    Paragraph,
    Place,
    Quoted,
    Rows,
    plain,
)
from darkfigure.assessment.typed import HEAD, head_place, typed_in
from darkfigure.basis.errors import Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import Saying, say
from darkfigure.intelligence.coverage import RANK, CellStatus
from darkfigure.intelligence.judgements import Judgement, Rating, faults
from darkfigure.intelligence.requirement_sets import is_under
from darkfigure.publication.answer import THRESHOLD
from darkfigure.publication.going_out import fit_to_go_out
from darkfigure.tables.question import CASES

#: High confidence asks that so much of what its requirements ask is corroborated or answered;
#: moderate that something of it is indicated.
HIGH_ASKS, CORROBORATED, INDICATED = 0.5, RANK[CellStatus.CORROBORATED], RANK[CellStatus.INDICATED]
#: A paragraph is no longer.
MOST_IN_LINE = 20_000


def check(material: Material) -> list[Finding]:
    """Everything that is found, by file and line."""
    found = [one for each in CHECKS.values() for one in each(material)]
    return sorted(dict.fromkeys(found), key=lambda each: (each.place, each.check, str(each.said)))


def holds_faults(found: Sequence[Finding]) -> bool:
    """Whether anything found keeps an edition from going out."""
    return any(each.level is Level.FAULT for each in found)


def _references(material: Material) -> Iterator[Finding]:
    yield from (each for each in material.faults if each.check != "head")


def _head(material: Material) -> Iterator[Finding]:
    """What it says of itself that is not so."""
    yield from (each for each in material.faults if each.check == "head")


def _conditions(material: Material) -> Iterator[Finding]:
    """Words that no longer say what the figures say, in either rendering."""
    wrong = {condition.place for condition in material.restricted.conditions if _fails(condition)}
    for condition in material.public.conditions:
        if _fails(condition) and condition.place not in wrong:
            yield finding(
                "condition", condition.place, Level.FAULT, "condition_public",
                words=condition.words or "-", condition=condition.condition,
            )  # fmt: skip
    for condition in material.restricted.conditions:
        told: dict[str, object] = {
            "words": condition.words or "-",
            "condition": condition.condition,
        }
        if condition.fault:
            yield finding(
                "condition", condition.place, Level.FAULT, "condition_wrong", fault=condition.fault
            )
        elif condition.verdict is Verdict.FAILS:
            yield finding("condition", condition.place, **told)
        elif condition.verdict is Verdict.NOT_SURE:
            yield finding("condition", condition.place, Level.FAULT, "condition_not_sure", **told)


def _fails(condition: Condition) -> bool:
    return bool(condition.fault) or condition.verdict is not Verdict.HOLDS


def _judgements(material: Material) -> Iterator[Finding]:
    """What is wrong with a judgement by itself, and against the edition before."""
    before = {each.code: each for each in material.before}
    for judgement in material.judgements:
        last = before.get(judgement.code)
        same = last is not None and last.version == judgement.version
        for said in faults(judgement, None if same else last):
            if same and said.code == "judgement.fault.nothing_before":
                continue
            yield Finding("judgement", material.place_of(judgement.code), _of(judgement, said))


def _of(judgement: Judgement, said: Saying) -> Saying:
    return say("edition.check.judgement", code=judgement.code, said=said)


_PER_CENT = re.compile(r"(\d+(?:\.\d+)?) ?(?:%|per cent)")
_CHANCE = re.compile(r"\b(?:chance|probability|likelihood|odds)\b", re.IGNORECASE)


def _terms(material: Material) -> Iterator[Finding]:
    """A probability in a claim that its term does not hold."""
    for judgement in material.judgements:
        if judgement.term is None or not _CHANCE.search(judgement.claim):
            continue
        for match in _PER_CENT.finditer(judgement.claim):
            if not judgement.term.holds(float(match[1])):
                yield finding(
                    "term", material.place_of(judgement.code),
                    judgement=judgement.code, term=judgement.term.label, number=match[1],
                )  # fmt: skip


def _confidence(material: Material) -> Iterator[Finding]:
    """Confidence above what coverage of its requirements allows."""
    ranks: dict[str, list[int]] = {}
    for row in material.coverage.live.iter_rows(named=True):
        ranks.setdefault(row["question"], []).append(RANK.get(row["status"], 0))
    for judgement in material.judgements:
        cells = [
            rank
            for question, found in ranks.items()
            if any(is_under(question, code) for code in judgement.requirements)
            for rank in found
        ]  # fmt: skip
        if not cells:
            continue
        strong = sum(rank >= CORROBORATED for rank in cells) / len(cells)
        given: dict[str, object] = {"judgement": judgement.code, "share": f"{strong:.0%}"}
        place = material.place_of(judgement.code)
        if judgement.confidence.rating is Rating.HIGH and strong < HIGH_ASKS:
            yield finding("confidence", place, Level.FAULT, "confidence_high", **given)
        elif judgement.confidence.rating is Rating.MODERATE and max(cells) < INDICATED:
            yield finding("confidence", place, Level.FAULT, "confidence_moderate", **given)


def _priorities(material: Material) -> Iterator[Finding]:
    """Questions of the first priority that no chapter speaks of."""
    questions = material.held.questions.values()
    first = max((each.priority for each in questions), default=0)
    spoken = _spoken_of(material)
    areas = {chapter.area for chapter in material.chapters}
    for question in questions:
        if question.priority < first or question.threat not in areas:
            continue
        if not any(is_under(question.code, code) for code in spoken):
            chapter = next(one for one in material.chapters if one.area == question.threat)
            yield finding(
                "priority", Place(chapter.file, 1), Level.FAULT, "priority", question=question.code
            )


def _spoken_of(material: Material) -> set[str]:
    """The codes that the text speaks of: by coverage, by judgements, by what is not known."""
    said = set()
    for _, live, shown in material.restricted.figures():
        reference = live.reference
        if reference.kind in (Kind.COVERAGE, Kind.GAPS) and reference.subject:
            said.add(reference.subject)
        if reference.kind is Kind.GAPS and shown.table:
            said.update(row[0].partition(" ")[0] for row in shown.table.rows)
        if reference.kind is Kind.JUDGEMENT:
            said.update(
                code
                for judgement in material.judgements
                if judgement.code == reference.subject
                for code in judgement.requirements
            )
    return said


def _markings(material: Material) -> Iterator[Finding]:
    """What is marked above the rendering that shows it."""
    sees = material.restricted.sees
    for _, live, marking in material.restricted.source.lives:
        if marking > sees:
            yield finding("marking", live.place, marking=marking.name, rendering=sees.name)
    for edition in (material.restricted, material.public):
        for _, live, shown in edition.figures():
            if shown.is_told and shown.marking > edition.sees:
                yield finding(
                    "marking", live.place, marking=shown.marking.name, rendering=edition.sees.name
                )


def _names(material: Material) -> Iterator[Finding]:
    """Names of persons in what goes out."""
    if material.names is None:
        yield finding("name", Place(HEAD, 1), Level.FAULT, "names_unread")
    for place in material.names or ():
        yield finding("name", place)
    for typed in typed_in(material.restricted):
        try:
            fit_to_go_out(typed.text, MOST_IN_LINE, "A line of an edition")
        except Unreadable as error:
            yield finding("name", typed.place, Level.FAULT, "named", fault=str(error))


def _small_counts(material: Material) -> Iterator[Finding]:
    """Counts of few people in what goes out, that are not kept out."""
    answers = material.answers or {}
    for chapter, live, _ in material.public.figures():
        answer = answers.get(key_of(chapter, live))
        if answer is None or answer.question.evidence != CASES:
            continue
        for cell in answer.cells:
            if cell.value is not None and 0 < cell.value < THRESHOLD:
                yield finding("small", live.place, question=answer.question.measure.code)


def _alternatives(material: Material) -> Iterator[Finding]:
    """Charts that say nothing to who does not see them."""
    for _, live, shown in material.restricted.figures():
        if shown.drawn and len(shown.drawn.alternative.split()) < 4:
            yield finding("alternative", live.place, what=shown.title)


def _links(material: Material) -> Iterator[Finding]:
    """Links to pages and parts of the edition that are not there."""
    pages = {page_of(chapter): chapter for chapter in material.chapters}
    for chapter in material.chapters:
        for link in _links_in(chapter.blocks):
            address, sign, anchor = link.address.partition("#")
            if "://" in address or address.startswith("mailto:"):
                continue
            leads = pages.get(address, chapter if not address else None)
            known = address in PAGES and not sign
            if not known and (leads is None or (sign and anchor not in _anchors(leads))):
                yield finding("link", link.place, address=link.address)


#: Pages of every edition beside its chapters.
PAGES = ("assessment.html", "changes.html", "judgements.html", "summary.html")


def page_of(chapter: Chapter) -> str:
    """The page of a chapter."""
    return chapter.file.removesuffix(".md") + ".html"


def _anchors(chapter: Chapter) -> set[str]:
    return {block.anchor for block in chapter.blocks if isinstance(block, Heading)}


def _links_in(blocks: Sequence[Block]) -> Iterator[Link]:
    for block in blocks:
        if isinstance(block, (Kept, Quoted)):
            yield from _links_in(block.inside)
        elif isinstance(block, Items):
            for entry in block.entries:
                yield from _links_in(entry)
        elif isinstance(block, Rows):
            for row in (block.heads, *block.rows):
                yield from (each for cell in row for each in cell if isinstance(each, Link))
        elif isinstance(block, Paragraph):
            yield from (inline for inline in block.inside if isinstance(inline, Link))


def _sections(material: Material) -> Iterator[Finding]:
    """Sections that are missing, unknown, or stand elsewhere than in every chapter."""
    threats = material.held.threats
    for chapter in material.chapters:
        if chapter.area not in threats:
            yield finding(
                "section", Place(chapter.file, 1), Level.FAULT, "no_area",
                area=chapter.area, requirements=material.held.edition,
            )  # fmt: skip
    covered = {chapter.area for chapter in material.chapters}
    for area, title in threats.items():
        if area not in covered:
            yield finding(
                "section", Place(HEAD, 1), Level.FAULT, "no_chapter",
                area=area, title=title,
            )  # fmt: skip
    for chapter in material.chapters:
        said = [section_of(heading) for heading in chapter.sections]
        for heading, name in zip(chapter.sections, said, strict=True):
            if name not in SECTIONS:
                yield finding("section", heading.place, Level.WARNING, "section_unknown",
                               title=plain(heading.inside))  # fmt: skip
        for name in SECTIONS:
            if name not in said:
                yield finding("section", Place(chapter.file, 1), section=name.replace("_", " "))
        known = [name for name in said if name in SECTIONS]
        if known != sorted(known, key=SECTIONS.index):
            yield finding("section", Place(chapter.file, 1), Level.FAULT, "section_order")


def section_of(heading: Heading) -> str:
    """The code of the section that a heading begins."""
    words = re.sub(r"[^a-z]+", "_", plain(heading.inside).lower().replace("'", ""))
    return words.strip("_")


def _judged(material: Material) -> Iterator[Finding]:
    """Chapters that judge nothing, and judgements of an area that its chapter does not show."""
    shown = {
        live.reference.subject
        for _, live, _ in material.restricted.source.lives
        if live.reference.kind is Kind.JUDGEMENT
    }
    areas = {chapter.area: chapter for chapter in material.chapters}
    for area, chapter in areas.items():
        own = [judgement.code for judgement in material.judgements if judgement.area == area]
        if not own:
            yield finding("judged", Place(chapter.file, 1), Level.WARNING, "nothing_judged")
        for code in own:
            if code not in shown:
                yield finding("judged", Place(chapter.file, 1), judgement=code)
    for judgement in material.judgements:
        if judgement.area not in areas and judgement.code not in shown:
            yield finding("judged", Place(HEAD, 1), judgement=judgement.code)


def _drifted(material: Material) -> Iterator[Finding]:
    """Figures that judgements cite and that would not be answered so any more."""
    for code, question in material.drifted:
        yield finding("basis", material.place_of(code), judgement=code, question=question)


def _published(material: Material) -> Iterator[Finding]:
    """What is said to have no figure, and went out with one before."""
    for place, where in material.published:
        yield finding("published", place, out=where)


def _concordance(material: Material) -> Iterator[Finding]:
    """Codes of the concordance that no judgement has: of the edition before, or of this one; what
    it says to the public of a judgement that the public does not read.
    """
    level = Level.WARNING if material.withheld else Level.FAULT
    then = {judgement.code for judgement in material.before}
    now = {judgement.code for judgement in material.judgements}
    for entry in material.restricted.head.concordance:
        for codes, known, side in ((entry.old, then, "old"), (entry.new, now, "new")):
            for code in codes:
                if code not in known:
                    at = head_place(material.restricted.source, "concordance", code)
                    yield finding("concordance", at, level, f"concordance_{side}", judgement=code)
    for entry in material.restricted.head.concordance:
        for judgement in (*material.before, *material.judgements):
            if (
                judgement.code in (*entry.old, *entry.new)
                and judgement.marking > entry.marking == Marking.PUBLIC
            ):
                at = head_place(material.restricted.source, "concordance", entry.reason)
                yield finding(
                    "concordance", at, Level.FAULT, "concordance_marked",
                    judgement=judgement.code, marking=judgement.marking.name,
                )  # fmt: skip


Check = Callable[[Material], Iterator[Finding]]

#: Every check by its code.
CHECKS: Mapping[str, Check] = {
    "reference": _references,
    "head": _head,
    "condition": _conditions,
    "unchecked": checkable_words,
    "typed": typed_figures,
    "judgement": _judgements,
    "term": _terms,
    "confidence": _confidence,
    "priority": _priorities,
    "marking": _markings,
    "name": _names,
    "small": _small_counts,
    "synthetic": synthetic_figures,
    "alternative": _alternatives,
    "link": _links,
    "section": _sections,
    "ease": ease,
    "judged": _judged,
    "basis": _drifted,
    "published": _published,
    "concordance": _concordance,
}
