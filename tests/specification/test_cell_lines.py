"""What a cell stands on in lines: shorter than field by field, and nothing lost. SYNTHETIC."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from darkfigure.writing.coverage.cell_lines import BENEATH, KINDS, cell_lines, shared

days = st.sampled_from(["2026-04-01", "2026-05-02"])
agencies = st.sampled_from(["kent", "essex"])
known = {"known_from": days, "known_to": st.sampled_from(["", "2026-06-03"])}
asks = st.fixed_dictionaries(
    {"ask": st.sampled_from(["ASK-1", "ASK-2"]), "agency": agencies, "due": days, **known}
)
replies = st.fixed_dictionaries(
    {
        "ask": st.sampled_from(["ASK-1", "ASK-2", "ASK-3"]),
        "reply": st.sampled_from(["REPLY-1", "REPLY-2"]),
        "agency": agencies,
        "on": days,
        **known,
    }
)
items = st.fixed_dictionaries(
    {"item": st.sampled_from(["kent SYN/1", "kent SYN/2"]), "on": days, "synthetic": st.booleans()}
    | known
)
answers = st.fixed_dictionaries(
    {"answer": st.just("ANSWER-1"), "accepted_on": days, "low": st.sampled_from([None, 10.0])}
    | known
)
cells = st.fixed_dictionaries(
    {
        "asks": st.lists(asks, max_size=4),
        "replies": st.lists(replies, max_size=4),
        "items": st.lists(items, max_size=4),
        "answers": st.lists(answers, max_size=4),
    }
)
FIRST = {"ask": "asks", "reply": "replies", "item": "items", "answer": "answers"}


def told_again(lines, alike):
    """The rows that lines tell of, by the sentences above them."""
    rows = {kind: [] for kind in KINDS}
    above = {}
    for line in lines:
        fields = dict(part.split(": ", 1) for part in line.removeprefix(BENEATH).split("; "))
        beneath = line.startswith(BENEATH)
        kind = "replies" if beneath or "reply" in fields else kind_of(fields, alike)
        if beneath:
            fields = {"ask": above["ask"], "agency": above["agency"]} | fields
        fields |= {name.replace("_", " "): str(at) for name, at in alike.of[kind].items()}
        day = fields.get("accepted on") or fields.get("on")
        if kind != "asks":
            fields.setdefault("known from", day)
        if kind == "asks":
            above = fields
        rows[kind].append(fields)
    return rows


def kind_of(fields, alike):
    """The kind of a line, by the field that names it, which may be told above."""
    for name, kind in FIRST.items():
        if name in fields:
            return kind
    return next(kind for name, kind in FIRST.items() if name in alike.of[kind])


def plain(rows):
    """Rows with what is not empty, as text, in no order."""
    return {
        kind: sorted(
            sorted(
                (name.replace("_", " "), str(value))
                for name, value in row.items()
                if value not in ("", None, False)
            )
            for row in rows[kind]
        )
        for kind in KINDS
    }


@given(cells)
def test_nothing_is_lost(rows):
    alike = shared([])  # of one cell alone nothing is told above it
    assert plain(told_again(list(cell_lines(rows, alike)), alike)) == plain(rows)


ROWS = {
    "asks": [
        {"ask": f"ASK-{n}", "agency": "kent", "due": f"2026-07-0{n}", "known_from": "2026-04-01"}
        for n in (1, 2, 3)
    ],
    "replies": [
        {"ask": "ASK-2", "agency": "kent", "reply": "REPLY-1", "on": "2026-06-01",
         "known_from": "2026-06-01"},
        {"ask": "ASK-9", "agency": "essex", "reply": "REPLY-2", "on": "2026-06-01",
         "known_from": "2026-06-05"},
    ],
}  # fmt: skip


def test_what_every_line_says_is_said_once():
    alike = shared([ROWS])
    assert alike.of["asks"] == {"agency": "kent", "known_from": "2026-04-01"}
    assert alike.of["replies"] == {}, "too few to be told of all"
    assert alike.told()[0] == "Every ask: agency: kent; known from: 2026-04-01."
    assert list(cell_lines(ROWS, alike)) == [
        "ask: ASK-1; due: 2026-07-01",
        "ask: ASK-2; due: 2026-07-02",
        "→ reply: REPLY-1; on: 2026-06-01",
        "ask: ASK-3; due: 2026-07-03",
        "ask: ASK-9; agency: essex; reply: REPLY-2; on: 2026-06-01; known from: 2026-06-05",
    ]
