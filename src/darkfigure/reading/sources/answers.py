"""Reads parliamentary answers: tables with footnote marks, and the sentences around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from darkfigure.basis.errors import DarkfigureError, Unreadable
from darkfigure.basis.period import financial_year, parse_period, parse_stated
from darkfigure.basis.problem import Problem, unshown
from darkfigure.basis.saying import Saying, say
from darkfigure.cases.checks import NUMBER
from darkfigure.cases.submission import Draft, Submission
from darkfigure.codes import codes_for, read_combined
from darkfigure.reading.door import json_of, refuse
from darkfigure.reading.marks import Marked, find_orphans, fused, split_marks
from darkfigure.reading.readings import head_for, operation_period, readings


def recognises(start: str) -> bool:
    """Whether the beginning of a file looks like a set of answers."""
    return start.lstrip().startswith("{") and '"answers"' in start


def read(path: Path) -> list[Submission]:
    """One submission for the file: every figure and every refusal that its answers state."""
    submission = Submission("answers", path.name, whole=False, rank=0, numbered=True)
    draft = Draft(submission)
    for number, entry in enumerate(_entries(path), start=1):
        _Answer(draft, entry, f"answers[{number}]").read()
    submission.batches = iter([draft.batch()])
    return [submission]


def _entries(path: Path) -> list[dict[str, Any]]:
    content = json_of(path)
    entries = content.get("answers") if isinstance(content, dict) else None
    if (
        not isinstance(entries, list)
        or not entries
        or not all(isinstance(entry, dict) and {"id", "date"} <= set(entry) for entry in entries)
    ):
        refuse(path, say("problems.wrong.no_answers"), say("problems.right.answers"))
    found: list[dict[str, Any]] = entries
    return found


def _is_shaped(entry: dict[str, Any]) -> bool:
    """Whether an answer has the shape of one: a table of rows as wide as its heading, sentences."""
    table, after = entry.get("table"), entry.get("after", [])
    if not isinstance(after, list):
        return False
    if table is None:
        return True
    if not isinstance(table, dict):
        return False
    columns, rows = table.get("columns"), table.get("rows")
    return (
        isinstance(columns, list)
        and isinstance(rows, list)
        and bool(columns)
        and all(isinstance(name, str) for name in columns)
        and all(isinstance(row, list) and len(row) == len(columns) for row in rows)
        and all(isinstance(row[0], str) for row in rows)
        and isinstance(table.get("footnotes", {}), dict)
        and isinstance(table.get("title", ""), str)
        and isinstance(table.get("note", ""), str)
    )


class _Answer:
    """One answer on its way into the draft."""

    def __init__(self, draft: Draft, entry: dict[str, Any], place: str) -> None:
        self.draft, self.entry = draft, entry
        self.submission, self.id = draft.submission, str(entry["id"])
        self.reading = readings("answers").get(self.id)
        # An id that is none of those known may be anything.
        self.place = place if self.reading is None else self.id
        self.base: dict[str, Any] = {}

    def read(self) -> None:
        """Add every statement of the answer, or say why it cannot be read."""
        if self.reading is None:
            self.fault(say("problems.wrong.no_reading"), say("problems.right.add_reading"))
            return
        try:
            if not _is_shaped(self.entry):
                raise ValueError
            self.read_as(self.reading)
        except (DarkfigureError, LookupError, TypeError, ValueError, AttributeError):
            # Its reading speaks of what is not there, or is something else.
            self.fault(say("problems.wrong.answer_shape"), say("problems.right.supply_table"))

    def read_as(self, reading: dict[str, Any]) -> None:
        """Add every statement of the answer as its reading says."""
        given = str(self.entry["date"])
        try:
            stated = parse_stated(given)
        except Unreadable as error:
            self.fault(say("problems.wrong.answer_date"), unshown(error, given))
            return
        agency = codes_for("agency").resolve(reading["stated_by"])
        self.base = {
            "stated_on": stated.day,
            "precision": stated.precision,
            "stated_by": agency,
            "stated_as": reading["stated_by"],
            "source": reading["source"],
        }
        table = self.entry.get("table")
        if table is None and self.entry.get("raw_flattened"):
            self.fault(
                (say("problems.wrong.flattened")),
                say("problems.right.supply_table"),
            )
        elif table is not None:
            self.read_table(table, reading.get("table"))
        self.read_sentences()

    def fault(self, wrong: Saying, right: Saying, place: str = "") -> None:
        """Record a fault with the answer's id as its place, where it is known."""
        self.submission.fault(
            Problem(
                say("problems.at", place=f"{self.place}{place}", what=wrong), right, rule="answer"
            )
        )

    def read_table(self, table: dict[str, Any], reading: dict[str, Any] | None) -> None:
        """Read a table as its reading says, unless a footnote mark may have run into a figure."""
        if reading is None:
            self.fault(say("problems.wrong.no_table_reading"), say("problems.right.add_reading"))
            return
        orphans = find_orphans(table)
        for place, cell in (
            (number, cell) for number, row in enumerate(table["rows"], 1) for cell in row[1:]
        ):
            if found := fused(cell, orphans):
                mark, rest = found
                self.fault(
                    say("problems.wrong.fused", figure=cell, rest=rest, mark=mark),
                    say("problems.right.fused", rest=rest, mark=mark, figure=cell),
                    f", table row {place}",
                )
                return
        if reading["layout"] == "rows":
            self.read_rows(table, reading)
        else:
            self.read_columns(table, reading)

    def read_rows(self, table: dict[str, Any], reading: dict[str, Any]) -> None:
        """A table with a figure to each row; an empty label repeats the one above."""
        columns = table["columns"]
        above: dict[str, str] = {}
        for number, row in enumerate(table["rows"], start=1):
            record = dict(zip(columns, row, strict=False))
            above |= {
                name: str(value)
                for name, value in record.items()
                if name != reading["value"] and value != ""
            }
            marked = split_marks(record[reading["value"]])
            dims = {}
            for dimension, column in reading.get("dims", {}).items():
                dims[dimension] = codes_for(dimension).resolve(above[column])
            for mark in marked.marks:
                dims |= reading.get("marks", {}).get(mark, {})
            label = above[reading["period"]]
            if reading.get("financial_years"):
                period = financial_year(int(label[:4]))
            else:
                period = (
                    operation_period(dims["operation"])
                    if "operation" in dims
                    else parse_period(label)
                )
            self.add(
                reading["measure"],
                dims,
                period,
                marked,
                f"table row {number}, {reading['value']}",
                self.footnotes(table, marked.marks),
            )

    def read_columns(self, table: dict[str, Any], reading: dict[str, Any]) -> None:
        """A table with years across and a measure or code to each row."""
        years = [split_marks(name) for name in table["columns"][1:]]
        general = split_marks(table.get("title", "")).marks
        for number, row in enumerate(table["rows"], start=1):
            label = _label(row[0], reading)
            labels = reading.get("labels", {})
            given = dict(labels.get(label.text, {}))
            if not given and labels:
                self.fault(
                    say("problems.wrong.no_row_reading"),
                    say("problems.right.add_row"),
                    f", table row {number}",
                )
                continue
            measure = given.pop("measure", reading.get("measure"))
            if "label_dimension" in reading and label.text != reading.get("total"):
                given[reading["label_dimension"]] = codes_for(reading["label_dimension"]).resolve(
                    label.text
                )
            for year, cell in zip(years, row[1:], strict=True):
                marked = Marked("0", ()) if cell == reading.get("nil") else split_marks(cell)
                marks = (*marked.marks, *label.marks, *year.marks, *general)
                self.add(
                    measure,
                    given,
                    parse_period(year.text),
                    marked,
                    f"table row {number}, {year.text}",
                    self.footnotes(table, marks, general_note=table.get("note", "")),
                    reason="nil_unsearched" if cell == reading.get("nil") else None,
                    population=reading.get("population"),
                )

    def footnotes(
        self, table: dict[str, Any], marks: tuple[str, ...], general_note: str = ""
    ) -> str:
        """The footnotes that marks refer to, and the note under the table."""
        notes = table.get("footnotes", {})
        return " ".join(
            filter(None, [*(notes.get(mark, "") for mark in dict.fromkeys(marks)), general_note])
        )

    def add(
        self,
        measure: str,
        dims: dict[str, str],
        period: Any,
        marked: Marked,
        place: str,
        note: str,
        reason: str | None = None,
        population: str | None = None,
    ) -> None:
        """Add one figure of a table."""
        try:
            value = marked.number()
        except DarkfigureError as error:
            self.fault(error.said, say("problems.right.marks_after"), f", {place}")
            return
        head = head_for(self.base, measure=measure, dims=dims, period=period, population=population)
        self.draft.add(
            head,
            dims,
            row=self.next_row(),
            place=f"{self.id}, {place}",
            value=value,
            note=note,
            reason=reason,
        )

    def next_row(self) -> int:
        """Statements of a set of answers are numbered through."""
        return len(self.draft) + 1

    def read_sentences(self) -> None:
        """Figures and refusals stated in words."""
        texts = list(self.texts())
        for sentence in (self.reading or {}).get("sentences", []):
            found = next(
                (
                    (place, match)
                    for place, text in texts
                    if (match := re.search(sentence["match"], text))
                ),
                None,
            )
            if found is None:
                self.fault(
                    say("problems.wrong.no_sentence", sentence=sentence["match"]),
                    say("problems.right.text_or_reading"),
                )
                continue
            place, match = found
            numbers = {name: text.replace(",", "") for name, text in match.groupdict().items()}
            if not all(re.fullmatch(NUMBER, number) for number in numbers.values()):
                raise ValueError
            self.add_sentence(sentence, place, numbers)

    def texts(self) -> Iterator[tuple[str, str]]:
        """The sentences of the answer, each with its place."""
        yield "lead", str(self.entry.get("lead", ""))
        for number, text in enumerate(self.entry.get("after", []), start=1):
            yield f"after the table, sentence {number}", str(text)

    def add_sentence(self, sentence: dict[str, Any], place: str, numbers: dict[str, str]) -> None:
        """Add what one sentence states."""
        dims = {
            name: str(read_combined(name, value))
            for name, value in sentence.get("dims", {}).items()
        }
        period = (
            parse_period(sentence["period"])
            if "period" in sentence
            else operation_period(dims["operation"])
        )
        head = head_for(
            self.base,
            measure=sentence["measure"],
            dims=dims,
            period=period,
            population=sentence.get("population"),
        )
        self.draft.add(
            head,
            dims,
            row=self.next_row(),
            place=f"{self.id}, {place}",
            note=sentence.get("note"),
            reason=sentence.get("reason"),
            **numbers,
        )


def _label(text: str, reading: dict[str, Any]) -> Marked:
    """A row's label with its marks apart; brackets that are part of a code ("s25(1)") are no
    marks.
    """
    dimension = reading.get("label_dimension")
    if dimension and codes_for(dimension).find(text):
        return Marked(text, ())
    return split_marks(text)
