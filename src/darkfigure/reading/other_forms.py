"""Whether a table is one of case records, one row a person or event, or of lists for estimation and
linkage: told by its headings, and of lists by which columns say yes or no.

No cell is kept or given out: such tables hold names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from darkfigure.basis.spoken import is_spoken_period
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.cases.records import COMMON, KINDS, FieldType, RecordKind
from darkfigure.reading.capture_words import COUNTS, LISTS, PERSONAL, PERSONS, flags_of, plain
from darkfigure.reading.column_words import heading_says, plain_heading
from darkfigure.reading.instructions import NOTHING, PERIOD, VALUE, Form

#: So sure a table has to be to be proposed as records or lists.
ENOUGH = 0.6
#: Kinds of record as near to one another as this cannot be told apart.
_NEAR = 0.05


@dataclass(frozen=True)
class Fit:
    """A form that a table may have: of records the kinds it may be of, surest first; what each
    column is; how sure.
    """

    form: Form
    columns: tuple[str, ...]
    sure: float
    kinds: tuple[str, ...] = ()


def other_forms(
    labels: Sequence[str], columns: Sequence[Sequence[str]], words: str = ""
) -> list[Fit]:
    """The forms beside figures that a table plainly has, surest first. `words` are those of its
    title, sheet and file.
    """
    fits = [_cases(labels, words), _lists(labels, columns)]
    sure = [fit for fit in fits if fit is not None and fit.sure >= ENOUGH]
    return sorted(sure, key=lambda fit: -fit.sure)


@lru_cache(1)
def _vocabulary() -> dict[str, dict[str, str]]:
    """The field of each heading, by kind of record."""
    text = (files("darkfigure") / "data" / "readings" / "records.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    by_kind = {}
    for kind in KINDS.values():
        fields = {field.name for field in (*COMMON, *kind.fields)}
        by_name: dict[str, str] = {}
        for listed in (content["any"], content.get(kind.name, {})):
            for name, headings in listed.items():
                if name in fields:
                    by_name |= {plain_heading(heading): name for heading in headings}
        by_kind[kind.name] = by_name | {plain_heading(name): name for name in fields}
    return by_kind


def _cases(labels: Sequence[str], words: str) -> Fit | None:
    if any(heading_says(label) == VALUE for label in labels):
        return None
    scored = sorted(
        ((_score(kind, labels, words), kind.name) for kind in KINDS.values()), reverse=True
    )
    best, name = scored[0]
    if best < ENOUGH:
        return None
    kinds = tuple(kind for score, kind in scored if score > best - _NEAR)
    return Fit(Form.CASES, tuple(_fields(KINDS[name], labels)), min(best, 0.95), kinds)


def _fields(kind: RecordKind, labels: Sequence[str]) -> Iterator[str]:
    """The field that each heading is of; nothing where it is of none, or another has it."""
    by_name, used = _vocabulary()[kind.name], set[str]()
    for label in labels:
        name = by_name.get(plain_heading(label), NOTHING)
        yield NOTHING if name in used else name
        used.add(name)


def _score(kind: RecordKind, labels: Sequence[str], words: str) -> float:
    """How plainly a table is of a kind: by what it has to hold, how many of its headings are of
    fields, and whether its words name the kind. Without who or which it is about it is of none.
    """
    fields = {name for name in _fields(kind, labels) if name != NOTHING}
    own = fields & {field.name for field in kind.fields}
    who = {"record", *(f.name for f in kind.fields if f.type in (FieldType.PERSON, FieldType.NAME))}
    if not fields & who or len(own) < 2:
        return 0.0
    required = [field.name for field in kind.fields if field.required]
    whole = sum(name in fields for name in required) / len(required) if required else 1.0
    named = kind.name.replace("_", " ") in plain_heading(words)
    return 0.5 * whole + 0.4 * len(fields) / len(labels) + 0.1 * named


def _lists(labels: Sequence[str], columns: Sequence[Sequence[str]]) -> Fit | None:
    """A capture history, or rows of person and list."""
    names = [plain(label).replace(" ", "_") for label in labels]
    if len(names) == 2 and {_long(name) for name in names} == {"person", "list_name"}:
        return Fit(Form.LISTS, tuple(map(_long, names)), 0.8)
    if any(map(is_spoken_period, labels)):
        return None
    is_of = [_in_history(name, cells) for name, cells in zip(names, columns, strict=True)]
    lists, unnamed = is_of.count("list"), is_of.count(NOTHING)
    counted = is_of.count("count") == 1 or is_of.count("person") == 1
    if lists < 2 or not counted or is_of.count("count") + is_of.count("person") > 1:
        return None
    # One more column may say strata; of several nobody knows.
    if unnamed == 1 and is_of.count("person") == 0:
        is_of[is_of.index(NOTHING)] = "stratum"
    return Fit(Form.LISTS, tuple(is_of), (0.9, 0.7)[unnamed] if unnamed < 2 else 0.4)


def _long(name: str) -> str:
    """What a column of rows of person and list is."""
    return "person" if name in PERSONS else "list_name" if name in LISTS else NOTHING


def _in_history(name: str, cells: Sequence[str]) -> str:
    """What a column of a capture history is."""
    marks = {plain(cell) for cell in cells}
    if name in COUNTS and not marks <= {"0", "1"}:
        return "count"
    if name in PERSONAL:
        return "person" if name in PERSONS else NOTHING
    if heading_says(name) in (*DIMENSIONS, PERIOD):
        return NOTHING
    return "list" if flags_of(marks) else NOTHING


def asked_of(fit: Fit, always: Mapping[str, str]) -> tuple[str, ...]:
    """What of records a person has to say that no column does."""
    if fit.form is not Form.CASES:
        return ()
    common = ("record", "stated_on", "reported_by")
    needed = [field.name for field in KINDS[fit.kinds[0]].fields if field.required]
    listed = dict.fromkeys((*common, *needed))
    return tuple(name for name in listed if name not in fit.columns and not always.get(name))


def is_of_names(fit: Fit) -> bool:
    """Whether records of it hold names, as lists for linkage do."""
    if fit.form is not Form.CASES:
        return False
    return any(field.name in fit.columns for kind in fit.kinds for field in KINDS[kind].identity)
