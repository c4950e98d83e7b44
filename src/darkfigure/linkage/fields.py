"""What a list of people holds: the fields that are compared, and the headings under which they
come.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import polars as pl

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.basis.loading import extra

with extra("linkage"):
    from anyascii import anyascii


@dataclass(frozen=True)
class ListField:
    """A field of a record of a list, with the headings by which it is known besides its name."""

    name: str
    meaning: str
    headings: tuple[str, ...] = ()


FIELDS: dict[str, ListField] = {
    field.name: field
    for field in (
        ListField(
            "record",
            "The list's own reference of the record.",
            ("rec_id", "id", "unique_id", "record_id"),
        ),
        ListField(
            "list", "The agency whose list it is.", ("agency", "reported_by", "source_dataset")
        ),
        ListField(
            "given_name", "Given names.", ("forename", "first_name", "given_names", "forenames")
        ),
        ListField("family_name", "Family names.", ("surname", "last_name", "family_names")),
        ListField("name", "The whole name, where it is not divided.", ("full_name",)),
        ListField("alias", "Another name the person goes by.", ("aliases", "known_as", "nickname")),
        ListField(
            "date_of_birth",
            "A date; in digits day before month, year first or last.",
            ("dob", "birth_date"),
        ),
        ListField("birth_year", "Year of birth, given or estimated.", ("year_of_birth", "yob")),
        ListField("age", "Age in years on the day of the encounter."),
        ListField("sex", "Sex.", ("gender",)),
        ListField("nationality", "Nationality, or several joined by +."),
        ListField(
            "document_number",
            "A passport, identity or insurance number.",
            ("soc_sec_id", "passport", "document"),
        ),
        ListField(
            "reference",
            "A reference of another agency that the record quotes.",
            ("other_reference",),
        ),
        ListField("address", "Street.", ("address_1", "street")),
        ListField("town", "Town, suburb or place.", ("suburb", "place", "city")),
        ListField("postcode", "Postcode.", ("post_code", "zip")),
        ListField("area", "Police force area.", ("force_area",)),
        ListField(
            "met_on",
            "Day of the encounter, a date.",
            ("encounter_date", "date", "date_of_encounter"),
        ),
    )
}
#: At least one of these is needed: without them nobody can be told from anybody.
TELLING = ("given_name", "family_name", "name", "document_number", "reference")


@lru_cache
def _by_heading() -> dict[str, str]:
    """Every heading with its field: those above, and those of other languages
    (`data/linkage/headings.toml`).
    """
    text = (files("darkfigure") / "data" / "linkage" / "headings.toml").read_text(encoding="utf-8")
    other = {
        heading: name for name, headings in tomllib.loads(text).items() for heading in headings
    }
    return other | {
        heading: field.name
        for field in FIELDS.values()
        for heading in (field.name, *field.headings)
    }


def field_of(heading: str) -> str | None:
    """The field a heading stands for, whatever its case, accents, spaces and dashes; None where it
    is not known.
    """
    bare = "_".join(re.sub(r"[^a-z0-9]+", " ", anyascii(heading).lower()).split())
    return _by_heading().get(bare)


def named(columns: list[str]) -> dict[str, str]:
    """The field each heading stands for, headings not known left out.

    Raises UnknownName where nobody could be told apart, or two headings stand for one field. What
    an unknown heading says is not repeated: a list without headings has a person's name there.
    """
    found: dict[str, str] = {}
    for at, column in enumerate(columns, 1):
        field = field_of(column)
        if field in found.values():
            first = 1 + columns.index(next(held for held, name in found.items() if name == field))
            raise UnknownName(
                f"Columns {first} and {at} both stand for {field}. Leave one of them out, or "
                "give "
                "it another heading."
            )
        if field:
            found[column] = field
    if not set(TELLING) & set(found.values()):
        known = f" Known among them: {', '.join(sorted(found.values()))}." if found else ""
        raise UnknownName(
            f"None of the {len(columns)} headings says who is meant: one of {', '.join(TELLING)} "
            f"is needed.{known} "
            "Headings stand in the first line; forename, surname, first name, last name and their "
            "like are known too."
        )
    return found


def as_list(frame: pl.DataFrame, name: str, *, truth: str = "") -> pl.DataFrame:
    """A table of any list as one with the fields here, all of them text, and `truth` where a column
    says who is who.

    Raises Unreadable where a record stands twice.
    """
    try:
        fields = named([column for column in frame.columns if column != truth])
    except UnknownName as error:
        raise UnknownName(f"{name}: {error}") from error
    if truth and truth not in frame.columns:
        raise UnknownName(
            f"{name}: there is no column {truth!r} that says who is who, among "
            f"{len(frame.columns)} columns."
        )
    chosen = [pl.col(column).cast(pl.String).alias(field) for column, field in fields.items()]
    if truth:
        chosen.append(pl.col(truth).cast(pl.String).alias("truth"))
    made = frame.select(chosen)
    if "record" not in made.columns:
        made = made.with_columns(record=pl.int_range(2, made.height + 2).cast(pl.String))
    if "list" not in made.columns:
        made = made.with_columns(list=pl.lit(name))
    made = made.with_columns(pl.col("list").fill_null(name))
    absent = made.filter(pl.col("record").is_null())
    if absent.height:
        raise Unreadable(
            f"{name}: {absent.height:,} rows have no reference in the column of records. Each "
            "needs its own."
        )
    twice = made.with_row_index("line", 2).filter(pl.struct("list", "record").is_duplicated())
    if twice.height:
        first = twice.filter(pl.struct("list", "record") == pl.struct("list", "record").first())[
            "line"
        ].to_list()
        raise Unreadable(
            f"{name}: lines {first[0]} and {first[1]} are the same record (column 'record')"
            f"{f', and so are {twice.height - 2:,} more rows' if twice.height > 2 else ''}. "
            "A record stands once in a return; leave one of them out, or give each its own "
            "reference."
        )
    return made
