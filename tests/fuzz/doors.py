"""The doors by which files and words come in, and sound or known bad ones to begin from.

Whatever comes by a door is a value, or turned away by a DarkfigureError that can be said.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from tables import TABLES

from darkfigure.assessment.conditions import holds
from darkfigure.basis.errors import DarkfigureError
from darkfigure.basis.period import parse_day, parse_period, parse_stated
from darkfigure.cases.records import KINDS as RECORDS
from darkfigure.cases.records import columns_of_file
from darkfigure.disclosure.rules import Rule
from darkfigure.disclosure.together import together
from darkfigure.intelligence.documents import read_document
from darkfigure.intelligence.judgement_fields import as_fields
from darkfigure.intelligence.judgements import faults
from darkfigure.intelligence.reporting import read_replies, read_report
from darkfigure.intelligence.requirement_sets import example_set, read_set
from darkfigure.law.applied import apply_law
from darkfigure.law.stated import read_stated
from darkfigure.linkage import prepared, read_model
from darkfigure.linkage.blocking import RULES
from darkfigure.linkage.comparisons import COMPARISONS
from darkfigure.linkage.model import Model, Step
from darkfigure.linkage.preparation import noticed
from darkfigure.reading import capture_files, evidence_from, record_lines
from darkfigure.reading.agency_lists import read_lists
from darkfigure.reading.count_tables import read_counts, read_published
from darkfigure.reading.delimited import small_records
from darkfigure.reading.door import text_of
from darkfigure.reading.edition_folders import read_head, thawed
from darkfigure.reading.edition_text import read_chapter
from darkfigure.reading.fact_files import read_facts
from darkfigure.reading.judgement_files import read_judgement
from darkfigure.reading.release_plans import read_plan
from darkfigure.reading.request_files import MOST
from darkfigure.tables.intervals import Bounded
from darkfigure.tables.question import from_words
from darkfigure.writing.editions.bundle import edition_document
from darkfigure.writing.forms.reporting_examples import REQUEST
from darkfigure.writing.forms.templates import example_json
from darkfigure.writing.registry import TEXT, write
from darkfigure_hub.flows.check_file import check_file
from darkfigure_hub.flows.check_pdf import check_pdfs
from darkfigure_hub.flows.request_asked import wanted_in
from editions_drawn import HEAD, chapter, edition
from judgements_drawn import SOUND
from snapshots_written import sealed_anew, snapshot_of

TODAY = date(2026, 11, 23)
PDFS = Path(__file__).parents[1] / "pdfs"
SEEDS = Path(__file__).parent / "seeds"
DATA = files("darkfigure") / "data"


def _nothing(error: DarkfigureError) -> str:
    raise ValueError(f"{type(error).__name__} says nothing")


@dataclass(frozen=True)
class Door:
    """Where something comes in: how, from what to begin, and under what name a file comes."""

    name: str
    enter: Callable[[Path], object]
    seeds: tuple[bytes, ...]
    file: str = "synthetic.csv"

    def let_in(self, content: bytes, folder: Path) -> str:
        """Bring something in: what was said where it is turned away, nothing where it is taken.
        Whatever else is raised is a fault of ours.
        """
        path = folder / self.file
        path.write_bytes(content)
        try:
            self.enter(path)
        except DarkfigureError as error:
            return str(error) or _nothing(error)
        return ""


def _figures(path: Path) -> None:
    """As `check` reads it; what is sound becomes evidence."""
    check_file(path, TODAY)
    evidence_from([path], TODAY)


def _checked(kind: str) -> Callable[[Path], object]:
    return lambda path: check_file(path, TODAY, kind=kind)


def _document(path: Path) -> None:
    held = read_document(text_of(path), path.name)
    if isinstance(held, dict) and "replies" in held:
        read_replies(held, path.name)
    else:
        read_report(held, example_set(), path.name)


def _lines(path: Path) -> None:
    """As the interface takes lines of JSON: as text of our own forms, line by line, then read."""
    made = record_lines.delimited(path.read_bytes(), path.name)
    assert made.count(b"\n") == record_lines.count(path.read_bytes()) + 1
    path.write_bytes(made)
    _figures(path)


def _edition(path: Path) -> None:
    read_set(text_of(path), path.name)


def _facts(path: Path) -> None:
    apply_law(read_stated(read_facts(text_of(path), path.name)))


def _request(path: Path) -> None:
    wanted_in(text_of(path, MOST), path.name, TODAY)


def _plan(path: Path) -> None:
    read_plan(text_of(path), path.name)


def _judgement(path: Path) -> None:
    judgement = read_judgement(text_of(path), path.name)
    "".join(map(str, faults(judgement, None)))


def _chapter(path: Path) -> None:
    chapter = read_chapter(text_of(path), path.name, "HT")
    names = {live.reference.name: ONE for live, _ in chapter.lives if live.reference.name}
    for live, _ in chapter.lives:
        if live.reference.condition:
            with suppress(DarkfigureError):
                holds(live.reference.condition, names)


def _head(path: Path) -> None:
    read_head(text_of(path), path.name)


def _frozen(path: Path) -> None:
    thawed(path.read_bytes())


def _counts(path: Path) -> None:
    read_counts(path, ["area", "sex"], "people")


def _published(path: Path) -> None:
    together([read_published(path, Rule())], Rule())


def _pdf(path: Path) -> None:
    write("accessible", TEXT, check_pdfs([path]))


def _records(path: Path) -> None:
    list(small_records(path))


def _list(path: Path) -> None:
    table, encoded = read_lists([path])
    if not encoded:
        noticed(table)
        prepared(table)


def _model(path: Path) -> None:
    read_model(text_of(path))


def _snapshot(table: str) -> Callable[[Path], object]:
    """A table of a snapshot, with a manifest that agrees, as whoever sends one can write it."""

    def enter(path: Path) -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = _snapshot_in(Path(place))
            shutil.copy(path, folder / f"{table}.parquet")
            _figures(sealed_anew(folder, table))

    return enter


def _snapshot_in(place: Path) -> Path:
    made = place / "synthetic.csv"
    made.write_bytes(_packaged("pentameter_statements.csv", 12))
    return snapshot_of(evidence_from([made], TODAY), place / "snapshot")


def _tables_of_snapshot(table: str) -> tuple[bytes, ...]:
    with tempfile.TemporaryDirectory() as place:
        return ((_snapshot_in(Path(place)) / f"{table}.parquet").read_bytes(),)


def _words(path: Path) -> None:
    """Each word as a day, a period and so on; all of them as a question."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    words = [*text.split("\n"), *[""] * 8]
    for read in (parse_day, parse_stated, parse_period):
        for word in words:
            with suppress(DarkfigureError):
                read(word)
    measure, by, where, period, unit, as_at, evidence, rule = words[:8]
    from_words(
        measure,
        TODAY,
        by=by,
        where=where.split(";"),
        period=period,
        unit=unit,
        as_at=as_at,
        evidence=evidence,
        rule=rule,
    )


