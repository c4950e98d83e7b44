"""Everything that is out as a site: a folder of files that needs no server. What was released
stands in it as it went out, byte by byte; the pages around it say what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from xml.sax.saxutils import escape as xml

from darkfigure.publication.embargo import LONDON, said_in_london
from darkfigure.publication.release import (
    Release,
    ReleasedTable,
    codes_gone,
    labels_of,
)
from darkfigure.writing.charts.answer_charts import told_of
from darkfigure.writing.page import Entry, Head, entry, table
from darkfigure.writing.releases.bundle import INDEX, data_in, script
from darkfigure.writing.releases.described import as_json, dcat
from darkfigure.writing.releases.pages import SCRIPT, STYLES, shell, styles
from darkfigure.writing.words import ENGLISH, Words

#: Rows of a triangle that are shown; of more the first, and how many there are.
MOST = 200


@dataclass(frozen=True)
class Published:
    """A release that went out: its files (or their names alone, where they stand elsewhere), when,
    the version in its place and why, and from when and why it is withdrawn.
    """

    release: Release
    files: Mapping[str, bytes] = field(default_factory=dict)
    replaced_by: int | None = None
    replaced_why: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is neither replaced nor withdrawn."""
        return self.replaced_by is None and self.withdrawn_at is None

    @property
    def folder(self) -> str:
        """Where it stands."""
        return f"releases/{self.release.name}/"


def site_of(out: Sequence[Published], words: Words = ENGLISH) -> dict[str, bytes]:
    """Every file of the site of releases, by its place in the folder."""
    files = {
        INDEX: front_page(out, words),
        "catalogue.html": catalogue_page(out, words),
        "catalogue.jsonld": as_json(catalogue(out)),
        "changes.html": changes_page(out, words),
        "changes.atom": changes_feed(out, words),
        "glossary.html": glossary_page(out, words),
        STYLES: styles(),
        SCRIPT: script(),
    }
    for series in _series(out):
        files[f"releases/{series}/{INDEX}"] = series_page(series, out, words)
    for one in out:
        if one.withdrawn_at is None:
            files |= {one.folder + name: body for name, body in one.files.items()}
        else:
            files[one.folder + INDEX] = withdrawn_page(one, words, up="../../../../")
    return files


def _series(out: Sequence[Published]) -> list[str]:
    return [*dict.fromkeys(one.release.head.series for one in out)]


def _links(up: str, words: Words) -> str:
    places = (
        (INDEX, "site"),
        ("catalogue.html", "catalogue"),
        ("changes.html", "changes"),
        ("glossary.html", "glossary"),
    )
    links = " · ".join(
        f'<a href="{up}{place}">{escape(words.text(f"release.page.{name}"))}</a>'
        for place, name in places
    )
    named = escape(words.text("release.page.site"))
    return f'<nav class="df-pages" aria-label="{named}"><p>{links}</p></nav>'


