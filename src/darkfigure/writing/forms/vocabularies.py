"""Vocabularies given away: grading, yardstick and analytical confidence as MISP taxonomies;
requirement sets as STIX 2.1.

The taxonomies hold facts of published schemes and may be used without asking (CC0). STIX has no
object for a requirement: an extension definition of our own declares one, without properties that
begin with x_.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from darkfigure.basis.period import day_after
from darkfigure.intelligence.grading import SCHEME, grading
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.intelligence.yardstick import Term

#: Ids are made from names in this space, so that the same set gives the same ids.
_SPACE = UUID("6f2b4d3e-7c1a-5e58-9a51-5c0a6f5f2008")
EXTENSION = f"extension-definition--{uuid5(_SPACE, 'intelligence-requirement')}"
_MADE = "2026-11-24T00:00:00.000Z"
CONFIDENCE = (
    ("high", "open to little change"),
    ("moderate", "open to some change"),
    ("low", "open to much change"),
)


def taxonomies() -> dict[str, dict[str, Any]]:
    """MISP taxonomies by namespace."""
    scheme = grading()["schemes"][SCHEME]
    parts = {
        "source": ("Source", scheme["source"]),
        "information": ("Information", scheme["information"]),
        "handling": ("Handling", scheme["handling"]),
        "action": ("Action, under handling C", scheme["actions"]),
        "sanitisation": ("Sanitisation, under handling C", scheme["sanitisation"]),
    }
    return {
        "uk-intelligence-grading": _taxonomy(
            "uk-intelligence-grading",
            "Grading of intelligence by source, information and handling (3x5x2), with action and "
            "sanitisation codes. Letters of "
            "information say how the source knows, not whether it is true: they carry no number.",
            "3x5x2 intelligence grading",
            {
                name: (title, [(code, words, None) for code, words in held.items()])
                for name, (title, held) in parts.items()
            },
        ),
        "phia-yardstick": _taxonomy(
            "phia-yardstick",
            "Words of probability of the Professional Head of Intelligence Assessment. The bands "
            "leave holes on purpose: a number "
            "in a hole has no term. The number given is the lower end of the band.",
            "PHIA probability yardstick",
            {
                "probability": (
                    "Probability",
                    [
                        (
                            term.value.replace("_", "-"),
                            f"{term.words} ({term.low} to {term.high}%)",
                            term.low,
                        )
                        for term in Term
                    ],
                )
            },
        ),
        "analytical-confidence": _taxonomy(
            "analytical-confidence",
            (
                "Analytical confidence rating: how open a judgement is to change, apart from how "
                "probable it is."
            ),
            "Analytical confidence rating",
            {
                "confidence": (
                    "Confidence",
                    [(code, f"{code}: {words}", None) for code, words in CONFIDENCE],
                )
            },
        ),
    }


def _taxonomy(
    namespace: str,
    description: str,
    expanded: str,
    predicates: dict[str, tuple[str, list[tuple[str, str, int | None]]]],
) -> dict[str, Any]:
    return {
        "namespace": namespace,
        "description": description,
        "version": 1,
        "expanded": expanded,
        "predicates": [
            {"value": name, "expanded": title} for name, (title, _) in predicates.items()
        ],
        "values": [
            {
                "predicate": name,
                "entry": [
                    {
                        "value": str(code),
                        "expanded": words,
                        **({} if number is None else {"numerical_value": number}),
                    }
                    for code, words, number in entries
                ],
            }
            for name, (_, entries) in predicates.items()
        ],
    }


def as_stix(held: RequirementSet) -> dict[str, Any]:
    """A requirement set as a STIX 2.1 bundle: its marking, which every other object carries,
    identity, extension definition, a requirement for each question, relationships.
    """
    author = f"identity--{uuid5(_SPACE, 'darkfigure')}"
    common = {"spec_version": "2.1", "created": _MADE, "modified": _MADE}
    objects: list[dict[str, Any]] = [
        {
            "type": "identity",
            "id": author,
            **common,
            "name": "Darkfigure",
            "identity_class": "system",
        },
        {
            "type": "extension-definition",
            "id": EXTENSION,
            **common,
            "created_by_ref": author,
            "name": "intelligence-requirement",
            "description": (
                "A question somebody wants answered: stable code, decision served, "
                "customer, owner, domain, validity."
            ),
            "schema": "requirement sets of Darkfigure, data/requirements/schema.json",
            "version": "1.0.0",
            "extension_types": ["new-sdo"],
        },
    ]
    for question in held.questions.values():
        objects.append(
            {
                "type": "intelligence-requirement",
                "id": _id("intelligence-requirement", held.edition, question.code),
                **common,
                "created_by_ref": author,
                "code": question.code,
                "edition": held.edition,
                "name": question.text,
                "decision_served": question.decision,
                "customer": question.customer,
                "owner": question.owner,
                "priority": question.priority,
                "answer_type": str(question.answer),
                "acceptance_rule": question.accept,
                "areas": list(question.areas),
                "valid_from": _moment(held.valid.start.isoformat()),
                "valid_until": _moment(day_after(held.valid.end).isoformat()),
                "extensions": {EXTENSION: {"extension_type": "new-sdo"}},
            }
        )
    for entry in held.concordance:
        for new in entry.new:
            for old in entry.old:
                objects.append(
                    {
                        "type": "relationship",
                        "id": _id("relationship", held.edition, f"{new}-{old}"),
                        **common,
                        "created_by_ref": author,
                        "relationship_type": "derived-from",
                        "description": f"{entry.kind}: {entry.reason}",
                        "source_ref": _id("intelligence-requirement", held.edition, new),
                        "target_ref": _id(
                            "intelligence-requirement", held.follows or "before", old
                        ),
                    }
                )
    marking = _marking(held, author)
    marked = [{**made, "object_marking_refs": [marking["id"]]} for made in objects]
    return {
        "type": "bundle",
        "id": _id("bundle", held.edition, ""),
        "objects": [marking, *marked],
    }


def _marking(held: RequirementSet, author: str) -> dict[str, Any]:
    """What a set is marked, as a statement: STIX knows TLP, and not the markings of government."""
    said = held.marking.name.replace("_", "-")
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": _id("marking-definition", "", said),
        "created": _MADE,
        "created_by_ref": author,
        "definition_type": "statement",
        "definition": {"statement": said},
    }


def _id(kind: str, edition: str, code: str) -> str:
    return f"{kind}--{uuid5(_SPACE, f'{edition} {code}')}"


def _moment(day: str) -> str:
    return datetime.fromisoformat(day).replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
