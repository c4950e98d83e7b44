"""Whether a PDF can be read by everybody: all conditions, asked of a document in turn.

Conditions are those of PDF/UA-1 (ISO 14289-1, by the Matterhorn Protocol 1.1) that a program can
decide, of WCAG 2.2 at AA, and of this house. `docs/decisions/0061` says what is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from darkfigure.basis.loading import extra
from darkfigure.writing.pdf.faults import Checked, Found

with extra("assessment"):
    from darkfigure.writing.pdf.document import Document, sound
    from darkfigure.writing.pdf.rules_annotations import check_annotations
    from darkfigure.writing.pdf.rules_document import check_document
    from darkfigure.writing.pdf.rules_fonts import check_fonts
    from darkfigure.writing.pdf.rules_language import check_language
    from darkfigure.writing.pdf.rules_seen import check_seen, check_withheld
    from darkfigure.writing.pdf.rules_sense import check_sense
    from darkfigure.writing.pdf.rules_tables import check_tables
    from darkfigure.writing.pdf.rules_tags import check_content, check_tags
    from darkfigure.writing.pdf.rules_tongue import check_tongue

RULES: tuple[Callable[[Document], Found], ...] = (
    check_document,
    check_tags,
    check_content,
    check_tables,
    check_language,
    check_annotations,
    check_fonts,
    check_tongue,
    check_sense,
    check_seen,
)


def check_pdf(file: Path | bytes, name: str = "", withheld: Iterable[str] = ()) -> Checked:
    """All faults of a PDF. Raises Unreadable where it is none.

    `withheld` are texts of which none may be found in the document, shown or not.
    """
    document = Document(file)
    with sound():
        faults = [fault for rule in RULES for fault in rule(document)]
        faults += check_withheld(document, withheld)
    shown = name or (file.name if isinstance(file, Path) else "")
    return Checked(shown, len(document.pages), tuple(dict.fromkeys(faults)))
