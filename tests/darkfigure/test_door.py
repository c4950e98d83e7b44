"""The door of files: what comes in that is no sound file is a fault with its place."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date

import pytest

from darkfigure.basis.errors import DarkfigureError, ReturnRefused
from darkfigure.reading import case_files, evidence_from, read_file, recognise
from darkfigure.reading.delimited import heading, small_records
from darkfigure.reading.door import LONGEST_CELL, check_quotes, json_of, text_of
from darkfigure.reading.kinds import KINDS
from darkfigure.reading.sources import answers

RECEIVED = date(2026, 11, 23)
HEAD = b"measure,period,value,stated_on,stated_by,source,note\n"
ROW = b"victims_recovered,2006,12,2008-07-02,HO,synthetic,\n"
CASES = b"record_kind,record,stated_on,reported_by,synthetic,person,date\n"
CASE = b"recovery,R-1,2026-07-02,kent,yes,P1,2026-07-01\n"


def written(folder, content, name="synthetic.csv"):
    path = folder / name
    path.write_bytes(content)
    return path


def taken(path):
    """How many rows a file is read as; raises ReturnRefused with its faults."""
    (submission,) = read_file(path, recognise(path), RECEIVED)
    rows = sum(
        batch.versions.height if hasattr(batch, "versions") else batch.height
        for batch in getattr(submission, "tables", None) or submission.batches
    )
    if submission.problem_total:
        raise ReturnRefused(path.name, submission.problems, submission.problem_total)
    return rows


def refused(path):
    with pytest.raises(ReturnRefused) as caught:
        taken(path)
    return caught.value


def test_names_that_are_not_known_are_told_by_number_and_by_what_they_are_near_to(tmp_path):
    """A heading may be a person's name; so may the field of a record."""
    head = HEAD.replace(b"measure,", b"measure,Jane Plantedname,").replace(b"note", b"notte")
    (fault,) = refused(written(tmp_path, head + ROW)).problems
    assert str(fault) == (
        "line 1: 2 columns are not known here (numbers 2, 8). Nearest are: note to number 8."
    )
    record = {"record": "R-1", "person": "P1", "dat": "2026-07-01", "Jane Plantedname": "x"}
    said = {"form": "darkfigure case return 1", "reported_by": "kent", "stated_on": "2026-07-02"}
    whole = {**said, "Jane Plantedname": "x", "records": {"recovery": [record]}}
    faults = refused(written(tmp_path, json.dumps(whole).encode(), "one.json")).problems
    told = " ".join(map(str, faults))
    assert "1 field is not known here (number 4). Known are: form, source, records," in told
    assert "'recovery[1]': 2 fields are not known here (numbers 3, 4). Nearest are: date" in told
    assert "Planted" not in told


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("head", "row"), [(HEAD, ROW), (CASES, CASE)], ids=["figures", "cases"])
def test_lines_may_end_in_any_way(tmp_path, head, row, end):
    content = (head + row + row.replace(b"2006", b"2007").replace(b"R-1", b"R-2")).replace(
        b"\n", end
    )
    assert taken(written(tmp_path, content)) == 2
    assert taken(written(tmp_path, gzip.compress(content), "synthetic.csv.gz")) == 2


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (HEAD, None, "a heading and no rows"),
        (HEAD + ROW + ROW.replace(b",HO", b',"HO') + ROW, 3, "a quote opens that is not closed"),
        (HEAD + ROW.replace(b",HO", b',"HO"x'), 2, "a quote opens that is not closed"),
        (HEAD + b'"' + ROW + b'"' + ROW, 2, "a quote opens that is not closed"),
        (HEAD + ROW.replace(b"12", b"1\x002"), 2, "characters that no text has"),
        (HEAD + ROW.replace(b"12", b"1\x1b[2J2"), 2, "characters that no text has"),
        (HEAD.replace(b"note", b"no\x00te") + ROW, 1, "characters that no text has"),
        (HEAD + ROW.replace(b"synthetic", b"caf\xe9\x81"), 2, "not UTF-8"),
        (HEAD + b"a,b\n", 2, "2 fields where the heading has 7"),
        (HEAD + ROW.replace(b"synthetic", b"s" * (LONGEST_CELL + 1)), 2, "too long"),
        (b"x" * 5_000_000 + HEAD + ROW, 1, "longer than"),
        (HEAD + b"x" * 5_000_000 + b"\n", 2, "longer than"),
        (HEAD + ROW.replace(b",12,", b",1e400,"), 2, "not a number"),
        (HEAD + ROW.replace(b",12,", b"," + b"9" * 5000 + b","), 2, "not a number"),
        (HEAD + ROW.replace(b",12,", ",١٢,".encode()), 2, "not a number"),
        (HEAD + ROW.replace(b"2006", "٢٠٠٦".encode()), 2, "cannot be read"),
        (HEAD + ROW.replace(b"2006", b"0000-01"), 2, "cannot be read"),
        (HEAD + ROW.replace(b"2006", b"9999-00"), 2, "cannot be read"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path, content, line, said):
    found = refused(written(tmp_path, content)).problems[0]
    assert said in str(found)
    assert found.line == line
    assert str(found.right)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_is_read_however_it_is_encoded_and_cut(tmp_path, encoding, sign):
    text = (HEAD + ROW.replace(b"synthetic", "synthetic café".encode())).decode()
    path = written(tmp_path, text.replace(",", sign).encode(encoding))
    (submission,) = read_file(path, recognise(path), RECEIVED)
    assert sum(batch.height for batch in submission.batches) == 1
    assert submission.heads[0].source == "synthetic café"