def _kept(folder: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted((SEEDS / folder).iterdir()))


def _packaged(name: str, lines: int) -> bytes:
    """The first lines of an example of the package."""
    content = (DATA / "sources" / name).read_bytes()
    plain = gzip.decompress(content) if name.endswith(".gz") else content
    return b"\n".join(plain.split(b"\n")[:lines]) + b"\n"


def _answers() -> tuple[bytes, ...]:
    held = json.loads((DATA / "sources" / "parliamentary_answers.json").read_bytes())
    return tuple(
        json.dumps({**held, "answers": [each]}, indent=1).encode() for each in held["answers"]
    )


_KEPT = {"record": "R-1", "stated_on": "2026-07-02", "reported_by": "kent", "synthetic": "yes"}


def _cases() -> tuple[bytes, ...]:
    """A record of each kind, with every column."""
    made = []
    for kind in RECORDS.values():
        columns = columns_of_file(kind)
        row = {**_KEPT, "record_kind": kind.name, "person": "P-1", "date": "2026-07-01"}
        lines = (",".join(columns), ",".join(row.get(name, "") for name in columns))
        made.append(("\n".join(lines) + "\n").encode())
    return tuple(made)


_FORM = {
    "form": "nrm referral form 2026-04",
    "reported_by": "HO",
    "stated_on": "2026-05-01",
    "synthetic": True,
    "submissions": [
        {
            "reference": "SYN-1",
            "user-organisation": "The Salvation Army",
            "pv-under-age": "no",
            "pv-want-to-submit-nrm": "yes",
            "types-of-exploitation-forced-to-work": "yes",
            "pv-name-first-name": "Synthetic",
            "pv-dob": "1990-02-03",
            "pv-nationality": "Albanian",
        }
    ],
}
_CHILD = b'{"act": ["transport"], "child": "yes", "age": 12}'
_FACTS = b"""act: [recruitment, transport]
means: {deception: yes, force: not_known}
purpose: [sexual]
age: 25
day: 2008-03-01
place: England and Wales
"""
_QUESTIONS = (
    b"victims_recovered\nyear,operation\noperation=pentameter_2\n2006..2008\npersons\n2008-12-17",
    b"referrals\nquarter\nexploitation~sexual\n2022 Q1\n\n\n",
    b"arrests\n\n\n\n\n\ncases\npersons",
)


_CHAPTER = b"""# Human trafficking

## Scale

{{ ask arrests where="operation=Pentameter 2" name=a }} {{ says "fell" a < 2 and a.before / 3 > 1 }}

::: official

- **one** [two](changes.html) `three`

:::

| a | b |
| - | - |
| x | {{ let b = a / 2 }} |
"""
#: A figure by a name, for the conditions of a chapter.
ONE = Bounded(1, 1, 1)


def _frozen_seed() -> bytes:
    """A whole edition, frozen."""
    return edition_document(edition(chapter(scale="{{ ask arrests }}"))).encode()


