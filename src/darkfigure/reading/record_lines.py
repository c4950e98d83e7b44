"""Records of JSON, one a line, as the delimited text of our own forms: line n of what came is the
n-th row beneath the heading.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.reading.case_files import text_of

#: So many lines are told one by one; what is longer is a file.
MOST_LINES = 100_000
#: Halves of a character, which JSON can say and no text has.
_HALVES = re.compile("[\ud800-\udfff]")


def delimited(content: bytes, name: str) -> bytes:
    """Lines of JSON as comma-separated text. Raises ReturnRefused with each line that is no record:
    an object of texts, numbers, true, false and null.
    """
    records, problems = [], []
    for at, line in enumerate(_lines(content, name), 1):
        record = _record(line)
        if record is None:
            problems.append(_problem(at))
        records.append(record or {})
    if problems:
        raise ReturnRefused(name, problems[:1000], len(problems))
    names = list(dict.fromkeys(key for record in records for key in record))
    made = io.StringIO()
    target = csv.DictWriter(made, names, lineterminator="\n", restval="")
    target.writeheader()
    target.writerows(records)
    return made.getvalue().encode()


def count(content: bytes) -> int:
    """How many lines there are."""
    return len(content.removesuffix(b"\n").split(b"\n"))


def _lines(content: bytes, name: str) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        wrong, right = say("problems.wrong.no_record"), say("problems.right.save_utf8")
        raise ReturnRefused(name, [Problem(wrong, right, rule="file")]) from None
    return [each.removesuffix("\r") for each in text.removesuffix("\n").split("\n")]


def _record(line: str) -> dict[str, str] | None:
    """The record of a line, as text; none where it is no record."""
    try:
        found: Any = json.loads(line, parse_constant=lambda _: [])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found or not all(map(_is_plain, found.values())):
        return None
    made = {_one_line(key): _one_line(text_of(value) or "") for key, value in found.items()}
    return None if _HALVES.search("".join([*made, *made.values()])) else made


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _one_line(text: str) -> str:
    """A text without ends of lines, so that a row is a line."""
    return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text


def _problem(line: int) -> Problem:
    wrong, right = say("problems.wrong.no_record"), say("problems.right.list_of_records")
    return Problem(wrong, right, line=line, rule="file")
