"""Two editions compared, as text, as a page and as data: one page first, then detail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from darkfigure.assessment.comparison import Compared, FigureMoved, JudgementMoved, figure_said
from darkfigure.assessment.edition import JudgementTold
from darkfigure.writing.charts.coverage_charts import change_bridge
from darkfigure.writing.charts.picture import figure_part
from darkfigure.writing.documents.head import document
from darkfigure.writing.editions.wholes import withheld_line
from darkfigure.writing.page import Head, entry, page, table
from darkfigure.writing.words import ENGLISH, Words


def write_text(compared: Compared, words: Words = ENGLISH) -> str:
    """A comparison as lines."""
    lines = [title_of(compared, words)]
    if compared.synthetic:
        lines.append(words.text("edition.synthetic_face"))
    lines += ["", *first_page(compared, words)]
    for name, part in _parts(compared, words):
        lines += ["", name, *(f"  {line}" for line in part)]
    return "\n".join(lines) + "\n"


def write_page(compared: Compared, words: Words = ENGLISH) -> str:
    """A comparison as a page."""
    face = []
    if compared.synthetic:
        face.append(f"<p><strong>{escape(words.text('edition.synthetic_face'))}</strong></p>")
    return page(title_of(compared, words), [*face, *parts_of(compared, words)], words)


def parts_of(compared: Compared, words: Words = ENGLISH) -> list[str]:
    """A comparison as parts of a page."""
    parts = [_list(first_page(compared, words))]
    for name, lines in _parts(compared, words):
        parts.append(f"<h2>{escape(name)}</h2>")
        if name == words.text("edition.compare.judgements"):
            parts.append(_judgement_table(compared, words))
        else:
            parts.append(_list(lines))
        if compared.coverage and name == words.text("edition.compare.coverage"):
            parts.append(figure_part(change_bridge(compared.coverage, words), words))
    return parts


def write_json(compared: Compared) -> str:
    """A comparison as a document."""
    data: dict[str, Any] = {
        "before": {"edition": compared.before.name, "as_at": compared.before.as_at.isoformat()},
        "after": {"edition": compared.after.name, "as_at": compared.after.as_at.isoformat()},
        "judgements": [
            {
                "code": judgement.code,
                "then": [_told(one) for one in judgement.then],
                "now": [_told(one) for one in judgement.now],
                "how": judgement.how,
                "changed": judgement.changed,
                "what_moved_it": [one.change for one in judgement.now],
                "reason": judgement.reason,
            }
            for judgement in compared.judgements
        ],
        "figures": [_figure(figure) for figure in compared.figures],
        "estimates": [_figure(estimate) for estimate in compared.estimates],
        "coverage": _coverage(compared),
        "opened": [{"question": code, "text": text} for code, text in compared.opened],
        "closed": [{"question": code, "text": text} for code, text in compared.closed],
    }
    return document("comparison_of_editions", data, synthetic=compared.synthetic)


def _told(told: JudgementTold) -> dict[str, Any]:
    return {
        "code": told.code,
        "claim": told.claim,
        "term": told.term,
        "confidence": told.confidence,
        "direction": told.direction,
        "withheld": bool(told.withheld),
    }


def _figure(moved: FigureMoved) -> dict[str, Any]:
    return {
        "title": moved.title,
        "then": figure_said(moved.then),
        "now": figure_said(moved.now),
        "changed": moved.changed,
        "bridge": [list(row) for row in moved.bridge.table.rows]
        if moved.bridge and moved.bridge.table
        else [],
    }


def _coverage(compared: Compared) -> dict[str, float] | None:
    change = compared.coverage
    if change is None:
        return None
    names = ("opening", "revision", "closed", "lapsed", "scope", "closing")
    return {name: getattr(change, name) for name in names}


def title_of(compared: Compared, words: Words = ENGLISH) -> str:
    """Which two editions, each as known when."""
    return words.text(
        "edition.compare.title",
        before=compared.before.name, then=compared.before.as_at,
        after=compared.after.name, now=compared.after.as_at,
    )  # fmt: skip


def first_page(compared: Compared, words: Words = ENGLISH) -> list[str]:
    """What changed, in a few lines: judgements by what moved them, figures, coverage, estimates."""
    moved = compared.moved
    lines = [
        words.text("edition.compare.moved", number=len(moved), whole=len(compared.judgements)),
        *(f"{change.code}: {_how(change, words)}" for change in moved[:5]),
    ]
    for figure in compared.figures:
        if figure.changed:
            lines.append(_figure_line(figure, words))
    if compared.coverage:
        lines.append(
            words.text(
                "edition.compare.answered",
                before=f"{compared.coverage.opening:.1%}", after=f"{compared.coverage.closing:.1%}",
                like=f"{compared.coverage.like_before:.1%}",
                like_after=f"{compared.coverage.like_after:.1%}",
            )
        )  # fmt: skip
    if compared.estimates and not any(estimate.changed for estimate in compared.estimates):
        lines.append(words.text("edition.compare.no_new_estimate"))
    return lines


def sections_of(compared: Compared, words: Words = ENGLISH) -> list[tuple[str, Sequence[str]]]:
    """What a comparison says, a heading and lines at a time: what matters first, then the rest."""
    return [(title_of(compared, words), first_page(compared, words)), *_parts(compared, words)]


def _parts(compared: Compared, words: Words) -> Iterator[tuple[str, Sequence[str]]]:
    """Each part with its lines; those that say nothing left out."""
    found = {
        "judgements": [
            line
            for judgement in compared.judgements
            for line in lines_of_judgement(judgement, words)
        ],
        "figures": [line for figure in compared.figures for line in _figure_lines(figure, words)],
        "estimates": [
            line for estimate in compared.estimates for line in _estimate_lines(estimate, words)
        ],
        "coverage": _coverage_lines(compared, words),
        "opened": [f"{code} {text}" for code, text in compared.opened],
        "closed": [f"{code} {text}" for code, text in compared.closed],
    }
    for name, lines in found.items():
        if lines:
            yield words.text(f"edition.compare.{name}"), lines


def _how(each: JudgementMoved, words: Words) -> str:
    """What moved a judgement: the editor's word for it, or the concordance's."""
    if each.how:
        said = words.text(f"edition.compare.how.{each.how}")
        return f"{said} ({each.reason})" if each.reason else said
    now = each.now[0]
    return f"{now.change}. {now.reason}" if now.reason else now.change


def lines_of_judgement(each: JudgementMoved, words: Words = ENGLISH) -> Iterator[str]:
    """What became of a judgement: what moved it, what it said then and says now."""
    yield f"{each.code}: {_how(each, words)}"
    for name, told in (("then", each.then), ("now", each.now)):
        for one in told:
            yield f"  {words.text(f'edition.compare.{name}')}: {_judged(one, words)}"


def _judged(told: JudgementTold, words: Words) -> str:
    if told.withheld:
        return withheld_line(told, words)
    said = ", ".join(filter(None, (told.term, told.confidence, told.direction)))
    return f"{told.claim} [{said}]"


def _judgement_table(compared: Compared, words: Words) -> str:
    heads = [
        Head(words.text(f"edition.change_head.{name}")) for name in ("code", "then", "now", "kind")
    ]
    rows = [
        [
            entry(judgement.code),
            entry("; ".join(_judged(one, words) for one in judgement.then)),
            entry("; ".join(_judged(one, words) for one in judgement.now)),
            entry(_how(judgement, words)),
        ]
        for judgement in compared.judgements
    ]
    return table(words.text("edition.compare.judgements"), heads, rows)


def _figure_line(moved: FigureMoved, words: Words) -> str:
    then, now = map(figure_said, moved.both)
    return words.text("edition.compare.figure", title=moved.title, then=then, now=now)


def _figure_lines(moved: FigureMoved, words: Words) -> Iterator[str]:
    if not moved.changed:
        yield words.text("edition.compare.same", title=moved.title, now=figure_said(moved.now))
        return
    yield _figure_line(moved, words)
    if moved.bridge and moved.bridge.table:
        yield from ("  " + ", ".join(filter(None, row)) for row in moved.bridge.table.rows[1:-1])


def _estimate_lines(moved: FigureMoved, words: Words) -> Iterator[str]:
    if moved.changed:
        yield _figure_line(moved, words)
        return
    now = figure_said(moved.now)
    yield words.text("edition.compare.estimate_stands", title=moved.title, now=now)


def _coverage_lines(compared: Compared, words: Words) -> list[str]:
    change = compared.coverage
    if change is None:
        return []
    steps = [
        ("published", change.opening, ""),
        ("late", change.revision, "+"),
        ("closed", change.closed, "+"),
        ("lapsed", -change.lapsed, "+"),
        ("scope", change.scope, "+"),
        ("now", change.closing, ""),
    ]
    lines = [
        f"{words.text(f'charts.change.{name}')}: {value:{sign}.1%}" for name, value, sign in steps
    ]
    for code, questions in (("added", change.added), ("dropped", change.dropped)):
        if questions:
            lines.append(
                words.text(f"edition.compare.{code}", codes=words.joined([*questions], "comma"))
            )
    return lines


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line.strip())}</li>" for line in lines) + "</ul>"