def test_a_quote_within_a_cell_that_is_not_quoted_is_no_fault(tmp_path):
    path = written(tmp_path, HEAD + ROW.replace(b"synthetic", b'the 5" rule') + b"\n" * 3)
    check_quotes(path)
    assert heading(path)[0] == "measure"


LOW = HEAD.replace(b"note", b"low,high")


@pytest.mark.parametrize("column", [0, 1])
def test_digits_of_another_script_are_no_bounds(tmp_path, column):
    bounds = [b"1", b"30"]
    bounds[column] = "٣".encode()
    row = ROW.replace(b",12,", b",,").rstrip(b"\n,") + b"," + b",".join(bounds) + b"\n"
    found = refused(written(tmp_path, LOW + row)).problems[0]
    assert (found.column, found.line) == (("low", "high")[column], 2)


RECORD = {"record": "R-1", "stated_on": "2026-07-02", "person": "P1", "date": "2026-07-01"}
RETURN = {
    "form": case_files.FORM,
    "reported_by": "kent",
    "synthetic": True,
    "records": {"recovery": [RECORD]},
}


def returned(**record):
    return json.dumps({**RETURN, "records": {"recovery": [{**RECORD, **record}]}})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (returned(area="Kent\x00"), "characters that no text has"),
        (returned(area="\ud800"), "characters that no text has"),
        (returned(area="Kent").replace('"area"', '"person"'), "a field stands twice"),
        (returned().replace("{", '{"x": ' + "[" * 3000, 1), "its fields lie too deep"),
        (
            returned(area="x").replace('"x"', "[" * 3000 + "]" * 3000),
            "its fields lie too deep in one another",
        ),
        (returned()[:-9], "not YAML or JSON"),
        (json.dumps({**RETURN, "records": {"recovery": []}}), "It holds no record"),
        (json.dumps({**RETURN, "records": ["recovery"]}), 'There is no "records"'),
        (json.dumps({**RETURN, "records": {"recovery": ["x"]}}), "Not a list of records"),
        (json.dumps([RETURN]), "none of the forms"),
        (json.dumps({"items": []}), "none of the forms"),
        (returned(age=1e308), "not a number that can be"),
    ],
)
def test_a_broken_document_is_refused_with_its_place(tmp_path, text, said):
    assert said in str(refused(written(tmp_path, text.encode(), "synthetic.json")))