def front_page(out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """The first page: the newest of each series."""
    parts = [
        _links("", words),
        f'<p class="lead">{escape(words.text("release.page.site_lead"))}</p>',
    ]
    for series in _series(out):
        latest = max(
            (one for one in out if one.release.head.series == series),
            key=lambda one: (one.release.head.out_at, one.release.version),
        )
        head = latest.release.head
        more = escape(words.text("release.page.editions"))
        made_up = words.text("release.book.made_up") if latest.release.synthetic else ""
        parts += [
            f'<h2><a href="{latest.folder}{INDEX}">{escape(head.title)}</a></h2>',
            f"<p><strong>{escape(made_up)}</strong></p>" if made_up else "",
            f"<p>{escape(head.summary)}</p><p>{escape(said_in_london(head.out_at))}. "
            f'<a href="releases/{series}/{INDEX}">{more}</a></p>',
        ]
    return shell(words.text("release.page.site"), parts, words)


def series_page(series: str, out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """The page of a series: its editions and versions, what became of each, how figures were
    revised, and what changed for programs.
    """
    own = [one for one in out if one.release.head.series == series]
    heads = [
        Head(words.text(f"release.page.{name}")) for name in ("edition", "version", "out", "what")
    ]
    rows = [
        [
            Entry(
                f'<a href="{one.release.head.edition}/v{one.release.version}/{INDEX}">'
                f"{escape(one.release.head.edition)}</a>"
            ),
            entry(str(one.release.version)),
            entry(said_in_london(one.release.head.out_at)),
            entry(became(one, words)),
        ]
        for one in sorted(own, key=lambda one: one.release.head.out_at, reverse=True)
    ]
    title = max(own, key=lambda one: one.release.head.out_at).release.head.title
    editions = words.text("release.page.editions")
    parts = [
        _links("../../", words),
        table(editions, heads, rows),
        *_triangles([one for one in own if one.withdrawn_at is None], words),
        *_codes(own, words),
    ]
    return shell(title, parts, words, up="../../")


def became(one: Published, words: Words = ENGLISH) -> str:
    """What became of a release."""
    if one.withdrawn_at is not None:
        return words.text(
            "release.page.withdrawn",
            day=one.withdrawn_at.astimezone(LONDON).date().isoformat(),
            reason=one.withdrawn_why,
        )
    if one.replaced_by is not None:
        return words.text("release.page.replaced", version=one.replaced_by, reason=one.replaced_why)
    return words.text("release.page.current")


def withdrawn_page(one: Published, words: Words = ENGLISH, *, up: str = "") -> bytes:
    """What stands at the address of a release that was withdrawn."""
    time = one.withdrawn_at or one.release.head.out_at
    lead = words.text(
        "release.page.withdrawn_lead",
        day=time.astimezone(LONDON).date().isoformat(),
        reason=one.withdrawn_why,
    )
    parts = [_links(up, words), f"<p><strong>{escape(lead)}</strong></p>"]
    return shell(one.release.head.title, parts, words, up=up)


def _triangles(own: Sequence[Published], words: Words) -> Iterator[str]:
    """For each table that several editions or versions hold, its figures by each of them."""
    ordered = sorted(own, key=lambda one: (one.release.head.out_at, one.release.version))
    codes = dict.fromkeys(shown.code for one in ordered for shown in one.release.tables)
    told: list[str] = []
    for code in codes:
        holding = [
            (one, shown) for one in ordered for shown in one.release.tables if shown.code == code
        ]
        if len(holding) > 1:
            told.append(_triangle(holding, words))
    if told:
        title, lead = (words.text(f"release.page.{name}") for name in ("triangle", "triangle_lead"))
        yield f"<h2>{escape(title)}</h2><p>{escape(lead)}</p>"
        yield from told


def _triangle(holding: Sequence[tuple[Published, ReleasedTable]], words: Words) -> str:
    columns = [
        {labels_of(shown, cell): told_of(cell, words) for cell in shown.cells}
        for _, shown in holding
    ]
    labels = [*dict.fromkeys(label for column in columns for label in column)]
    last = holding[-1][1]
    heads = [
        Head(", ".join(dimension.title for dimension in last.dimensions)),
        *(
            Head(f"{one.release.head.edition} v{one.release.version}", "figure")
            for one, _ in holding
        ),
    ]
    rows = [
        [entry(", ".join(label)), *(entry(column.get(label, ""), "figure") for column in columns)]
        for label in labels[:MOST]
    ]
    more = len(labels) - MOST
    rest = f"<p>{escape(words.text('chart.left_out', number=more))}</p>" if more > 0 else ""
    return f"<h3>{escape(last.title)}</h3>" + table(last.title, heads, rows) + rest


def _codes(own: Sequence[Published], words: Words) -> Iterator[str]:
    """For each version that follows another, whether whoever reads it by program must change."""
    ordered = sorted(own, key=lambda one: (one.release.head.out_at, one.release.version))
    lines = []
    for before, after in pairwise(ordered):
        gone = codes_gone(before.release, after.release)
        how = (
            words.text("release.page.major", gone=", ".join(gone))
            if gone
            else words.text("release.page.minor")
        )
        lines.append(f"<li>{escape(after.release.name)}: {escape(how)}</li>")
    if lines:
        title = escape(words.text("release.page.codes"))
        yield f"<h2>{title}</h2><ul>{''.join(lines)}</ul>"


def catalogue_page(out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """Every table that stands, with its files."""
    heads = [
        Head(words.text(f"release.page.{name}")) for name in ("table", "edition", "out", "files")
    ]
    rows = []
    for one in out:
        for shown in one.release.tables if one.stands else ():
            endings = ("csv", "jsonstat.json", "parquet", "sdmx.xml")
            links = " ".join(
                f'<a href="{one.folder}{shown.code}.{ending}">{ending}</a>' for ending in endings
            )
            page = f'<a href="{one.folder}{shown.code}.html">{escape(shown.title)}</a>'
            rows.append(
                [
                    Entry(page),
                    entry(f"{one.release.head.edition} v{one.release.version}"),
                    entry(said_in_london(one.release.head.out_at)),
                    Entry(links),
                ]
            )
    title = words.text("release.page.catalogue")
    lead = f"<p>{escape(words.text('release.page.catalogue_lead'))}</p>"
    return shell(title, [_links("", words), lead, table(title, heads, rows)], words)


def catalogue(out: Sequence[Published]) -> dict[str, object]:
    """Everything that stands as one DCAT catalogue, in JSON-LD."""
    standing = [one for one in out if one.stands]
    entries = [dcat(one.release, data_in(one.files)) for one in standing]
    if not entries:
        return {"@graph": []}
    first = standing[0].release.head
    graph = {node["@id"]: node for each in entries for node in each["@graph"]}
    whole = {
        "@id": f"{first.address or 'urn:darkfigure:'}catalogue",
        "@type": "dcat:Catalog",
        "dct:title": {"@value": first.publisher, "@language": first.language},
        "dct:description": {
            "@value": ENGLISH.text("release.page.site_lead"),
            "@language": "en",
        },
        "dct:publisher": {"@id": entries[0]["@graph"][0]["@id"]},
        "dcat:dataset": [{"@id": one.release.identifier} for one in standing],
    }
    return {"@context": entries[0]["@context"], "@graph": [whole, *graph.values()]}


def glossary_page(out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """What each measure that was released means."""
    meant = {
        shown.measure: (shown.measure_title, shown.definition)
        for one in out
        for shown in one.release.tables
    }
    terms = "".join(
        f'<dt id="{escape(code)}"><strong>{escape(title)}</strong></dt><dd>{escape(text)}</dd>'
        for code, (title, text) in sorted(meant.items())
    )
    title = words.text("release.page.glossary")
    return shell(title, [_links("", words), f"<dl>{terms}</dl>"], words)


@dataclass(frozen=True)
class _Change:
    """Something that happened to what is out."""

    time: datetime
    title: str
    said: str
    folder: str


def _changes(out: Sequence[Published], words: Words) -> list[_Change]:
    changes = []
    for one in out:
        head = one.release.head
        said = head.summary
        if one.release.corrects is not None:
            said = words.text(
                "release.book.corrects", version=one.release.corrects, reason=one.release.reason
            )
        changes.append(_Change(head.out_at, f"{head.title}: {one.release.name}", said, one.folder))
        if one.withdrawn_at is not None:
            told = became(one, words)
            changes.append(_Change(one.withdrawn_at, head.title, told, one.folder))
    return sorted(changes, key=lambda change: change.time, reverse=True)


def changes_page(out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """What changed, the latest first."""
    items = "".join(
        f'<li><p>{escape(said_in_london(change.time))}: <a href="{change.folder}{INDEX}">'
        f"{escape(change.title)}</a></p><p>{escape(change.said)}</p></li>"
        for change in _changes(out, words)
    )
    feed = escape(words.text("release.page.feed"))
    parts = [
        _links("", words),
        f"<p>{escape(words.text('release.page.changes_lead'))} "
        f'<a href="changes.atom">{feed}</a></p>',
        f"<ul>{items}</ul>",
    ]
    return shell(words.text("release.page.changes"), parts, words)


def changes_feed(out: Sequence[Published], words: Words = ENGLISH) -> bytes:
    """What changed as an Atom feed (RFC 4287)."""
    address = out[0].release.head.address if out else ""
    own = f"{address}changes.atom" if address else "urn:darkfigure:changes"
    changes = _changes(out, words)
    updated = _moment(changes[0].time) if changes else "1970-01-01T00:00:00Z"
    entries = "".join(
        f"<entry><id>{xml(own)}#{xml(change.folder)}{int(change.time.timestamp())}</id>"
        f"<title>{xml(change.title)}</title><updated>{_moment(change.time)}</updated>"
        f'<link href="{xml(address + change.folder)}"/>'
        f'<content type="text">{xml(change.said)}</content></entry>'
        for change in changes
    )
    name = out[0].release.head.publisher if out else "Darkfigure"
    title = xml(words.text("release.page.changes"))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{xml(own)}</id><title>{title}</title><updated>{updated}</updated>"
        f"<author><name>{xml(name)}</name></author>{entries}</feed>\n"
    ).encode()


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
