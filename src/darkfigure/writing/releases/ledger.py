"""The ledger of everything that went out, as CSV and as plain data: what, when, and its hash."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from darkfigure.basis.inert import InertRows
from darkfigure.writing.documents.head import document


@dataclass(frozen=True)
class Gone:
    """Something that went out: a file of a release, or the answer in a part of a response. Which,
    when, what became of it, the measure (of an answer), and the SHA-256 of its bytes; of an answer,
    of all that it says.
    """

    kind: str
    reference: str
    address: str
    name: str
    out_at: datetime | None
    state: str
    measure: str
    sha256: str


def ledger_csv(gone: Sequence[Gone]) -> str:
    """The ledger as CSV, oldest first."""
    made = io.StringIO()
    rows = InertRows(made)
    rows.writerow([field.name for field in fields(Gone)])
    for one in gone:
        rows.writerow([*_plain(one).values()])
    return made.getvalue()


def ledger_data(gone: Sequence[Gone]) -> dict[str, Any]:
    """The ledger as plain data."""
    return {"gone": [_plain(one) for one in gone]}


def ledger_document(gone: Sequence[Gone]) -> str:
    """The ledger as a document."""
    return document("ledger", ledger_data(gone), synthetic=None)


def _plain(one: Gone) -> dict[str, str]:
    return {**asdict(one), "out_at": one.out_at.isoformat() if one.out_at else ""}
