"""A pack read from its folder: `pack.toml`, a table for each list, its measures and domains.

Whatever cannot be read is a fault, and all faults are found at once. Whether what is read agrees
with the lists that stand is for `pack_checks`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

from darkfigure.basis.saying import Saying, say, several
from darkfigure.codes.code import LABEL_IN, code_from, several_in
from darkfigure.codes.pack import MEASURES, Fault, Listed, Pack, PackRefused, SaidMeasure

HEAD = "pack.toml"
DOMAINS = "domains.toml"
#: What the head of a pack says; each is needed.
SAID = ("name", "title", "languages", "licence", "source", "version")
#: The columns of a table of codes, beside a label in each further language.
COLUMNS = (
    "code",
    "label",
    "aliases",
    "valid_from",
    "valid_to",
    "namespace",
    "group",
    "source",
    "successors",
    "parent",
)
#: What is said of a measure, and as what.
OF_MEASURES: dict[str, type] = {
    "title": str,
    "units": list,
    "definition": str,
    "dimensions": list,
    "holders": list,
    "additive": bool,
    "may_be_negative": bool,
    "aliases": list,
    "part_of": str,
    "narrower": list,
    "scope_note": str,
    "shares_of": str,
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}
#: What metadata beside a table is called.
METADATA = "-metadata.json"
_LARGEST = 20_000_000


def read_pack(folder: Traversable) -> Pack:
    """The pack in a folder. Raises PackRefused with every fault of its files."""
    reader = _Reader(folder)
    pack = reader.pack()
    if reader.faults:
        raise PackRefused(folder.name, reader.faults, pack)
    return pack


@dataclass
class _Reader:
    """Reads the files of a folder, and keeps the faults it meets."""

    folder: Traversable
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self, file: str, wrong: Saying, right: Saying, line: int | None = None, column: str = ""
    ) -> None:
        """Keep a fault."""
        self.faults.append(Fault(file, wrong, right, line, column))

    def pack(self) -> Pack:
        """Whatever of the pack can be read."""
        names = (
            sorted(entry.name for entry in self.folder.iterdir()) if self.folder.is_dir() else []
        )
        head = self._head() if HEAD in names else {}
        if HEAD not in names:
            self.fault(HEAD, say("packs.wrong.no_head"), say("packs.right.head"))
        languages = tuple(map(str, head.get("languages", ())))
        lists: dict[str, tuple[Listed, ...]] = {}
        measures: list[SaidMeasure] = []
        domains: dict[str, tuple[str, ...]] = {}
        for name in names:
            stem = name.rpartition(".")[0]
            if name == f"{MEASURES}.csv":
                measures.extend(self._measure_rows(name))
            elif name == f"{MEASURES}.toml":
                measures.extend(self._measure_tables(name))
            elif name == DOMAINS:
                domains = self._domains(name)
            elif name.endswith(".csv"):
                lists[stem] = tuple(self._codes(name, languages))
            elif not (name == HEAD or name.endswith((METADATA, ".md", ".txt"))):
                self.fault(name, say("packs.wrong.file"), say("packs.right.file"))
        plain = {key: str(head.get(key, "")) for key in SAID if key != "languages"}
        return Pack(
            folder=self.folder,
            languages=languages,
            lists=lists,
            measures=tuple(measures),
            domains=domains,
            **plain,
        )

    def _text(self, name: str) -> str:
        try:
            content = (self.folder / name).read_bytes()
            if len(content) <= _LARGEST:
                return content.decode("utf-8-sig")
            self.fault(name, say("packs.wrong.too_large"), say("packs.right.smaller"))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.fault(name, say("packs.wrong.not_utf8"), say("packs.right.utf8"), line)
        except OSError:
            self.fault(name, say("packs.wrong.unreadable"), say("packs.right.readable"))
        return ""

    def _toml(self, name: str) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text(name))
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            line = int(place[1]) if place else None
            self.fault(name, say("packs.wrong.not_toml"), say("packs.right.toml"), line)
            return {}

    def _head(self) -> dict[str, Any]:
        words = self._toml(HEAD)
        allowed = several(SAID, "comma")
        for key in words.keys() - set(SAID):
            self.fault(
                HEAD, say("packs.wrong.key"), say("packs.right.keys", keys=allowed), None, key
            )
        right = {"name": say("packs.right.name"), "languages": say("packs.right.languages")}
        for key in SAID:
            if not _well_said(key, words.get(key)):
                wrong = say("packs.wrong.not_said" if key not in words else "packs.wrong.not_that")
                self.fault(HEAD, wrong, right.get(key, say("packs.right.text")), None, key)
                words.pop(key, None)
        return words

    def _rows(
        self, name: str, needed: tuple[str, ...], allowed: tuple[str, ...]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a table with their lines, where its heading is what it should be."""
        reader = csv.reader(self._text(name).splitlines(keepends=True), strict=True)
        try:
            heading = next(reader, [])
            if not self._headed(name, heading, needed, allowed):
                return
            line = reader.line_num + 1
            for fields in reader:
                if fields and len(fields) != len(heading):
                    wrong = say("packs.wrong.fields", count=len(fields))
                    self.fault(name, wrong, say("packs.right.fields", count=len(heading)), line)
                elif fields:
                    values = (entry.strip() for entry in fields)
                    yield line, dict(zip(heading, values, strict=True))
                line = reader.line_num + 1
        except csv.Error:
            line = reader.line_num
            self.fault(name, say("packs.wrong.not_csv"), say("packs.right.csv"), line)

    def _headed(
        self, name: str, heading: list[str], needed: tuple[str, ...], allowed: tuple[str, ...]
    ) -> bool:
        before = len(self.faults)
        for column in sorted(set(needed) - set(heading)):
            right = say("packs.right.columns", columns=several(allowed, "comma"))
            self.fault(name, say("packs.wrong.no_column", name=column), right, 1)
        for place, column in enumerate(heading):
            if column not in allowed:
                right = say("packs.right.columns", columns=several(allowed, "comma"))
                self.fault(name, say("packs.wrong.column"), right, 1, column)
            elif column in heading[:place]:
                self.fault(name, say("packs.wrong.twice"), say("packs.right.once"), 1, column)
        return len(self.faults) == before

    def _codes(self, name: str, languages: tuple[str, ...]) -> Iterator[Listed]:
        allowed = (*COLUMNS, *(f"{LABEL_IN}{entry}" for entry in languages[1:]))
        for line, entry in self._rows(name, ("code", "label"), allowed):
            good = True
            for column in ("valid_from", "valid_to"):
                if entry.get(column) and not _is_day(entry[column]):
                    good = False
                    right = say("packs.right.day")
                    self.fault(name, say("packs.wrong.day"), right, line, column)
            if not entry["code"]:
                good = False
                self.fault(name, say("packs.wrong.empty"), say("packs.right.code"), line, "code")
            if good:
                yield Listed(line, code_from(entry))

    def _measure_rows(self, name: str) -> Iterator[SaidMeasure]:
        needed = ("code", "title", "units", "definition", "dimensions", "holders")
        for line, entry in self._rows(name, needed, ("code", *OF_MEASURES)):
            code, words = entry.pop("code"), dict[str, Any]()
            for key, text in entry.items():
                if not text:
                    continue
                value: object = text
                if OF_MEASURES[key] is list:
                    value = list(several_in(text))
                elif OF_MEASURES[key] is bool:
                    value = _TRUTHS.get(text.lower())
                    if value is None:
                        right = say("packs.right.truth")
                        self.fault(name, say("packs.wrong.truth"), right, line, key)
                words[key] = value
            yield SaidMeasure(line, code, words)

    def _measure_tables(self, name: str) -> Iterator[SaidMeasure]:
        for code, words in self._toml(name).items():
            if not isinstance(words, dict):
                self.fault(name, say("packs.wrong.no_table"), say("packs.right.table"), None, code)
                continue
            for key, value in words.items():
                if not _is_of(OF_MEASURES.get(key), value):
                    allowed = several(OF_MEASURES, "comma")
                    right = say("packs.right.of_measures", keys=allowed)
                    wrong = say("packs.wrong.not_that")
                    self.fault(name, wrong, right, None, f"{code}.{key}")
            yield SaidMeasure(None, code, words)

    def _domains(self, name: str) -> dict[str, tuple[str, ...]]:
        found = {}
        for word, areas in self._toml(name).items():
            if _is_of(list, areas) and areas:
                found[word] = tuple(areas)
            else:
                wrong, right = say("packs.wrong.not_that"), say("packs.right.areas")
                self.fault(name, wrong, right, None, word)
        return found


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2013-04-01")


def _is_of(kind: type | None, value: object) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(entry, str) and entry for entry in value)
    return kind is not None and isinstance(value, kind)


def _well_said(key: str, value: object) -> bool:
    if key == "languages":
        entry = list(value) if isinstance(value, list) and _is_of(list, value) else []
        return bool(entry) and all(map(_LANGUAGE.fullmatch, entry))
    if key == "name":
        return isinstance(value, str) and bool(_NAME.fullmatch(value))
    return isinstance(value, str) and bool(value.strip())
