"""Answers and bridges as HTML: pieces for a page, and pages that need nothing beside themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from darkfigure.basis.saying import several
from darkfigure.publication import Answer, Bridge, Cannot, Comparison
from darkfigure.publication.comparison import Compared
from darkfigure.tables.cell import Cell
from darkfigure.tables.question import Question
from darkfigure.writing.wording import (
    agreement,
    apart_lines,
    as_at_words,
    compared_figure,
    compared_heads,
    compared_title,
    ends_of,
    figure,
    footnotes,
    labelled,
    refusal_lines,
    source_lines,
    step_name,
    step_why,
    unit_title,
    verdict_on,
    warnings,
)
from darkfigure.writing.words import ENGLISH, Words

STYLE = """
body{font:1.05rem/1.5 "Helvetica Neue",Arial,sans-serif;color:#0b0c0c;margin:0 auto;max-width:62rem;padding:1rem}
h1{font-size:2rem;line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid #b1b4b6;padding-top:1.5rem}
table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:700;margin-bottom:.5rem}
th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #b1b4b6;vertical-align:top}
td.figure,th.figure{text-align:right;font-variant-numeric:tabular-nums;padding-right:1.2rem}
.none{color:#505a5f}.notes{color:#383f43;font-size:.95rem}.cannot{border-left:.4rem solid #d4351c;padding:.1rem 1rem;margin:1rem 0}
.charts{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0}svg{max-width:100%;height:auto}
code{font-size:.85rem}
"""  # noqa: E501


#: The address at which a question is asked.
Asking = Callable[[Question], str]


def answer_part(
    answer: Answer, link: str = "", words: Words = ENGLISH, asked_at: Asking | None = None
) -> str:
    """An answer as a table with its notes. `link` is put before the id of each cell to make it a
    link; `asked_at` makes links of the questions that are nearest to one without an answer.
    """
    table = [_table(answer, link, words)] if answer.cells else []
    parts = [*warned_parts(answer, words), *table]
    return "\n".join([*parts, *beneath_parts(answer, answer.cells, words, asked_at)])


def warned_parts(answer: Answer, words: Words) -> list[str]:
    """What a reader must not miss of an answer."""
    lines = warnings(answer.notes, words)
    return [f"<p><strong>{escape(line)}</strong></p>" for line in lines]


def beneath_parts(
    answer: Answer, cells: Sequence[Cell], words: Words, asked_at: Asking | None
) -> list[str]:
    """What stands beneath a table: the footnotes of its cells, what cannot be said, notes, sources
    and basis.
    """
    parts = []
    notes = footnotes(cells, words)
    if notes.texts:
        parts.append(
            '<ol class="notes">'
            + "".join(f"<li>{escape(text)}</li>" for text in notes.texts)
            + "</ol>"
        )
    title = words.text("page.cannot")
    parts += [cannot_part(title, refusal, words, asked_at) for refusal in answer.cannot]
    lines = [
        *map(words.say, answer.notes),
        *(words.text("page.source_line", source=line) for line in source_lines(answer, words)),
        words.text("page.basis_line", basis=answer.basis),
    ]
    return [*parts, folded(words.text("page.notes"), lines)]


def _table(answer: Answer, link: str, words: Words) -> str:
    heads, listed = labelled(answer, words)
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    rows = []
    for cell, marks, labels in zip(
        answer.cells, footnotes(answer.cells, words).marks, listed, strict=True
    ):
        first, *rest = labels or [answer.question.measure.title]
        raised = "".join(f"<sup>[{mark}]</sup>" for mark in marks)
        opened = (
            f'<a href="{escape(link + cell.id)}">{escape(cell.id)}</a>'
            if link
            else f"<code>{escape(cell.id)}</code>"
        )
        kind = "figure" if cell.value is not None else "figure none"
        rows.append(
            f'<tr><th scope="row">{escape(first)}</th>'
            + "".join(f"<td>{escape(label)}</td>" for label in rest)
            + f'<td class="{kind}">{escape(figure(cell, words))}{raised}</td><td>{opened}</td></tr>'
        )
    caption = f"{answer.question.measure.title}. {as_at_words(answer, words)}"
    if not heads:
        top = f'<th scope="col">{escape(words.text("head.measure"))}</th>'
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}"
        f'<th scope="col" class="figure">{escape(unit_title(answer.unit, words))}</th><th '
        f'scope="col">{escape(words.text("head.cell"))}</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def cannot_part(
    title: str, refusal: Cannot, words: Words = ENGLISH, asked_at: Asking | None = None
) -> str:
    """What cannot be said, under a title; with links to the nearest questions where they have an
    address.
    """
    said, needed = refusal_lines(refusal, words)
    near = _near([asked_at(question) for question in refusal.nearest] if asked_at else [], words)
    return (
        f'<div class="cannot"><p><strong>{escape(title)}.</strong> '
        f"{escape(said)}</p>{near}<p>{escape(needed)}</p></div>"
    )


def _near(addresses: Sequence[str], words: Words) -> str:
    """Links to the questions that are nearest, in the order in which they were told."""
    links = [
        f'<a href="{escape(address)}">{escape(words.text("nearest.link", number=number))}</a>'
        for number, address in enumerate(addresses, 1)
    ]
    return f"<p>{' · '.join(links)}</p>" if links else ""


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def folded(title: str, lines: Iterable[str]) -> str:
    """Lines that a reader opens by their title."""
    return f'<details class="notes"><summary>{escape(title)}</summary>{_list(lines)}</details>'


def bridge_part(bridge: Bridge, link: str = "", words: Words = ENGLISH) -> str:
    """A bridge as a table from opening to closing figure."""
    first, last = ends_of(bridge, words)
    steps = [
        _step(step_name(line, words), f"{line.amount:+,}", step_why(line, words))
        for line in bridge.lines
    ]
    if not steps and bridge.closing is not None:
        steps = [_step(words.text("bridge.no_change"), "0", "")]
    title = words.text(
        "bridge.caption", title=bridge.question.measure.title, start=bridge.start, end=bridge.end
    )
    heads = (words.text("head.step"), unit_title(bridge.unit, words), words.text("head.why"))
    return (
        f"<table><caption>{escape(title)}</caption>"
        '<thead><tr><th scope="col">{}</th><th scope="col" class="figure">{}</th>'
        '<th scope="col">{}</th></tr></thead>'.format(*map(escape, heads))
        + f"<tbody>{''.join([_step(*first), *steps, _step(*last)])}</tbody></table>"
        + _opened(bridge, link, words)
        + folded(words.text("page.only_notes"), map(words.say, bridge.notes))
    )


def _opened(bridge: Bridge, link: str, words: Words) -> str:
    """Links to the cells at both ends of a bridge."""
    opened = [
        f'<a href="{escape(link + found)}">{escape(span.cell)}, {day}</a>'
        for span in bridge.spans
        for found, day in ((span.opening_id, bridge.start), (span.closing_id, bridge.end))
        if link and found
    ]
    if not opened:
        return ""
    told = words.text("bridge.open_figures", cells=several(opened, "comma"))
    return f'<p class="notes">{told}</p>'


def _step(name: str, amount: str, why: str = "") -> str:
    return (
        f'<tr><th scope="row">{escape(name)}</th><td '
        f'class="figure">{escape(amount)}</td><td>{escape(why)}</td></tr>'
    )


def page(title: str, parts: Sequence[str], words: Words = ENGLISH) -> str:
    """A whole page with its style inside it: no script, no other file."""
    tongue = words.text("page.language")
    return (
        f'<!doctype html>\n<html lang="{tongue}"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def write_answer(answer: Answer, words: Words = ENGLISH) -> str:
    """An answer as a page of its own."""
    draft = words.text("page.draft")
    warned = [f"<p><strong>{escape(draft)}</strong></p>"] if draft else []
    title = answer.question.measure.title
    return page(title, [*warned, answer_part(answer, words=words)], words)


def write_bridge(bridge: Bridge, words: Words = ENGLISH) -> str:
    """A bridge as a page of its own."""
    title = words.text("bridge.page", title=bridge.question.measure.title)
    return page(title, [bridge_part(bridge, words=words)], words)


def write_comparison(comparison: Comparison, words: Words = ENGLISH) -> str:
    """Answers side by side as a page: where figures differ, the row says so."""
    heads = "".join(
        f'<th scope="col" class="figure">{escape(head)}</th>'
        for head in compared_heads(comparison, words)
    )
    rows = "".join(_compared(row, words) for row in comparison.rows)
    first = comparison.answers[0]
    title = compared_title(comparison, words)
    caption = f"{title}. {as_at_words(first, words)}"
    notes = [*warnings(note for found in comparison.answers for note in found.notes)]
    lines = dict.fromkeys(words.say(note) for each in comparison.answers for note in each.notes)
    parts = [
        *(f"<p><strong>{escape(each)}</strong></p>" for each in dict.fromkeys(notes)),
        f"<table><caption>{escape(caption)}</caption><thead><tr><td></td>{heads}<td></td></tr>"
        f"</thead><tbody>{rows}</tbody></table>",
        f"<p>{escape(agreement(comparison, words))}</p>",
        *(f"<p>{escape(line)}</p>" for line in apart_lines(comparison, words)),
        folded(words.text("page.only_notes"), lines),
    ]
    return page(words.text("compared.page", title=title), parts, words)


def _compared(row: Compared, words: Words) -> str:
    figures = "".join(
        f'<td class="figure">{escape(compared_figure(cell, words))}</td>' for cell in row.cells
    )
    verdict = escape(verdict_on(row, words))
    return f'<tr><th scope="row">{escape(row.label)}</th>{figures}<td>{verdict}</td></tr>'
