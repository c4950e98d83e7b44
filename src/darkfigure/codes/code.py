"""One entry of a code list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: Columns of a table of codes that hold a label in a language begin so: label_cy.
LABEL_IN = "label_"
#: Between several names or codes in one field.
BETWEEN = "|"


@dataclass(frozen=True)
class Code:
    """One entry: what is stored, how it reads, other ways it is written, when it was in use, what
    it is part of.

    `namespace` tells apart code spaces that reuse the same numbers: police recorded crime class 106
    is modern slavery, court code 106 is betting and gaming. An entry `by_code_only` is not found by
    its label, which others share. `successors` are the codes that it went over into after its last
    day, `parent` the code that it is part of, `labels` how it reads in other languages.
    """

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    namespace: str = ""
    group: str = ""
    source: str = ""
    by_code_only: bool = False
    successors: tuple[str, ...] = ()
    parent: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What it is found by."""
        if self.by_code_only:
            return (self.code,)
        return (self.code, self.label, *self.aliases, *(label for _, label in self.labels))


def code_from(entry: Mapping[str, str]) -> Code:
    """A code from the row of its table; a column that is not there is empty. Raises ValueError for
    a day that is none.
    """
    first, last = (
        date.fromisoformat(entry[name]) if entry.get(name) else None
        for name in ("valid_from", "valid_to")
    )
    return Code(
        code=entry["code"],
        label=entry.get("label") or "",
        aliases=several_in(entry.get("aliases")),
        valid_from=first,
        valid_to=last,
        namespace=entry.get("namespace") or "",
        group=entry.get("group") or "",
        source=entry.get("source") or "",
        successors=several_in(entry.get("successors")),
        parent=entry.get("parent") or "",
        labels=tuple(
            (name.removeprefix(LABEL_IN), text)
            for name, text in entry.items()
            if name.startswith(LABEL_IN) and text
        ),
    )


def several_in(text: str | None) -> tuple[str, ...]:
    """The names of a field that holds several."""
    return tuple(each.strip() for each in (text or "").split(BETWEEN) if each.strip())
