"""People as case records describe them, one row for each pseudonym: what linkage compares beside
names.
"""

from __future__ import annotations

from datetime import date

import ibis
import polars as pl

from darkfigure.tables.casebook import Casebook, Records

#: Kinds of record that say where and when a person was met.
MEETING = ("recovery", "referral", "arrest")


def people(records: Records, as_at: date) -> pl.DataFrame:
    """Each person as known on a day, not linked to any other: pseudonym, list, record, sex,
    birth_year, nationality, and the first encounter: met_on, area, age. Everything is text.
    """
    book = Casebook(records, as_at, joined=None)
    persons = book.standing("person")
    described = records.frame(
        persons.select(
            pseudonym=persons.record,
            sex=persons.sex,
            birth_year=persons.birth_year.cast("string"),
            nationality=persons.nationality,
            synthetic=persons.synthetic.cast("string"),
        )
    )
    met = []
    for kind in MEETING:
        table = book.standing(kind)
        age = table.age.cast("string") if "age" in table.columns else ibis.null("string")
        chosen = table.select(
            pseudonym=table.person, met_on=table.date.cast("string"), area=table.area, age=age
        )
        met.append(records.frame(chosen.filter(chosen.pseudonym.notnull())))
    first = (
        pl.concat(met)
        .sort("pseudonym", "met_on", "area")
        .unique("pseudonym", keep="first", maintain_order=True)
    )
    return (
        described.join(first, on="pseudonym", how="left")
        .with_columns(
            list=pl.col("pseudonym").str.extract(r"^([^:]*):"),
            record=pl.col("pseudonym").str.extract(r":(.*)$"),
        )
        .sort("pseudonym")
    )
