"""What commands are given: options shared between them, and how they are read."""

from __future__ import annotations

import atexit
import getpass
import os
import select
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from darkfigure.basis.errors import DarkfigureError, UnknownName, Unreadable
from darkfigure.basis.marking import Scope
from darkfigure.basis.period import parse_day
from darkfigure.codes.pack import Pack
from darkfigure.tables.snapshot_files import DUCKDB
from darkfigure.writing import registry
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import is_draft
from darkfigure_hub import flows
from darkfigure_hub.access import for_operator
from darkfigure_hub.settings import TIME_ZONE

if TYPE_CHECKING:
    from darkfigure.evidence.snapshots import Snapshot


class Listed(StrEnum):
    """Written forms of a list."""

    TEXT = "text"
    JSON = "json"


def form_option(*subjects: str) -> Any:
    """The option that chooses among the forms of what a command writes."""
    forms = [form.name for subject in subjects for form in registry.forms_of(subject)]
    names = list(dict.fromkeys(forms))
    told = "How it is written. Default: by the ending of --out, else text."
    option: Any = typer.Option(
        "--format", metavar=f"[{'|'.join(names)}]", autocompletion=lambda: names, help=told
    )
    option.subjects = subjects
    return option


def language_option(*subjects: str) -> Any:
    """The option that chooses among the languages of what a command writes: for commands whose
    subjects have a second, see `tests/house/test_languages.py`.
    """
    held = list(dict.fromkeys(each for one in subjects for each in registry.languages_of(one)))
    first, *others = [f"{each} (a draft)" if is_draft(each) else each for each in held]
    told = f"The language it is written in: {', '.join([first, *others[:-1]])}, or {others[-1]}."
    return typer.Option("--language", autocompletion=lambda: held, help=told)


def no_blank(option: str, right: str) -> Any:
    """Refuse a blank: left empty by a script, it would ask another question than was meant."""

    def refuse(given: list[str] | None) -> list[str] | None:
        if any(not text.strip() for text in given or ()):
            raise Unreadable(f"{option} is given and empty. {right}, or leave {option} out.")
        return given

    return refuse


By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        callback=no_blank("--by", "Name a dimension"),
        help="Dimensions, separated by commas; also period, month, quarter, year, financial_year.",
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        callback=no_blank("--where", "Write DIMENSION=VALUE"),
        help="DIMENSION=VALUE, or DIMENSION~VALUE to include combinations. May be repeated.",
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period", help="2023, 2023Q2, 2017/18, 2023-04, 2023-04-01, or two with .. between."
    ),
]
Unit = Annotated[
    str | None, typer.Option("--unit", help="Unit, where a measure is held in several.")
]
AsAt = Annotated[
    str | None,
    typer.Option(
        "--as-at",
        help="The day as known on which the answer is wanted (YYYY-MM-DD). Default: today.",
    ),
]
ListedOption = Annotated[Listed, typer.Option("--format", help="How the list is written.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write to this file instead of the terminal.")
]


Evidence = Annotated[
    str,
    typer.Option(
        "--evidence",
        help="statements (figures as bodies stated them) or cases (records counted here).",
    ),
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="Counting rule, for cases; given twice, they are side by side."),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="No bounds for what is not whole: the reason, and no figure."),
]
OneRule = Annotated[str | None, typer.Option("--rule", help="Counting rule, for cases.")]
SnapshotPlace = Annotated[
    str | None,
    typer.Option(
        "--snapshot",
        help="Ask the files of a snapshot instead of the repository: its folder, or a store of "
        "snapshots (the latest), or STORE@YYYY-MM-DD.",
    ),
]
Memory = Annotated[
    str,
    typer.Option(
        "--memory",
        envvar="DARKFIGURE_MEMORY",
        help="Keep within so much memory (4G, 3000MB); what does not fit goes to the disk.",
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        help="A folder for what was done so far, until all is: broken off and begun again, the "
        "work goes on there.",
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        help="What asks the files of a snapshot: duckdb; spark on this machine; spark://HOST:PORT, "
        "a cluster; sc://HOST:PORT, whatever answers Spark Connect.",
    ),
]

