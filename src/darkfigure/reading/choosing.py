"""Which reading a file is taken by: the one that lies beside it, one of a folder of readings whose
headings it has, or one that the package brings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from darkfigure.reading.instructions import ENDING, NOTHING, Reading, read_reading, reading_of
from darkfigure.reading.located import Located, headed_by, missing, tables_of
from darkfigure.reading.sheets import Workbook, open_workbook


@lru_cache(1)
def packaged() -> tuple[Reading, ...]:
    """The readings of sources that the package knows."""
    folder = files("darkfigure") / "data" / "readings" / "sources"
    found = sorted((each for each in folder.iterdir()), key=lambda each: each.name)
    return tuple(reading_of(each.read_text(encoding="utf-8"), each.name) for each in found)


def beside(path: Path) -> Path:
    """Where the reading of a file lies, if it lies beside it."""
    return path.parent / (path.name + ENDING)


def in_folder(folder: Path) -> Iterator[Reading]:
    """The readings of a folder, by name. Raises Unreadable for one that is faulty."""
    if folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            yield read_reading(path)


def fitting(path: Path, folders: Sequence[Path] = ()) -> Reading | None:
    """The reading of a file: the one beside it; else that of a folder, or of the package, whose
    headings it has, the one that names most; nothing where none fits.

    Raises Unreadable where the file is no file of tables, or a reading is faulty.
    """
    if (own := beside(path)).is_file():
        return read_reading(own)
    listed = [each for folder in folders for each in in_folder(folder)]
    book = open_workbook(path)
    tables = tables_of(book)
    return _best(listed, book, tables) or _best(packaged(), book, tables)


def _best(readings: Iterable[Reading], book: Workbook, tables: Sequence[Located]) -> Reading | None:
    fits = [
        each
        for each in readings
        if any(fits_table(each, table) for table in (*tables, *headed_by(book, each.needed())))
    ]
    return max(fits, key=lambda each: len(each.needed()), default=None)


def fits_table(reading: Reading, table: Located) -> bool:
    """Whether a table has the headings that a reading needs, and at least half of its columns are
    ones that the reading names or takes for what stands across.
    """
    wanted = reading.needed()
    if not wanted or missing(table, wanted):
        return False
    if reading.across:
        return True
    named = sum(
        column.is_ != NOTHING and table.column(column.name) is not None
        for column in reading.columns
    )
    return named * 2 >= len(table.area.columns)


def reading_for(path: Path, given: Path | None, folders: Sequence[Path] = ()) -> Reading | None:
    """The reading given by hand, or the one that fits. Raises Unreadable."""
    return read_reading(given) if given is not None else fitting(path, folders)