_MODEL = Model(
    {
        name: tuple(Step(level.words, 0.5, 0.3) for level in each.levels)
        for name, each in COMPARISONS.items()
    },
    RULES,
    0.01,
    10,
)
_LINES = (
    b'{"measure":"victims_recovered","period":"2011","value":3,"stated_on":"2012-02-01",'
    b'"stated_by":"Kent","source":"synthetic"}\n'
    b'{"measure":"victims_recovered","period":"2012","value":null,"reason":"not_collected",'
    b'"stated_on":"2013-02-01","stated_by":"Kent","source":"synthetic, \\u0022quoted\\u0022"}\n',
    b'{"record_kind":"person","record":"X1","stated_on":"2008-07-02","reported_by":"essex",'
    b'"synthetic":true,"sex":"female","birth_year":1984}\n',
)
_PLAN = b"""series: recovered
edition: 2009-q1
title: SYNTHETIC
summary: SYNTHETIC
publisher: SYNTHETIC
contact: x@example.org
licence: CC BY 4.0
out: 2009-02-24 09:30
scheduled: no
access:
  - {post: SYNTHETIC, since: 2009-02-23 09:30, why: SYNTHETIC}
tables:
  - code: by-sex
    title: SYNTHETIC
    ask: victims_recovered
    by: [operation, sex]
    as_at: 2009-01-31
    notes: SYNTHETIC
"""
_JUDGEMENT = b"""code: HT-J-01
area: HT
requirements: [HT.1.1]
claim: SYNTHETIC
term: realistic possibility
confidence: {rating: low, source_base: x, coverage: x, agreement: x, time_since: x}
direction: stable
horizon: 2027-03-31
resolution: SYNTHETIC
for: [KNT R-1/1, {item: MET R-2/3, grade: 2CP, origin: ORIGIN-4, on: 2026-01-09}]
figures:
  - {ask: referrals --period 2025, as_at: 2026-04-01, role: context}
hypotheses: [{code: A, says: x, claimed: yes}, {code: B, says: x}]
grid: {KNT R-1/1: {A: CC, B: I}, MET R-2/3: {A: N, B: NA}}
would_change: SYNTHETIC
indicators: [{says: x, ask: referrals, condition: "> 500"}]
change: {kind: first}
marking: OFFICIAL
synthetic: yes
known: 2026-05-01
"""
_COUNTS = b"area,sex,people\nKent,Female,3\nKent,Male,1021\nEssex,Female,17\nEssex,Male,2\n"
_HIDDEN = (
    b"area,sex,people,status\nKent,Female,,suppressed\nKent,Male,,suppressed\nKent,Total,9,\n"
    b"Total,Total,9,\n"
)
DOORS = {
    door.name: door
    for door in (
        Door(
            "figures",
            _figures,
            (
                *_kept("figures"),
                _packaged("nrm_vintages.csv", 6),
                _packaged("nrm_referrals_cells.csv.gz", 6),
                gzip.compress(_packaged("nrm_referrals_cells.csv.gz", 6), mtime=0),
                _packaged("police_recorded_crime_2017_18.csv.gz", 6),
                _packaged("pentameter_statements.csv", 12),
                _packaged("uk_hidden_victim_estimates.csv", 6),
            ),
        ),
        Door("cases", _figures, (*_kept("cases"), *_cases(), json.dumps(example_json()).encode())),
        Door("lines", _lines, _LINES),
        Door("answers", _checked("answers"), (*_kept("answers"), *_answers()), "synthetic.json"),
        Door("referral form", _checked("nrm_form"), (json.dumps(_FORM).encode(),), "form.json"),
        Door("documents", _document, _kept("documents"), "synthetic.yaml"),
        Door("editions", _edition, _kept("editions"), "synthetic.yaml"),
        Door(
            "facts",
            _facts,
            (_FACTS, _CHILD),
            "facts.yaml",
        ),
        Door("requests", _request, (REQUEST.encode(),), "request.yaml"),
        Door("release plans", _plan, (_PLAN,), "plan.yaml"),
        Door("chapters of editions", _chapter, (_CHAPTER,), "chapter.md"),
        Door("heads of editions", _head, (HEAD.format(marking="official").encode(),), "e.yaml"),
        Door("frozen editions", _frozen, (_frozen_seed(),), "edition.json"),
        Door("judgements", _judgement, (json.dumps(as_fields(SOUND)).encode(),), "judgement.json"),
        Door("judgements written", _judgement, (_JUDGEMENT,), "judgement.yaml"),
        Door("tables to be protected", _counts, (_COUNTS,)),
        Door("published tables", _published, (_COUNTS, _HIDDEN)),
        Door(
            "PDFs", _pdf, tuple(path.read_bytes() for path in sorted(PDFS.glob("*.pdf"))), "a.pdf"
        ),
        Door("asks", _records, _kept("asks")),
        Door("capture tables", capture_files.read, _kept("capture")),
        Door("lists of people", _list, _kept("lists")),
        Door("linkage models", _model, (_MODEL.to_json().encode(),), "model.json"),
        Door("question words", _words, _QUESTIONS, "words"),
        *(
            Door(f"snapshot, {table}", _snapshot(table), _tables_of_snapshot(table), "any.parquet")
            for table in ("blocks", "statements")
        ),
        *(Door(name, *door) for name, door in TABLES.items()),
    )
}
