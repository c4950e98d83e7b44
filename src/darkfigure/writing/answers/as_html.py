"""Answers and bridges as HTML: pieces for a page, and pages that need nothing beside themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from darkfigure.basis.period import in_words
from darkfigure.publication import Answer, Bridge
from darkfigure.writing.wording import (
    as_at_words,
    figure,
    footnotes,
    labelled,
    refusal_lines,
    source_lines,
    value_title,
)

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


def answer_part(answer: Answer, link: str = "") -> str:
    """An answer as a table with its notes. `link` is put before the id of each cell to make it a
    link.
    """
    warnings = [note for note in answer.notes if note.startswith("SYNTHETIC")]
    parts = [f"<p><strong>{escape(warning)}</strong></p>" for warning in warnings]
    parts += [_table(answer, link)] if answer.cells else []
    notes = footnotes(answer.cells)
    if notes.texts:
        parts.append(
            '<ol class="notes">'
            + "".join(f"<li>{escape(text)}</li>" for text in notes.texts)
            + "</ol>"
        )
    parts += [_cannot(*refusal_lines(refusal)) for refusal in answer.cannot]
    lines = [
        *answer.notes,
        *(f"Source: {line}" for line in source_lines(answer)),
        f"Basis: {answer.basis}",
    ]
    parts.append(
        '<details class="notes"><summary>Notes, sources and '
        f"basis</summary>{_list(lines)}</details>"
    )
    return "\n".join(parts)


def _table(answer: Answer, link: str) -> str:
    heads, listed = labelled(answer)
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    rows = []
    for cell, marks, labels in zip(
        answer.cells, footnotes(answer.cells).marks, listed, strict=True
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
            + f'<td class="{kind}">{escape(figure(cell))}{raised}</td><td>{opened}</td></tr>'
        )
    caption = f"{answer.question.measure.title}. {as_at_words(answer)}"
    if not heads:
        top = '<th scope="col">Measure</th>'
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}"
        f'<th scope="col" class="figure">{escape(value_title(answer))}</th><th '
        'scope="col">Cell</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cannot(said: str, needed: str) -> str:
    return (
        '<div class="cannot"><p><strong>Cannot be said.</strong> '
        f"{escape(said)}</p><p>{escape(needed)}</p></div>"
    )


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def bridge_part(bridge: Bridge, link: str = "") -> str:
    """A bridge as a table from opening to closing figure."""
    rows = [_step(f"As at {in_words(bridge.start)}", _held(bridge.opening), "")]
    for line in bridge.lines:
        name = (f"{line.cell}: " if line.cell else "") + str(line.reason).replace("_", " ")
        rows.append(
            _step(name, f"{line.amount:+,}", "; ".join(filter(None, [line.detail, *line.sources])))
        )
    if not bridge.lines:
        rows.append(_step("no change", "0", ""))
    rows.append(_step(f"As at {in_words(bridge.end)}", _held(bridge.closing), ""))
    title = (
        f"{bridge.question.measure.title}: what changed between {in_words(bridge.start)} and "
        f"{in_words(bridge.end)}"
    )
    cells = ""
    if link:
        opened = [
            f'<a href="{escape(link + found)}">{escape(span.cell)}, {day}</a>'
            for span in bridge.spans
            for found, day in ((span.opening_id, bridge.start), (span.closing_id, bridge.end))
            if found
        ]
        cells = f'<p class="notes">Open the figures: {", ".join(opened)}.</p>' if opened else ""
    return (
        f'<table><caption>{escape(title)}</caption><thead><tr><th scope="col">Step</th><th '
        'scope="col" class="figure">'
        f'{escape(bridge.unit.replace("_", " ").capitalize())}</th><th scope="col">Why, and who '
        "says so</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{cells}"
        f'<details class="notes"><summary>Notes</summary>{_list(bridge.notes)}</details>'
    )


def _step(name: str, amount: str, why: str) -> str:
    return (
        f'<tr><th scope="row">{escape(name)}</th><td '
        f'class="figure">{escape(amount)}</td><td>{escape(why)}</td></tr>'
    )


def _held(value: float | None) -> str:
    return "not held" if value is None else f"{value:,}"


def page(title: str, parts: Sequence[str]) -> str:
    """A whole page with its style inside it: no script, no other file."""
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta '
        f'charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><main><h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def write_answer(answer: Answer) -> str:
    """An answer as a page of its own."""
    return page(answer.question.measure.title, [answer_part(answer)])


def write_bridge(bridge: Bridge) -> str:
    """A bridge as a page of its own."""
    return page(f"Why it changed: {bridge.question.measure.title}", [bridge_part(bridge)])
