"""Files for research: made-up records labelled on every row, records in which nobody stands alone;
with the report for who makes them, which is not to go out.
"""

from __future__ import annotations

import io
from typing import Any

from darkfigure.basis.inert import InertRows
from darkfigure.disclosure.extracts import Extract, Risk
from darkfigure.disclosure.private import Synthetic
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import ENGLISH, Words

LABEL = "synthetic"


def write_synthetic_csv(found: Synthetic, words: Words = ENGLISH) -> str:
    """Made-up records, each labelled so."""
    label = words.text("disclosure.research.label", epsilon=found.guarantee.epsilon)
    rows = ([*row, label] for row in found.records.iter_rows())
    return _csv([*found.names, LABEL], rows)


def write_extract_csv(found: Extract, words: Words = ENGLISH) -> str:
    """Records of an extract."""
    del words  # values alone
    return _csv(found.records.columns, found.records.iter_rows())


def _csv(heads: list[str], rows: Any) -> str:
    out = io.StringIO()
    target = InertRows(out)
    target.writerow(heads)
    for row in rows:
        target.writerow(row)
    return out.getvalue()


def write_synthetic_text(found: Synthetic, words: Words = ENGLISH) -> str:
    """The guarantee, and how much of the truth made-up records keep."""
    guarantee = found.guarantee
    lines = [
        words.text(
            "disclosure.research.guarantee",
            epsilon=guarantee.epsilon,
            margins=guarantee.margins,
            order=guarantee.order,
            scale=guarantee.scale,
        ),
        words.text("disclosure.research.public"),
        words.text(
            "disclosure.research.records", records=found.records.height, people=found.people
        ),
        words.text("disclosure.research.unique", unique=found.unique, kept=found.kept_unique),
        "",
        words.text("disclosure.research.utility"),
        *(
            words.text(
                "disclosure.research.margin",
                names=" x ".join(each.names),
                cells=each.cells,
                mean=each.mean_error,
                variation=each.variation,
                lost=each.lost,
                invented=each.invented,
            )
            for each in found.utility
        ),
        "",
        words.text("disclosure.research.not_out"),
    ]
    return "\n".join(lines) + "\n"


def write_extract_text(found: Extract, words: Words = ENGLISH) -> str:
    """What was left out of an extract, and the risk before and after."""
    lines = [
        words.text("disclosure.research.recognised", names=", ".join(found.recognise)),
        *(
            words.text(f"disclosure.research.{when}", **_risk(risk))
            for when, risk in (("before", found.before), ("after", found.after))
        ),
        *(
            words.text("disclosure.research.merged", name=name, number=number)
            for name, number in found.merged.items()
        ),
        *(
            words.text("disclosure.research.left_out", name=name, number=number)
            for name, number in found.left_out.items()
        ),
        words.text("disclosure.research.dropped", number=found.dropped),
    ]
    return "\n".join(lines) + "\n"


def _risk(risk: Risk) -> dict[str, Any]:
    return {
        "people": risk.people,
        "combinations": risk.combinations,
        "k": risk.k,
        "l": "" if risk.l is None else f", l = {risk.l}",
        "alone": risk.alone,
        "population": risk.alone_in_population,
    }


def write_synthetic_json(found: Synthetic, words: Words = ENGLISH) -> str:
    """The guarantee and the report as data; the records stand in the CSV."""
    del words
    guarantee = found.guarantee
    said = {
        "epsilon": guarantee.epsilon,
        "order": guarantee.order,
        "margins": guarantee.margins,
        "scale": guarantee.scale,
        "records": found.records.height,
        "people": found.people,
        "unique": found.unique,
        "kept_unique": found.kept_unique,
        "utility": [
            {
                "dimensions": [*each.names],
                "cells": each.cells,
                "mean_error": each.mean_error,
                "variation": each.variation,
                "lost": each.lost,
                "invented": each.invented,
            }
            for each in found.utility
        ],
    }
    return document("synthetic", said, synthetic=True)


def write_extract_json(found: Extract, words: Words = ENGLISH) -> str:
    """The report of an extract as data."""
    del words
    said = {
        "recognise": [*found.recognise],
        "sensitive": [*found.sensitive],
        "merged": {**found.merged},
        "left_out": {**found.left_out},
        "dropped": found.dropped,
        **{
            when: {
                "people": risk.people,
                "combinations": risk.combinations,
                "k": risk.k,
                "l": risk.l,
                "alone": risk.alone,
                "alone_in_population": risk.alone_in_population,
            }
            for when, risk in (("before", found.before), ("after", found.after))
        },
    }
    return document("extract", said, synthetic=None)
