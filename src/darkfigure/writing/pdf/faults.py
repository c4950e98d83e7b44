"""What makes a document hard to read for some: conditions, each with its number, and where one
was found.

Numbers are those of the Matterhorn Protocol 1.1 for PDF/UA-1 (ISO 14289-1) and of the success
criteria of WCAG 2.2. Sentences are in `data/wording`, by the name of the condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PDF_UA, WCAG, OWN = "PDF/UA-1", "WCAG 2.2", "house"


@dataclass(frozen=True)
class Where:
    """A place in a document: page (from 1), number of the object, path of tags."""

    page: int | None = None
    object: int | None = None
    path: str = ""


@dataclass(frozen=True)
class Fault:
    """A condition that was found. `given` fills the places of its sentences."""

    name: str
    where: Where = Where()
    given: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def condition(self) -> str:
        """Its number: of Matterhorn ("14-003"), of WCAG ("1.4.3"), or its name."""
        return CONDITIONS[self.name][1] or self.name

    @property
    def standard(self) -> str:
        """Whose condition it is."""
        return CONDITIONS[self.name][0]


Found = Iterator[Fault]


@dataclass(frozen=True)
class Checked:
    """What was found of a file: how many pages were looked at, and its faults."""

    file: str
    pages: int
    faults: tuple[Fault, ...]

    @property
    def conforms(self) -> bool:
        """Whether no condition of PDF/UA-1 was found."""
        return not any(each.standard == PDF_UA for each in self.faults)

    @property
    def passes(self) -> bool:
        """Whether nothing was found at all."""
        return not self.faults


#: Each condition by name: whose it is, and its number there.
CONDITIONS: Mapping[str, tuple[str, str]] = {
    "artifact_in_content": (PDF_UA, "01-003"),
    "content_in_artifact": (PDF_UA, "01-004"),
    "content_untagged": (PDF_UA, "01-005"),
    "suspects": (PDF_UA, "01-007"),
    "tag_unmapped": (PDF_UA, "02-001"),
    "tag_circular": (PDF_UA, "02-003"),
    "tag_remapped": (PDF_UA, "02-004"),
    "tags_missing": (PDF_UA, "01-005"),
    "metadata_missing": (PDF_UA, "06-001"),
    "identifier_missing": (PDF_UA, "06-002"),
    "identifier_prefix": (PDF_UA, "06-002"),
    "title_missing": (PDF_UA, "06-003"),
    "title_not_displayed": (PDF_UA, "07-001"),
    "table_tags": (PDF_UA, "09-004"),
    "table_cells": (PDF_UA, "09-004"),
    "list_tags": (PDF_UA, "09-005"),
    "contents_tags": (PDF_UA, "09-006"),
    "language_of_content": (PDF_UA, "11-001"),
    "language_of_alternative": (PDF_UA, "11-002"),
    "language_of_outline": (PDF_UA, "11-003"),
    "language_of_annotation": (PDF_UA, "11-004"),
    "language_of_field": (PDF_UA, "11-005"),
    "language_of_metadata": (PDF_UA, "11-006"),
    "language_malformed": (PDF_UA, "11-007"),
    "figure_alternative": (PDF_UA, "13-004"),
    "heading_first": (PDF_UA, "14-002"),
    "heading_skipped": (PDF_UA, "14-003"),
    "heading_twice": (PDF_UA, "14-006"),
    "headings_mixed": (PDF_UA, "14-007"),
    "header_scope": (PDF_UA, "15-003"),
    "header_unknown": (PDF_UA, "15-003"),
    "formula_alternative": (PDF_UA, "17-002"),
    "note_id": (PDF_UA, "19-003"),
    "note_id_twice": (PDF_UA, "19-004"),
    "layer_name": (PDF_UA, "20-001"),
    "layer_automatic": (PDF_UA, "20-003"),
    "file_names": (PDF_UA, "21-001"),
    "dynamic_form": (PDF_UA, "25-001"),
    "extraction_forbidden": (PDF_UA, "26-002"),
    "annotation_tag": (PDF_UA, "28-002"),
    "annotation_alternative": (PDF_UA, "28-004"),
    "field_alternative": (PDF_UA, "28-005"),
    "trap_network": (PDF_UA, "28-007"),
    "tab_order": (PDF_UA, "28-009"),
    "field_tag": (PDF_UA, "28-010"),
    "link_tag": (PDF_UA, "28-011"),
    "link_alternative": (PDF_UA, "28-012"),
    "clip_type": (PDF_UA, "28-014"),
    "clip_alternative": (PDF_UA, "28-015"),
    "printer_mark": (PDF_UA, "28-017"),
    "reference_object": (PDF_UA, "30-001"),
    "form_twice": (PDF_UA, "30-002"),
    "font_collection": (PDF_UA, "31-001"),
    "font_glyph_map": (PDF_UA, "31-004"),
    "font_cmap": (PDF_UA, "31-006"),
    "font_direction": (PDF_UA, "31-007"),
    "font_cmap_of_another": (PDF_UA, "31-008"),
    "font_embedded": (PDF_UA, "31-009"),
    "glyph_missing": (PDF_UA, "31-011"),
    "font_names_listed": (PDF_UA, "31-012"),
    "font_codes_listed": (PDF_UA, "31-014"),
    "font_width": (PDF_UA, "31-016"),
    "font_tables": (PDF_UA, "31-017"),
    "font_encoding": (PDF_UA, "31-022"),
    "font_glyph_names": (PDF_UA, "31-023"),
    "font_symbolic": (PDF_UA, "31-025"),
    "font_unicode": (PDF_UA, "10-001"),
    "font_unicode_invalid": (PDF_UA, "31-028"),
    "glyph_undefined": (PDF_UA, "31-030"),
    "contrast": (WCAG, "1.4.3"),
    "alternative_empty": (WCAG, "1.1.1"),
    "drawing_silent": (WCAG, "1.1.1"),
    "link_text": (WCAG, "2.4.4"),
    "table_without_headers": (WCAG, "1.3.1"),
    "header_empty": (WCAG, "1.3.1"),
    "row_header": (WCAG, "1.3.1"),
    "heading_empty": (WCAG, "2.4.6"),
    "heading_faked": (WCAG, "1.3.1"),
    "list_faked": (WCAG, "1.3.1"),
    "layout_by_table": (WCAG, "1.3.1"),
    "reading_order": (WCAG, "1.3.2"),
    "title_twice": (WCAG, "2.4.2"),
    "title_is_file": (WCAG, "2.4.2"),
    "language_missing": (WCAG, "3.1.1"),
    "language_of_another": (WCAG, "3.1.1"),
    "hidden_text": (OWN, ""),
    "withheld_text": (OWN, ""),
}
