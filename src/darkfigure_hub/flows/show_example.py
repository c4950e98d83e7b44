"""Show the example: the question of 17 December 2008 on real figures, what changed, and what cannot
be said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from django.utils import timezone

from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.publication import Answer, Bridge, Comparison, Question, ask, vintages
from darkfigure.publication.vintages import Point
from darkfigure.reading.manifest import Example, examples
from darkfigure.synthetic.pentameter import write_returns
from darkfigure.tables.counted import RULES
from darkfigure.tables.flow import Flow
from darkfigure.tables.measures import all_measures
from darkfigure.tables.question import CASES, STATEMENTS, any_condition
from darkfigure.writing.wording import dim_words
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.compare_answers import compare_answers
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.receive_cases import Progress
from darkfigure_hub.flows.receive_return import Received, receive_return
from darkfigure_hub.flows.show_flow import show_flow
from darkfigure_hub.store.queries.evidence import StoreEvidence

THE_DAY = date(2008, 12, 17)
BEFORE, AFTER, LATER = date(2008, 7, 10), date(2009, 3, 1), date(2009, 11, 1)
CAMPAIGN = "operation=Pentameter 2"


@dataclass(frozen=True)
class Story:
    """The answers and bridges of the example, in the order they are told."""

    then: tuple[Answer, ...]
    otherwise: tuple[Answer, ...]
    bridges: tuple[Bridge, ...]
    refused: tuple[Answer, ...]


@dataclass(frozen=True)
class Triangle:
    """A series as stated in successive releases: (period, release, value, change since the release
    before).
    """

    title: str
    releases: tuple[str, ...]
    cells: tuple[tuple[str, str, float, float | None], ...]


def load_examples(
    scope: Scope, done: Callable[[Example, Received], None], progress: Progress
) -> None:
    """Take in the example files that the package carries; those received before change nothing."""
    scope.require(Permission.RECEIVE_RETURN)
    for example in examples():
        with as_file(files("darkfigure") / "data" / "sources" / example.name) as path:
            done(example, receive_return(scope, path, kind=example.kind, progress=progress))


def load_casework(scope: Scope, folder: Path, progress: Progress) -> int:
    """Make the synthetic case returns of the campaigns in a folder and take them in; gives how many
    there are.
    """
    scope.require(Permission.RECEIVE_RETURN)
    paths = write_returns(folder)
    for number, path in enumerate(paths, start=1):
        progress(f"{number} of {len(paths)}", 0)
        receive_return(scope, path, kind="cases")
    return len(paths)


@dataclass(frozen=True)
class CaseStory:
    """What the synthetic case records show: beside the statements, by operation and victim, and why
    figures changed.
    """

    compared: tuple[Comparison, ...]
    convictions: tuple[Answer, ...]
    rules: Comparison
    bridges: tuple[Bridge, ...]
    flow: Flow


def tell_cases(scope: Scope) -> CaseStory:
    """The casework's answers, from the repository as it is."""
    scope.require(Permission.READ_FIGURES)
    by = ["operation", "exploitation"]
    compared = [_beside(scope, "victims_recovered", day, by=by) for day in (BEFORE, THE_DAY, AFTER)]
    compared += [
        _beside(scope, measure, AFTER, where=[CAMPAIGN])
        for measure in (
            "arrests",
            "arrests_for_trafficking",
            "charged_with_trafficking",
            "convictions",
        )
    ]
    asked = [
        (THE_DAY, ["operation"]),
        (AFTER, ["operation"]),
        (AFTER, ["offence", "victim_age_group"]),
    ]
    rules = [
        (rule, ask("convictions", AFTER, evidence=CASES, rule=rule, where=[CAMPAIGN]))
        for rule in RULES["convictions"]
    ]
    changed = ("arrests", "arrests_for_trafficking", "victims_recovered")
    return CaseStory(
        compared=tuple(compared),
        convictions=tuple(
            answer_question(scope, ask("convictions", day, by=by, evidence=CASES))
            for day, by in asked
        ),
        rules=compare_answers(scope, rules),
        bridges=tuple(
            explain_change(
                scope, ask(name, AFTER, where=[CAMPAIGN], evidence=CASES), THE_DAY, AFTER
            )
            for name in changed
        ),
        flow=show_flow(scope, AFTER, [any_condition(CAMPAIGN)]),
    )


def _beside(
    scope: Scope, measure: str, day: date, *, by: Sequence[str] = (), where: Sequence[str] = ()
) -> Comparison:
    sides = (STATEMENTS, CASES)
    return compare_answers(
        scope, [(side, ask(measure, day, by=by, where=where, evidence=side)) for side in sides]
    )


