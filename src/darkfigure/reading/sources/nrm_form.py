"""Reads submissions of the live referral form of the National Referral Mechanism (April 2026) as
case records.

A submission is one person. What is coded becomes a referral and a person; names go to the identity
schema; what is told in free text stays in the file, which is kept there too. The form has no field
for the operation: none is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from darkfigure.basis.problem import Problem
from darkfigure.basis.saying import say, several
from darkfigure.cases.casework import CaseBatch, CaseSubmission
from darkfigure.cases.records import COMMON, KINDS
from darkfigure.reading.case_files import text_of
from darkfigure.reading.door import json_of, refuse
from darkfigure.reading.unknown_names import not_known_here

FORM = "nrm referral form 2026-04"
_HEAD = ("reported_by", "stated_on", "synthetic")

#: Tick boxes of the form and the exploitation types of the published statistics.
BOXES = {
    "types-of-exploitation-forced-to-work": "labour",
    "types-of-exploitation-wages-taken": "labour",
    "types-of-exploitation-forced-to-commit-fraud": "criminal",
    "types-of-exploitation-prostitution": "sexual",
    "types-of-exploitation-child-exploitation": "sexual",
    "types-of-exploitation-taken-somewhere": "sexual",
    "types-of-exploitation-forced-to-commit-crime": "criminal",
    "types-of-exploitation-organs-removed": "organ_harvesting",
    "types-of-exploitation-unpaid-household-work": "domestic",
    "types-of-exploitation-other": "not_known",
}
_PLACES = {"uk": "uk", "overseas": "overseas", "uk-and-overseas": "uk_and_overseas"}
_AGES = {"yes": "child", "no": "adult", "not-sure": "not_known"}
_SEXES = {"female": "female", "male": "male", "unknown": "not_recorded"}


@lru_cache
def fields() -> dict[str, tuple[str, ...]]:
    """Every field of the form with its options; no options where anything can be written."""
    text = (files("darkfigure") / "data" / "forms" / "nrm_referral_form.json").read_text(
        encoding="utf-8"
    )
    form = json.loads(text)["form_fields"]
    return {entry["field"]: tuple(entry["options"]) for entry in form}


def coded() -> frozenset[str]:
    """The fields whose answers are codes: those that may be shown, since nobody's words or name are
    in them.
    """
    return frozenset({name for name, options in fields().items() if options} | set(BOXES))


def recognises(start: str) -> bool:
    """Whether a file that begins so holds submissions of the form."""
    return start.startswith("{") and FORM in start


def read(path: Path) -> list[CaseSubmission]:
    """One submission of cases. Raises ReturnRefused where the file is not of this form."""
    content = json_of(path)
    given = content.get("submissions") if isinstance(content, dict) else None
    if (
        not isinstance(given, list)
        or not all(isinstance(entry, dict) for entry in given)
        or not given
    ):
        refuse(
            path,
            say("problems.wrong.no_submissions"),
            say("problems.right.submissions"),
        )
    submission = CaseSubmission(
        "nrm_form", path.name, whole=False, source="NRM referral form, April 2026", as_json=True
    )
    head = {name: text_of(content.get(name)) for name in _HEAD}
    submission.tables = _tables(submission, given, head)
    return [submission]


def _tables(
    submission: CaseSubmission, given: list[dict[str, Any]], head: Mapping[str, str | None]
) -> Iterator[CaseBatch]:
    persons, referrals = [], []
    for number, entry in enumerate(given, start=1):
        _check(submission, number, entry)
        answers = {name: text_of(value) for name, value in entry.items()}
        route = _route(answers)
        shared = {**head, "row": number, "record": answers.get("reference")}
        anonymous = route == "duty_to_notify" and answers.get("authorities-cooperation") != "yes"
        if not anonymous:
            persons.append({**shared, **_person(answers)})
        referrals.append(
            {
                **shared,
                **_referral(answers, head),
                "route": route,
                "person": None if anonymous else answers.get("reference"),
            }
        )
    for name, rows in (("person", persons), ("referral", referrals)):
        kind = KINDS[name]
        names = {each.name for each in (*COMMON, *kind.fields)}
        if rows:
            yield submission.take(
                kind,
                pl.DataFrame(
                    rows, schema={**dict.fromkeys(sorted(names), pl.String), "row": pl.Int64}
                ),
            )


def _check(submission: CaseSubmission, number: int, entry: Mapping[str, Any]) -> None:
    known = fields()
    unknown = {at: name for at, name in enumerate(entry, 1) if name not in known}
    if unknown:
        wrong, near = not_known_here(unknown, known, sort="form_field")
        right = say("problems.right.other_editions", nearest=near)
        submission.fault(Problem(wrong, right, column=f"submissions[{number}]", rule="form"))
    for name, value in entry.items():
        options = known.get(name)
        if options and text_of(value) not in (*options, None):
            right = say("problems.right.form_offers", options=several(options[:8], "comma"))
            submission.fault(
                Problem(
                    say("problems.wrong.no_form_answer"),
                    right,
                    column=f"submissions[{number}].{name}",
                    rule="form",
                )
            )
    if not any(_ticked(entry.get(box)) for box in BOXES):
        submission.fault(
            Problem(
                say("problems.wrong.no_exploitation"),
                say("problems.right.boxes", boxes=several(BOXES, "comma")),
                column=f"submissions[{number}]",
                rule="form",
            )
        )


def _route(answers: Mapping[str, str | None]) -> str:
    """A child, or one whose age is in doubt, is always referred; an adult who does not agree is
    reported.
    """
    if answers.get("pv-under-age") in ("yes", "not-sure"):
        return "nrm"
    return "duty_to_notify" if answers.get("pv-want-to-submit-nrm") == "no" else "nrm"


def _person(answers: Mapping[str, str | None]) -> dict[str, str | None]:
    born = answers.get("pv-dob") or ""
    several = [
        answers[name] for name in ("pv-nationality", "pv-nationality-second") if answers.get(name)
    ]
    return {
        "sex": _SEXES.get(answers.get("pv-gender") or ""),
        "birth_year": born[:4] or None,
        "nationality": "+".join(str(name) for name in several) or None,
        "given_name": answers.get("pv-name-first-name"),
        "family_name": answers.get("pv-name-last-name"),
        "date_of_birth": born or None,
        "document_number": answers.get("pv-ho-reference-type"),
    }


def _referral(
    answers: Mapping[str, str | None], head: Mapping[str, str | None]
) -> dict[str, str | None]:
    at_the_time = (
        "yes"
        if answers.get("pv-under-age") == "yes"
        else answers.get("pv-under-age-at-time-of-exploitation")
    )
    ticked = dict.fromkeys(code for box, code in BOXES.items() if _ticked(answers.get(box)))
    stated = [code for code in ticked if code != "not_known"] or list(ticked)
    return {
        "date": head.get("stated_on"),
        "organisation": answers.get("user-organisation"),
        "exploitation": "+".join(stated) or None,
        "age_group": _AGES.get(
            at_the_time or "no" if answers.get("pv-under-age") == "no" else at_the_time or ""
        ),
        "location": _PLACES.get(answers.get("where-exploitation-happened") or ""),
    }


def _ticked(value: object) -> bool:
    return value not in (None, "", "no", False)
