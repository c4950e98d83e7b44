"""The disclosure log: what was released to the public, as a page, as feeds, as a table.

The feeds are Atom (RFC 4287) and JSON Feed 1.1; the table has a line for each part.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from html import escape
from xml.sax.saxutils import escape as xml

from darkfigure.basis.inert import InertRecords
from darkfigure.publication.response import Response
from darkfigure.writing.documents.head import head_of
from darkfigure.writing.page import Entry, Head, entry, page, table
from darkfigure.writing.responses.as_json import entry_data
from darkfigure.writing.responses.as_text import write_response
from darkfigure.writing.responses.letter import question_line, told_briefly, withdrawn_line
from darkfigure.writing.wording import is_synthetic
from darkfigure.writing.words import ENGLISH, Words

#: Where a log stands by itself and not on a site, entries are named so (RFC 4151).
_TAG = "tag:darkfigure,2026:"
#: The columns of the table.
COLUMNS = (
    "response",
    "sent_on",
    "title",
    "request",
    "asked_by",
    "form",
    "letter",
    "question",
    "outcome",
    "reason",
    "figure",
    "as_at",
    "corrects",
    "corrected_by",
    "synthetic",
)


def write_page(log: Sequence[Response], words: Words = ENGLISH) -> str:
    """A page by itself."""
    return page(words.text("responses.log.title"), [log_part(log, words=words)], words)


def log_part(log: Sequence[Response], address: str = "", words: Words = ENGLISH) -> str:
    """The log as a table; `address` stands before a reference where entries are links."""
    lead = f"<p>{escape(words.text('responses.log.lead'))}</p>"
    if not log:
        return f"{lead}<p>{escape(words.text('responses.log.empty'))}</p>"
    names = ("reference", "day", "subject", "asked_by", "form", "outcome")
    heads = [Head(words.text(f"responses.log.{name}")) for name in names]
    rows = [_row(response, address, words) for response in log]
    return lead + table(words.text("responses.log.title"), heads, rows)


def _row(response: Response, address: str, words: Words) -> list[Entry]:
    name = escape(response.reference)
    if address:
        name = f'<a href="{escape(address)}{name}">{name}</a>'
    became = [str(part.outcome) for part in response.parts]
    told = dict.fromkeys(["withdrawn"] if response.withdrawn else became)
    cells = (
        words.day(response.sent_on),
        response.title or withdrawn_line(response, words),
        words.text(f"responses.asked_by.{response.asked_by}"),
        words.text(f"responses.form.{response.form}"),
        ", ".join(words.text(f"responses.outcome.{each}") for each in told),
    )
    return [Entry(name, "name"), *map(entry, cells)]


def write_csv(log: Sequence[Response], words: Words = ENGLISH) -> str:
    """A line for each part of each response."""
    out = io.StringIO()
    target = InertRecords(out, COLUMNS)
    target.writeheader()
    for response in log:
        entry = entry_data(response, words)
        if response.withdrawn:
            gone = {"outcome": "withdrawn", "reason": response.withdrawn.because}
            kept = {name: entry[name] for name in COLUMNS if name in entry}
            target.writerow({**kept, **gone, "title": withdrawn_line(response, words)})
        for part in response.parts if not response.withdrawn else ():
            target.writerow(
                {
                    **{name: entry[name] for name in COLUMNS if name in entry},
                    "letter": part.letter,
                    "question": question_line(part.answer.question, words),
                    "outcome": str(part.outcome),
                    "reason": str(part.refused.reason) if part.refused else "",
                    "figure": told_briefly(part, words).removeprefix(", "),
                    "as_at": part.answer.question.as_at.isoformat(),
                    "synthetic": "yes" if _is_synthetic(response) else "no",
                }
            )
    return out.getvalue()


def _is_synthetic(response: Response) -> bool:
    return is_synthetic(*(part.answer for part in response.parts))


def write_feed(log: Sequence[Response], words: Words = ENGLISH, *, site: str = "") -> str:
    """The log as a JSON feed; `site` is the address of the log, where it stands on one."""
    items = [
        {
            "id": _id(response, site),
            **({"url": _id(response, site)} if site else {}),
            "title": response.title or withdrawn_line(response, words),
            "content_text": write_response(response, words),
            "date_published": _moment(response.sent_on),
            **({"date_modified": _moment(response.withdrawn.on)} if response.withdrawn else {}),
            "language": words.text("page.language"),
            "_darkfigure": entry_data(response, words),
        }
        for response in log
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": words.text("responses.log.title"),
        **({"home_page_url": site, "feed_url": f"{site.rstrip('/')}.json"} if site else {}),
        "language": words.text("page.language"),
        "_darkfigure": head_of("disclosure", synthetic=any(map(_is_synthetic, log))),
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=2) + "\n"


def write_atom(log: Sequence[Response], words: Words = ENGLISH, *, site: str = "") -> str:
    """The log as an Atom feed."""
    updated = _moment(max(map(_updated, log), default=date(1970, 1, 1)))
    own = site or f"{_TAG}disclosures"
    title = words.text("responses.log.title")
    link = f'<link rel="self" href="{xml(site.rstrip("/"))}.atom"/>' if site else ""
    entries = "".join(_entry(response, site, words) for response in log)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{xml(own)}</id>'
        f"<title>{xml(title)}</title><updated>{updated}</updated>{link}"
        f"<author><name>Darkfigure</name></author>{entries}</feed>\n"
    )


def _entry(response: Response, site: str, words: Words) -> str:
    named = _id(response, site)
    link = f'<link href="{xml(named)}"/>' if site else ""
    text = xml(write_response(response, words))
    title = response.title or withdrawn_line(response, words)
    day = _moment(response.sent_on)
    return (
        f"<entry><id>{xml(named)}</id><title>{xml(title)}</title>{link}"
        f"<updated>{_moment(_updated(response))}</updated><published>{day}</published>"
        f'<content type="text">{text}'
        "</content></entry>"
    )


def _updated(response: Response) -> date:
    return response.withdrawn.on if response.withdrawn else response.sent_on


def _id(response: Response, site: str) -> str:
    return f"{site.rstrip('/')}/{response.reference}" if site else _TAG + response.reference


def _moment(day: date) -> str:
    """A day as the feeds have it: its first moment."""
    return datetime.combine(day, time(), UTC).isoformat().replace("+00:00", "Z")
