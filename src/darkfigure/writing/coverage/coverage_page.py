"""Requirement coverage as a page: a matrix of questions by areas that fits a screen, and beneath it
for each square why it is as it is and what it stands on.

The page needs nothing beside itself. Without its few lines of script each square is a link; with
them a matrix is one stop of the tab key, arrows go from square to square, and what a square opens
to comes up opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from darkfigure.basis.marking import Marking
from darkfigure.intelligence.coverage import RANK, CellStatus, Coverage
from darkfigure.intelligence.requirement_sets import Question, RequirementSet
from darkfigure.writing.charts.picture import Picture, figure_part
from darkfigure.writing.coverage.cell_lines import Shared, cell_lines, shared
from darkfigure.writing.coverage.coverage_views import (
    SHOWN,
    Covered,
    percent,
    write_change,
)
from darkfigure.writing.page import page
from darkfigure.writing.words import ENGLISH, Words

Opened = Mapping[str, Mapping[str, Any]]
STYLE = """
main{max-width:none}body:has(.matrix){max-width:78rem}
.matrix{border-collapse:collapse;margin:0 0 1rem}
.matrix caption{text-align:left;font-weight:700;padding:.5rem 0}
.matrix thead th{writing-mode:vertical-rl;font-weight:400;font-size:.8rem;padding:.2rem 0;
text-align:right;vertical-align:bottom}
.matrix tbody th{font-weight:400;text-align:left;padding-right:.5rem;white-space:nowrap}
.matrix tbody th .text{display:none}
.matrix td{padding:0}
.square{display:flex;align-items:center;justify-content:center;box-sizing:border-box;
flex:none;
width:24px;height:24px;border:1px solid #505a5f;font-size:11px;text-decoration:none;color:#0b0c0c}
.square:focus,.square:hover{outline:3px solid var(--df-ink);outline-offset:1px;position:relative;
z-index:1}
.N0{background:#fff}.N1{background:#f3f2f1}.N2{background:#d2e2f1}.N3{background:#8eb8dc}
.N4{background:#2f6ea8;color:#fff}.N5{background:#12436d;color:#fff}.L{background:#f9b890}
.X{background:#b02418;color:#fff}.Z,.W{background:#4c2c92;color:#fff}
.said{min-height:3em;border-left:.4rem solid var(--df-accent);padding:.2rem .8rem;
margin:.5rem 0 1.5rem;background:var(--df-paper)}
.said.told{position:sticky;bottom:0}
.df-paper{display:none}
.key{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.4rem 1.2rem}
.key li{display:flex;gap:.5rem;align-items:center}
.rows{white-space:pre-line;overflow-wrap:anywhere;margin-left:1rem}
.place{border-left:2px solid var(--df-pale);padding-left:1rem;margin-left:.2rem}
@media (max-width:72em){.said.told{position:static}
.matrix.across,.matrix.across tbody,.matrix.across caption{display:block}
.matrix.across thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.matrix.across tr{display:flex;flex-wrap:wrap;margin-bottom:1rem}
.matrix tbody th{white-space:normal}
.matrix.across tbody th{flex:0 0 100%}.matrix.across tbody th .text{display:inline}
.square{width:26px;height:26px}}
@media (max-width:40em){.square{width:28px;height:28px}}
@media print{.said,.stands{display:none}.df-paper{display:block}
.square{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
_SCRIPT = """
const grids = document.querySelectorAll("[role=grid]");
const said = document.getElementById("said");
function tell(square) {
  said.textContent = square.getAttribute("aria-label");
  said.classList.add("told");
}
function open(square) {
  const place = document.getElementById(square.hash.slice(1));
  for (let up = place; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  place.parentElement.querySelector("summary").focus();
  place.scrollIntoView({block: "center"});
}
for (const grid of grids) {
  const rows = [...grid.tBodies[0].rows].map(row => [...row.querySelectorAll(".square")]);
  const all = rows.flat();
  all.forEach((square, at) => square.tabIndex = at ? -1 : 0);
  grid.addEventListener("focusin", event => {
    if (!event.target.classList.contains("square")) return;
    all.forEach(square => square.tabIndex = square === event.target ? 0 : -1);
    tell(event.target);
  });
  grid.addEventListener("mouseover", event => {
    const square = event.target.closest(".square");
    if (square) tell(square);
  });
  grid.addEventListener("keydown", event => {
    const y = rows.findIndex(row => row.includes(event.target));
    if (y < 0) return;
    const x = rows[y].indexOf(event.target), last = rows[y].length - 1;
    const to = {ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1], ArrowUp: [y - 1, x],
      ArrowDown: [y + 1, x], Home: [y, 0], End: [y, last]}[event.key];
    if (event.key === " ") { event.preventDefault(); open(event.target); }
    if (!to) return;
    event.preventDefault();
    const square = (rows[to[0]] || [])[to[1]];
    if (square) square.focus();
  });
  grid.addEventListener("click", event => {
    const square = event.target.closest(".square");
    if (square) { event.preventDefault(); open(square); }
  });
}
"""


def write_page(shown: Covered, words: Words = ENGLISH) -> str:
    """Coverage as a page that opens to what each cell stands on."""
    changed = write_change(shown.change, words=words) if shown.change else ""
    return coverage_page(shown.found, shown.held, shown.opened, changed, words=words)


def coverage_page(
    found: Coverage,
    held: RequirementSet,
    opened: Opened,
    change: str = "",
    charts: Sequence[Picture] = (),
    words: Words = ENGLISH,
) -> str:
    """A matrix of question by area, the lowest status of its periods in each square; squares open
    to why they are so and what they stand on.
    """
    whole = found.shares().row(0, named=True)
    summary = words.text(
        "coverage.page.summary",
        at=str(found.at),
        answered=found.headline,
        due=whole["asks_due"],
        response=percent(whole["response"]),
        on_time=percent(whole["on_time"]),
        informative=percent(whole["informative"]),
        number=len(found.floor),
        whole=len(held.questions),
    )
    opened, red = for_others(opened)
    squares = _squares(found)
    parts = [
        f"<style>{STYLE}</style>",
        f"<p><strong>{escape(highest(held, opened))}</strong></p>",
        *([f"<p>{words.text('coverage.page.red', count=red)}</p>"] if red else []),
        *([f"<p><strong>{words.text('coverage.made_up')}</strong></p>"] if found.synthetic else []),
        f'<p class="lead">{summary}</p>',
        f"<h2>{escape(words.text('coverage.page.matrix'))}</h2>",
        f"<p>{escape(words.text('coverage.page.how'))}</p>{_key(whole, words)}",
        *_matrices(squares, held, words),
        f'<p class="said" id="said" aria-live="polite">'
        f"{escape(words.text('coverage.page.choose'))}</p>",
        *(f"<h2>{escape(chart.title)}</h2>{figure_part(chart, words)}" for chart in charts),
        *([f"<pre>{escape(change)}</pre>"] if change else []),
    ]
    parts.append(_on_paper(squares, held, words))
    parts.append(f"<section class='stands'><h2>{words.text('coverage.page.stand_on')}</h2>")
    alike = shared(opened.values())
    parts += [f"<p>{escape(line)}</p>" for line in alike.told(words)] if opened else []
    parts += [
        _question(squares[code], held.questions[code], opened, alike, words) for code in squares
    ]
    parts.append(f"</section><script>{_SCRIPT}</script>")
    return page(words.text("coverage.page.title", title=held.title), parts)


_Squares = dict[str, dict[str, list[dict[str, Any]]]]


def _squares(found: Coverage) -> _Squares:
    """The cells of each question and area, in order of time."""
    squares: _Squares = {}
    for row in found.cells.sort("area", "start").iter_rows(named=True):
        squares.setdefault(row["question"], {}).setdefault(row["area"], []).append(row)
    order = found.cells["question"].unique(maintain_order=True).to_list()
    return {code: squares[code] for code in order}


#: Areas of a gap that are named on paper; of more, how many they are.
_NAMED = 6


def _on_paper(squares: _Squares, held: RequirementSet, words: Words) -> str:
    """What is printed in place of what each square stands on: the questions with squares that are
    not answered, and where the rest is.
    """
    lines = []
    for code, areas in squares.items():
        by_status: dict[str, list[str]] = {}
        for area, cells in areas.items():
            by_status.setdefault(_lowest(cells), []).append(area)
        by_status.pop(CellStatus.ANSWERED, None)
        told = [
            words.text(
                "coverage.page.gap",
                status=words.text(f"coverage.status.{status}"),
                areas=", ".join(listed)
                if len(listed) <= _NAMED
                else words.text("coverage.page.gap_areas", count=len(listed), whole=len(areas)),
            )
            for status, listed in sorted(by_status.items(), key=lambda each: RANK[each[0]])
        ]
        if told:
            lines.append(f"{code} {held.questions[code].text} {'; '.join(told)}.")
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        f"<section class='df-paper'><h2>{escape(words.text('coverage.page.open_gaps'))}</h2>"
        f"<ul>{listed}</ul><p>{escape(words.text('coverage.page.rest'))}</p></section>"
    )


def _lowest(cells: Sequence[Mapping[str, Any]]) -> str:
    """The status of a square: the lowest of its periods."""
    return str(min((cell["status"] for cell in cells), key=lambda status: RANK[status]))


def _key(whole: Mapping[str, Any], words: Words) -> str:
    """What the letters of squares mean, and the share of each."""
    items = "".join(
        f'<li><span class="square {status}" aria-hidden="true">{status}</span> {status}: '
        f"{escape(words.text(f'coverage.status.{status}'))}, {percent(whole[status])}</li>"
        for status in SHOWN
        if whole[status]
    )
    return f'<ul class="key">{items}</ul>'


def _matrices(squares: _Squares, held: RequirementSet, words: Words) -> Iterator[str]:
    """A matrix for all questions that are asked of the same areas."""
    together: dict[tuple[str, ...], list[str]] = {}
    for code, held_of in squares.items():
        together.setdefault(tuple(held_of), []).append(code)
    for areas, codes in sorted(together.items(), key=lambda each: -len(each[0])):
        heads = "".join(f'<th scope="col">{escape(area)}</th>' for area in areas)
        rows = "".join(
            f'<tr><th scope="row"><span>{escape(code)}</span> <span class="text">'
            f"{escape(held.questions[code].text)}</span></th>"
            + "".join(
                f"<td>{_square(code, area, cells, words)}</td>"
                for area, cells in squares[code].items()
            )
            + "</tr>"
            for code in codes
        )
        count = len(areas)
        caption = words.text("coverage.page.of_areas", count=count) if count > 1 else areas[0]
        across = " across" if count > 1 else ""
        yield (
            f'<table class="matrix{across}" role="grid"><caption>{escape(caption)}</caption>'
            f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )


def _square(code: str, area: str, cells: Sequence[Mapping[str, Any]], words: Words) -> str:
    status = _lowest(cells)
    lowest = next(cell for cell in cells if cell["status"] == status)
    of_periods = ", ".join(f"{cell['period']} {cell['status']}" for cell in cells)
    more = f" ({of_periods})" if len(cells) > 1 else ""
    label = f"{status}: {code}, {area}{more}: {reason_of(lowest, words)}"
    return (
        f'<a class="square {status}" href="#{anchor(code, area)}" aria-label="{escape(label)}">'
        f"{status}</a>"
    )


def anchor(code: str, area: str) -> str:
    """Where on the page it is said what a square stands on."""
    return "at-" + "".join(each if each.isalnum() else "-" for each in f"{code}-{area}")


def _question(
    areas: Mapping[str, Sequence[Mapping[str, Any]]],
    question: Question,
    opened: Opened,
    alike: Shared,
    words: Words,
) -> str:
    """A question with a place for each of its areas, all folded."""
    heading = escape(f"{question.code} {question.text}")
    places = "".join(
        _place(question.code, area, cells, opened, alike, words) for area, cells in areas.items()
    )
    return f'<details><summary>{heading}</summary><div class="place">{places}</div></details>'


def _place(
    code: str,
    area: str,
    cells: Sequence[Mapping[str, Any]],
    opened: Opened,
    alike: Shared,
    words: Words,
) -> str:
    """Why a square is as it is, by its periods, and what each stands on."""
    status = _lowest(cells)
    parts = []
    for cell in cells:
        reason = escape(reason_of(cell, words))
        parts.append(
            f"<p><strong>{escape(str(cell['period']))}: {cell['status']}</strong> {reason}</p>"
        )
        lines = list(cell_lines(opened.get(f"{code}/{area}/{cell['period']}", {}), alike))
        parts += [f'<p class="rows">{escape(chr(10).join(lines))}</p>'] if lines else []
    heading = escape(f"{area}: {status} {words.text('coverage.status.' + status)}")
    return (
        f'<details><summary>{heading}</summary><div class="place" id="{anchor(code, area)}">'
        f"{''.join(parts)}</div></details>"
    )


def reason_of(cell: Mapping[str, Any], words: Words = ENGLISH) -> str:
    """Why a cell stands where it does, in a sentence."""
    status = words.text("coverage.status." + cell["status"])
    sentence = words.text(
        "coverage.page.reason",
        status=status, asked=cell["asked"], due=cell["due"], replied=cell["replied"],
        on_time=cell["on_time"], informed=cell["informed"],
    )  # fmt: skip
    if cell["e_for"] is not None and cell["origins"]:
        sentence += " " + words.text(
            "coverage.page.weighed",
            for_=cell["e_for"], against=cell["e_against"], origins=cell["origins"],
        )  # fmt: skip
    return sentence + (" " + words.text("coverage.page.fragile") if cell["fragile"] else "")


def for_others(
    opened: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, dict[str, Any]], int]:
    """What cells stand on without what is for its first readers alone (TLP:RED), and how many
    items that leaves out.
    """
    kept, left = {}, 0
    for name, rows in opened.items():
        items = [row for row in rows["items"] if row["tlp"] != "TLP:RED"]
        left += len(rows["items"]) - len(items)
        kept[name] = {**rows, "items": items}
    return kept, left


def highest(held: RequirementSet, opened: Opened) -> str:
    """The highest marking of an edition and the items shown beside it, as it is written."""
    marks = [
        Marking[row["marking"].replace("-", "_")]
        for rows in opened.values()
        for row in rows["items"]
        if "grade" in row  # else it is withheld, and only its mark is shown
    ]
    return max([held.marking, *marks]).name.replace("_", "-")
