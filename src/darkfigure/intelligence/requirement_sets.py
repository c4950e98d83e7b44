"""Requirement sets: what is to be learnt in a year, as a text file checked in full before it
counts.

A set has threat areas, requirements, and under each atomic questions: one question, one unit, a
domain of cells, a rule for what answers it. Codes are stable from edition to edition; what is
split, merged, reworded or retired is said in a concordance.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any

import yaml

from darkfigure import intelligence
from darkfigure.basis.errors import ReturnRefused, UnknownName
from darkfigure.basis.marking import Marking
from darkfigure.basis.period import Period, parse_period
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import quote, say
from darkfigure.codes.following import follows_lists
from darkfigure.codes.packs import packs_in_use
from darkfigure.intelligence.documents import Alias, no_aliases
from darkfigure.intelligence.markings import turn_away
from darkfigure.intelligence.shapes import worded


class AnswerKind(StrEnum):
    """What kind of thing answers a question."""

    QUANTITY = "quantity"
    CATEGORY = "category"
    EXISTENCE = "existence"
    NARRATIVE = "narrative"


@dataclass(frozen=True)
class Question:
    """An atomic question of a set.

    `areas` and `cut` make its cells; `half_life` is in years, None where what is learnt does not
    age. `gap_measures` and `gap_reasons` say which unanswered question of the data it would close,
    `gap_breakdowns` that it is one of a breakdown by one of these;
    `ratio` is the most an upper bound of a quantity may be of the lower for an answer to be
    accepted.
    """

    code: str
    requirement: str
    threat: str
    text: str
    answer: AnswerKind
    unit: str
    accept: str
    decision: str
    customer: str
    owner: str
    priority: float
    half_life: float | None
    areas: tuple[str, ...]
    groups: tuple[str, ...]
    cut: str
    latest_useful: date | None = None
    public: str = ""
    closes_when: str = ""
    gap_measures: tuple[str, ...] = ()
    gap_reasons: tuple[str, ...] = ()
    gap_breakdowns: tuple[str, ...] = ()
    ratio: float | None = None


@dataclass(frozen=True)
class Concordance:
    """What became of codes of the edition before: split, merged, reworded or retired, and why."""

    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class RequirementSet:
    """One edition; what is worked out of it is kept by it."""

    edition: str
    title: str
    valid: Period
    marking: Marking
    follows: str
    threats: Mapping[str, str]
    requirements: Mapping[str, str]
    questions: Mapping[str, Question]
    concordance: tuple[Concordance, ...]
    text: str

    def question(self, code: str) -> Question:
        """The question of a code. Raises UnknownName, saying so where the code was retired, split
        or merged in this edition.
        """
        if code in self.questions:
            return self.questions[code]
        for entry in self.concordance:
            if code in entry.old:
                instead = f"; ask {' or '.join(entry.new)} instead" if entry.new else ""
                raise UnknownName(
                    f"{code} is {entry.kind} in {self.edition} ({entry.reason}){instead}."
                )
        near = [each for each in self.questions if each.startswith(code.rpartition(".")[0])][:4]
        offered = (
            f" Near it are {', '.join(near)}."
            if near
            else f" Its threat areas are {', '.join(self.threats)}."
        )
        raise UnknownName(f"{code!r} is not a question of {self.edition}.{offered}")

    def wording(self, code: str, sees: Marking) -> str:
        """A question as somebody may read it: in its own words, or in those for the public; nothing
        where there are none and the set is marked above what they see.
        """
        asked = self.questions[code]
        if sees > Marking.PUBLIC and self.marking <= sees:
            return asked.text
        return asked.public or (asked.text if self.marking <= sees else "")

    def came_from(self, code: str) -> Concordance | None:
        """The split or merger a code came from."""
        return next(
            (
                each
                for each in self.concordance
                if code in each.new and each.kind in ("split", "merged")
            ),
            None,
        )


@follows_lists(maxsize=16)
def read_set(text: str, name: str) -> RequirementSet:
    """A set from its text. Raises ReturnRefused with every fault found, each with its line;
    MarkedTooHigh where it may not be held.
    """
    try:
        no_aliases(text)
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.load(text, _Plain)  # noqa: S506 - a loader of plain values
    except RecursionError as error:
        deep = Problem(say("problems.wrong.too_deep"), say("problems.right.flatter"), rule="yaml")
        raise ReturnRefused(name, [deep]) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ReturnRefused(name, [_no_yaml(error)]) from error
    turn_away(data, name)
    problems = list(_against_schema(data, node))
    if not problems:
        problems = list(_against_itself(data, node))
    if problems:
        raise ReturnRefused(name, problems)
    return _made(data, text)


def _no_yaml(error: Exception) -> Problem:
    """What keeps a text from being YAML; in the parser's words only where they quote nothing."""
    mark, found = getattr(error, "problem_mark", None), getattr(error, "problem", None) or ""
    if isinstance(error, Alias):
        wrong, right = say("problems.wrong.alias"), say("problems.right.written_out")
        return Problem(wrong, right, line=mark.line + 1 if mark else None, rule="yaml")
    plain = found and "'" not in found and '"' not in found
    return Problem(
        say("problems.wrong.not_yaml"),
        quote(found) if plain else say("problems.right.indentation"),
        line=mark.line + 1 if mark else None,
        rule="yaml",
    )


