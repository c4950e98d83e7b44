"""What is held of a table that a reading is about before a row of it is read."""

from __future__ import annotations

from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say, several
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.submission import Submission
from darkfigure.reading.figures import misfits
from darkfigure.reading.instructions import Reading
from darkfigure.reading.located import Located
from darkfigure.reading.unknown_names import not_known_here
from darkfigure.tables.measures import measure_named


def tell_others(table: Located, reading: Reading, submission: Submission) -> None:
    """Tell, or refuse, the columns that the reading does not name, by number and what they are near
    to.
    """
    headed = zip(table.area.columns, table.area.names, strict=True)
    named = [*reading.only, *reading.leave_out]
    rows_by = {table.column(name) for name in named}
    others = {
        at: name
        for at, name in headed
        if name and reading.column_of(name) is None and at not in rows_by
    }
    if not others or reading.across:
        return
    wrong, right = not_known_here(others, [c.name for c in reading.columns], sort="column")
    line = table.area.heading_rows[-1] if table.area.heading_rows else table.area.first
    if reading.others == "refuse":
        raise ReturnRefused(
            submission.file_name, [Problem(wrong, right, line=line, rule="columns")]
        )
    numbers = several(map(str, others), "comma")
    submission.remark("columns", say("problems.remark.columns_left", numbers=numbers), line)


def check_measure(table: Located, reading: Reading, submission: Submission) -> None:
    """Refuse a table, once, that is broken down by what its measure is not."""
    name = reading.always.get("measure", "")
    if not name:
        return
    try:
        measure = measure_named(name)
    except UnknownName:
        return  # told with the rows, by the name as it stands
    columns = [(column.name, column.is_) for column in reading.columns if table.column(column.name)]
    shape = {is_ for _, is_ in columns if is_ in DIMENSIONS} | {*reading.across} & {*DIMENSIONS}
    places = {is_: name for name, is_ in columns}
    problems = [
        Problem(wrong, right, column=places.get(what), rule="measure")
        for what, wrong, right in misfits(measure, frozenset(shape), "")
    ]
    if problems:
        raise ReturnRefused(submission.file_name, problems)
