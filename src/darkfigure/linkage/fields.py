"""What a list of people holds: the fields that are compared, and the headings under which they come."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from darkfigure.basis.errors import UnknownName, Unreadable


@dataclass(frozen=True)
class ListField:
    """A field of a record of a list, with the headings by which it is known besides its name."""

    name: str
    meaning: str
    headings: tuple[str, ...] = ()


FIELDS: dict[str, ListField] = {
    field.name: field
    for field in (
        ListField("record", "The list's own reference of the record.", ("rec_id", "id", "unique_id", "record_id")),
        ListField("list", "The agency whose list it is.", ("agency", "reported_by", "source_dataset")),
        ListField("given_name", "Given names.", ("forename", "first_name", "given_names", "forenames")),
        ListField("family_name", "Family names.", ("surname", "last_name", "family_names")),
        ListField("name", "The whole name, where it is not divided.", ("full_name",)),
        ListField("alias", "Another name the person goes by.", ("aliases", "known_as", "nickname")),
        ListField("date_of_birth", "YYYY-MM-DD or YYYYMMDD.", ("dob", "birth_date")),
        ListField("birth_year", "Year of birth, given or estimated.", ("year_of_birth", "yob")),
        ListField("age", "Age in years on the day of the encounter."),
        ListField("sex", "Sex.", ("gender",)),
        ListField("nationality", "Nationality, or several joined by +."),
        ListField(
            "document_number", "A passport, identity or insurance number.", ("soc_sec_id", "passport", "document")
        ),
        ListField("reference", "A reference of another agency that the record quotes.", ("other_reference",)),
        ListField("address", "Street.", ("address_1", "street")),
        ListField("town", "Town, suburb or place.", ("suburb", "place", "city")),
        ListField("postcode", "Postcode.", ("post_code", "zip")),
        ListField("area", "Police force area.", ("force_area",)),
        ListField("met_on", "Day of the encounter, YYYY-MM-DD.", ("encounter_date", "date", "date_of_encounter")),
    )
}
_BY_HEADING = {heading: field.name for field in FIELDS.values() for heading in (field.name, *field.headings)}
#: At least one of these is needed: without them nobody can be told from anybody.
TELLING = ("given_name", "family_name", "name", "document_number", "reference")


def named(columns: list[str]) -> dict[str, str]:
    """The field each heading stands for, headings not known left out. Raises UnknownName where nobody could be told apart."""
    found: dict[str, str] = {}
    for column in columns:
        field = _BY_HEADING.get(column.strip().lower().replace(" ", "_").replace("-", "_"))
        if field and field not in found.values():
            found[column] = field
    if not set(TELLING) & set(found.values()):
        raise UnknownName(
            f"None of the headings says who is meant: one of {', '.join(TELLING)} is needed. Found: {', '.join(columns[:12])}."
        )
    return found


def as_list(frame: pl.DataFrame, name: str, *, truth: str = "") -> pl.DataFrame:
    """A table of any list as one with the fields here, all of them text, and `truth` where a column says who is who.

    Raises Unreadable where a record stands twice.
    """
    fields = named([column for column in frame.columns if column != truth])
    if truth and truth not in frame.columns:
        raise UnknownName(
            f"{name}: there is no column {truth!r} that says who is who. Found: {', '.join(frame.columns)}."
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
            f"{name}: {absent.height:,} rows have no reference in the column of records. Each needs its own."
        )
    twice = made.with_row_index("line", 2).filter(pl.struct("list", "record").is_duplicated())
    if twice.height:
        first = twice.filter(pl.struct("list", "record") == pl.struct("list", "record").first())["line"].to_list()
        raise Unreadable(
            f"{name}: lines {first[0]} and {first[1]} are the same record (column 'record')"
            f"{f', and so are {twice.height - 2:,} more rows' if twice.height > 2 else ''}. "
            "A record stands once in a return; leave one of them out, or give each its own reference."
        )
    return made
