"""What of a reading has to stand together, and what is said only of some columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkfigure.basis.saying import say
from darkfigure.basis.statement import DIMENSIONS
from darkfigure.reading.given import Given
from darkfigure.reading.relative_periods import YEAR_SO_FAR
from darkfigure.reading.releases import Release, check_publication, on_record
from darkfigure.reading.terms import CATEGORY, DIMENSION, PERIOD, REFUSE, RELEASE, tidy_key
from darkfigure.reading.worded import check_worded

#: What is said of a column beside what it is, and of which columns alone.
OF_COLUMNS = ("down", "optional", "prefix", "filled", "as_stated", "total", "of", "headline")
_ONLY_OF = {"as_stated": "stated_by", "of": RELEASE, "headline": RELEASE}
#: Of what columns it is said what a total in them is.
WITH_TOTALS = (PERIOD, "year", "quarter", "measure", *DIMENSIONS)
_FLAGS = ("filled", "as_stated", "headline")
#: A column that is one thing, and another that has to stand beside it.
_BESIDE = ((CATEGORY, DIMENSION), (DIMENSION, CATEGORY))


def column_told(
    given: Given, name: str, entry: Mapping[str, Any], parts: Sequence[str]
) -> dict[str, Any]:
    """What is said of a column beside what it is; what cannot be said of it is noted."""
    extras = {key: entry[key] for key in (*_ONLY_OF, "filled", "total") if key in entry}
    for key, value in extras.items():
        place = f"columns.{name}.{key}"
        if key in _ONLY_OF and _ONLY_OF[key] not in parts:
            what = _ONLY_OF[key]
            wrong = say("problems.wrong.reading_only_of", what=what)
            given.fault(place, wrong, say("problems.right.only_of", what=what))
        elif key in _FLAGS and not isinstance(value, bool):
            given.not_a(place, "flag")
    if "total" in extras:
        place = f"columns.{name}.total"
        choices = [REFUSE, YEAR_SO_FAR] if "quarter" in parts else [REFUSE]
        given.one_of(place, extras["total"], choices if {*parts} & {*WITH_TOTALS} else [], "")
    if "of" in extras:
        check_publication(given, name, given.text(entry, "of", "columns", name))
    if extras.get("headline") is True and "of" not in extras:
        _note_alone(given, f"columns.{name}.headline", "of")
    return extras


def _note_alone(given: Given, place: str, partner: str) -> None:
    wrong = say("problems.wrong.reading_alone", other=partner)
    given.fault(place, wrong, say("problems.right.say_other", other=partner))


def check_together(
    given: Given,
    columns: Sequence[tuple[str, str]],
    means: Sequence[str],
    worded: Mapping[str, Sequence[str]],
) -> None:
    """Note what stands without what it needs: columns are headings with what they are."""
    places = {is_: name for name, is_ in columns}
    for one, other in _BESIDE:
        if one in places and other not in places:
            _note_alone(given, f"columns.{places[one]}", other)
    if given.content.get("releases") and RELEASE not in places:
        _note_alone(given, "releases", RELEASE)
    for name in [name for name, is_ in columns if is_ == RELEASE][1:]:
        given.fault(
            f"columns.{name}", say("problems.wrong.key_twice"), say("problems.right.keep_one")
        )
    check_worded(given, worded, [*(name for name, _ in columns), *means])


def check_releases(given: Given, publication: str, releases: Mapping[str, Release]) -> None:
    """Note a day said of a release of which another is on record."""
    record = on_record(publication)
    for name, release in releases.items():
        if (key := tidy_key(name)) in record and record[key].published != release.published:
            day = record[key].published
            wrong, right = (
                say("problems.wrong.published_on", day=day),
                say("problems.right.say_no_day"),
            )
            given.fault(f"releases.{name}", wrong, right)