PackFolder = Annotated[Path, typer.Argument(help="The folder of the pack.")]
Files = Annotated[
    list[Path], typer.Argument(help="Files to read; - is standard input.", allow_dash=True)
]
File = Annotated[Path, typer.Argument(help="A file; - is standard input.", allow_dash=True)]
As = Annotated[
    str | None, typer.Option("--as", help="The kind of file, where it cannot be recognised.")
]
StatedOn = Annotated[
    list[str] | None,
    typer.Option(
        "--stated-on",
        help=(
            "The day it was stated, where the file does not say (YYYY-MM-DD); of several releases "
            "RELEASE=YYYY-MM-DD, once for each."
        ),
    ),
]
With = Annotated[
    Path | None,
    typer.Option("--with", help="The reading that says how the file is read (FILE.reading.toml)."),
]
Readings = Annotated[
    Path | None,
    typer.Option(
        "--readings",
        help="A folder to find the file's reading in. Default: readings in the data folder.",
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        help="CHECK=REASON: the file is right against this check of sense; kept with the return.",
    ),
]
Edition = Annotated[
    str, typer.Option("--edition", help="Code of the edition. Default: the latest.")
]
On = Annotated[
    str | None,
    typer.Option("--on", help="The day from which it is known (YYYY-MM-DD). Default: today."),
]
#: The most that is kept of what has no end that can be seen before.
MOST_STREAMED = 4 * 10**9
#: Remarks printed for a file; the rest are counted.
SHOWN = 8


ShowValues = Annotated[
    bool,
    typer.Option(
        "--show-values",
        help="Print what stands in the file beside its faults, names included; this is logged.",
    ),
]


@contextmanager
def showing(paths: Sequence[Path], *, wanted: bool) -> Iterator[None]:
    """While faults are printed: with what was received, where that is wanted."""
    if not wanted:
        yield
        return
    flows.open_repository.open_repository()
    with flows.show_values.show_values(operator("show values"), paths):
        yield


def pack_in_words(pack: Pack) -> str:
    """What a pack holds."""
    counts = [f"{len(rows):,} {name.replace('_', ' ')}" for name, rows in pack.lists.items()]
    sorts = {"measure": len(pack.measures), "domain": len(pack.domains)}
    counts += [f"{each:,} {name}{'s'[: each > 1]}" for name, each in sorts.items() if each]
    return ", ".join(counts)


def operator(purpose: str) -> Scope:
    """The scope of whoever runs the program."""
    return for_operator(getpass.getuser(), purpose)


def opened(place: str | None, engine: str) -> Snapshot | None:
    """A snapshot opened for an engine; nothing where none is named. Raises UnknownName for an
    engine without a snapshot.
    """
    if place is not None:
        return flows.ask_snapshot.open_snapshot(place, engine=engine)
    if engine != DUCKDB:
        raise UnknownName("An engine asks the files of a snapshot: name its place, --snapshot.")
    return None


def today() -> date:
    """The day it is where the repository is kept."""
    return datetime.now(ZoneInfo(TIME_ZONE)).date()


def day_or_today(text: str | None) -> date:
    """A day given, or today."""
    return parse_day(text) if text else today()


def stated_days(given: Sequence[str] | None) -> date | dict[str, date] | None:
    """The day of a file, or the days of its releases. Raises Unreadable for one of each."""
    if not given:
        return None
    if len(given) == 1 and "=" not in given[0]:
        return parse_day(given[0])
    if not all("=" in each for each in given):
        raise Unreadable("Give one day, or a day for each release: --stated-on RELEASE=YYYY-MM-DD.")
    pairs = (each.partition("=") for each in given)
    return {release.strip(): parse_day(day) for release, _, day in pairs}


def readings(folder: Path | None) -> list[Path]:
    """The folders in which readings are looked for."""
    return [folder] if folder is not None else [flows.propose_reading.readings_folder()]


def accepted(given: Sequence[str] | None) -> dict[str, str]:
    """The checks of sense that are accepted, with their reasons. Raises Unreadable without one."""
    pairs = [each.partition("=") for each in given or ()]
    if bare := next((check for check, sign, _ in pairs if not sign), None):
        raise Unreadable(f"Say why {bare} is accepted: --accept {bare}=REASON.")
    return {check.strip(): reason.strip() for check, _, reason in pairs}


def listing(name: str, data: Mapping[str, Any], *, synthetic: bool | None = None) -> None:
    """Print what is listed as a JSON document."""
    typer.echo(document(name, data, synthetic=synthetic), nl=False)


