"""A protected table: as CSV in long form, what was done and kept as text, both as plain data."""

from __future__ import annotations

import io
from typing import Any

from darkfigure.basis.inert import InertRows
from darkfigure.disclosure.protect import Method, Protected
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import ENGLISH, Words

#: From this share of hidden cells on a table is said to tell too little.
WIDE = 0.5
#: So many figures that others tell are named as text.
MOST = 50


def write_csv(found: Protected, words: Words = ENGLISH) -> str:
    """Every published cell, margins as `Total`, a hidden one empty with its status; and by which
    rule it was protected, so that whoever checks the file holds it to that.
    """
    del words  # codes and numbers alone
    made = io.StringIO()
    rows = InertRows(made)
    names = [each.name for each in found.cube.dimensions]
    rows.writerow([*names, found.count, "status", "rule"])
    rule = str(found.rule)
    for values, number, state in found.rows():
        rows.writerow(
            [
                *(values[name] for name in names),
                "" if number is None else number,
                str(state),
                rule,
            ]
        )
    return made.getvalue()


def write_text(found: Protected, words: Words = ENGLISH) -> str:
    """What was done, what it keeps, and what of it is proved."""
    return "\n".join(_lines(found, words)) + "\n"


def _lines(found: Protected, words: Words) -> list[str]:
    kept = found.kept
    lines = [
        words.text(f"disclosure.method.{found.method}", base=found.rule.threshold) + ".",
        words.text("disclosure.protected.rule", rule=str(found.rule)),
        "",
        words.text(
            "disclosure.protected.before",
            cells=found.before.cells,
            distinct=found.before.distinct,
            small=found.before.small,
        ),
        words.text(
            "disclosure.protected.alone",
            shown=found.before.read_back[0],
            unknown=found.before.read_back[1],
        ),
    ]
    lines += _coarser(found, words)
    if found.suppressed is None:
        mean, most = kept.off
        lines.append(words.text("disclosure.protected.off", mean=mean, most=most, cells=kept.cells))
        if found.method is Method.NOISE:
            lines.append(words.text("disclosure.protected.noise", epsilon=found.epsilon))
        if found.method is Method.PERTURB:
            by_number, by_averaging = kept.named
            told = {"small": kept.small, "number": by_number, "averaging": by_averaging}
            lines.append(words.text("disclosure.protected.averaged", **told))
        return lines
    share = kept.hidden / kept.cells
    lines.append(
        words.text(
            "disclosure.protected.hidden",
            hidden=kept.hidden,
            cells=kept.cells,
            share=share,
            others=kept.hidden - kept.small,
        )
    )
    if found.safe and kept.hidden:
        lines.append(words.text("disclosure.protected.proved", witnesses=found.witnesses))
        if found.rule.own_record:
            lines.append(words.text("disclosure.protected.own"))
    if kept.told:
        lines.append(words.text("disclosure.protected.told", count=kept.told))
    if found.told_beside:
        lines.append(words.text("disclosure.protected.beside", count=len(found.told_beside)))
        lines += [f"  {each.cell}" for each in found.told_beside[:MOST]]
    if kept.unproved:
        lines.append(words.text("disclosure.protected.unproved", count=kept.unproved))
    if share > WIDE:
        lines.append(words.text("disclosure.protected.wide"))
    return lines


def _coarser(found: Protected, words: Words) -> list[str]:
    made = found.coarsened
    if made is None:
        return []
    lines = [
        words.text(
            "disclosure.protected.merged",
            name=name,
            count=len(groups),
            groups=len({*groups.values()}),
        )
        for name, groups in made.merged.items()
    ]
    if made.dropped:
        lines.append(words.text("disclosure.protected.dropped", names=", ".join(made.dropped)))
    return [*lines, words.text("disclosure.protected.kept", share=made.kept)]


def protected_data(found: Protected) -> dict[str, Any]:
    """A protected table as plain data."""
    kept, before = found.kept, found.before
    return {
        "method": str(found.method),
        "rule": str(found.rule),
        "dimensions": [each.name for each in found.cube.dimensions],
        "before": {
            "cells": before.cells,
            "distinct": before.distinct,
            "small": before.small,
            "read_back": before.read_back[0],
            "read_back_noughts_hidden": before.read_back[1],
        },
        "kept": {
            "cells": kept.cells,
            "hidden": kept.hidden,
            "told": kept.told,
            "unproved": kept.unproved,
            "mean_difference": kept.off[0],
            "greatest_difference": kept.off[1],
            "entropy_share": kept.kept,
            "named_by_number": kept.named[0],
            "named_by_averaging": kept.named[1],
        },
        **({"epsilon": found.epsilon} if found.epsilon else {}),
        "witnesses": found.witnesses,
        "told_beside": [
            {"table": each.cell.table, "values": dict(each.cell.values)}
            for each in found.told_beside
        ],
        "safe": found.safe,
        "cells": [
            {"values": values, "number": number, "status": str(state)}
            for values, number, state in found.rows()
        ],
    }


def write_json(found: Protected, words: Words = ENGLISH) -> str:
    """A protected table as JSON."""
    del words  # codes and numbers alone
    return document("protected", protected_data(found), synthetic=None)
