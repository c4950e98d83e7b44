"""The definition applied to a case: as text that explains itself, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from darkfigure.basis.saying import several
from darkfigure.basis.truth import Truth
from darkfigure.law.applied import Applied
from darkfigure.law.palermo import Finding, element
from darkfigure.law.stated import FORMS
from darkfigure.law.statutes import Flag
from darkfigure.writing.documents.head import document
from darkfigure.writing.words import ENGLISH, Words

WIDTH = 100


def headline(found: Applied, words: Words = ENGLISH) -> str:
    """The finding in a sentence; what is missing where there is none."""
    assessed = found.assessed
    if assessed.settled is not Finding.UNDECIDED:
        return words.text(f"law.said.{assessed.settled}")
    *most, last = [element(name) for name in assessed.unsettled]
    missing = several([several(most, "comma"), last]) if most else last
    return words.text("law.said.open", missing=missing)


def write_text(found: Applied, words: Words = ENGLISH) -> str:
    """The finding, the elements, why, statutes, what a case return says of it, other schemes."""
    stated = found.stated
    lines = [
        f"{found.protocol.title}, {found.protocol.section}",
        "",
        *wrap(headline(found, words=words), WIDTH),
    ]
    for name, (truth, forms) in _elements(found).items():
        listed = [FORMS[name][code] for code in forms if code in FORMS[name]]
        shown = f": {', '.join(listed)}" if listed else ""
        lines += wrap(
            f"  {name:8}{words.text(f'law.{truth}')}{shown}", WIDTH, subsequent_indent=" " * 10
        )
    lines += _part(words.text("law.said.why"), _why(found, words=words))
    lines += _part(
        _when_and_where(found, words=words),
        [_flag_text(flag, words=words) for flag in found.statutes],
        True,
    )
    if stated.day is None:
        lines += wrap(words.text("law.statute.say_day"), WIDTH)
    elif not found.statutes:
        lines += ["  " + words.text("law.statute.none")]
    code, missing = found.kept
    kept = f"definition {code}" + (f", definition_missing {missing}" if missing else "")
    lines += ["", words.text("law.said.case_return", definition=kept)]
    lines += _part(words.text("law.said.schemes"), _type_lines(found, words=words))
    return "\n".join(lines) + "\n"


def _part(title: str, sentences: Iterable[str], always: bool = False) -> list[str]:
    said = [
        line
        for each in sentences
        for line in wrap(f"- {each}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return ["", title, *said] if said or always else []


def _when_and_where(found: Applied, words: Words = ENGLISH) -> str:
    day, place = found.stated.day, found.stated.place
    when = words.text("law.statute.on", day=day) if day else words.text("law.statute.no_day")
    return words.text(
        "law.statute.title", when=when, place=place or words.text("law.statute.anywhere")
    )


def _why(found: Applied, words: Words = ENGLISH) -> list[str]:
    return [words.say(each) for each in (*found.assessed.sentences, *found.in_force)]


def _flag_text(flag: Flag, words: Words = ENGLISH) -> str:
    maximum = flag.statute.maximum
    if not maximum:
        return words.say(flag.sentence)
    return words.text("law.statute.maximum", sentence=flag.sentence, maximum=maximum)


def _type_lines(found: Applied, words: Words = ENGLISH) -> Iterator[str]:
    for purpose, schemes in found.types.items():
        said = [
            f"{scheme} {words.joined(each.codes, 'or') or words.text('law.said.no_code')}"
            for scheme, each in schemes.items()
        ]
        if said:
            yield words.text(
                "law.said.scheme",
                purpose=FORMS["purpose"][purpose],
                codes=several(said, "semicolon"),
            )
    if any(each.lost for schemes in found.types.values() for each in schemes.values()):
        yield words.text("law.said.lost")


def _elements(found: Applied) -> dict[str, tuple[Truth, list[str]]]:
    facts = found.stated.facts
    given: dict[str, tuple[Truth, Mapping[str, Truth]]] = {
        "act": (facts.act, facts.acts),
        "means": (facts.any_means, facts.means),
        "purpose": (facts.purpose, facts.purposes),
    }
    shown = {
        name: (truth, [code for code, value in forms.items() if value is Truth.YES])
        for name, (truth, forms) in given.items()
    }
    return {**shown, "child": (facts.child, []), "consent": (facts.consent, [])}


def definition_data(found: Applied, words: Words = ENGLISH) -> dict[str, Any]:
    """The definition applied to a case as plain data."""
    assessed, stated = found.assessed, found.stated
    code, missing = found.kept
    return {
        "finding": str(assessed.settled),
        "headline": headline(found, words=words),
        "missing": list(assessed.unsettled),
        "presumed_child": assessed.presumed_child,
        "if_child": str(assessed.finding if assessed.presumed_child else found.if_child),
        "if_adult": str(assessed.if_adult),
        "elements": {
            name: {"value": str(truth), "forms": forms}
            for name, (truth, forms) in _elements(found).items()
        },
        "sentences": _why(found, words=words),
        "day": stated.day.isoformat() if stated.day else None,
        "place": stated.place or None,
        "statutes": [_flag_data(flag, words=words) for flag in found.statutes],
        "case_return": {"definition": code, "definition_missing": missing or None},
        "other_schemes": {
            purpose: {
                scheme: {"codes": list(each.codes), "lost": list(map(words.say, each.lost))}
                for scheme, each in schemes.items()
            }
            for purpose, schemes in found.types.items()
        },
    }


def _flag_data(flag: Flag, words: Words = ENGLISH) -> dict[str, Any]:
    statute = flag.statute
    return {
        "code": statute.code,
        "title": statute.title,
        "section": statute.section,
        "jurisdiction": statute.jurisdiction,
        "from": statute.since.isoformat(),
        "to": statute.until.isoformat() if statute.until else None,
        "day_known": statute.day_known,
        "applies": str(flag.applies),
        "words": words.text(f"law.applies.{flag.applies}"),
        "missing": list(flag.missing),
        "maximum": statute.maximum or None,
        "sentence": words.say(flag.sentence),
    }


def write_json(found: Applied, words: Words = ENGLISH) -> str:
    """The definition applied to a case as JSON text."""
    return document("definition", definition_data(found, words=words), synthetic=None)
