"""Synthetic returns in the making: who sends what, on which day."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from darkfigure.cases.records import FORM
from darkfigure.synthetic.published import STATED


@dataclass
class Return:
    """A return in the making."""

    agency: str
    stated_on: date
    records: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, **entry: Any) -> None:
        """Add a record."""
        self.records[kind].append(
            {name: _plain(value) for name, value in entry.items() if value is not None}
        )

    def text(self) -> str:
        """The return as a file."""
        head = {
            "form": FORM,
            "reported_by": self.agency,
            "stated_on": self.stated_on.isoformat(),
            "synthetic": True,
            "source": STATED,
        }
        return json.dumps({**head, "records": self.records}, indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@dataclass
class Force:
    """A police force and its three returns."""

    code: str
    area: str
    first: Return
    second: Return
    third: Return

    @property
    def operation(self) -> str:
        """The force's part of the campaign."""
        return f"UKP2-{self.code}"


@dataclass(frozen=True)
class Victim:
    """A person recovered."""

    force: Force
    person: str
    sex: str
    age: int
    day: date

    @property
    def reference(self) -> str:
        """The person as another agency would name them."""
        return f"{self.force.code}:{self.person}"


@dataclass
class Arrest:
    """An arrest, with what it was said to be for and what it was."""

    force: Force
    entry: dict[str, Any]
    said_trafficking: bool
    happened: bool = True
    is_trafficking: bool = False