def names(by: list[str] | None) -> list[str]:
    """What is given separated by commas, however often the option was used."""
    return [name for given in by or [] for name in given.split(",")]


def file(path: Path) -> Path:
    """A file given; for - and whatever can be read once only (a pipe, /dev/stdin), a file with what
    comes from there, gone when the program ends.
    """
    if str(path) == "-":
        return _kept("")
    try:
        mode = path.stat().st_mode
    except OSError:
        return path  # whoever reads it says what is wrong with it
    if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode):
        return _kept(str(path))
    return path


@lru_cache(maxsize=8)
def _kept(name: str) -> Path:
    """What comes from standard input, or from what is read once only, as a file."""
    folder = Path(tempfile.mkdtemp(prefix="darkfigure-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "standard input"
    with path.open("wb") as target:
        if name:
            with Path(name).open("rb") as source:
                _copy(source, target, name)
        else:
            _copy(sys.stdin.buffer, target, "standard input")
    with path.open("rb") as source:
        start = source.read(512)
    endings = {b"PAR1": ".parquet", b"\x1f\x8b": ".gz", b"{": ".json", b"[": ".json"}
    kind = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    ending = next((end for begin, end in endings.items() if kind.startswith(begin)), "")
    return path.rename(folder / f"standard input{ending}")


def _copy(source: IO[bytes], target: IO[bytes], name: str) -> None:
    copied = 0
    while piece := _next(source.fileno()):
        copied += target.write(piece)
        if copied > MOST_STREAMED:
            raise DarkfigureError(
                f"{name} gives more than {MOST_STREAMED // 10**9} GB. Keep it in a file and name "
                "the file."
            )


def _next(source: int) -> bytes:
    """What comes next. An interruption that arrives just before a pipe falls silent is heard too:
    nobody waits for longer than a moment at a time.
    """
    while not select.select([source], [], [], 0.2)[0]:
        pass
    return os.read(source, 1024 * 1024)


def folder(path: Path) -> Path:
    """A folder to write into, made if need be. Raises DarkfigureError where it cannot be one."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DarkfigureError(
            f"{path} cannot be a folder: {error.strerror}. Name a folder to write into."
        ) from error
    return path


def deliver(text: str, out: Path | None) -> None:
    """Print, or write to a file."""
    if out is None:
        typer.echo(text, nl=False)
        return
    deliver_bytes(text.encode("utf-8"), out)


def deliver_edition(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files of a rendering of an edition into a folder; its cover is its index, too."""
    folder(out)
    for name, body in files.items():
        _write(body, out / name)
    if "assessment.html" in files and "index.html" not in files:
        _write(files["assessment.html"], out / "index.html")


def deliver_bytes(made: bytes, out: Path) -> None:
    """Write to a file."""
    _write(made, out)
    typer.echo(f"Written to {out}", err=True)


def _write(made: bytes, out: Path) -> None:
    if out.is_dir():
        raise DarkfigureError(f"{out} is a folder; --out names a file to write, as {out}/answer.")
    try:
        out.write_bytes(made)
    except OSError as error:
        raise DarkfigureError(f"{out} cannot be written: {error.strerror}.") from error


def deliver_as(
    subject: str, name: str | None, value: object, out: Path | None, *, language: str = "en"
) -> None:
    """Print or write to a file, in a form of the registry."""
    out = None if out == Path("-") else out
    form = registry.form_for(subject, out, name)
    shown = out is None and sys.stdout.isatty()
    if form.kind.binary and shown:
        raise UnknownName(f"{form.name} is not for a terminal: name a file with --out.")
    made = registry.write(subject, form.name, value, language=language, colour=shown)
    if isinstance(made, str):
        deliver(made, out)
    elif out is None:
        sys.stdout.buffer.write(made)
    else:
        deliver_bytes(made, out)


def deliver_to(subject: str, value: object, out: Path) -> None:
    """Write to a file in the form of its ending."""
    made = registry.write(subject, registry.form_for(subject, out, None).name, value)
    _write(made if isinstance(made, bytes) else made.encode("utf-8"), out)


def remarks(noticed: list[str]) -> None:
    """Print what was noticed in a file: the first few, and how many more."""
    for remark in noticed[:SHOWN]:
        typer.echo(f"      noticed: {remark}")
    if len(noticed) > SHOWN:
        typer.echo(f"      and {len(noticed) - SHOWN} more like these.")
