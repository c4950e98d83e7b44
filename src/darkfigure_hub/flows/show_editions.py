"""Show two editions of the assessment made from the example, year by year through the same flows as
real ones: reports filed, judgements drafted, reviewed and approved, editions released, compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Rendering, Source
from darkfigure.basis.marking import Scope
from darkfigure.basis.permission import Permission
from darkfigure.reading.edition_folders import read_folder, thawed
from darkfigure.reading.judgement_files import read_judgement
from darkfigure.writing.editions.bundle import FROZEN
from darkfigure_hub.flows.judge import (
    approve_judgement,
    draft_judgement,
    judgements_as_at,
    review_judgement,
)
from darkfigure_hub.flows.release_edition import (
    HeldEdition,
    files_of_edition,
    list_editions,
    release_edition,
)
from darkfigure_hub.flows.release_figures import approve_release, publish_release, release_named
from darkfigure_hub.flows.show_reporting_year import file_year

#: The years of the example, the earlier first.
YEARS = ("2008", "2009")


@dataclass(frozen=True)
class People:
    """Who does what with an edition: no two of them are one."""

    author: Scope
    reviewer: Scope
    releaser: Scope


@dataclass(frozen=True)
class EditionMade:
    """An edition of the example as it was released: its files in both renderings, how many
    judgements stand in it, what it is compared with.
    """

    name: str
    reference: str
    address: str
    reports: int
    judgements: int
    files: Mapping[Rendering, Mapping[str, bytes]]
    compared: Compared | None


def make_editions(
    people: People,
    folder: Path,
    today: date,
    progress: Callable[[str, int], None],
) -> list[EditionMade]:
    """File what a synthetic year of each edition brings, judge, release and publish both. An
    edition that was released before is shown as it is.
    """
    people.author.require(Permission.PREPARE_RELEASE)
    made: list[EditionMade] = []
    out = {held.name: held for held in list_editions(people.author) if held.state == "out"}
    for year in YEARS:
        if year in out:
            made.append(_shown(people.author, out[year]))
            continue
        with as_file(files("darkfigure") / "data" / "editions" / year) as carried:
            source = read_folder(carried)
            progress(f"reports of {year}", 0)
            reports = file_year(
                people.author, f"trafficking_{year}", folder / f"reports-{year}", progress,
                until=source.head.as_at,
            )  # fmt: skip
            texts = sorted((carried / "judgements").glob("*.yaml"))
            for path in texts:
                progress(f"judgements of {year}", 0)
                _judge(people, path, source.head.as_at, today)
            made.append(_released(people, source, today, reports, len(texts), progress))
    return made


def _shown(scope: Scope, held: HeldEdition) -> EditionMade:
    """An edition as it was released before."""
    files = {
        rendering: files_of_edition(scope, held, rendering)
        for rendering in (Rendering.RESTRICTED, Rendering.PUBLIC)
    }
    edition, against = thawed(files[Rendering.RESTRICTED][FROZEN])
    return EditionMade(
        held.name,
        held.reference,
        release_named(scope, f"RELEASE-{held.release}").address,
        0,
        len(edition.judgements),
        files,
        against,
    )


def _judge(people: People, path: Path, on: date, today: date) -> None:
    """Have one draft a judgement, another review and a third approve it; not twice."""
    judgement = read_judgement(path.read_text(encoding="utf-8"), path.name)
    standing, _ = judgements_as_at(people.author, on)
    if any((each.code, each.known) == (judgement.code, judgement.known) for each in standing):
        return
    drafted = draft_judgement(people.author, judgement, today)
    name = f"{drafted.judgement.code}/v{drafted.judgement.version}"
    review_judgement(people.reviewer, name, on, today)
    approve_judgement(people.releaser, name, drafted.content, on, today)


def _released(
    people: People,
    source: Source,
    today: date,
    reports: int,
    judgements: int,
    progress: Callable[[str, int], None],
) -> EditionMade:
    released = release_edition(people.author, source, today, doing=progress)
    release = released.prepared
    approve_release(people.releaser, release.name, release.release.content)
    held = publish_release(people.releaser, release.name)
    return EditionMade(
        source.head.name,
        released.reference,
        held.address,
        reports,
        judgements,
        {Rendering.RESTRICTED: released.restricted, Rendering.PUBLIC: released.public},
        released.compared,
    )
