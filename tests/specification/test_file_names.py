"""A received file keeps its name where it can be nobody's."""

from __future__ import annotations

import pytest

from darkfigure.reading.file_names import kept_name
from darkfigure.reading.manifest import examples
from darkfigure.synthetic.pentameter import write_returns


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Alba_Madeup_born_1999.csv", "received.csv"),
        ("AB123456.json", "received.json"),
        ("statements of Madeup.csv.gz", "received.csv.gz"),
        ("Olena", "received"),
        ("олена.csv", "received.csv"),
        ("123456.csv", "received.csv"),
        ("kent_return_2026-07-01.json", "kent_return_2026-07-01.json"),
        ("standard input.json", "standard input.json"),
        ("cases_recovery.csv", "cases_recovery.csv"),
    ],
)
def test_a_name_of_known_words_is_kept(name, kept):
    assert kept_name(name) == kept


def test_what_the_package_carries_or_makes_up_keeps_its_name(tmp_path):
    for name in [*(each.name for each in examples()), *(p.name for p in write_returns(tmp_path))]:
        assert kept_name(name) == name
