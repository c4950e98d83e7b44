"""What every document that leaves as JSON says of itself: which Schema holds it, the version of the
program that wrote it, on what terms, and whether anything in it is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from darkfigure import __version__
from darkfigure.basis.errors import UnknownName

#: The version of each document: raised where a reader of the one before would be misled.
VERSIONS: Mapping[str, int] = {
    "accessible": 1,
    "answer": 1,
    "answers": 1,
    "asks": 1,
    "beside": 1,
    "bridge": 1,
    "cell": 1,
    "checked": 1,
    "comparison": 1,
    "comparison_of_editions": 1,
    "coverage": 1,
    "definition": 1,
    "disclosure": 1,
    "disposal": 1,
    "disputes": 1,
    "due": 1,
    "edition": 1,
    "edition_check": 1,
    "edition_feed": 1,
    "editions": 1,
    "entry": 1,
    "estimate": 1,
    "extract": 1,
    "flow": 1,
    "gaps": 1,
    "gathered": 1,
    "held": 1,
    "history": 1,
    "judgement": 1,
    "judgement_history": 1,
    "judgement_scores": 1,
    "judgements": 1,
    "judgements_of_edition": 1,
    "ledger": 1,
    "linkage": 1,
    "log": 1,
    "measures": 1,
    "moves": 1,
    "origins": 1,
    "outbox": 1,
    "packs": 1,
    "panel": 1,
    "person": 1,
    "plan": 1,
    "problem": 1,
    "proposal": 1,
    "protected": 1,
    "questions": 1,
    "register": 1,
    "release": 1,
    "release_check": 1,
    "releases": 1,
    "requests": 1,
    "requirement_changes": 1,
    "requirements": 1,
    "response": 1,
    "returns": 1,
    "review": 1,
    "schemas": 1,
    "series": 1,
    "source": 1,
    "statements": 1,
    "strata": 1,
    "subject": 1,
    "submission": 1,
    "submissions": 1,
    "synthetic": 1,
    "tokens": 1,
    "understanding": 1,
    "view": 1,
}
#: On what terms a document is given: an SPDX expression. What the program adds is Apache-2.0; each
#: figure keeps the terms of the source that is named with it.
LICENCE = "Apache-2.0 AND LicenseRef-terms-of-the-sources-named"
#: The media type of a Schema.
SCHEMA_MEDIA = "application/schema+json"
MADE_UP = re.compile(r"\b(synthetic|made[ -]up)\b", re.IGNORECASE)


def head_of(name: str, *, synthetic: bool | None) -> dict[str, Any]:
    """The head of a document; `synthetic` is None where it is not known."""
    return {
        "schema": identity(name),
        "version": __version__,
        "licence": LICENCE,
        "synthetic": synthetic,
    }


def document(
    name: str, data: Mapping[str, Any], *, synthetic: bool | None, indent: int | None = 2
) -> str:
    """Plain data as a document: its head, then what it says; days and times as text."""
    whole = {**head_of(name, synthetic=synthetic), **data}
    return json.dumps(whole, indent=indent, ensure_ascii=False, default=str) + "\n"


def json_line(data: Mapping[str, Any]) -> str:
    """Plain data as one line of JSON, without a head: of a document that goes on line by line."""
    return json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":")) + "\n"


def identity(name: str) -> str:
    """The name of a Schema, with its version."""
    return f"darkfigure:{name}/{VERSIONS[name]}"


def says_made_up(texts: Iterable[str]) -> bool:
    """Whether any of these, as sources and notes, says that it is of something made up."""
    return any(MADE_UP.search(text) for text in texts)


def schema_text(name: str) -> str:
    """The JSON Schema (2020-12) of a document, as text. Raises UnknownName with those there are."""
    if name not in VERSIONS:
        raise UnknownName(
            f"There is no document {name!r} with a schema. There are {', '.join(VERSIONS)}."
        )
    place = files("darkfigure") / "data" / "schemas" / f"{name}.json"
    return place.read_text(encoding="utf-8")


def listed() -> list[dict[str, str]]:
    """Every document that has a Schema: its name, the identity of the Schema, what it is."""
    return [
        {
            "name": name,
            "schema": identity(name),
            "about": json.loads(schema_text(name))["description"],
        }
        for name in VERSIONS
    ]