class _Plain(yaml.SafeLoader):
    """Days stay text, as the Schema has them."""


_Plain.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for letter, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@follows_lists()
def schema() -> dict[str, Any]:
    """The published JSON Schema of a set; words of packs for areas are known in it too."""
    text = (files("darkfigure") / "data" / "requirements" / "schema.json").read_text(
        encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(text)
    words = found["$defs"]["question"]["properties"]["domain"]["properties"]["areas"]["anyOf"][0]
    words["enum"] += [word for word in domains() if word not in words["enum"]]
    return found


@follows_lists()
def domains() -> dict[str, list[str]]:
    """Areas that one word stands for, those of packs among them."""
    text = (files("darkfigure") / "data" / "requirements" / "domains.toml").read_text(
        encoding="utf-8"
    )
    own = {word: [*areas] for pack in packs_in_use() for word, areas in pack.domains.items()}
    return {**own, **tomllib.loads(text)}


def _against_schema(data: Any, node: Any) -> Iterator[Problem]:
    found = intelligence.set_schema.faults(schema(), data)
    for error in sorted(found, key=lambda each: list(map(str, each.absolute_path))):
        place = list(error.absolute_path)
        wrong, right = worded(error)
        yield Problem(
            wrong,
            right,
            _line(node, place),
            _path(place),
            rule="schema",
        )


def _against_itself(data: dict[str, Any], node: Any) -> Iterator[Problem]:
    threats = {each["code"] for each in data["areas"]}
    seen: dict[str, int | None] = {}
    for at, requirement in enumerate(data["requirements"]):
        place: list[Any] = ["requirements", at]
        if requirement["area"] not in threats:
            known, line = ", ".join(sorted(threats)), _line(node, [*place, "area"])
            wrong = say("problems.wrong.no_set_area")
            yield Problem(
                wrong,
                say("problems.right.known", known=known),
                line,
                "area",
                requirement["area"],
                "area",
            )
        for code, where in [(requirement["code"], place)] + [
            (question["code"], [*place, "questions", number])
            for number, question in enumerate(requirement["questions"])
        ]:
            line = _line(node, [*where, "code"])
            if code in seen:
                yield Problem(
                    say("problems.wrong.code_twice"),
                    say("problems.right.stands_before", line=seen[code]),
                    line,
                    "code",
                    code,
                    "double",
                )
            seen[code] = line
            if where is not place and not code.startswith(requirement["code"] + "."):
                yield Problem(
                    say("problems.wrong.not_under", code=requirement["code"]),
                    say("problems.right.begins_with", code=requirement["code"]),
                    line,
                    "code",
                    code,
                    "parent",
                )
    if data["valid"]["from"] > data["valid"]["to"]:
        yield Problem(
            say("problems.wrong.ends_before"),
            say("problems.right.from_before_to"),
            _line(node, ["valid"]),
            "valid",
            rule="valid",
        )
    yield from _of_concordance(data, node, set(seen))


def _of_concordance(data: dict[str, Any], node: Any, codes: set[str]) -> Iterator[Problem]:
    leads: dict[str, set[str]] = {}
    for at, entry in enumerate(data.get("concordance", [])):
        line = _line(node, ["concordance", at])
        for code in entry["to"]:
            if code not in codes:
                yield Problem(
                    say("problems.wrong.leads_nowhere"),
                    say("problems.right.code_of_edition"),
                    line,
                    "to",
                    code,
                    "code",
                )
        sizes = {"split": (1, 2), "merged": (2, 1), "reworded": (1, 1), "retired": (1, 0)}[
            entry["kind"]
        ]
        if (
            len(entry["from"]) < sizes[0]
            or len(entry["to"]) < sizes[1]
            or (entry["kind"] == "retired" and entry["to"])
        ):
            right = say(
                "problems.right.entry_sizes", kind=entry["kind"], from_=sizes[0], to=sizes[1]
            )
            yield Problem(
                say("problems.wrong.became"),
                right,
                line,
                "kind",
                entry["kind"],
                "concordance",
            )
        for code in entry["from"]:
            leads.setdefault(code, set()).update(each for each in entry["to"] if each != code)
            if code in codes and code not in entry["to"]:
                yield Problem(
                    say("problems.wrong.still_there"),
                    (say("problems.right.leave_out")),
                    line,
                    "from",
                    code,
                    "concordance",
                )
    for start in sorted(leads):
        if _circles(start, leads):
            yield Problem(
                say("problems.wrong.circle"),
                (say("problems.right.no_circle")),
                column="concordance",
                value=start,
                rule="circle",
            )
            return


def _circles(start: str, leads: Mapping[str, set[str]]) -> bool:
    reached, ahead = set(), list(leads.get(start, ()))
    while ahead:
        code = ahead.pop()
        if code == start:
            return True
        if code not in reached:
            reached.add(code)
            ahead.extend(leads.get(code, ()))
    return False


def _path(place: Sequence[Any]) -> str:
    return ".".join(
        str(each) if isinstance(each, str) else f"[{each + 1}]" for each in place
    ).replace(".[", "[")


def _line(node: Any, place: Sequence[Any]) -> int | None:
    """The line of a place in the file, as near as can be."""
    found = node
    for step in place:
        if isinstance(found, yaml.MappingNode):
            found = next((value for key, value in found.value if key.value == step), None)
        elif (
            isinstance(found, yaml.SequenceNode)
            and isinstance(step, int)
            and step < len(found.value)
        ):
            found = found.value[step]
        else:
            break
        if found is None:
            return None
    return found.start_mark.line + 1 if found is not None else None


def _made(data: dict[str, Any], text: str) -> RequirementSet:
    questions = {}
    for requirement in data["requirements"]:
        for entry in requirement["questions"]:
            made = _question(requirement, entry)
            questions[made.code] = made
    return RequirementSet(
        edition=data["edition"],
        title=data["title"],
        valid=parse_period(f"{data['valid']['from']}..{data['valid']['to']}"),
        marking=Marking[data.get("marking", "official").upper().replace("-", "_")],
        follows=data.get("follows", ""),
        threats={each["code"]: each["title"] for each in data["areas"]},
        requirements={each["code"]: each["title"] for each in data["requirements"]},
        questions=questions,
        concordance=tuple(
            Concordance(each["kind"], tuple(each["from"]), tuple(each["to"]), each["reason"])
            for each in data.get("concordance", [])
        ),
        text=text,
    )


#: What a question has from its requirement where it says nothing else.
_INHERITED = ("decision", "customer", "owner", "priority", "half_life", "latest_useful")


def _question(requirement: dict[str, Any], entry: dict[str, Any]) -> Question:
    held: dict[str, Any] = {name: entry.get(name, requirement.get(name)) for name in _INHERITED}
    domain, gap = entry["domain"], entry.get("gap", {})
    areas = domains()[domain["areas"]] if isinstance(domain["areas"], str) else domain["areas"]
    return Question(
        code=entry["code"],
        requirement=requirement["code"],
        threat=requirement["area"],
        text=entry["text"],
        answer=AnswerKind(entry["answer"]),
        unit=entry.get("unit", ""),
        accept=entry["accept"],
        decision=held["decision"],
        customer=held["customer"],
        owner=held["owner"],
        priority=float(held["priority"]),
        half_life=None if held["half_life"] == "none" else float(held["half_life"]),
        areas=tuple(areas),
        groups=tuple(domain.get("groups", ())),
        cut=domain["period"],
        latest_useful=date.fromisoformat(held["latest_useful"]) if held["latest_useful"] else None,
        public=entry.get("public", ""),
        closes_when=entry.get("closes_when", entry["accept"]),
        gap_measures=tuple(gap.get("measures", ())),
        gap_reasons=tuple(gap.get("reasons", ())),
        gap_breakdowns=tuple(gap.get("breakdowns", ())),
        ratio=entry.get("ratio"),
    )


@follows_lists()
def example_set(name: str = "human_trafficking") -> RequirementSet:
    """A set the package carries: human_trafficking, other_threats."""
    path = files("darkfigure") / "data" / "requirements" / f"{name}.yaml"
    return read_set(path.read_text(encoding="utf-8"), path.name)


def is_under(question: str, code: str) -> bool:
    """Whether a question is of a code: that question itself, or one of a requirement or area."""
    return question == code or question.startswith(code + ".")


def in_force(sets: Iterable[RequirementSet], day: date) -> list[RequirementSet]:
    """The editions that stand on a day: begun, and not yet followed by one that has."""
    begun = [held for held in sets if held.valid.start <= day]
    followed = {held.follows for held in begun}
    standing = [held for held in begun if held.edition not in followed]
    return sorted(standing, key=lambda held: (-held.valid.start.toordinal(), held.edition))


def natural(code: str) -> tuple[object, ...]:
    """Codes in the order people read them: HT.2 before HT.10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", code))
