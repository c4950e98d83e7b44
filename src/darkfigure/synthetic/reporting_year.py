"""SYNTHETIC year of reporting against the trafficking requirement: 43 forces, regional units and
charities, month by month.

Everything in it is made up, by chances set here; no item says anything of anybody. It shows how
coverage moves: what replies, what independent evidence, ageing, contradiction and accepted answers
each do, and what volume does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from darkfigure.codes import CodeList
from darkfigure.codes.codelist import carried
from darkfigure.intelligence.cells import periods_of
from darkfigure.intelligence.requirement_sets import Question, RequirementSet

GATEWAY = "synthetic: section 54 of an act that does not exist"
#: Since when there is a National Crime Agency; before it the centre was another.
_NCA_SINCE = date(2013, 10, 7)
_GRADES = ("1AP", "1CP", "2CP", "2CP", "2DP", "2AP", "3CP", "2BP", "1DP", "2EP")


@dataclass
class Month:
    """What is sent in a month: asks put, reports and replies as files hold them, answers
    accepted.
    """

    first: date
    asks: list[dict[str, str]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


def force_agencies() -> dict[str, str]:
    """The agency that polices each force area."""
    found = {}
    areas = CodeList("area", carried("area"))
    for code in carried("agency"):
        area = code.label.removesuffix(" (police force)")
        if code.code != "UKHTC" and areas.find(area):
            found[area] = code.code
    return found


def asks_of_the_year(held: RequirementSet, seed: int = 1) -> list[dict[str, str]]:
    """Every question put to whoever covers the area: forces for theirs, regional units, charities
    and the centre for wider ones.
    """
    random = Random(seed)  # noqa: S311 - nothing secret is made
    forces = force_agencies()
    wide = (
        [f"synthetic-region-{n}" for n in (1, 2, 3)]
        + [f"synthetic-charity-{n}" for n in (1, 2, 3)]
        + ["NCA" if held.valid.start >= _NCA_SINCE else "SOCA", "CPS"]
    )
    rows = []
    for question in held.questions.values():
        for period in periods_of(held.valid, question.cut):
            for area in question.areas:
                if random.random() < 0.12:
                    continue  # nobody was asked
                asked = (
                    {forces[area]}
                    if area in forces and question.cut == "quarter"
                    else set(random.sample(wide, 2))
                )
                if area in forces:
                    asked.add(forces[area])
                for agency in sorted(asked):
                    due = min(period.end + timedelta(days=45), held.valid.end - timedelta(days=20))
                    rows.append(
                        {
                            "question": question.code,
                            "agency": agency,
                            "area": area,
                            "period": period.label,
                            "due": due.isoformat(),
                            "gateway": GATEWAY,
                            "format": "report",
                            "cost": "1",
                        }
                    )
    return rows


def months(
    held: RequirementSet,
    references: dict[tuple[str, str, str, str], str],
    seed: int = 1,
    of: str = "",
) -> Iterator[Month]:
    """What comes in each month. `references` gives the ask of (question, agency, area, period);
    `of` tells a year's reports and origins from those of others in one repository.
    """
    random = Random(seed)  # noqa: S311
    # References are numbered by what else is held: beside others, a year goes by what is asked.
    waiting = sorted(references.items(), key=lambda each: each[0] if of else each[1])
    number, before = 0, ("", "")
    start = held.valid.start
    for at in range(12):
        first = date(start.year + (start.month - 1 + at) // 12, (start.month - 1 + at) % 12 + 1, 1)
        month = Month(first)
        replies: dict[str, list[dict[str, str]]] = {}
        for (code, agency, area, period), reference in waiting:
            question = held.questions[code]
            if random.random() > _chance(question, agency, period, first, held):
                continue
            drawn = random.random()
            if drawn < 0.55:
                number += 1
                place = (question.code, area, period)
                made = _report(number, agency, place, first, random, before, of)
                before = (f"{agency} {made['reference']}/1", made["items"][0]["origin"])
                month.reports.append(made)
                replies.setdefault(agency, []).append({"ask": reference, "kind": "items"})
            elif drawn < 0.72:
                effort = random.choice(("brief", "targeted", "thorough"))
                replies.setdefault(agency, []).append(
                    {"ask": reference, "kind": "nil_searched", "effort": effort}
                )
            else:
                kind = random.choice(
                    ("nil_unsearched", "not_held", "not_recorded_in_unit", "refused")
                )
                extra = {"ground": random.choice(("cost", "policy"))} if kind == "refused" else {}
                replies.setdefault(agency, []).append({"ask": reference, "kind": kind, **extra})
        month.replies = [
            {
                "agency": agency,
                "signed_off_by": "synthetic single point of contact",
                "on": (first + timedelta(days=20)).isoformat(),
                "synthetic": True,
                "replies": rows,
            }
            for agency, rows in sorted(replies.items())
        ]
        if at % 3 == 2:
            month.answers = _answers(month, random)
        yield month


def _chance(
    question: Question, agency: str, period: str, first: date, held: RequirementSet
) -> float:
    """How likely an agency sends something of an ask in a month: once its period has begun, some
    agencies hardly ever.
    """
    starts = {each.label: each.start for each in periods_of(held.valid, question.cut)}[period]
    diligence = 0.04 + (sum(map(ord, agency)) % 7) * 0.02
    return diligence * (0.6 + question.priority / 10) if first >= starts else 0.0


def _report(
    number: int,
    agency: str,
    place: tuple[str, str, str],
    first: date,
    random: Random,
    before: tuple[str, str],
    of: str,
) -> dict[str, Any]:
    """A report on a cell. What is graded B is confirmed by the item `before` it (its name and
    origin), where that is another's.
    """
    on = first + timedelta(days=random.randrange(20))
    grade = random.choice(_GRADES)
    item: dict[str, Any] = {
        "number": 1,
        "kind": random.choice(("fact", "fact", "assessment")),
        "text": "SYNTHETIC: this item says nothing.",
        "grade": grade,
        "on": on.isoformat(),
        "origin": f"synthetic-origin-{of}{random.randrange(1, 900)}",
        "links": [
            {
                **dict(zip(("question", "area", "period"), place, strict=True)),
                "relation": "refutes" if random.random() < 0.06 else "supports",
            }
        ],
    }
    if grade[1] == "B" and before[1] not in ("", item["origin"]):
        item["corroborated_by"] = before[0]
    else:
        item["grade"] = grade.replace("B", "C")
    return {
        "reference": f"SYN-{of}{number:05d}",
        "agency": agency,
        "marking": "OFFICIAL",
        "source": {
            "kind": random.choice(
                ("victim", "officer", "informant", "database", "partner", "open source")
            )
        },
        "submitted_by": "synthetic submitter",
        "graded_by": "synthetic grader",
        "submitted_on": (on + timedelta(days=3)).isoformat(),
        "synthetic": True,
        "items": [item],
    }


def _answers(month: Month, random: Random) -> list[dict[str, Any]]:
    """Answers an analyst states to some of the cells reported on, a third of them lapsing within
    the year.
    """
    made = []
    for report in month.reports:
        link = report["items"][0]["links"][0]
        if random.random() < 0.25 and link["relation"] == "supports":
            lapses = month.first + timedelta(days=120) if random.random() < 0.33 else None
            made.append(
                {
                    **{name: link[name] for name in ("question", "area", "period")},
                    "lapses_on": lapses,
                    "low": 10,
                    "high": 12,
                }
            )
    return made
