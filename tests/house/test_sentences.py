"""English is made in `writing` alone: no other room of the library holds a sentence for a reader.

What is found is a text of four words or more. What speaks to who made a mistake stands where it is
raised (`docs/decisions/0019`); docstrings are for who reads the code, SQL for the engine.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "src" / "darkfigure"
WORD = re.compile(r"[(\"'`]?[A-Za-z]?[a-z]+(['-][a-z]+)*[)\"'`]?[.,;:?]?")
SQL = re.compile(r"\b(SELECT|FROM|WHERE|NULL|THEN|TABLE)\b")
WORDS = 4

#: Where such texts stay, and why. A place is a module, or a name of it.
STAY = {
    # Parts of sentences that are raised: to whoever made the mistake.
    "basis/loading.py:EXTRAS": "which extra brings what, in the sentence that it is missing",
    "estimation/single.py:given": "what few replicates leave, where they are too few",
    "intelligence/grading.py:_example": "how a grade is written, where it is not one",
    "intelligence/requirement_sets.py:question": "what stands near a question that is none",
    "linkage/blocking.py:_better": "a rule that would do, where a block is too large",
    "publication/response.py:refused_for": "which text of a refusal may not go out as it is",
    "assessment/checks.py:_names": "which text may not go out as it is, where one does not",
    "reading/edition_text.py:_UNKNOWN": "what an edition does not show, where it stands in one",
    "reading/capture_text.py:WANTED": "what a capture table is, where a file is none",
    # Names that are kept, compared or sealed: another word would be another thing.
    "codes/codelist.py": "who publishes a code list, as its citation",
    "codes/offences.py:SPACES": "the names of spaces of offence codes, labels of a code list",
    "linkage/blocking.py:RULES": "rules of blocking, by whose names a model is read",
    "linkage/comparisons.py": "steps of likeness, by whose names a model file keeps its weights",
    "linkage/relations.py": "the same names, where kin share what they say",
    "evidence/snapshots.py:described": "what a manifest, a form, says of identity",
    "reading/sources": "where in a document a figure stands, and its title: kept with the row",
    "reading/file_names.py": "words that a file's name may hold and still be printed",
    "synthetic": "made-up persons and returns, which say so as a source does",
    # For who writes code.
    "linkage/fields.py:FIELDS": "what a list may hold, beside the headings that are read",
    "linkage/preparation.py:COMPARED": "what a column of a prepared record holds",
}


def sentences(path):
    """The name it stands under, the line and the text of every sentence of a module."""
    tree = ast.parse(path.read_text())
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }

    def within(node, name):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Raise) or id(child) in silent:
                continue
            if isinstance(child, ast.JoinedStr):
                parts = [
                    each.value if isinstance(each, ast.Constant) else "X" for each in child.values
                ]
                yield from told(child, "".join(parts), name)
                for each in child.values:
                    if isinstance(each, ast.FormattedValue):
                        yield from within(each, name)
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield from told(child, child.value, name)
            else:
                yield from within(child, named(child) or name)

    def told(node, text, name):
        words = sum(bool(WORD.fullmatch(each)) for each in text.split())
        if words >= WORDS and not SQL.search(text):
            yield name, node.lineno, text

    def named(node):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            return node.name
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            return getattr(target, "id", "") if node in tree.body else ""
        return ""

    yield from within(tree, "")


def stays(place, name):
    """The entry of `STAY` under which a text stands, if any."""
    for each in STAY:
        where, _, only = each.partition(":")
        if (place == where or place.startswith(f"{where}/")) and only in ("", name):
            return each
    return None


FOUND = [
    (path.relative_to(LIBRARY).as_posix(), *each)
    for path in sorted(LIBRARY.rglob("*.py"))
    if path.relative_to(LIBRARY).parts[0] != "writing"
    for each in sentences(path)
]


def test_no_room_but_writing_holds_a_sentence():
    loose = [
        f"{place}:{line} ({name}) {text!r}"
        for place, name, line, text in FOUND
        if not stays(place, name)
    ]
    assert loose == [], "a sentence for a reader belongs in data/wording, by its code"


def test_what_may_stay_is_there():
    used = defaultdict(int)
    for place, name, _, _ in FOUND:
        used[stays(place, name)] += 1
    assert [each for each in STAY if not used[each]] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("WORDS = 'what is said to a reader'", ["what is said to a reader"]),
        ("WORDS = f'what is {of} and said'", ["what is X and said"]),
        ("def of():\n    'What it does for us.'", []),
        ("raise Wrong('this is not a day')", []),
        ("QUERY = 'SELECT every name held FROM all'", []),
        ("NAME = 'no figure held'", []),
    ],
)
def test_a_sentence_is_found(code, found, tmp_path):
    module = tmp_path / "module.py"
    module.write_text(code)
    assert [text for *_, text in sentences(module)] == found
