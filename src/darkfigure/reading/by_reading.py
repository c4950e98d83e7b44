"""A file taken by a reading of figures: its tables found, each a submission, or each release in it
one of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from darkfigure.basis.errors import Unreadable
from darkfigure.cases.submission import Submission
from darkfigure.reading.by_release import by_release
from darkfigure.reading.instructions import Form, Reading
from darkfigure.reading.located import locate
from darkfigure.reading.readings import StatedOn
from darkfigure.reading.sheets import open_workbook
from darkfigure.reading.table_checks import check_measure, tell_others
from darkfigure.reading.taking import Taking


def read_figures(
    path: Path, reading: Reading, *, stated_on: StatedOn = None, kind: str = "statements"
) -> list[Submission]:
    """The submissions that a file makes by a reading of figures: one for each table it is about,
    or for each release in it.

    `stated_on` is the day the figures were stated where neither file nor reading says; of releases
    each has its own.

    Raises ReturnRefused where the table is not found, or no reading of figures.
    """
    if reading.form is not Form.FIGURES:
        raise Unreadable(f"{reading.name} is no reading of figures.")
    book = open_workbook(path)
    tables, told = locate(book, reading)
    if isinstance(stated_on, date) and reading.release is None:
        reading = replace(reading, always={**reading.always, "stated_on": stated_on.isoformat()})
    found = []
    for table in tables:
        part = f"#{table.sheet.name}" if table.sheet.name and len(book.sheets) > 1 else ""
        submission = Submission(
            kind, path.name + part, whole=bool(reading.whole), rank=reading.rank
        )
        for each in (*book.told, *told):
            submission.remark("file", each)
        tell_others(table, reading, submission)
        check_measure(table, reading, submission)
        taking = Taking(path, book, table, reading, submission)
        if reading.release is not None:
            found += by_release(taking, reading.release, stated_on)
            continue
        submission.batches = taking.batches()
        found.append(submission)
    return found