def tell(scope: Scope) -> Story:
    """The example's answers, from the repository as it is."""
    scope.require(Permission.READ_FIGURES)
    by = ["operation", "exploitation"]
    then = (
        answer_question(scope, ask("victims_recovered", THE_DAY, by=by)),
        answer_question(scope, ask("arrests", THE_DAY, where=[CAMPAIGN])),
        answer_question(scope, ask("arrests_for_trafficking", THE_DAY, where=[CAMPAIGN])),
    )
    return Story(
        then=then,
        otherwise=tuple(
            answer_question(scope, ask("victims_recovered", day, by=by)) for day in (BEFORE, AFTER)
        ),
        bridges=tuple(
            explain_change(scope, question, start, end) for question, start, end in _changes()
        ),
        refused=(
            answer_question(scope, ask("convictions", THE_DAY, by=["operation"])),
            answer_question(
                scope, ask("victims_identified", THE_DAY, by=["operation"], period="2005")
            ),
        ),
    )


def _changes() -> list[tuple[Question, date, date]]:
    today = timezone.localdate()
    campaign = [
        (ask("arrests", today, where=[CAMPAIGN]), THE_DAY, LATER),
        (ask("arrests_for_trafficking", today, where=[CAMPAIGN]), THE_DAY, LATER),
        (ask("victims_recovered", today, by=["exploitation"], where=[CAMPAIGN]), THE_DAY, LATER),
    ]
    grounds = ask(
        "reasonable_grounds_decisions",
        today,
        where=["age_group=adult", "outcome=negative"],
        period="2023Q2",
    )
    return [*campaign, (grounds, date(2023, 8, 10), date(2023, 11, 3))]


def campaign_vintages(scope: Scope) -> dict[str, dict[str, list[Point]]]:
    """Every figure stated about the two campaigns, as it stood from each day on: by measure, and by
    what and which time it is of.
    """
    scope.require(Permission.READ_FIGURES)
    evidence = StoreEvidence(scope)
    told: dict[str, dict[str, list[Point]]] = {}
    for measure in all_measures().values():
        if "operation" not in measure.dimensions:
            continue
        by = [name for name in ("operation", "exploitation") if name in measure.dimensions]
        for unit in measure.units:
            series: dict[str, list[Point]] = {}
            for found in vintages(
                ask(measure.code, timezone.localdate(), by=by, unit=unit), evidence
            ):
                for cell in found.cells:
                    stated = [
                        source
                        for source in cell.sources
                        if source.used and source.stated_on == found.question.as_at
                    ]
                    if cell.value is not None and stated and cell.dims.get("operation"):
                        words = [
                            dim_words(name, value) for name, value in cell.dims.items() if value
                        ]
                        label = f"{', '.join(words)} ({cell.period})"
                        day, who = found.question.as_at, stated[0].stated_by
                        series.setdefault(label, []).append(Point(label, day, cell.value, who))
            if series:
                told[f"{measure.title} ({unit.replace('_', ' ')})"] = series
    return told


def revision_triangles(scope: Scope) -> list[Triangle]:
    """The decision series of the National Referral Mechanism as stated in each release, for the
    latest quarters.
    """
    scope.require(Permission.READ_FIGURES)
    evidence = StoreEvidence(scope)
    asked = [
        ("reasonable_grounds_decisions", "negative"),
        ("reasonable_grounds_decisions", "positive"),
        ("conclusive_grounds_decisions", "negative"),
        ("conclusive_grounds_decisions", "positive"),
    ]
    return [_triangle(measure, outcome, evidence) for measure, outcome in asked]


def _triangle(measure: str, outcome: str, evidence: StoreEvidence) -> Triangle:
    question = ask(
        measure,
        timezone.localdate(),
        by=["quarter"],
        where=["age_group=adult", f"outcome={outcome}"],
        period="2022..2023",
    )
    cells: list[tuple[str, str, float, float | None]] = []
    before: dict[str, float] = {}
    releases: list[str] = []
    for found in vintages(question, evidence):
        release = f"{found.question.as_at:%d %B %Y}".lstrip("0")
        releases.append(release)
        for cell in found.cells:
            quarter = cell.dims["quarter"] or ""
            if cell.value is not None:
                earlier = before.get(quarter)
                cells.append(
                    (
                        quarter,
                        release,
                        cell.value,
                        None if earlier is None else cell.value - earlier,
                    )
                )
                before[quarter] = cell.value
    return Triangle(f"{question.measure.title}: adults, {outcome}", tuple(releases), tuple(cells))
