"""Answers as CSV on the Web (W3C, 2015): the table, and beside it in one archive what its columns
hold.
"""

from __future__ import annotations

import io
import json
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from darkfigure.basis.statement import DIMENSIONS
from darkfigure.publication import Answer
from darkfigure.writing.answers import as_csv
from darkfigure.writing.wording import column_title, face_of, title_of
from darkfigure.writing.words import ENGLISH, Words

CONTEXT = "http://www.w3.org/ns/csvw"
TABLE, METADATA = "answer.csv", "-metadata.json"
_SEVERAL = ("reasons", "notes", "stated_by", "sources", "conditions")
_NUMBERS, _DAYS = ("value", "low", "high"), ("stated_on", "as_at")
_TYPES = {**dict.fromkeys(_NUMBERS, "number"), **dict.fromkeys(_DAYS, "date")}
_SDMX = "http://purl.org/linked-data/sdmx/2009"
#: What columns are to whoever reads them as linked data.
_PROPERTIES = {
    "value": f"{_SDMX}/measure#obsValue",
    "unit": f"{_SDMX}/attribute#unitMeasure",
    "status": f"{_SDMX}/attribute#obsStatus",
    "period": f"{_SDMX}/dimension#refPeriod",
    "area": f"{_SDMX}/dimension#refArea",
    "sex": f"{_SDMX}/dimension#sex",
    "age_group": f"{_SDMX}/dimension#age",
    "notes": "http://www.w3.org/2000/01/rdf-schema#comment",
}


def write_answer(answer: Answer, words: Words = ENGLISH) -> bytes:
    """An answer as a ZIP archive of a table and its metadata; the same answer is the same bytes."""
    out = io.BytesIO()
    described = json.dumps(metadata(answer, words), indent=2, ensure_ascii=False) + "\n"
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        table = as_csv.write_answer(answer, words)
        for name, text in ((TABLE, table), (f"{TABLE}{METADATA}", described)):
            archive.writestr(ZipInfo(name), text.encode(), ZIP_DEFLATED)
    return out.getvalue()


def metadata(answer: Answer, words: Words = ENGLISH) -> dict[str, Any]:
    """What the table of an answer holds, on what it rests, and what has to be told of it."""
    question = answer.question
    sources = dict.fromkeys(
        f"{source.stated_by} {source.stated_on}: {source.source}"
        for cell in answer.cells
        for source in cell.sources
        if source.used
    )
    return {
        "@context": [CONTEXT, {"@language": words.language}],
        "url": TABLE,
        "dc:title": title_of(question, words),
        "dc:accessRights": answer.marking.name.lower(),
        "dc:description": question.measure.definition,
        "dc:identifier": question.id,
        "dc:date": question.as_at.isoformat(),
        "dc:source": list(sources),
        "notes": [*dict.fromkeys([*face_of(answer, words), *map(words.say, answer.notes)])],
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": [_column(name, words) for name in as_csv.columns_of(answer)]},
    }


def _column(name: str, words: Words) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "titles": name,
        "datatype": _TYPES.get(name, "string"),
        "required": name == "line",
    }
    if name in DIMENSIONS:
        column["dc:description"] = column_title(name, words)
    if name in _SEVERAL:
        column["separator"] = as_csv.BETWEEN
    if name in _PROPERTIES:
        column["propertyUrl"] = _PROPERTIES[name]
    return column
