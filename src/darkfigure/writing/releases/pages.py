"""The pages of a release: one for the whole, one for each table with its builder. They stand in a
folder by themselves, with their style and one script beside them, and need no server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape

from darkfigure.publication.embargo import said_in_london
from darkfigure.publication.release import Release, ReleasedTable
from darkfigure.writing.charts.answer_charts import bounds_told, table_picture
from darkfigure.writing.charts.picture import Picture
from darkfigure.writing.page import STYLE, Entry, Head, entry, folded, table, with_contents
from darkfigure.writing.releases.described import jsonstat
from darkfigure.writing.releases.workbook import headings_of, marks_of, row_of
from darkfigure.writing.words import ENGLISH, Words

STYLES, SCRIPT = "style.css", "build.js"
#: So many rows of a table stand on the page of the release; its own page has all.
FEW = 40
_BUILDER = """
.df-scroll{overflow-x:auto}.df-scroll .df-rows th,.df-scroll .df-rows td{overflow-wrap:normal}
.df-code{white-space:pre-wrap;overflow-wrap:anywhere}
select{max-width:100%;font:inherit;padding:.3rem;min-height:2.75rem}
"""


def styles() -> bytes:
    """The style of all pages."""
    return f"{STYLE}{_BUILDER}".encode()


def shell(
    title: str, parts: Sequence[str], words: Words = ENGLISH, *, up: str = "", script: bool = False
) -> bytes:
    """A page with its style beside it; `up` leads to the folder where that stands."""
    body = with_contents("\n".join(filter(None, parts)), words)
    run = f'<script src="{up}{SCRIPT}" defer></script>' if script else ""
    return (
        f'<!doctype html>\n<html lang="{words.text("page.language")}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{up}{STYLES}">{run}</head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    ).encode()


def release_page(release: Release, files: Mapping[str, bytes], words: Words = ENGLISH) -> bytes:
    """The page of a release: what it is, its tables drawn, what was corrected, methods, files."""
    head = release.head
    parts = [
        *_face(release, words),
        f'<p class="lead">{escape(head.summary)}</p>',
        _facts(release, words),
        _others(words),
        _moved_part(release, words),
        *(part for each in release.tables for part in _table_parts(release, each, words)),
        *_said(words.text("release.book.methods"), head.methods),
        *_said(words.text("release.book.quality"), head.quality),
        _files_part(files, words),
        f"<h2>{escape(words.text('release.page.cite'))}</h2><p>{escape(release.citation)}</p>",
    ]
    return shell(f"{head.title}, {head.edition}", parts, words)


def _others(words: Words) -> str:
    """Where other versions stand: a page that went out does not change."""
    said = escape(words.text("release.page.other_versions"))
    return f'<p><a href="../../index.html">{said}</a></p>'


def _face(release: Release, words: Words) -> list[str]:
    if not release.synthetic:
        return []
    return [f"<p><strong>{escape(words.text('release.book.made_up'))}</strong></p>"]


def _facts(release: Release, words: Words) -> str:
    head = release.head
    lines = [
        words.text("release.book.version", edition=head.edition, version=release.version),
        words.text("release.book.published", time=said_in_london(head.out_at)),
        words.text("release.book.publisher", publisher=head.publisher),
        words.text("release.book.contact", contact=head.contact),
        words.text("release.book.licence", licence=head.licence),
        words.text("release.book.address", address=release.identifier),
    ]
    if head.revisions:
        lines.append(words.text("release.book.revisions", policy=head.revisions))
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _moved_part(release: Release, words: Words) -> str:
    if release.corrects is None:
        return ""
    title = words.text("release.page.moved")
    said = words.text("release.book.corrects", version=release.corrects, reason=release.reason)
    kind = words.text(f"release.page.{'scheduled' if release.scheduled else 'unscheduled'}")
    lead = f"<h2>{escape(title)}</h2><p>{escape(said)}</p><p>{escape(kind)}</p>"
    if not release.moved:
        return f"{lead}<p>{escape(words.text('release.page.none_moved'))}</p>"
    heads = [
        Head(words.text(f"release.page.{name}"), kind)
        for name, kind in (
            ("table", ""), ("cell", ""), ("before", "figure"), ("after", "figure"),
            ("difference", "figure"),
        )
    ]  # fmt: skip
    rows = [
        [
            entry(moved.table),
            entry(", ".join(moved.labels)),
            entry(_ends(moved.before, words), "figure"),
            entry(_ends(moved.after, words), "figure"),
            entry("" if moved.difference is None else f"{moved.difference:+,}", "figure"),
        ]
        for moved in release.moved
    ]
    return lead + table(title, heads, rows)


def _ends(says: tuple[float | None, float | None, float | None] | None, words: Words) -> str:
    if says is None:
        return words.text("release.page.nothing")
    value, low, high = says
    if value is not None:
        return f"{value:,}"
    return bounds_told(low, high, words) or words.text("figure.no_figure")


def _table_parts(release: Release, shown: ReleasedTable, words: Words) -> list[str]:
    more = words.text("release.page.whole_table", rows=len(shown.cells))
    return [
        f'<h2 id="{shown.code}">{escape(shown.title)}</h2>',
        _chart(table_picture(release, shown, words)),
        _rows(shown, words, FEW),
        *_claims(shown, words),
        f'<p><a href="{shown.code}.html">{escape(more)}</a></p>',
        folded(words.text("page.notes"), _notes(shown, words)),
    ]


def _chart(drawn: Picture) -> str:
    return f'<figure class="df-chart">{drawn.svg}</figure>'


def _rows(shown: ReleasedTable, words: Words, most: int | None = None) -> str:
    dims = len(shown.dimensions)
    heads = [
        Head(heading, "" if at < dims else "figure")
        for at, heading in enumerate(headings_of(shown, words))
    ]
    rows = [
        [
            *map(entry, map(str, row[:dims])),
            *(
                Entry(escape(f"{value:,}" if isinstance(value, (int, float)) else value), "figure")
                for value in row[dims:]
            ),
        ]
        for row in (row_of(shown, cell, words) for cell in shown.cells[:most])
    ]
    said = words.text("release.book.as_at", day=shown.as_at.isoformat())
    return table(f"{shown.title}. {said}", heads, rows)


def _cited(release: Release, shown: ReleasedTable, words: Words) -> str:
    """How a table is cited: with what its figures cannot say, as it is quoted without the page."""
    if not shown.cannot_bear:
        return release.citation
    claims = " ".join(shown.cannot_bear)
    return words.text("claims.cite", citation=release.citation, claims=claims)


def _claims(shown: ReleasedTable, words: Words) -> list[str]:
    """What the figures of a table cannot say, open beside them."""
    if not shown.cannot_bear:
        return []
    listed = "".join(f"<li>{escape(claim)}</li>" for claim in shown.cannot_bear)
    return [f"<p><strong>{escape(words.text('claims.title'))}</strong></p><ul>{listed}</ul>"]


#: How wide an embedded picture is without any style: as a phone allows, else as it is read best.
_SIZES = "(max-width: 600px) 65vw, 480px"


def embedded(release: Release, shown: ReleasedTable, words: Words = ENGLISH) -> str:
    """What another site puts into its page to show a table's chart: a picture at this version's
    address, what its figures cannot say, and how it is cited. No script, style or frame: a strict
    policy of that site allows it where it allows pictures from here.
    """
    at = release.identifier
    claims = "".join(f"<li>{escape(claim)}</li>" for claim in shown.cannot_bear)
    drawn = f"{escape(at)}{shown.code}.svg"
    alt = words.text("release.page.embed_alt", title=shown.title, edition=release.head.edition)
    made_up = "".join(_face(release, words))
    return (
        f'<figure>{made_up}<a href="{escape(at)}{shown.code}.html">'
        f'<img src="{drawn}" srcset="{drawn} 480w" sizes="{_SIZES}" '
        f'alt="{escape(alt, quote=True)}"></a>'
        f"<figcaption><p>{escape(words.text('claims.title'))}</p><ul>{claims}</ul>"
        f"<p>{escape(release.citation).replace('/', '/<wbr>')}</p></figcaption></figure>"
    )


def _embedding(release: Release, shown: ReleasedTable, words: Words) -> str:
    """The code to embed a table, where it is known at which address it stands and what its figures
    cannot say: it goes nowhere without that.
    """
    if not (release.head.address and shown.cannot_bear):
        return ""
    title = escape(words.text("release.page.embed"))
    lead = escape(words.text("release.page.embed_lead"))
    code = escape(embedded(release, shown, words))
    return (
        f"<details><summary>{title}</summary><p>{lead}</p>"
        f'<pre class="df-code" tabindex="0"><code>{code}</code></pre></details>'
    )


def _notes(shown: ReleasedTable, words: Words) -> list[str]:
    marks = [
        words.text("release.book.mark_said", mark=mark, meaning=words.text(f"release.mark.{mark}"))
        for mark in marks_of(shown)
    ]
    sources = [words.text("release.book.source", sources=source) for source in shown.sources]
    return [shown.definition, *marks, *shown.notes, *sources]


def _said(title: str, paragraphs: Sequence[str]) -> list[str]:
    if not paragraphs:
        return []
    return [f"<h2>{escape(title)}</h2>", *(f"<p>{escape(text)}</p>" for text in paragraphs)]


def _files_part(files: Mapping[str, bytes], words: Words) -> str:
    heads = [
        Head(words.text("release.page.file")),
        Head(words.text("release.page.about")),
        Head(words.text("release.page.size"), "figure"),
    ]
    rows = [
        [
            Entry(f'<a href="{escape(name)}">{escape(name)}</a>'),
            entry(words.text(f"release.file.{kind_of(name)}")),
            entry(f"{len(body):,}", "figure"),
        ]
        for name, body in files.items()
    ]
    title = words.text("release.page.files")
    return f"<h2>{escape(title)}</h2>" + table(title, heads, rows)


def kind_of(name: str) -> str:
    """Of which kind a file of a release is, by its name."""
    for ending, kind in (
        ("-metadata.json", "csvw"),
        (".jsonstat.json", "jsonstat"),
        ("structure.xml", "sdmx_structure"),
        (".sdmx.xml", "sdmx"),
        (".sdmx.json", "sdmx_json"),
        ("datapackage.json", "frictionless"),
        ("datacite.json", "datacite"),
        ("release.json", "release"),
    ):
        if name.endswith(ending):
            return kind
    return name.rpartition(".")[2]


def table_page(release: Release, shown: ReleasedTable, words: Words = ENGLISH) -> bytes:
    """The page of a table: all of its rows; where scripts run, a builder that turns and narrows it,
    and an address for whatever was built.
    """
    data = json.dumps(jsonstat(shown, release), ensure_ascii=False).replace("<", "\\u003c")
    named = {
        name: words.text(f"release.build.{name}")
        for name in ("title", "rows", "columns", "keep", "every", "link", "copy", "none", "shown")
    }
    labels = escape(json.dumps(named, ensure_ascii=False), quote=True)
    cite = escape(json.dumps(_cited(release, shown, words), ensure_ascii=False), quote=True)
    parts = [
        *_face(release, words),
        f'<p><a href="index.html">{escape(release.head.title)}</a></p>',
        _chart(table_picture(release, shown, words)),
        f'<div id="builder" data-words="{labels}" data-cite="{cite}"></div>',
        f'<script type="application/json" id="data">{data}</script>',
        f"<h2>{escape(words.text('release.page.all_rows'))}</h2>",
        _rows(shown, words),
        *_claims(shown, words),
        folded(words.text("page.notes"), _notes(shown, words)),
        _embedding(release, shown, words),
    ]
    return shell(shown.title, parts, words, script=True)
