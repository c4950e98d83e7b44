"""Documents to be set as pages: one of everything, and others drawn at random. SYNTHETIC."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from darkfigure.writing.pdf.tree import (
    Chapter,
    Drawing,
    Heading,
    Judged,
    Listed,
    Marked,
    Notes,
    Paged,
    Para,
    Quote,
    Run,
    Said,
    Stub,
    Table,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 60" width="320" height="60" '
    'font-family="DejaVu Sans, Arial"><text x="5" y="20" fill="#0b0c0c">Referred</text>'
    '<path d="M0 30h200v20h-200z" fill="#1d70b8"/></svg>'
)
DAY = date(2009, 12, 17)
SAID = Said("Contents", "Page {page} of {pages}")


def para(text, *marks, sources=()):
    """A paragraph of one run, with its marks."""
    return Para([Run(text, marks=marks)], sources)


def paged(*chapters, cover=(), title="SYNTHETIC assessment of 2009", face="SYNTHETIC"):
    """A document with chapters."""
    return Paged(
        title, "en", "Nobody", DAY, "OFFICIAL", "What is known, and how surely.", cover, chapters,
        SAID, face,
    )  # fmt: skip


EVERYTHING = Chapter(
    "Labour",
    [
        Heading(2, [Run("Scale")], "labour-scale"),
        Para(
            [
                Run("Of those found in the year "),
                Run("12,727", marks=(1, 2)),
                Run(" were adults", "strong"),
                Run(", and some "),
                Run("were not", "emphasis"),
                Run("; see "),
                Run("the tables of the year", address="https://example.org/tables"),
                Run(" and "),
                Run("judgement DF-1", address="#DF-1"),
                Run("."),
            ],
            ["Returns of the north, 2 March 2009", "Returns of the south, 4 May 2009"],
        ),
        Listed(False, [[para("Found by the police")], [Listed(True, [[para("Within a list")]])]]),
        Table(
            "Found, by area",
            ["Area", "Found", "Referred"],
            [["North", "12", "9"], [[Run("South", "strong")], "1,005", "4"]],
            (1, 2),
            notes=["Figures under 5 are hidden."],
        ),
        Drawing(SVG, "Referred: two hundred", "Referred in the year", ["As known in May."]),
        Quote([para("What somebody else said of it.")]),
        Notes(["Beneath all of it."]),
        Stub("Withheld: OFFICIAL-SENSITIVE"),
        Marked("OFFICIAL-SENSITIVE", [para("What few may see.")]),
        Judged("DF-1", "More will be found", [("", ["Likely"])], ["Two items"], leads="#DF-1"),
    ],
    "labour",
)
JUDGEMENTS = Chapter(
    "Judgements",
    [
        Judged(
            "DF-1", "More will be found", [("Why", ["Many sources"])], ["Two items"],
            "OFFICIAL-SENSITIVE", 2, "DF-1",
        )
    ],
)  # fmt: skip
WHOLE = paged(
    EVERYTHING, JUDGEMENTS, cover=[Heading(2, [Run("Put right since")]), para("Nothing yet.")]
)

#: What a hostile hand may write: all that Typst, JSON and XML take for more than a letter.
HOSTILE = st.text(
    st.sampled_from([*"#[]{}()$*_`\"\\/<>@=+-~'%&^|;:,.!?\n\t", "é", "ŵ", "–", "Ω", "a", "1", " "]),
    min_size=1,
    max_size=25,
).map(lambda text: f"Said {text} so")
NAMES = st.text(st.characters(max_codepoint=0x250), max_size=8)


@st.composite
def tables(draw):
    """A table of any size, with anything in its cells."""
    columns = draw(st.integers(2, 9))
    rows = draw(
        st.lists(st.lists(HOSTILE, min_size=columns, max_size=columns), min_size=1, max_size=25)
    )
    return Table(
        draw(HOSTILE), [f"Head {at}" for at in range(columns)], rows,
        sorted(draw(st.sets(st.integers(1, columns - 1)))),
        notes=draw(st.lists(HOSTILE, max_size=2)),
    )  # fmt: skip


LINES = st.lists(
    st.builds(
        Run,
        HOSTILE,
        st.sampled_from(["", "strong", "emphasis", "code"]),
        st.lists(st.integers(1, 3), max_size=2).map(tuple),
        st.one_of(st.just(""), NAMES.map("#".__add__), NAMES, st.just("https://example.org/a")),
    ),
    min_size=1,
    max_size=4,
)
LEAVES = st.one_of(
    st.builds(Para, LINES, st.lists(HOSTILE, max_size=3)),
    st.builds(Heading, st.integers(2, 4), LINES, NAMES),
    tables(),
    st.builds(Drawing, st.just(SVG), HOSTILE, HOSTILE, st.lists(HOSTILE, max_size=2)),
    st.builds(Stub, HOSTILE, NAMES),
    st.builds(
        Judged, HOSTILE, HOSTILE,
        st.lists(st.tuples(HOSTILE, st.lists(HOSTILE, min_size=1, max_size=3)), max_size=2),
        st.lists(HOSTILE, max_size=2), st.sampled_from(["", "OFFICIAL"]), st.sampled_from([0, 2]),
    ),
)  # fmt: skip
BLOCKS = st.one_of(
    LEAVES,
    st.builds(
        Listed, st.booleans(), st.lists(st.lists(LEAVES, min_size=1, max_size=1), max_size=3)
    ),
    st.builds(Quote, st.lists(LEAVES, min_size=1, max_size=2)),
    st.builds(Marked, HOSTILE, st.lists(LEAVES, min_size=1, max_size=2)),
)
DOCUMENTS = st.lists(
    st.builds(Chapter, HOSTILE, st.lists(BLOCKS, max_size=5), NAMES), min_size=1, max_size=2
).map(lambda chapters: paged(*chapters))
