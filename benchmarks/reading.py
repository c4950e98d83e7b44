"""Files of one's own: a long CSV by a reading, read and loaded, a large XLSX, a proposal. Prints
ratios.

Run with `make bench`. The figures are synthetic. Yardsticks, measured in the same run:
- a long CSV by a reading: the same rows in the own form; polars reading the same bytes as text;
- the same loaded: `COPY` of it, unread and unchecked, into an unlogged table of text;
- a large XLSX by a reading: calamine and polars reading the same bytes whole. Memory is that of a
  process of its own.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from measuring import copied_bare, in_own_folder, peak, row, timed

ROWS = int(os.environ.get("ROWS", "1000000"))
XLSX_ROWS, XLSX_COLUMNS = int(os.environ.get("XLSX_ROWS", "1000000")), 30
OWN = ["measure", "period", "value", "stated_on", "stated_by", "source", "area", "offence"]
THEIRS = ["What", "Quarter", "Number", "Published", "Body", "Cited", "Police force", "Class"]
HOW = "[columns]\n" + "".join(
    f'"{theirs}" = "{own}"\n' for theirs, own in zip(THEIRS, OWN, strict=True)
)
WIDE = (
    'across = ["period"]\nrepeats = "add"\n[always]\nmeasure = "arrests"\n'
    'stated_on = "2024-08-01"\nstated_by = "HO"\nsource = "Synthetic"\n[columns]\nArea = "area"\n'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" '
        'r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/'
        'worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def write_long(path: Path, heading: list[str]) -> None:
    """Rows of one figure each, under a heading."""
    from darkfigure.codes import codes_for

    areas = list(codes_for("area").codes)[:48]
    classes = [code for code in codes_for("offence").codes if code.startswith("prc:")][:90]
    chance = random.Random(20081217)
    with path.open("w", newline="", encoding="utf-8") as out:
        target = csv.writer(out, lineterminator="\n")
        target.writerow(heading)
        for number in range(ROWS):
            rest, area = divmod(number, len(areas))
            rest, offence = divmod(rest, len(classes))
            period = f"{1700 + rest // 4}Q{rest % 4 + 1}"
            figure = chance.randrange(5000)
            row = ["recorded_offences", period, figure, "2024-08-01", "HO", "Synthetic"]
            target.writerow([*row, areas[area], classes[offence]])


def write_xlsx(path: Path) -> None:
    """A sheet of figures, periods across."""
    chance = random.Random(20081217)
    heading = "".join(f"<c><v>{1900 + at}</v></c>" for at in range(XLSX_COLUMNS))
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _PARTS.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">'.encode())
            sheet.write(f'<c t="inlineStr"><is><t>Area</t></is></c>{heading}</row>'.encode())
            for number in range(2, XLSX_ROWS + 2):
                cells = "".join(
                    f"<c><v>{chance.randrange(10**9)}</v></c>" for _ in range(XLSX_COLUMNS)
                )
                area = '<c t="inlineStr"><is><t>Kent</t></is></c>'
                sheet.write(f'<row r="{number}">{area}{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")


def read_by(path: Path, how: str) -> int:
    """Read a file through by a reading; how many statements it makes."""
    from darkfigure.reading.by_reading import read_figures
    from darkfigure.reading.instructions import reading_of

    (submission,) = read_figures(path, reading_of(how, "benchmark"))
    rows = sum(batch.height for batch in submission.batches)
    if submission.problem_total:
        raise SystemExit(str(submission.problems[0]))
    return rows


def apart(code: str) -> tuple[float, float]:
    """Seconds and megabytes of code in a process of its own."""
    told = "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + told],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, float(done.stdout.split()[-1])


def measure(folder: Path) -> None:
    """Read, propose, and print what it took."""
    import polars as pl

    from darkfigure.reading.proposal import propose

    own, theirs, large = folder / "own.csv", folder / "theirs.csv", folder / "large.xlsx"
    write_long(own, OWN)
    write_long(theirs, THEIRS)
    own_how = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in OWN)
    by_own, by_theirs, bare = timed(
        lambda: read_by(own, own_how),
        lambda: read_by(theirs, HOW),
        lambda: pl.read_csv(theirs, infer_schema=False),
        repeats=3,
    )
    megabytes = theirs.stat().st_size / 1e6
    print(
        f"{ROWS:,} rows of CSV, {megabytes:.0f} MB: by a reading {by_theirs:.2f} s, the own form "
        f"{by_own:.2f} s (ratio {by_theirs / by_own:.2f}, aim at most 1.5), polars as text alone "
        f"{bare:.2f} s ({by_theirs / bare:.1f} times)"
    )
    start = time.perf_counter()
    propose(theirs)
    print(f"proposal of it: {time.perf_counter() - start:.2f} s (aim: less than 2 s)")
    write_xlsx(large)
    seconds, memory = apart(
        "from pathlib import Path\nfrom reading import WIDE, read_by\n"
        f"read_by(Path({str(large)!r}), WIDE)"
    )
    whole, held = apart(
        "import polars, python_calamine\n"
        f"book = python_calamine.CalamineWorkbook.from_path({str(large)!r})\n"
        "rows = book.get_sheet_by_index(0).to_python()\n"
        "polars.DataFrame(rows[1:], orient='row')"
    )
    size = large.stat().st_size / 1e6
    print(
        f"XLSX of {size:.0f} MB, {XLSX_ROWS * XLSX_COLUMNS:,} figures: made statements "
        f"in {seconds:.0f} s and {memory:,.0f} MB (aim: less than 2,048 MB); calamine and polars "
        f"hold it in {whole:.0f} s and {held:,.0f} MB (ratio of seconds {seconds / whole:.1f}, "
        f"of memory {memory / held:.2f})"
    )
    start = time.perf_counter()
    propose(large)
    print(f"proposal of it: {time.perf_counter() - start:.2f} s")
    print(f"memory of this process at most {peak():,.0f} MB")


def load(folder: Path) -> None:
    """Take a long CSV into a repository by a reading, and print what it took."""
    from darkfigure_hub.access import for_operator
    from darkfigure_hub.flows.open_repository import open_repository
    from darkfigure_hub.flows.receive_return import receive_return

    theirs, how = folder / "theirs.csv", folder / "theirs.reading.toml"
    write_long(theirs, THEIRS)
    how.write_text(HOW, encoding="utf-8")
    open_repository()
    bare = min(copied_bare(theirs, THEIRS) for _ in range(2))
    start = time.perf_counter()
    receive_return(for_operator("benchmark", "measure speed"), theirs, reading=how)
    loaded = time.perf_counter() - start
    row(
        f"loading {ROWS:,} statements by a reading",
        f"{loaded:.2f} s",
        f"bare COPY of the text: {bare:.2f} s",
        loaded / bare,
        memory=peak(),
    )
    print(
        f"load of {ROWS:,} rows by a reading, with checks, file kept, indexed: {loaded:.2f} s; "
        f"bare COPY {bare:.2f} s (ratio of rates {bare / loaded:.2f}, aim: at least 0.25)"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="df-bench-") as name:
        measure(Path(name))
    in_own_folder(load)
