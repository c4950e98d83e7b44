"""Asks a snapshot by an engine, for the tests of engines: `python engines_asked.py FOLDER ENGINE`
prints what each question came to, a line each.
"""

from __future__ import annotations

import sys

from darkfigure.evidence.snapshots import Snapshot, open_snapshot
from darkfigure.publication import answer, answer_from_cases, ask, bridge, bridge_from_cases
from darkfigure.tables.capture_lists import lists_of_victims
from darkfigure.tables.flow import flow

#: Measures by breakdowns: of records, and of statements.
OF_RECORDS = (
    ("arrests", ["operation"], []),
    ("arrests", ["offence"], ["operation=Pentameter 2"]),
    ("victims_recovered", ["operation", "sex"], []),
    ("victims_recovered", ["nationality"], []),
    ("charged_with_trafficking", [], []),
)
OF_STATEMENTS = (
    ("arrests", ["operation"], []),
    ("victims_recovered", ["operation"], []),
    ("nrm_referrals", ["sex", "quarter"], []),
    ("nrm_referrals", ["nationality"], ["exploitation~sexual"]),
)


def asked(snapshot: Snapshot) -> list[str]:
    """What every question of a snapshot came to."""
    day, made = snapshot.as_at, []
    first = day.replace(year=day.year - 1)
    for measure, by, where in OF_RECORDS:
        question = ask(measure, day, by=by, where=where, evidence="cases")
        made.append(repr(answer_from_cases(question, snapshot.records)))
        made.append(repr(bridge_from_cases(question, first, day, snapshot.records)))
    for measure, by, where in OF_STATEMENTS:
        question = ask(measure, day, by=by, where=where)
        made.append(repr(answer(question, snapshot.evidence)))
        made.append(repr(bridge(question, first, day, snapshot.evidence)))
    made.append(repr(flow(snapshot.records, day, [])))
    lists = lists_of_victims(snapshot.records, day, "agency", where=[], period=None)
    made.append(repr({name: sorted(persons) for name, persons in sorted(lists.items())}))
    return made


if __name__ == "__main__":
    folder, engine = sys.argv[1:]
    print("\n".join(asked(open_snapshot(folder, engine=engine))))
