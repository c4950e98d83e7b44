"""One spelling of headings and values that several tables write in other letters: Kent and KENT.

Taken for others, the people of one table would be no part of what another says of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.published import PublishedTable, Share
from darkfigure.reading.instructions import tidy_key


class Spellings:
    """What headings and values were called where they stood first, whatever their case and
    spaces.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[tuple[str, str], str] = {}

    def name(self, text: str) -> str:
        """A heading as it was spelled first."""
        return self._names.setdefault(tidy_key(text), text)

    def value(self, name: str, text: str) -> str:
        """A value under a heading as it was spelled first."""
        key = tidy_key(name), " ".join(text.split()).casefold()
        return self._values.setdefault(key, text)

    def groups(
        self, heading: str, coarse: str, pairs: Mapping[str, str]
    ) -> Mapping[str, Mapping[str, str]]:
        """What lies within what, in the spelling of the tables."""
        coarse = self.name(coarse)
        return {
            coarse: {
                self.value(heading, value): self.value(coarse, group)
                for value, group in pairs.items()
            }
        }

    def table(self, table: PublishedTable) -> PublishedTable:
        """A table in the spelling of those before it. Raises Unreadable where two of its cells
        differ by nothing else.
        """
        lines: dict[frozenset[tuple[str, str]], int] = {}
        cells = []
        for cell in table.cells:
            values = {
                self.name(name): self.value(name, value) for name, value in cell.values.items()
            }
            before = lines.setdefault(frozenset(values.items()), cell.place)
            if before != cell.place:
                raise Unreadable(
                    f"{table.name}: lines {before} and {cell.place} are of the same people."
                )
            share = cell.share
            if share:
                share = Share(tuple(map(self.name, share.over)), share.low, share.high, share.per)
            cells.append(replace(cell, values=values, share=share))
        names = tuple(map(self.name, table.dimensions))
        return replace(table, dimensions=names, cells=tuple(cells))
