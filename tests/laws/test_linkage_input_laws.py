"""Laws of what is linked: any bytes are a table or refused, kin are never beyond doubt, what is not
known is no evidence.
"""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from darkfigure.basis.errors import DarkfigureError
from darkfigure.linkage import DuckEngine, Thresholds, as_list, link, prepared
from darkfigure.linkage.dates import read_dates
from darkfigure.reading.agency_lists import read_lists
from support import examples

PLACEHOLDERS = tomllib.loads(
    (files("darkfigure") / "data/linkage/placeholders.toml").read_text(encoding="utf-8")
)
WOMEN, MEN = (
    ("Teodora", "Ruxandra", "Liana", "Blessing"),
    ("Valeriu", "Horia", "Sergiu", "Emmanuel"),
)
FAMILIES = ("Cuzovschi", "Balanescu", "Nguyen", "Okafor", "Hoxha", "Smith")
CELLS = (
    "Ana",
    "Popescu",
    "1990-03-04",
    "",
    "N/A",
    '"',
    "José",
    "Ольга",
    "1e9",
    "-1",
    "a\tb",
    "\x00",
    "=1+1",
    "\ud7ff",
)
HEADS = (
    "id",
    "given_name",
    "Surname",
    "dob",
    "age",
    "birth_year",
    "met_on",
    "sex",
    "document",
    "postcode",
    "zapato",
    "",
)


@pytest.fixture(scope="module")
def engine():
    held = DuckEngine(threads=1)
    yield held
    held.close()


@st.composite
def tables(draw):
    """Tables of text, mostly broken somewhere."""
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    head = separator.join(draw(st.lists(st.sampled_from(HEADS), max_size=6)))
    rows = draw(st.lists(st.lists(st.sampled_from(CELLS), max_size=6), max_size=4))
    text = "\n".join([head, *(separator.join(row) for row in rows)])
    return text.encode(
        draw(st.sampled_from(["utf-8", "utf-16", "cp1252", "cp1251"])), errors="replace"
    )


@settings(max_examples=examples(300))
@given(
    st.one_of(st.binary(max_size=200), tables()), st.sampled_from(["csv", "tsv", "txt", "parquet"])
)
@example(b"\xff\xfe", "csv")
@example(b"PAR1", "parquet")
@example(b"PK\x03\x04", "csv")
def test_any_bytes_are_a_list_or_refused_in_a_sentence(tmp_path_factory, data, ending):
    path = tmp_path_factory.getbasetemp() / f"fuzz.{ending}"
    path.write_bytes(data)
    try:
        found, _ = read_lists([path])
    except DarkfigureError as error:
        said = str(error)
        assert "fuzz" in said
        assert len(said) < 400
        assert not any(
            cell in said for cell in ("Popescu", "José", "Ольга", "1990-03-04", "=1+1", "zapato")
        )
    else:
        assert {"record", "list"} <= set(found.columns)
        assert prepared(found).height == found.height


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_date_or_none(one, other):
    read = read_dates(pl.Series([one, other]), pl.Series(["a", "b"])).to_list()
    assert all(each is None or (each.isdigit() and len(each) in (4, 8)) for each in read)


@given(
    st.dates(date(1931, 1, 1), date(2028, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d.%m.%y", "%b %d, %Y", "%Y%m%d"]),
)
def test_dates_written_out_are_read_back(day, form):
    text = day.strftime(form)
    read = read_dates(pl.Series([text]), pl.Series(["a"]))[0]
    assert read in (day.strftime("%Y%m%d"), None)
    assert read is not None or day.strftime("%Y%m%d") in PLACEHOLDERS["date"]


@st.composite
def kin(draw):
    """Two people who are not one, alike as kin are, with whatever else their lists happen to say of
    both.
    """
    woman, family = draw(st.booleans()), draw(st.sampled_from(FAMILIES))
    names = draw(st.permutations(WOMEN if woman else MEN))
    year, month, day = (
        draw(st.integers(1950, 1995)),
        draw(st.integers(1, 12)),
        draw(st.integers(1, 28)),
    )
    shared = {"family_name": family, "sex": "F" if woman else "M"}
    for name, value in (
        ("nationality", "Romanian"),
        ("town", "Synthetown 3"),
        ("postcode", "AB1 2CD"),
        ("address", "3 Alike Road"),
        ("area", "Kent"),
        ("met_on", "2018-05-05"),
    ):
        if draw(st.booleans()):
            shared[name] = value
    born = f"{year}-{month:02d}-{day:02d}"
    one = {**shared, "given_name": names[0], "date_of_birth": born}
    if draw(st.booleans()):
        return one, {**one, "given_name": names[1]}
    later = f"{year + draw(st.integers(16, 40))}-{1 + month % 12:02d}-{1 + day % 28:02d}"
    return one, {**one, "date_of_birth": later}


@pytest.mark.long
@settings(max_examples=examples(15))
@given(st.lists(kin(), min_size=1, max_size=6))
def test_kin_are_never_beyond_doubt_among_any_other_kin(engine, pairs):
    rows = [
        {"record": f"{at}", "list": side, **each}
        for at, pair in enumerate(pairs)
        for side, each in zip("ab", pair, strict=True)
    ]
    found = link(as_list(pl.DataFrame(rows, infer_schema_length=None), "kin"), engine)
    names = found.names
    for left, right, _, share in found.pairs.rows():
        (one, at), (other, of) = names[left].split(":"), names[right].split(":")
        if at == of and one != other:
            assert share < Thresholds().certain


@settings(max_examples=examples(25))
@given(
    st.sampled_from(PLACEHOLDERS["anywhere"] + PLACEHOLDERS["name"]),
    st.sampled_from(PLACEHOLDERS["anywhere"] + PLACEHOLDERS["name"]),
    st.sampled_from(["1900-01-01", "1111-11-11", "9999-12-31", "unknown", "01/01/1900"]),
    st.sampled_from(PLACEHOLDERS["document"] + ["0000000", "123456789", "XXXXX"]),
    st.sampled_from(PLACEHOLDERS["place"]),
)
def test_what_is_not_known_puts_nobody_together(engine, given_name, family, born, document, town):
    row = {
        "given_name": given_name,
        "family_name": family,
        "date_of_birth": born,
        "document_number": document,
        "town": town,
    }
    rows = [{"record": "1", "list": side, **row} for side in "abc"]
    found = link(as_list(pl.DataFrame(rows), "nobody"), engine)
    assert found.found.persons == (3, 3, 3)
