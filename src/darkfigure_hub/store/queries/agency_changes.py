"""Agencies that ended here: into which others, from which day on, and what becomes of each column
that names an agency.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from darkfigure_hub.store.models import AgencyChange

#: What becomes of every column that names an agency when the agency ends: it goes over, as
#: `gate.change_agency` has it, or it stays, and why.
GOES = "goes over to who keeps it, or ends"
COLUMNS: dict[str, str] = {
    "store_appointment.agency": GOES,
    "store_token.agency": GOES,
    "store_webhook.agency": GOES,
    "store_outgoing.agency": GOES,
    "store_ask.agency": "stays; the ask is changed",
    "store_askchange.agency": GOES,
    "store_informationrequest.agency": GOES,
    "store_submission.agency": GOES,
    "store_dispute.agency": "stays; who keeps it answers",
    "store_sentonce.agency": GOES,
    "store_wall.agency": "stays; who keeps it sees through it",
    "store_return.agency": "stays: who said it then",
    "store_block.stated_by": "stays: who said it then",
    "store_estimate.stated_by": "stays: who stated it then",
    "store_intelligencereport.agency": "stays: who reported it then",
    "identity.person.agency": "stays: who recorded it then",
    "store_origin.agency": "stays: from whom it came then",
    "store_handlingcondition.agencies": "stays; who keeps it meets it",
    "store_agency.code": "stays: the code list",
    "store_agencychange.agency": "stays: what ended",
    "store_agencychange.into_agencies": "stays: into what it went",
    "store_agencychange.keeper": "stays; who keeps that keeps all of it",
}
#: And of every table of case records.
CASE_COLUMN = "stays: who recorded it then"


@dataclass(frozen=True)
class HeldChange:
    """An agency that ended: how, into which others, who keeps what is open, since when, why."""

    kind: str
    agency: str
    into: tuple[str, ...]
    keeper: str
    on_day: date
    why: str
    changed_by: str


def changes() -> list[HeldChange]:
    """Every agency that ended here, the latest first."""
    return [
        HeldChange(
            each.kind,
            each.agency,
            tuple(each.into_agencies),
            each.keeper,
            each.on_day,
            each.why,
            each.changed_by,
        )
        for each in AgencyChange.objects.order_by("-id")
    ]


def is_over(agency: str, day: date) -> bool:
    """Whether an agency has ended here by a day."""
    return bool(AgencyChange.objects.filter(agency=agency, on_day__lte=day).exists())


def change(
    kind: str, agency: str, into: Sequence[str], keeper: str, on: date, why: str, by: str
) -> dict[str, int]:
    """End an agency. Gives how many roles, tokens, asks, requests and submissions went with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gate.change_agency(%s, %s, %s::text[], %s, %s, %s, %s)",
            [kind, agency, list(into), keeper, on, why, by],
        )
        found = cursor.fetchone()[0]
    moved: dict[str, int] = json.loads(found) if isinstance(found, str) else found
    return moved
