"""What changed from one edition to the next as a JSON Feed 1.1: an item for each judgement that
says something else, and one for the edition itself.
"""

from __future__ import annotations

import json
from datetime import UTC

from darkfigure.assessment.comparison import Compared
from darkfigure.assessment.edition import Edition
from darkfigure.writing import registry
from darkfigure.writing.documents.head import head_of
from darkfigure.writing.editions.compared import lines_of_judgement

NAME = "changes-feed.json"
_TAG = "tag:darkfigure,2026:edition"


def feed_of(edition: Edition, against: Compared | None = None) -> str:
    """The feed of a rendering. Where it stands is not known: items are named, not addressed."""
    head = edition.head
    words = registry.words_of("answer", head.language)
    out = head.out_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    items = [
        {
            "id": f"{_TAG}:{head.name}:{edition.rendering}",
            "title": head.title,
            "content_text": head.summary or head.title,
            "date_published": out,
        }
    ]
    for moved in against.moved if against else ():
        items.append(
            {
                "id": f"{_TAG}:{head.name}:{edition.rendering}:{moved.code}",
                "title": moved.code,
                "content_text": "\n".join(lines_of_judgement(moved, words)),
                "date_published": out,
            }
        )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "language": words.text("page.language"),
        "_darkfigure": head_of("edition_feed", synthetic=edition.synthetic),
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=2) + "\n"
