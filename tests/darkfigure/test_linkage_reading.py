"""Lists as people have them: files, encodings, headings, dates, placeholders, blocks too large. All
values are SYNTHETIC.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import polars as pl
import pytest

from darkfigure.basis.errors import UnknownName, Unreadable
from darkfigure.linkage import DuckEngine, Thresholds, as_list, link, prepared, read_model
from darkfigure.linkage.blocking import BlockTooLarge, asked_rule, plan_blocking
from darkfigure.linkage.dates import read_dates
from darkfigure.linkage.encoding import encoded
from darkfigure.linkage.placeholders import without_placeholders
from darkfigure.linkage.preparation import noticed
from darkfigure.linkage.prior import stated
from darkfigure.reading.agency_lists import read_lists
from darkfigure.synthetic.agency_lists import synthetic_lists
from support import run

KEY = b"a synthetic key for tests"
HEADINGS = "id,given_name,family_name,date_of_birth,town\n"
ROW = "1,Ana,Popescu,1990-03-04,Leeds\n"


@pytest.fixture(scope="module")
def lists():
    """Synthetic lists of a seed the model was not tuned on."""
    return as_list(synthetic_lists(2500, 77), "lists", truth="person")


def read(tmp_path, data, name="list.csv"):
    """What is read of a file with these bytes, and what is told of it."""
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    told: list[str] = []
    return read_lists([tmp_path / name], remarks=told)[0], list(map(str, told))


def table(**columns):
    return pl.DataFrame(columns)


def test_a_record_twice_in_one_return_is_refused_with_its_lines():
    with pytest.raises(Unreadable, match="lines 2 and 4 are the same record"):
        as_list(table(record=["A", "B", "A"], surname=["X", "Y", "X"]), "return.csv")


def test_headings_that_name_nobody_are_refused():
    with pytest.raises(UnknownName, match=r"list\.csv: None of the 1 headings says who is meant"):
        as_list(table(shoe_size=["44"]), "list.csv")


def test_ten_thousand_of_one_name_and_nothing_else_are_left_apart_and_it_is_said():
    many = table(
        record=[f"R{n}" for n in range(10_000)],
        given_name=["Lan"] * 10_000,
        family_name=["Nguyen"] * 10_000,
    )
    few = table(
        record=["S1", "S2"],
        given_name=["Ana"] * 2,
        family_name=["Popa"] * 2,
        date_of_birth=["1990-01-02"] * 2,
    )
    frame = prepared(as_list(pl.concat([many, few], how="diagonal"), "list"))
    planned = plan_blocking(frame)
    assert sum(each.pairs for each in planned) < 10
    assert any(
        "10,000 records that do not say it are not compared" in str(each.remark) for each in planned
    )
    with pytest.raises(BlockTooLarge, match=r"10,000 records share .* cannot be told apart"):
        asked_rule(prepared(as_list(many, "list")), ["family"])


def test_a_block_of_a_million_pairs_is_refused_with_a_better_rule(lists):
    frame = prepared(lists)
    wide = pl.concat([frame] * 3).with_columns(id=pl.int_range(frame.height * 3))
    with pytest.raises(
        BlockTooLarge,
        match=r"Blocking on sex would compare [\d,]+ pairs .* Block on sex \+ \w+ instead",
    ):
        asked_rule(wide, ["sex"])
    with pytest.raises(UnknownName, match=r"cannot be blocked on\. Known are given, family"):
        asked_rule(frame, ["shoe_size"])


def test_mixed_scripts_and_control_characters_do_not_stop_a_linkage():
    odd = ["A\u0000nna", "Αnna", "Anna\u202e", "\x1b[31mAnna", "Анна"]
    rows = table(
        record=[f"R{n}" for n in range(5)],
        given_name=odd,
        family_name=["Kola"] * 5,
        dob=["1990-05-06"] * 5,
    )
    frame = prepared(as_list(rows, "list"))
    assert frame["given"].to_list()[:3] == ["A NNA", "ANNA", "ANNA"]
    assert frame.filter(pl.col("given").str.contains(r"[^A-Z ]")).is_empty()


def test_records_that_agree_on_nothing_are_as_many_persons():
    rows = as_list(table(record=["1", "2"], surname=["Kola", "Popa"]), "list")
    engine = DuckEngine()
    found = link(rows, engine)
    engine.close()
    assert found.found.persons == (2, 2, 2)
    assert found.pairs.is_empty()
    assert read_model(found.model.to_json()) == found.model


def test_thresholds_rise():
    with pytest.raises(Unreadable, match="must rise"):
        Thresholds(automatic=0.3, clerical=0.6)


def test_files_that_are_no_lists(tmp_path):
    with pytest.raises(Unreadable, match="There is no such file"):
        read_lists([tmp_path / "absent.csv"])
    (tmp_path / "list.docx").write_bytes(b"PK")
    with pytest.raises(Unreadable, match="lists are CSV"):
        read_lists([tmp_path / "list.docx"])
    (tmp_path / "a.csv").write_text("record,surname\n1,Kola\n")
    encoded(as_list(pl.read_csv(tmp_path / "a.csv"), "a"), KEY).write_csv(tmp_path / "b.csv")
    with pytest.raises(Unreadable, match=r"a\.csv is not encoded"):
        read_lists([tmp_path / "a.csv", tmp_path / "b.csv"])


# --- files ----------------------------------------------------------------------------------------
# -----------------------------


ACCENTS = "id,given_name,family_name\n5,José,Muñoz\n6,Zoë,Lefèvre\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_the_encoding_is_recognised(tmp_path, encoding):
    found, told = read(tmp_path, ACCENTS.encode(encoding))
    assert found["family_name"].to_list() == ["Muñoz", "Lefèvre"]
    assert [("Windows-1252" in each) for each in told] == [True] * (encoding == "cp1252")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Ольга Шевченко", "cp1251"), ("Łukasz Wałęsa", "cp1250"), ("王小红", "gb18030")],
)
def test_an_encoding_that_cannot_be_told_is_refused_with_its_place(tmp_path, text, encoding):
    with pytest.raises(
        Unreadable, match=r"list\.csv is not UTF-8 \(line 2, byte \d+\), and does not look like"
    ) as refused:
        read(tmp_path, f"id,name\n1,{text}\n".encode(encoding))
    assert text not in str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_recognised(tmp_path, separator):
    text = f"id{separator}surname{separator}given name\r\n1{separator}Popescu{separator}Ana\r\n\r\n"
    found, _ = read(tmp_path, text)
    assert found.select("record", "family_name", "given_name").rows() == [("1", "Popescu", "Ana")]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "list.csv is empty"),
        (" \n\n", "list.csv is empty"),
        (
            HEADINGS + "1,Ana,Popescu,1990-03-04,Leeds,extra\n",
            "line 2: 6 cells where the first line has 5 headings",
        ),
        (HEADINGS + ROW + "\n2,Ana\n", "line 4: 2 cells"),
        ("id,surname,surname\n1,Popescu,Ana\n", "columns 2 and 3 have the same heading"),
        ("id,surname,last name\n1,Popescu,Ana\n", "Columns 2 and 3 both stand for family_name"),
        ("id,,surname\n1,Ana,Popescu\n", "column 2 has no heading, but cells below"),
        (
            HEADINGS + '1,"Ana,Popescu,1990-03-04,Leeds\n',
            "the quotation marks or the length of a cell",
        ),
        (b"id,surname\n1,Pop\x00escu\n", "is not text: byte 16 is nought"),
        (
            "Ana,Popescu,1990-03-04\nLinh,Nguyen,1988-01-01\n",
            "None of the 3 headings says who is meant",
        ),
        (HEADINGS + ROW + ROW, "lines 2 and 3 are the same record"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_shows_nobody(tmp_path, text, sentence):
    with pytest.raises((Unreadable, UnknownName)) as refused:
        read(tmp_path, text)
    assert sentence in str(refused.value)
    assert not any(
        name in str(refused.value) for name in ("Ana", "Popescu", "Linh", "Nguyen", "Leeds", "1990")
    )


def test_headings_of_other_languages_are_known_and_the_rest_is_told(tmp_path):
    text = "ref;Nombre;Apellido;Fecha de nacimiento;zapato;\n1;Ana;Popescu;4.3.1990;44;\n"
    found, told = read(tmp_path, text)
    assert found.rows() == [("1", "Ana", "Popescu", "4.3.1990", "list")]
    assert told == ["list.csv: headings not known, columns not compared: 5."]


def test_rows_without_a_reference_are_numbered_by_line(tmp_path):
    found, _ = read(tmp_path, "Forename,Surname\nAna,Popescu\nAna,Popescu\n")
    assert found["record"].to_list() == ["2", "3"]


# --- dates and placeholders -----------------------------------------------------------------------
# -------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("1990-03-04", "19900304"),
        ("19900304", "19900304"),
        ("4.3.1990", "19900304"),
        ("04/03/1990 00:00", "19900304"),
        ("1990-03-04T00:00:00Z", "19900304"),
        ("12 March 1999", "19990312"),
        ("March 12th, 1999", "19990312"),
        ("12-Mar-99", "19990312"),
        ("12 mars 1999", "19990312"),
        ("1. Januar 2001", "20010101"),
        ("5 мая 2001", "20010505"),
        ("03/25/1990", "19900325"),
        ("1990", "1990"),
        ("March 1990", "1990"),
        ("1900-01-01", None),
        ("11/11/1111", None),
        ("soon", None),
        ("32936", None),
        ("12 March", None),
    ],
)
def test_dates_as_they_are_written(written, read_as):
    assert read_dates(pl.Series([written]), pl.Series(["a"])).to_list() == [read_as]


def test_a_list_of_months_first_is_read_so_and_the_next_is_not():
    written = pl.Series(["03/04/1990", "12/25/1991", "03/04/1990", "25/12/1991"])
    read_as = read_dates(written, pl.Series(["us", "us", "uk", "uk"])).to_list()
    assert read_as == ["19900304", "19911225", "19900403", "19911225"]


def test_dates_that_could_not_be_read_are_counted_and_placeholders_are_not():
    born = ["soon", "32936", "1900-01-01", "unknown", None, "1990-01-02"]
    rows = as_list(pl.DataFrame({"surname": ["Kola"] * 6, "dob": born}), "list")
    assert tuple(map(str, noticed(rows))) == (
        "2 dates of birth could not be read as dates and count as not known.",
    )


def test_placeholders_mean_not_known_and_names_stay():
    held = {
        "given_name": [
            "Unknown",
            "N/A",
            "Nil",
            "Jane",
            "Inconnue",
            "不明",
            "Baby",
            "Anon",
            "Na",
            "Nil",
        ],
        "family_name": [
            "UNKNOWN",
            "n/a",
            "nil",
            "Doe",
            "Popa",
            "王",
            "Kola",
            "Srisai",
            "Tran",
            "Shah",
        ],
        "document_number": [
            "0000000",
            "123456789",
            "NONE",
            "XXXX",
            "n/k",
            "Unknown",
            "A1234567",
            "1200345",
            "-",
            "nil",
        ],
        "town": ["NFA", "No Fixed Abode", "unknown", "sans domicile fixe", "Nilton", "homeless"]
        + [None] * 4,
        "postcode": ["ZZ99 3VZ", "LS1 1AA"] + [None] * 8,
        "nationality": ["Unknown", "Stateless", "Not stated"] + [None] * 7,
    }
    frame = prepared(as_list(pl.DataFrame(held), "list"))
    order = [int(each) - 2 for each in sorted(map(str, range(2, 12)))]
    given, family, document = (
        dict(zip(order, frame[name], strict=True)) for name in ("given", "family", "document")
    )
    assert [given[place] for place in range(10)] == [None] * 6 + ["BABY", "ANON", "NA", "NIL"]
    assert [family[place] for place in range(10)] == [None] * 4 + [
        "POPA",
        "WANG",
        "KOLA",
        "SRISAI",
        "TRAN",
        "SHAH",
    ]
    assert [document[place] for place in range(10)] == [None] * 6 + [
        "A1234567",
        "1200345",
        None,
        None,
    ]
    assert frame["town"].drop_nulls().to_list() == ["NILTON"]
    assert frame["postcode"].drop_nulls().to_list() == ["LS11AA"]
    assert frame["nationality"].drop_nulls().to_list() == ["STATELESS"]


def test_no_name_of_the_data_here_is_taken_for_a_placeholder():
    people = tomllib.loads(
        (files("darkfigure") / "data/linkage/synthetic_people.toml").read_text(encoding="utf-8")
    )
    roots = tomllib.loads(
        (files("darkfigure") / "data/linkage/names.toml").read_text(encoding="utf-8")
    )["roots"]
    names = {
        name
        for origin in people.values()
        for kind in ("families", "women", "men")
        for name in origin[kind]
    }
    names |= {form for root, forms in roots.items() for form in (root, *forms)}
    names |= {
        name for tables in stated()["names"].values() for table in tables.values() for name in table
    }
    ordered = sorted(names)
    assert len(ordered) > 500
    for column, other in (("given_name", "family_name"), ("family_name", "given_name")):
        frame = pl.DataFrame({column: ordered, other: ["Popescu"] * len(ordered)})
        assert without_placeholders(frame)[column].to_list() == ordered


def test_the_program_tells_what_it_noticed(tmp_path):
    (tmp_path / "a.csv").write_bytes(
        "id,given_name,family_name,dob\n1,Zoë,Lefèvre,soon\n".encode("cp1252")
    )
    (tmp_path / "b.csv").write_text(
        "id,given_name,family_name,dob\n1,Zoe,Lefevre,1991-02-05\n", encoding="utf-8"
    )
    said = run("link", tmp_path / "a.csv", tmp_path / "b.csv", home=tmp_path).stdout
    assert "2 records on 2 lists are" in said
    assert re.search(
        r"Remark: a\.csv is not UTF-8 \(line 2, byte 3\d\) and was read as Windows-1252\.", said
    )
    assert "Remark: 1 dates of birth could not be read" in said
    assert "Remark: 2 records teach too little" in said
    assert "expects precision" not in said
