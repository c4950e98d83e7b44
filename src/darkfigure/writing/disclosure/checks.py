"""What was found of published tables: as text with the sums that tell a number, and as
plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from darkfigure.disclosure.check import Checked, Found, Meets, Term
from darkfigure.disclosure.published import Named, PublishedCell
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import ENGLISH, Words

#: So many cells of a kind are written out as text; the rest are counted.
MOST = 50


@dataclass(frozen=True)
class Differences:
    """Figures of two vintages, by name, that differ by few people."""

    earlier: str
    later: str
    cells: tuple[tuple[PublishedCell, PublishedCell], ...]


@dataclass(frozen=True)
class Findings:
    """Everything found: tables that go together, checked together; and vintages against one
    another.
    """

    checked: tuple[Checked, ...]
    differences: tuple[Differences, ...] = ()
    #: By table the rule that it says it was protected by, and whether another was asked for.
    rules: Mapping[str, str] = field(default_factory=dict)
    asked: bool = False

    @property
    def passes(self) -> bool:
        """Whether nothing was found."""
        return all(each.passes for each in self.checked) and not any(
            each.cells for each in self.differences
        )


def write_text(findings: Findings, words: Words = ENGLISH) -> str:
    """How many figures are hidden, which of them can be worked out, and by what sum."""
    lines = [*_rules(findings, words), ""]
    for each in findings.checked:
        lines += [*_checked(each, words), ""]
    for between in findings.differences:
        lines += [*_between(between, findings, words), ""]
    verdict = "passes" if findings.passes else "fails"
    return "\n".join([*lines, words.text(f"disclosure.checked.{verdict}")]) + "\n"


def _rules(findings: Findings, words: Words) -> list[str]:
    """By which rule it was checked, and why by that; and what files say otherwise."""
    rule = str(findings.checked[0].rule)
    why = "asked" if findings.asked else "own" if findings.rules else "usual"
    others = {name: own for name, own in findings.rules.items() if own != rule}
    return [
        words.text(f"disclosure.checked.rule.{why}", rule=rule),
        *(
            words.text("disclosure.checked.rule.differs", table=name, rule=own)
            for name, own in others.items()
        ),
    ]


def _checked(checked: Checked, words: Words) -> list[str]:
    if not checked.found:
        return [words.text("disclosure.checked.nothing"), *_small(checked, words)]
    lines = [
        words.text(
            "disclosure.checked.head",
            hidden=len(checked.found),
            unknowns=checked.unknowns,
            shown=checked.shown,
        )
    ]
    for meets in Meets:
        those = checked.those(meets)
        if not those:
            continue
        lines.append(words.text(f"disclosure.checked.{meets}", count=len(those)))
        if meets is Meets.PROTECTED:
            continue
        for hidden in those[:MOST]:
            lines += _found(hidden, words)
        if len(those) > MOST:
            lines.append("  " + words.text("disclosure.checked.more", count=len(those) - MOST))
    return lines + _small(checked, words)


def _small(checked: Checked, words: Words) -> list[str]:
    if not checked.small:
        return []
    lines = [
        words.text(
            "disclosure.checked.small",
            count=len(checked.small),
            threshold=checked.rule.threshold,
        )
    ]
    for cell, number in checked.small[:MOST]:
        lines.append("  " + words.text("disclosure.checked.tells", cell=str(cell), number=number))
    if len(checked.small) > MOST:
        sentence = words.text("disclosure.checked.more", count=len(checked.small) - MOST)
        lines.append(f"  {sentence}")
    return lines


def _found(hidden: Found, words: Words) -> list[str]:
    cell = str(hidden.cell)
    if hidden.meets is Meets.UNPROVED:
        return [f"  {cell}"]
    if hidden.low != hidden.high:
        sentence = words.text(
            "disclosure.checked.range", cell=cell, low=hidden.low, high=hidden.high
        )
        return [f"  {sentence}"]
    lines = ["  " + words.text("disclosure.checked.tells", cell=cell, number=hidden.low)]
    if hidden.by:
        key = "since" if _adds_up(hidden) else "forced"
        lines.append("    " + words.text(f"disclosure.checked.{key}", sum=_sum(hidden.by, words)))
    return lines


def _adds_up(hidden: Found) -> bool:
    return sum(term.number * term.times for term in hidden.by) == hidden.low


def _sum(terms: Sequence[Term], words: Words) -> str:
    told = []
    for place, term in enumerate(sorted(terms, key=lambda each: -each.times)):
        sign = "−" if term.times < 0 else "" if place == 0 else "+"
        often = "" if abs(term.times) == 1 else f"{abs(term.times)} × "
        named = words.text("disclosure.checked.term", cell=str(term.cell), number=term.number)
        told.append(f"{sign} {often}{named}".strip())
    return " ".join(told)


def _between(between: Differences, findings: Findings, words: Words) -> list[str]:
    if not between.cells:
        return []
    threshold = findings.checked[0].rule.threshold
    lines = [
        f"{between.earlier} → {between.later}. "
        + words.text(
            "disclosure.checked.differences", count=len(between.cells), threshold=threshold
        )
    ]
    for old, new in between.cells[:MOST]:
        cell = ", ".join(new.values.values()) or "Total"
        sentence = words.text(
            "disclosure.checked.difference", cell=cell, before=old.low, after=new.low
        )
        lines.append(f"  {sentence}")
    if len(between.cells) > MOST:
        sentence = words.text("disclosure.checked.more", count=len(between.cells) - MOST)
        lines.append(f"  {sentence}")
    return lines


def findings_data(findings: Findings) -> dict[str, Any]:
    """What was found, as plain data."""
    return {
        "passes": findings.passes,
        "rules": dict(findings.rules),
        "checked": [
            {
                "rule": str(each.rule),
                "shown": each.shown,
                "unknowns": each.unknowns,
                "hidden": [_found_data(hidden) for hidden in each.found],
                "small": [{**_named(cell), "number": number} for cell, number in each.small],
            }
            for each in findings.checked
        ],
        "differences": [
            {
                "earlier": each.earlier,
                "later": each.later,
                "cells": [
                    {"values": dict(new.values), "before": old.low, "after": new.low}
                    for old, new in each.cells
                ],
            }
            for each in findings.differences
        ],
    }


def _found_data(hidden: Found) -> dict[str, Any]:
    return {
        **_named(hidden.cell),
        "outcome": str(hidden.meets),
        "low": hidden.low,
        "high": hidden.high,
        "exact": hidden.exact,
        "by": [
            {**_named(term.cell), "number": term.number, "times": term.times} for term in hidden.by
        ],
    }


def _named(cell: Named) -> dict[str, Any]:
    return {"table": cell.table, "line": cell.place, "values": dict(cell.values)}


def write_json(findings: Findings, words: Words = ENGLISH) -> str:
    """What was found, as JSON."""
    del words  # codes and numbers alone
    return document("checked", findings_data(findings), synthetic=None)