def test_a_sound_document_is_read(tmp_path):
    path = written(tmp_path, returned().encode("utf-8-sig"), "synthetic.json")
    assert taken(path) == 1
    assert json_of(path)["records"]["recovery"] == [RECORD]


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("content", [b"{}", b"[]", b"[1]", b'{"answers": 3}', b"x: [", b"a,b\n"])
def test_a_file_that_is_not_of_the_kind_named_is_refused(tmp_path, name, content):
    with pytest.raises(DarkfigureError):
        read_file(written(tmp_path, content), KINDS[name], RECEIVED)


BY_READING = [kind for kind in KINDS.values() if kind.reading is not None]


@pytest.mark.parametrize(
    "columns", [kind.columns for kind in BY_READING], ids=[kind.name for kind in BY_READING]
)
def test_a_heading_alone_is_no_return(tmp_path, columns):
    path = written(tmp_path, ",".join(columns).encode() + b"\n")
    with pytest.raises(ReturnRefused, match="a heading and no rows"):
        evidence_from([path], RECEIVED)


@pytest.mark.parametrize(
    "change",
    [
        {"table": "none"},
        {"table": {"columns": [], "rows": []}},
        {"table": {"columns": ["a"], "rows": ["a"]}},
        {"table": {"columns": ["a", "b"], "rows": [["a"]]}},
        {"after": "text"},
        {"date": {"day": 1}},
    ],
)
def test_an_answer_of_another_shape_is_a_fault(tmp_path, change):
    known = next(iter(answers.readings("answers")))
    entry = {"id": known, "date": "2008-12-17", **change}
    path = written(tmp_path, json.dumps({"answers": [entry]}).encode(), "synthetic.json")
    (submission,) = answers.read(path)
    assert submission.problem_total
    assert known in str(submission.problems[0])


def test_what_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(ReturnRefused, match="no such file"):
        text_of(tmp_path / "none.yaml")
    with pytest.raises(ReturnRefused, match="a folder"):
        text_of(tmp_path)
    with pytest.raises(ReturnRefused, match="cannot be read: File name too long"):
        text_of(tmp_path / ("x" * 300))
    path = written(tmp_path, b"x" * 100)
    with pytest.raises(ReturnRefused, match="larger than"):
        text_of(path, most=99)
    if os.geteuid():
        path.chmod(0)
        with pytest.raises(ReturnRefused, match="no right"):
            text_of(path)


def test_a_record_of_a_small_table_is_as_wide_as_its_heading(tmp_path):
    assert [*small_records(written(tmp_path, b"a,b\n1,2\n\n3,4\n"))] == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "3", "b": "4"}),
    ]
    with pytest.raises(ReturnRefused, match="stands twice"):
        [*small_records(written(tmp_path, b"a,a\n1,2\n"))]
    with pytest.raises(ReturnRefused, match="line 2: The line does not have 2 fields"):
        [*small_records(written(tmp_path, b"a,b\n1\n"))]


def test_half_a_character_at_the_end_is_no_text(tmp_path):
    content = HEAD + ROW + "victims_recovered,2007,1,2008-07-02,HO,caf\u00e9".encode()[:-1]
    assert "not UTF-8" in str(refused(written(tmp_path, content)).problems[0])


def test_the_names_of_columns_may_be_padded(tmp_path):
    assert (
        taken(written(tmp_path, HEAD.replace(b"value,stated_on", b" value , stated_on") + ROW)) == 1
    )


@pytest.mark.parametrize("gap", [b"", b"\n"])
@pytest.mark.parametrize("names", [b",,", b",,,", b",row", b", , "])
def test_columns_without_a_name_are_no_columns(tmp_path, names, gap):
    """A spreadsheet saved as text has commas to its right."""
    if names == b",row":
        assert "not known here (number 8)" in str(
            refused(written(tmp_path, HEAD.strip() + names + b"\n" + gap + ROW)).problems[0]
        )
        return
    ends = b"," * names.count(b",")
    content = HEAD.strip() + names + b"\n" + gap + ROW.strip() + ends + b"\n"
    assert taken(written(tmp_path, content)) == 1
