"""CSV-W metadata beside the tables of a pack: what each column holds, and on what terms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from darkfigure.codes.code import BETWEEN, LABEL_IN
from darkfigure.codes.pack import MEASURES, Pack
from darkfigure.codes.pack_files import METADATA, OF_MEASURES
from darkfigure.writing.words import ENGLISH

CONTEXT = "http://www.w3.org/ns/csvw"
_DATES = ("valid_from", "valid_to")
#: Columns of several values, and those of a code of the same table.
_SEVERAL = ("aliases", "successors")
_OF_THE_TABLE = ("parent", "successors")


def metadata(pack: Pack) -> dict[str, str]:
    """The metadata of each table of a pack, by the name of its file."""
    files = {f"{name}.csv{METADATA}": _table(pack, f"{name}.csv") for name in pack.lists}
    if (pack.folder / f"{MEASURES}.csv").is_file():
        files[f"{MEASURES}.csv{METADATA}"] = _table(pack, f"{MEASURES}.csv")
    return {
        name: json.dumps(said, indent=2, ensure_ascii=False) + "\n" for name, said in files.items()
    }


def _table(pack: Pack, file: str) -> dict[str, Any]:
    text = (pack.folder / file).read_text(encoding="utf-8-sig")
    heading = text.splitlines()[0].split(",")
    schema: dict[str, Any] = {"columns": [*_columns(pack, heading)], "primaryKey": "code"}
    if "parent" in heading:
        reference = {"resource": file, "columnReference": "code"}
        schema["foreignKeys"] = [{"columnReference": "parent", "reference": reference}]
    if file == f"{MEASURES}.csv" or _reaches_out(pack, file):
        schema.pop("foreignKeys", None)
    return {
        "@context": [CONTEXT, {"@language": pack.languages[0]}],
        "url": file,
        "dc:title": f"{pack.title}: {file.removesuffix('.csv')}",
        "dc:license": pack.licence,
        "dc:source": pack.source,
        "schema:version": pack.version,
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": schema,
    }


def _reaches_out(pack: Pack, file: str) -> bool:
    """Whether a table names parents that stand in another list of the same name."""
    codes = pack.codes(file.removesuffix(".csv"))
    own = {each.code for each in codes}
    return any(each.parent and each.parent not in own for each in codes)


def _columns(pack: Pack, heading: list[str]) -> Iterator[dict[str, Any]]:
    for name in heading:
        plain = "label" if name.startswith(LABEL_IN) else name
        column: dict[str, Any] = {
            "name": name,
            "titles": name,
            "dc:description": ENGLISH.text(f"packs.column.{plain}"),
            "datatype": "date" if name in _DATES else "string",
            "required": name == "code",
        }
        if OF_MEASURES.get(name) is bool:
            column["datatype"] = "boolean"
        if name in _SEVERAL or OF_MEASURES.get(name) is list:
            column["separator"] = BETWEEN
        if name.startswith(LABEL_IN):
            column["lang"] = name.removeprefix(LABEL_IN)
        elif name == "label":
            column["lang"] = pack.languages[0]
        yield column
