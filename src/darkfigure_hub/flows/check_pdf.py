"""Say of PDFs whether everybody can read them: anybody's, outside the repository. Nothing is
kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from darkfigure.basis.errors import Unreadable
from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure.writing.pdf.faults import PDF_UA, Checked


def check_pdfs(
    paths: Sequence[Path],
    *,
    withheld: Path | None = None,
    standard_alone: bool = False,
    watch: Callable[[str], None] = lambda _: None,
) -> list[Checked]:
    """What was found of each file, in order.

    `withheld` is a file of texts, one a line, of which none may be found. `standard_alone` leaves
    out what is no condition of PDF/UA-1. Raises Unreadable where a file is no PDF.
    """
    texts = _lines(withheld) if withheld is not None else []
    found = []
    for path in paths:
        watch(path.name)
        checked = check_pdf(path, withheld=texts)
        if standard_alone:
            kept = tuple(each for each in checked.faults if each.standard == PDF_UA)
            checked = replace(checked, faults=kept)
        found.append(checked)
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (UnicodeDecodeError, OSError) as error:
        raise Unreadable(
            f"{path.name} is no text file in UTF-8. Give one with a text on each line."
        ) from error
