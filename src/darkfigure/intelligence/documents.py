"""Documents as they are received: JSON or YAML 1.2 made into plain values, or refused with a place.

A key `on` is a word and a day is text, as in YAML 1.2. What could mean two things or never end is
refused: a key that stands twice, values that stand for others (aliases), nesting without an end,
characters that no text holds.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from darkfigure.basis.errors import ReturnRefused
from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say
from darkfigure.intelligence.markings import turn_away

#: How deep fields may lie in one another.
DEEPEST = 40
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Alias(yaml.MarkedYAMLError):
    """A value of YAML that stands for another."""


class _Twice(ValueError):
    """A key stands twice in one set of fields."""


class _Values(yaml.SafeLoader):
    """Values of YAML 1.2: true and false alone are yes and no, and a day is text."""

    def construct_mapping(
        self,
        node: Any,
        deep: bool = False,  # noqa: ARG002 - as the library calls it; all is made at once
    ) -> dict[Any, Any]:
        """The fields of a mapping, each once, their names as text."""
        fields: dict[Any, Any] = {}
        for key, value in node.value:
            name = self.construct_object(key, deep=True)
            name = name if isinstance(name, str) else str(key.value)
            if name in fields:
                raise _Twice(key.start_mark.line + 1)
            fields[name] = self.construct_object(value, deep=True)
        return fields


def _mapping(loader: _Values, node: Any) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Values.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Values.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Values.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"(true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")
)


def read_document(text: str, name: str) -> Any:
    """YAML or JSON as plain values. Raises ReturnRefused with the line where it cannot be read,
    MarkedTooHigh where it may not be.
    """
    try:
        data = _json(text) if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") else _yaml(text)
    except _Twice as error:
        raise _refused(name, "key_twice", "one_value", _line(error)) from error
    except RecursionError as error:
        raise _refused(name, "too_deep", "flatter") from error
    except Alias as error:
        raise _refused(name, "alias", "written_out", _line(error)) from error
    except (yaml.YAMLError, json.JSONDecodeError, ValueError) as error:
        raise _refused(name, "not_yaml_or_json", "check_form", _line(error)) from error
    if _depth(data) > DEEPEST:
        raise _refused(name, "too_deep", "flatter")
    if _holds_no_text(data):
        raise _refused(name, "no_text", "plain_text")
    turn_away(data, name)
    return data


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            raise _Twice
        return fields

    return json.loads(text.lstrip("\ufeff"), object_pairs_hook=once)


def _yaml(text: str) -> Any:
    no_aliases(text)
    return yaml.load(text, _Values)  # noqa: S506 - a loader of plain values


def no_aliases(text: str) -> None:
    """Refuse YAML in which values stand for others or lie too deep: a few lines of it fill any
    memory. Raises YAMLError, RecursionError.
    """
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark
            raise Alias("an alias", problem_mark=mark)
        opens = isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
        closes = isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
        depth += opens - closes
        if depth > DEEPEST:
            raise RecursionError


def _depth(value: Any) -> int:
    """How deep fields and lists lie in one another, without going down by calls."""
    level, deepest = [value], 0
    while level := [
        inner
        for each in level
        if isinstance(each, dict | list)
        for inner in (each.values() if isinstance(each, dict) else each)
    ]:
        deepest += 1
        if deepest > DEEPEST:
            break
    return deepest


def _holds_no_text(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_no_text(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return any(map(_holds_no_text, value))
    return isinstance(value, str) and bool(_NO_TEXT.search(value))


def _line(error: Exception) -> int | None:
    mark = getattr(error, "problem_mark", None)
    if mark:
        return int(mark.line) + 1
    if isinstance(error, _Twice):
        return error.args[0] if error.args else None
    return getattr(error, "lineno", None)


def _refused(name: str, wrong: str, right: str, line: int | None = None) -> ReturnRefused:
    said = say(f"problems.wrong.{wrong}"), say(f"problems.right.{right}")
    return ReturnRefused(name, [Problem(*said, line=line, rule="form")])
