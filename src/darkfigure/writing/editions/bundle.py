"""All files of an edition in one rendering, by name; the same edition is the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Edition, JudgementTold
from darkfigure.assessment.frozen import as_data
from darkfigure.basis.loading import called_from
from darkfigure.writing import registry
from darkfigure.writing.documents.head import document
from darkfigure.writing.editions import annex, as_html, compared, feed, signed, summary
from darkfigure.writing.releases.bundle import hashes_of

FROZEN, HASHES = "edition.json", "assessment-SHA256SUMS.txt"
COMPARED, JUDGEMENTS = "changes.json", "judgements.json"
PDF, SUMMARY_PDF, CHANGES_PDF = "assessment.pdf", "summary.pdf", "changes.pdf"
#: Pages are set by a library of their own, which is loaded when one is set.
_as_pdf = called_from("darkfigure.writing.editions.as_pdf", "pdf_of")
_short_pdf = called_from("darkfigure.writing.editions.as_pdf", "short_pdf_of")


def files_of(
    edition: Edition, against: Compared | None = None, *, pages: bool = True
) -> dict[str, bytes]:
    """Every file of a rendering; `against` is what it is compared with, where one was before.
    Without `pages` nothing is set as PDF.
    """
    files = {
        **as_html.pages_of(edition),
        summary.NAME: summary.summary_of(edition, against),
        annex.NAME: annex.workbook_of(edition),
        JUDGEMENTS: judgements_document(edition).encode(),
        feed.NAME: feed.feed_of(edition, against).encode(),
        FROZEN: edition_document(edition, against).encode(),
    }
    if pages:
        files |= _set(edition, against)
    if against:
        title, parts = compared.title_of(against), compared.parts_of(against)
        files[as_html.CHANGES] = as_html.framed_page(edition, title, parts).encode()
        files[COMPARED] = compared.write_json(against).encode()
    return {**files, HASHES: hashes_of(files)}


def _set(edition: Edition, against: Compared | None) -> dict[str, bytes]:
    """What is set as PDF: the whole, its summary, and what changed."""
    words = registry.words_of("answer", edition.head.language)
    named = words.text("edition.summary_page")
    files = {
        PDF: _as_pdf(edition),
        SUMMARY_PDF: _short_pdf(edition, named, summary.sections_of(edition, against)),
    }
    if against:
        files[CHANGES_PDF] = changes_pdf(edition, against)
    return files


def changes_pdf(edition: Edition, against: Compared) -> bytes:
    """What an edition is compared with, as PDF: what matters on its first page, then detail."""
    words = registry.words_of("answer", edition.head.language)
    sections = [
        (title, [("", line) for line in lines])
        for title, lines in compared.sections_of(against, words)
    ]
    made: bytes = _short_pdf(edition, words.text("edition.changes_page"), sections)
    return made


def with_signature(files: Mapping[str, bytes], seed: bytes, said: str) -> dict[str, bytes]:
    """Files with the signature of their hashes, and the key to check it by."""
    return {
        **files,
        HASHES + signed.ENDING: signed.signature_of(files[HASHES], seed, said),
        "minisign.pub": signed.public_key_of(seed).encode(),
    }


def edition_document(edition: Edition, against: Compared | None = None) -> str:
    """An edition as a document, from which every other file can be made again."""
    head = edition.head
    said = {
        "edition": head.name,
        "title": head.title,
        "as_at": head.as_at.isoformat(),
        "content": edition.content,
        "frozen": as_data(edition, against),
    }
    return document("edition", said, synthetic=edition.synthetic)


def judgements_document(edition: Edition) -> str:
    """Every judgement of a rendering as data."""
    said = {
        "edition": edition.head.name,
        "as_at": edition.head.as_at.isoformat(),
        "judgements": [_judgement(judgement) for judgement in edition.judgements],
    }
    return document("judgements_of_edition", said, synthetic=edition.synthetic)


def _judgement(told: JudgementTold) -> dict[str, Any]:
    return {
        "code": told.code,
        "area": told.area,
        "version": told.version,
        "claim": told.claim,
        "term": told.term,
        "confidence": told.confidence,
        "direction": told.direction,
        "change": told.change,
        "reason": told.reason,
        "marking": told.shown.marking.name,
        "withheld": bool(told.withheld),
        "parts": [{"head": part.head, "lines": list(part.lines)} for part in told.shown.parts],
        "rests_on": list(told.shown.sources),
        "synthetic": told.shown.synthetic,
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """The names of files of one that are not the same in the other."""
    return [name for name, body in one.items() if other.get(name) != body]
