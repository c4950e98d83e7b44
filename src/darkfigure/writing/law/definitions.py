"""The definition applied to a case: as text that explains itself, and as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any

from darkfigure.basis.period import in_words
from darkfigure.basis.truth import Truth
from darkfigure.law.applied import Applied
from darkfigure.law.palermo import Finding
from darkfigure.law.stated import FORMS
from darkfigure.law.statutes import Flag

WIDTH = 100
_SAID = {
    Finding.MET: "Trafficking: the definition is met.",
    Finding.NOT_MET: "Not trafficking: the definition is not met.",
}
_WORDS = {Truth.YES: "yes", Truth.NO: "no", Truth.NOT_KNOWN: "not known"}
_APPLIES = {
    Truth.YES: "could apply",
    Truth.NO: "does not apply",
    Truth.NOT_KNOWN: "cannot be said",
}


def headline(found: Applied) -> str:
    """The finding in a sentence; what is missing where there is none."""
    assessed = found.assessed
    return _SAID.get(assessed.settled) or (
        f"Cannot be said. Not known: {_listed(assessed.unsettled)}."
    )


def write_text(found: Applied) -> str:
    """The finding, the elements, why, statutes, what a case return says of it, other schemes."""
    stated = found.stated
    lines = [f"{found.protocol.title}, {found.protocol.section}", "", *wrap(headline(found), WIDTH)]
    for name, (truth, forms) in _elements(found).items():
        words = [FORMS[name][code] for code in forms if code in FORMS[name]]
        shown = f": {', '.join(words)}" if words else ""
        lines += wrap(f"  {name:8}{_WORDS[truth]}{shown}", WIDTH, subsequent_indent=" " * 10)
    lines += _part("Why", [*found.assessed.sentences, *found.in_force])
    lines += _part(f"Statutes {_when_and_where(found)}", map(_flag_text, found.statutes))
    if stated.day is None:
        lines += wrap("Say on which day the act took place to see the statutes of it.", WIDTH)
    elif not found.statutes:
        lines += ["  None that is held was in force there on that day."]
    code, missing = found.kept
    kept = f"definition {code}" + (f", definition_missing {missing}" if missing else "")
    lines += ["", f"In a case return: {kept}"]
    lines += _part("The purpose in other schemes", _type_lines(found))
    return "\n".join(lines) + "\n"


def _part(title: str, sentences: Iterable[str]) -> list[str]:
    said = [
        line
        for each in sentences
        for line in wrap(f"- {each}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    ]
    return ["", title, *said] if said or title.startswith("Statutes") else []


def _when_and_where(found: Applied) -> str:
    day = in_words(found.stated.day) if found.stated.day else "of a day not stated"
    on = f"on {day}" if found.stated.day else day
    return f"{on}, {found.stated.place or 'wherever it took place'}"


def _flag_text(flag: Flag) -> str:
    most = f" Maximum: {flag.statute.maximum}." if flag.statute.maximum else ""
    return f"{flag.sentence}{most}"


def _type_lines(found: Applied) -> Iterator[str]:
    for purpose, schemes in found.types.items():
        said = [
            f"{scheme} {' or '.join(each.codes) or '(none)'}" for scheme, each in schemes.items()
        ]
        if said:
            yield f"{FORMS['purpose'][purpose]}: {'; '.join(said)}."
    if any(each.lost for schemes in found.types.values() for each in schemes.values()):
        yield "What is lost on the way is said with --format json."


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


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def definition_data(found: Applied) -> dict[str, Any]:
    """The definition applied to a case as plain data."""
    assessed, stated = found.assessed, found.stated
    code, missing = found.kept
    return {
        "finding": str(assessed.settled),
        "headline": headline(found),
        "missing": list(assessed.unsettled),
        "presumed_child": assessed.presumed_child,
        "if_child": str(assessed.finding if assessed.presumed_child else found.if_child),
        "if_adult": str(assessed.if_adult),
        "elements": {
            name: {"value": str(truth), "forms": forms}
            for name, (truth, forms) in _elements(found).items()
        },
        "sentences": [*assessed.sentences, *found.in_force],
        "day": stated.day.isoformat() if stated.day else None,
        "place": stated.place or None,
        "statutes": [_flag_data(flag) for flag in found.statutes],
        "case_return": {"definition": code, "definition_missing": missing or None},
        "other_schemes": {
            purpose: {
                scheme: {"codes": list(each.codes), "lost": list(each.lost)}
                for scheme, each in schemes.items()
            }
            for purpose, schemes in found.types.items()
        },
    }


def _flag_data(flag: Flag) -> dict[str, Any]:
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
        "words": _APPLIES[flag.applies],
        "missing": list(flag.missing),
        "maximum": statute.maximum or None,
        "sentence": flag.sentence,
    }


def write_json(found: Applied) -> str:
    """The definition applied to a case as JSON text."""
    return json.dumps(definition_data(found), indent=2, ensure_ascii=False) + "\n"
