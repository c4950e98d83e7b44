"""The flow of persons as CSV: a line for each step between two stages."""

from __future__ import annotations

import io

from darkfigure.basis.inert import InertRows
from darkfigure.tables.flow import Flow
from darkfigure.writing.wording import kept_to
from darkfigure.writing.words import ENGLISH


def write_flow(found: Flow) -> str:
    """Who, from which stage to which, how many persons; then those that have no place in it."""
    out = io.StringIO()
    target = InertRows(out)
    target.writerow(["of", "from", "to", "persons", "as_at", "synthetic", "conditions", "marking"])
    rest = [
        found.as_at.isoformat(),
        "yes" if found.synthetic else "no",
        kept_to(found.where),
        found.marking.name.lower(),
    ]
    for name, steps in (("victims", found.victims), ("suspects", found.suspects)):
        target.writerows(
            [name, ENGLISH.say(step.start), ENGLISH.say(step.end), step.persons, *rest]
            for step in steps
        )
    target.writerows(
        [what, "", "not in the flow", count, *rest] for what, count in found.unplaced.items()
    )
    return out.getvalue()
