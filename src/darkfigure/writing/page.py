"""Pages that need nothing beside themselves, and the tables on them: they fit a phone, the dark,
paper and a reader who hears them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from darkfigure.writing.words import ENGLISH, Words

#: Colours by name: of light pages and paper, and of dark screens.
LIGHT = {
    "ink": "#0b0c0c", "paper": "#ffffff", "quiet": "#484949", "accent": "#1d70b8",
    "warm": "#ca3535", "pale": "#cecece", "link": "#1a65a6", "surface": "#f3f3f3",
    "s1": "#eeefef", "s2": "#d2e2f1", "s3": "#8eb8dc", "s4": "#3d83bf", "s5": "#12436d",
}  # fmt: skip
DARK = {
    "ink": "#f3f2f1", "paper": "#14181a", "quiet": "#bfc3c5", "accent": "#6fb0e8",
    "warm": "#ff9a8a", "pale": "#50565a", "link": "#8fc4f5", "surface": "#23292c",
    "s1": "#2b3236", "s2": "#2c4a63", "s3": "#3d78a8", "s4": "#74b2e4", "s5": "#cfe6fa",
}  # fmt: skip


def _named(colours: dict[str, str]) -> str:
    return "".join(f"--df-{name}:{colour};" for name, colour in colours.items())


COLOURS = (
    f":root{{color-scheme:light dark;{_named(LIGHT)}}}\n"
    f"@media screen and (prefers-color-scheme:dark){{:root{{{_named(DARK)}}}}}\n"
)
#: What charts, tables and notes look like on any page of ours.
SHARED = """
.df-chart{margin:0 0 1.5rem;display:flex;flex-wrap:wrap;gap:0 2rem;align-items:flex-start}
.df-chart>svg{flex:0 1 26rem;width:100%;max-width:26rem;height:auto}
.df-chart>.df-figures{flex:1 1 18rem;max-width:100%}
@media (max-width:60em){.df-chart{display:block}.df-chart>svg{display:block}}
.chart .halo{stroke:var(--df-paper)}.chart .ground{fill:none}.chart .ink{fill:var(--df-ink)}
.chart .quiet,.chart .end{fill:var(--df-quiet)}.chart .bar,.chart .band{fill:var(--df-accent)}
.chart .hatch,.chart .part,.chart .line{stroke:var(--df-accent)}.chart .down{stroke:var(--df-warm)}
.chart .other{stroke:var(--df-ink)}.chart .axis{stroke:var(--df-quiet)}
.chart .grid{stroke:var(--df-pale)}
.chart [class^=shade]{stroke:var(--df-quiet)}
.chart .shade0{fill:var(--df-paper)}.chart .shade1{fill:var(--df-s1)}
.chart .shade2{fill:var(--df-s2)}.chart .shade3{fill:var(--df-s3)}
.chart .shade4{fill:var(--df-s4)}.chart .shade5{fill:var(--df-s5)}
.df-rows{border-collapse:collapse;width:100%;margin:0 0 1rem}
.df-rows caption{text-align:left;font-weight:700;padding:.5rem 0}
.df-rows th,.df-rows td{text-align:left;padding:.4rem .8rem .4rem 0;vertical-align:top;
font-weight:400;border-bottom:1px solid var(--df-pale);overflow-wrap:anywhere;min-width:5.2em}
.df-rows th:last-child,.df-rows td:last-child{padding-right:0}
.df-rows.many th,.df-rows.many td,.df-rows.many .figure,.held th.year,.held td.year{min-width:0}
.df-figures caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.df-rows thead th{font-weight:700;overflow-wrap:normal}
.df-rows .name{white-space:nowrap}
.df-rows .figure{text-align:right;font-variant-numeric:tabular-nums;min-width:3.5em}
.df-rows td.none,.held .none{color:var(--df-quiet)}
.notes{color:var(--df-quiet);font-size:.95rem;overflow-wrap:anywhere}
.cannot{border-left:.4rem solid var(--df-warm);padding:.1rem 1rem;margin:1rem 0}
details>summary{cursor:pointer;padding:.4rem 0}
.df-pages a{display:inline-block;padding:.3rem 0;min-height:1.5rem}
.df-contents ul{list-style:none;padding:0;columns:18rem}
.df-contents a{display:block;padding:.25rem 0}
.held td.year,.held th.year{text-align:center;padding:.2rem;width:1.6rem}
.held thead th.year{writing-mode:vertical-rl;font-variant-numeric:tabular-nums}
.held .whole{background:var(--df-ink);color:var(--df-paper)}
.held .part{background:var(--df-pale);color:var(--df-ink)}
.held .legend .year{display:inline-block;min-width:1.6rem;text-align:center}
.held td.year+td:not(.year){padding-left:.8rem}
.df-unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media screen and (min-width:40em){.df-rows:not(.many) th,.df-rows:not(.many) td{
overflow-wrap:break-word}}
@media screen and (max-width:40em){
.df-rows th:not(:last-child),.df-rows td:not(:last-child){padding-right:.4rem}
.wide,.wide caption,.wide tbody,.wide tr,.wide th{display:block}
.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.wide tr{border-bottom:2px solid var(--df-pale);padding:.4rem 0}
.wide th,.wide td,.wide .figure{border:0;padding:0;text-align:left}
.wide td{display:inline-block;margin-right:1rem}
.wide tbody th,.wide td.figure{font-weight:700}
.wide td[data-head]::before{content:attr(data-head) ": ";color:var(--df-quiet);font-weight:400}
.wide td:empty{display:none}
.df-rows.held td.year{display:inline-block;min-width:2.6rem;padding:.2rem;
border:1px solid var(--df-pale)}
.df-rows.held td.year::before{content:attr(data-head);display:block;font-size:.75rem;
color:inherit}
}
@media print{
:root{color-scheme:light}body{color:#0b0c0c}
a[href]::after,.govuk-link[href]::after{content:none!important}
nav,.df-pages,.govuk-skip-link,form{display:none!important}
details::details-content{content-visibility:visible!important;block-size:auto!important}
details{display:block}summary{list-style:none}
figure,tr,.cannot{break-inside:avoid}thead{display:table-header-group}h2,h3,caption{break-after:avoid}
.df-chart>svg{max-width:22rem}
.df-rows.held{font-size:.85rem}.held td.year,.held th.year{padding:.1rem 0;width:1rem}
}
"""
STYLE = (
    COLOURS
    + """body{font:1.05rem/1.5 "Helvetica Neue",Arial,sans-serif;color:var(--df-ink);
background:var(--df-paper);margin:0 auto;max-width:62rem;padding:1rem;overflow-wrap:break-word}
h1{font-size:1.9rem;line-height:1.2}
h2{margin-top:2.5rem;border-top:1px solid var(--df-pale);padding-top:1.5rem;line-height:1.25}
a{color:var(--df-link)}a:focus-visible,summary:focus-visible,button:focus-visible
{outline:3px solid var(--df-ink);outline-offset:2px;background:#fd0;color:#0b0c0c}
code{font-size:.85rem;overflow-wrap:anywhere}pre{white-space:pre-wrap;overflow-wrap:anywhere}
.lead{font-size:1.2rem}
@media screen and (max-width:40em){h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:1.5rem}}
"""
    + SHARED
)
#: Columns that fit a phone; of more, each row stands by itself there. Beyond so many words break.
_NARROW, _MANY_COLUMNS = 3, 8
#: Headings from which a list of contents is worth its room.
_MANY = 4
_HEADING = re.compile(r"<h2(?: id=\"([^\"]*)\")?>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Head(NamedTuple):
    """The heading of a column; of figures to the right, or of another kind."""

    text: str
    kind: str = ""


class Entry(NamedTuple):
    """What stands in a cell of a table, as HTML, and of what kind it is."""

    html: str
    kind: str = ""


def entry(text: str, kind: str = "") -> Entry:
    """Text in a cell."""
    return Entry(escape(text), kind)


def table(
    caption: str, heads: Sequence[Head], rows: Iterable[Sequence[Entry]], *, kind: str = ""
) -> str:
    """A table whose rows begin with what they are of. On a phone each row stands by itself, each
    entry with its heading; its parts say what they are even so.
    """
    top = "".join(
        f'<th scope="col" role="columnheader"{_class(head.kind)}>{escape(head.text)}</th>'
        if head.text
        else '<td role="cell"></td>'
        for head in heads
    )
    body = "".join(f'<tr role="row">{_cells(heads, row)}</tr>' for row in rows)
    size = " wide" if len(heads) > _NARROW else ""
    size += " many" if len(heads) > _MANY_COLUMNS else ""
    return (
        f'<table class="df-rows{size}{" " + kind if kind else ""}" role="table">'
        f'<caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{top}</tr>'
        f'</thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(heads: Sequence[Head], row: Sequence[Entry]) -> str:
    first, *rest = row
    cells = [f'<th scope="row" role="rowheader"{_class(first.kind)}>{first.html}</th>']
    for head, inside in zip(heads[1:], rest, strict=True):
        named = f' data-head="{escape(head.text)}"' if head.text and inside.html else ""
        cells.append(f'<td role="cell"{_class(inside.kind)}{named}>{inside.html}</td>')
    return "".join(cells)


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def listed(lines: Iterable[str], kind: str = "") -> str:
    """Lines as a list."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul{_class(kind)}>{items}</ul>"


#: Lists of so many lines stand open.
_FEW = 12


def folded(title: str, lines: Iterable[str]) -> str:
    """Lines under a title that opens and closes them; open where they are few."""
    whole = list(lines)
    is_open = " open" if len(whole) <= _FEW else ""
    return (
        f'<details class="notes"{is_open}><summary>{escape(title)}</summary>{listed(whole)}'
        "</details>"
    )


@dataclass(frozen=True)
class Paging:
    """Which page of a long table is shown, and the address of any other."""

    number: int
    address: Callable[[int], str]
    size: int = 100

    def rows(self, whole: int) -> slice:
        """The rows of this page of a table of so many; the last there is, of a page too far on."""
        number = min(max(self.number, 1), self.pages(whole))
        return slice((number - 1) * self.size, min(number * self.size, whole))

    def pages(self, whole: int) -> int:
        """How many pages there are."""
        return max(1, -(-whole // self.size))

    def part(self, whole: int, words: Words = ENGLISH, *, beneath: bool = False) -> str:
        """Which rows are shown, and links to the others; nothing where all are. It stands above a
        table and `beneath` it.
        """
        if self.pages(whole) == 1:
            return ""
        shown, last = self.rows(whole), self.pages(whole)
        number = shown.start // self.size + 1
        told = words.text("pages.rows", first=shown.start + 1, last=shown.stop, whole=whole)
        places = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
        links = " · ".join(
            f'<a class="govuk-link" href="{escape(self.address(at))}">'
            f"{escape(words.text(f'pages.{name}'))}</a>"
            for name, at in places.items()
            if 1 <= at <= last and at != number
        )
        name = words.text("pages.paging_beneath" if beneath else "pages.paging")
        every = words.text("pages.every_row")
        return (
            f'<nav class="df-pages" aria-label="{escape(name)}"><p><strong>{escape(told)}</strong> '
            f"{links}<br>{escape(every)}</p></nav>"
        )


def page(title: str, parts: Sequence[str], words: Words = ENGLISH) -> str:
    """A whole page with its style inside it: no script, no other file. Of many sections it begins
    with a list of them.
    """
    tongue = words.text("page.language")
    body = with_contents("\n".join(parts), words)
    return (
        f'<!doctype html>\n<html lang="{tongue}"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n</main></body></html>\n"
    )


def with_contents(body: str, words: Words = ENGLISH) -> str:
    """A body that begins with a list of its headings, each to be gone to, where they are many."""
    if len(_HEADING.findall(body)) < _MANY:
        return body
    headings: list[tuple[str, str]] = []

    def named(match: re.Match[str]) -> str:
        anchor = match[1] or f"part-{len(headings) + 1}"
        headings.append((anchor, _TAG.sub("", match[2])))
        return f'<h2 id="{anchor}">{match[2]}</h2>'

    body = _HEADING.sub(named, body)
    links = "".join(f'<li><a href="#{anchor}">{name}</a></li>' for anchor, name in headings)
    title = escape(words.text("pages.contents"))
    return f'<nav class="df-contents" aria-label="{title}"><ul>{links}</ul></nav>\n{body}'
