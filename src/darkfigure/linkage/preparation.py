"""Records made ready to be compared: one column for each thing that a rule or a level looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl

from darkfigure.basis.loading import extra
from darkfigure.basis.saying import Saying, say
from darkfigure.linkage.dates import read_dates, unread
from darkfigure.linkage.names import plain, root, sound, words
from darkfigure.linkage.placeholders import without_placeholders

with extra("linkage"):
    from anyascii import anyascii

#: The columns that rules and levels may name, all but `id` and `met_day` text.
COMPARED: dict[str, str] = {
    "id": "number of the record in this run, in order of list and reference",
    "given": "given names in plain capitals, without particles",
    "family": "family names in plain capitals, without particles",
    "root": "the first given name brought from short to full form",
    "given_sound": "sound of the given names; none for a bare initial",
    "family_sound": "sound of the family names; none for a bare initial",
    "sounds": "the sounds of all names in alphabetical order; none where one is a bare initial",
    "core": "sounds of the last given and the last family name, in alphabetical order",
    "core_first": "sounds of the first given and the first family name, in alphabetical order",
    "initials": "first letters of the first given and family name, in alphabetical order",
    "letters": "first letters of all names, each once, in alphabetical order",
    "brief": "what is given as a bare initial: one letter or two, in alphabetical order",
    "alias": "another name, in plain capitals",
    "dob": "date of birth as eight digits, as written even where no such day exists",
    "dob_swapped": "the same with day and month exchanged",
    "birth_year": "year of birth, given or from age",
    "birth_reckoned": "the year of birth where it is known from an age alone, a year or two out",
    "birth_span": "which six years the birth falls in",
    "birth_span_between": (
        "the same, the six years starting three years later: births within "
        "three years share one of the two"
    ),
    "sex": "sex, first letter",
    "nationality": "nationality in plain capitals",
    "document": "document number, letters and digits only",
    "reference": "a reference quoted from another agency",
    "address": "street in plain capitals and digits",
    "town": "town in plain capitals and digits",
    "postcode": "postcode without spaces",
    "area": "police force area",
    "met_day": "day of the encounter, counted from 1970",
    "met_span": "which sixty days the encounter falls in",
    "met_span_between": (
        "the same, the sixty days starting thirty days later: who met within "
        "thirty days shares one of the two"
    ),
}
_NUMBERS = {
    "id": pl.Int64,
    **dict.fromkeys(
        (
            "birth_year",
            "birth_reckoned",
            "birth_span",
            "birth_span_between",
            "met_day",
            "met_span",
            "met_span_between",
        ),
        pl.Int32,
    ),
}


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """The compared columns of records, in order of list and reference: what arrived first is of no
    account.

    `records` is as `fields.as_list` makes it. What a record does not say is null.
    """
    frame = (
        records.sort("list", "record")
        .with_row_index("id")
        .with_columns(pl.col("id").cast(pl.Int64))
    )
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias(name) for name in _WANTED if name not in frame.columns
    )
    frame = without_placeholders(frame)
    frame = _names(frame)
    frame = _births(frame)
    frame = frame.with_columns(
        sex=pl.col("sex")
        .str.strip_chars()
        .str.slice(0, 1)
        .str.to_uppercase()
        .replace({"": None, "U": None}),
        nationality=_each(frame["nationality"], plain),
        document=_each(frame["document_number"], _letters_and_digits),
        reference=_each(frame["reference"], _letters_and_digits),
        address=_each(frame["address"], _letters_and_digits),
        town=_each(frame["town"], _place),
        postcode=_each(frame["postcode"], _letters_and_digits),
        area=_each(frame["area"], plain),
        met_day=_day(frame).dt.epoch("d").cast(pl.Int32),
    )
    frame = frame.with_columns(
        met_span=pl.col("met_day") // 60, met_span_between=(pl.col("met_day") + 30) // 60
    )
    return frame.select(pl.col(name).cast(_NUMBERS.get(name, pl.String)) for name in COMPARED)


_WANTED = (
    "given_name",
    "family_name",
    "name",
    "alias",
    "date_of_birth",
    "birth_year",
    "age",
    "sex",
    "nationality",
    "document_number",
    "reference",
    "address",
    "town",
    "postcode",
    "area",
    "met_on",
)


def _each(values: pl.Series, make: Callable[[str], str]) -> pl.Series:
    """`make` of each distinct value, once; empty becomes null."""
    distinct = values.drop_nulls().unique()
    made = pl.Series([make(each) or None for each in distinct.to_list()], dtype=pl.String)
    return values.replace_strict(distinct, made, default=None, return_dtype=pl.String)


def _letters_and_digits(text: str) -> str:
    return "".join(each for each in text.upper() if each.isalnum() and each.isascii())


def _place(text: str) -> str:
    return " ".join(
        "".join(each if each.isalnum() else " " for each in anyascii(text).upper()).split()
    )


def _kept(text: str) -> str:
    return " ".join(words(plain(text)))


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    whole = _each(frame["name"], _kept)
    first, last = whole.str.replace(r" \S+$", ""), whole.str.extract(r"(\S+)$")
    single = ~whole.str.contains(" ").fill_null(False)
    frame = frame.with_columns(
        given=pl.coalesce(_each(frame["given_name"], _kept), pl.when(~single).then(first)),
        family=pl.coalesce(_each(frame["family_name"], _kept), last),
        alias=_each(frame["alias"], _kept),
    )
    bare = (pl.col("given").str.len_chars() == 1) | (pl.col("family").str.len_chars() == 1)
    frame = frame.with_columns(
        root=_each(frame["given"], lambda text: root(text.split()[0])),
        given_sound=_each(frame["given"], lambda text: "" if len(text) == 1 else _sounds(text)),
        family_sound=_each(frame["family"], lambda text: "" if len(text) == 1 else _sounds(text)),
        joined=pl.when(~bare).then(
            pl.concat_str("given", "family", separator=" ", ignore_nulls=True)
        ),
        firsts=pl.col("given").str.slice(0, 1) + pl.col("family").str.slice(0, 1),
        bared=pl.concat_str(*(_where_bare(name) for name in ("given", "family"))).replace("", None),
        named=pl.concat_str("given", "family", separator=" ", ignore_nulls=True).replace("", None),
    )
    sounded = pl.col("given_sound").is_not_null() & pl.col("family_sound").is_not_null()
    for name, pattern in (("core", r"(\S+)$"), ("core_first", r"^(\S+)")):
        both = pl.when(sounded).then(
            pl.concat_str(
                pl.col("given").str.extract(pattern),
                pl.col("family").str.extract(pattern),
                separator=" ",
            )
        )
        frame = frame.with_columns(both.alias(name))
        frame = frame.with_columns(_each(frame[name], _sounds).alias(name))
    return frame.with_columns(
        sounds=_each(frame["joined"].replace("", None), _sounds),
        initials=_each(frame["firsts"], _in_order),
        letters=_each(frame["named"], lambda text: _in_order({each[0] for each in text.split()})),
        brief=_each(frame["bared"], _in_order),
    )


def _where_bare(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.len_chars() == 1).then(pl.col(name)).otherwise(pl.lit(""))


def _in_order(letters: Iterable[str]) -> str:
    return "".join(sorted(letters))


def _sounds(text: str) -> str:
    return " ".join(sorted(map(sound, text.split())))


def _day(frame: pl.DataFrame) -> pl.Series:
    days: pl.Series = read_dates(frame["met_on"], frame["list"]).str.to_date("%Y%m%d", strict=False)
    return days


def _births(frame: pl.DataFrame) -> pl.DataFrame:
    read = read_dates(frame["date_of_birth"], frame["list"])
    whole = pl.DataFrame({"read": read}).select(
        dob=pl.when(pl.col("read").str.len_chars() == 8).then("read"),
        alone=pl.when(pl.col("read").str.len_chars() == 4).then("read"),
    )
    dob = whole["dob"]
    aged = _day(frame).dt.year() - frame["age"].cast(pl.Float64, strict=False).cast(
        pl.Int32, strict=False
    )
    told = pl.select(
        pl.coalesce(
            dob.str.slice(0, 4).cast(pl.Int32, strict=False),
            whole["alone"].cast(pl.Int32, strict=False),
            frame["birth_year"].cast(pl.Float64, strict=False).cast(pl.Int32, strict=False),
        )
    ).to_series()
    return frame.with_columns(
        dob=dob,
        dob_swapped=dob.str.slice(0, 4) + dob.str.slice(6, 2) + dob.str.slice(4, 2),
        birth_year=told.fill_null(aged),
        birth_reckoned=pl.select(pl.when(told.is_null()).then(aged)).to_series(),
    ).with_columns(
        birth_span=pl.col("birth_year") // 6, birth_span_between=(pl.col("birth_year") + 3) // 6
    )


def noticed(records: pl.DataFrame) -> tuple[Saying, ...]:
    """What should be known of records before they are linked: how many dates say something that
    could not be read.
    """
    found = []
    for column, what in (
        ("date_of_birth", say("linkage.remark.births")),
        ("met_on", say("linkage.remark.encounters")),
    ):
        if column in records.columns:
            stands = without_placeholders(records.select("list", column))
            number = unread(stands[column], read_dates(stands[column], stands["list"]))
            if number:
                found.append(say("linkage.remark.dates", number=number, what=what))
    return tuple(found)
