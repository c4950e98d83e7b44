"""Releases that one file holds: the day on which each was published, and the headline that its
figures are held against.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from darkfigure.basis.period import parse_day
from darkfigure.basis.saying import Saying, say, several
from darkfigure.basis.statement import Number
from darkfigure.cases.submission import Submission
from darkfigure.reading.given import Given
from darkfigure.reading.readings import StatedOn, readings
from darkfigure.reading.terms import tidy_key

#: A file holds no more releases: each is a return of its own.
MOST_RELEASES = 1_000
#: What is wrong, and what would be right.
Wrong = tuple[Saying, Saying]


@dataclass(frozen=True)
class Release:
    """When a release was published, and the figure that its text gives for the whole of it."""

    published: date
    headline: Number | None = None


def releases_of(given: Given) -> dict[str, Release]:
    """The releases that a reading names, by their names as they are compared: a day, or a day and
    a headline.
    """
    releases = {}
    for name, value in given.table("releases").items():
        entry = value if isinstance(value, dict) else {"published": value}
        given.check_keys(("releases", name), entry, ("published", "headline"))
        day, headline = entry.get("published"), entry.get("headline")
        if type(day) is not date:
            given.not_a(f"releases.{name}", "day")
        elif headline is not None and type(headline) not in (int, float):
            given.not_a(f"releases.{name}.headline", "number")
        else:
            releases[tidy_key(name)] = Release(day, headline)
    return releases


def publications() -> list[str]:
    """The publications of which days of releases are on record."""
    return sorted(readings("releases"))


def on_record(publication: str) -> dict[str, Release]:
    """The releases of a publication that are on record, by their names as they are compared."""
    listed = readings("releases").get(publication, {})
    return {
        tidy_key(name): Release(parse_day(entry["published"]), entry.get("headline"))
        for name, entry in listed.items()
    }


def published(
    names: Sequence[str], releases: Mapping[str, Release], stated_on: StatedOn
) -> dict[str, date | Wrong]:
    """The day each release of a file was published: as known, else as given for it, or for the one
    release of which no day is known; what is wrong where that does not give one.
    """
    record = {
        name: releases[key].published for name in names if (key := tidy_key(name)) in releases
    }
    unknown = [name for name in names if name not in record]
    by_release = stated_on if isinstance(stated_on, Mapping) else {}
    day = stated_on if isinstance(stated_on, date) else None
    days: dict[str, date | Wrong] = {}
    for name in names:
        day_given = by_release.get(name, day)
        if name in record:
            differs = day_given is not None and day_given != record[name]
            days[name] = _on_record(record[name]) if differs else record[name]
        elif day_given is None:
            days[name] = _NO_DAY
        elif name not in by_release and len(unknown) > 1:
            days[name] = _ONE_BY_ONE
        else:
            days[name] = day_given
    for name in by_release:
        if name not in names:
            days[names[0]] = _not_in_file(name)
    return days


_NO_DAY = (say("problems.wrong.no_publication_day"), say("problems.right.stated_on"))
_ONE_BY_ONE = (say("problems.wrong.several_releases"), say("problems.right.stated_on_each"))


def _on_record(day: date) -> Wrong:
    return say("problems.wrong.published_on", day=day), say("problems.right.leave_day_out")


def _not_in_file(name: str) -> Wrong:
    wrong = say("problems.wrong.no_such_release", length=len(name))
    return wrong, say("problems.right.releases_of_file")


def hold_against_headline(
    submission: Submission, release: str, headline: Number | None, total: Number
) -> None:
    """Remark where the figures of a release do not add up to what its text says."""
    if headline is not None and total != headline:
        text = say(
            "problems.remark.headline",
            release=release,
            total=total,
            headline=headline,
            off=total - headline,
        )
        submission.remark("headline", text)


def check_publication(given: Given, name: str, publication: str) -> None:
    """Note a publication of which nothing is on record."""
    if publication and publication not in publications():
        right = say("problems.right.one_of", known=several(publications(), "comma"))
        given.fault(f"columns.{name}.of", say("problems.wrong.reading_not_one_of"), right)
