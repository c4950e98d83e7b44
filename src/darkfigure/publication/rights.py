"""A person's rights over what is held about them: by when they are answered, what may be withheld
and on which ground, on which a record is disputed; kept as data.
"""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

_FILE = "data/rights/rights.toml"


@dataclass(frozen=True)
class Ground:
    """A ground of the law: its letter or name, where it stands, its words."""

    name: str
    basis: str
    words: str


@cache
def _held() -> dict[str, Any]:
    return tomllib.loads(files("darkfigure").joinpath(_FILE).read_text(encoding="utf-8"))


def _grounds(of: str) -> dict[str, Ground]:
    return {
        each["ground"]: Ground(each["ground"], each["basis"], each["words"]) for each in _held()[of]
    }


def withholding() -> dict[str, Ground]:
    """The grounds on which a part is withheld from a person, by letter."""
    return _grounds("withheld")


def disputing() -> dict[str, Ground]:
    """The grounds on which a person disputes a record, by name."""
    return _grounds("disputed")


def answered_by(received: date) -> date:
    """The day by which a request of a person is answered: the same day of a later month, or the
    last of one that is shorter.
    """
    month = received.month - 1 + int(_held()["answer"]["months"])
    year, month = received.year + month // 12, month % 12 + 1
    return date(year, month, min(received.day, monthrange(year, month)[1]))
