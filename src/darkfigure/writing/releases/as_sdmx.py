"""Released tables in SDMX 2.1, by `sdmx1`: structures (code lists, concepts, a data structure and a
dataflow for each table) and data.
"""

from __future__ import annotations

import re
from datetime import UTC
from importlib import import_module
from typing import TYPE_CHECKING, Any

from darkfigure.basis.loading import extra
from darkfigure.publication.release import Dimension, Release, ReleasedTable
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from types import ModuleType

MEASURE, UNIT, MARKS, LEAST, MOST = "OBS_VALUE", "UNIT_MEASURE", "MARKS", "LEAST", "MOST"


def write_structure(release: Release, words: Words = ENGLISH) -> bytes:
    """The structures of all tables of a release."""
    return _written(Modelled(release, words).structures)


def write_data(release: Release, table: ReleasedTable, words: Words = ENGLISH) -> bytes:
    """The data of a table."""
    return _written(Modelled(release, words).data_of(table))


def _written(message: Any) -> bytes:
    text: bytes = _sdmx("sdmx").to_xml(message, pretty_print=True)
    return text


def _sdmx(name: str) -> ModuleType:
    with extra("publishing"):
        return import_module(name)


def identifier(text: str) -> str:
    """A code as SDMX lets one be: letters, digits, _, @, $ and -."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", text)


class Modelled:
    """Structures and data of a release, as `sdmx1` knows them."""

    def __init__(self, release: Release, words: Words) -> None:
        self.release, self.words = release, words
        self.model, self.common = _sdmx("sdmx.model.v21"), _sdmx("sdmx.model.common")
        self.message = _sdmx("sdmx.message")
        self.agency = self.common.Agency(
            id=identifier(release.head.publisher.upper()), name=release.head.publisher
        )
        self.concepts = self._item_scheme("ConceptScheme", f"CS_{self._own()}", release.head.title)
        self.lists: dict[str, Any] = {}
        self.flows = {table.code: self._flow(table) for table in release.tables}

    def _own(self, *parts: str) -> str:
        return identifier("_".join([self.release.head.series, *parts]).upper())

    def _item_scheme(self, kind: str, code: str, title: str) -> Any:
        maker = getattr(self.common, kind, None) or getattr(self.model, kind)
        return maker(
            id=code,
            name={self.release.head.language: title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
        )

    def _codes(self, code: str, title: str, items: dict[str, str]) -> Any:
        if code not in self.lists:
            made = self._item_scheme("Codelist", code, title)
            self.lists[code] = made
        made = self.lists[code]
        for name, label in items.items():
            if name not in made:
                made.append(self.common.Code(id=name, name={self.release.head.language: label}))
        return made

    def _concept(self, code: str, title: str) -> Any:
        if code not in self.concepts:
            self.concepts.append(
                self.common.Concept(id=code, name={self.release.head.language: title})
            )
        return self.concepts[code]

    def _flow(self, table: ReleasedTable) -> Any:
        structure = self.model.DataStructureDefinition(
            id=f"DSD_{self._own(table.code)}",
            name={self.release.head.language: table.title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
        )
        for place, dimension in enumerate(table.dimensions, 1):
            structure.dimensions.append(self._dimension(dimension, place))
        measure = self.model.PrimaryMeasure(
            id=MEASURE, concept_identity=self._concept(MEASURE, table.measure_title)
        )
        structure.measures.append(measure)
        related = self.model.PrimaryMeasureRelationship()
        units = self._codes(
            f"CL_{self._own('UNIT')}",
            self.words.text("release.column.unit"),
            {identifier(table.unit): table.unit_title},
        )
        for code, name, listed in (
            (UNIT, "unit", units),
            (MARKS, "marks", None),
            (LEAST, "low", None),
            (MOST, "high", None),
        ):
            title = self.words.text(f"release.column.{name}")
            structure.attributes.append(
                self.model.DataAttribute(
                    id=code,
                    concept_identity=self._concept(code, title),
                    related_to=related,
                    usage_status=self.model.UsageStatus["conditional"],
                    local_representation=self.common.Representation(enumerated=listed)
                    if listed is not None
                    else None,
                )
            )
        return self.model.DataflowDefinition(
            id=f"DF_{self._own(table.code)}",
            name={self.release.head.language: table.title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
            structure=structure,
        )

    def _dimension(self, dimension: Dimension, place: int) -> Any:
        code = identifier(dimension.code.upper())
        items = {identifier(name): label for name, label in dimension.codes}
        listed = self._codes(f"CL_{self._own(dimension.code)}", dimension.title, items)
        return self.model.Dimension(
            id=code,
            order=place,
            concept_identity=self._concept(code, dimension.title),
            local_representation=self.common.Representation(enumerated=listed),
        )

    def _header(self, code: str) -> Any:
        return self.message.Header(
            id=identifier(code),
            prepared=self.release.head.out_at.astimezone(UTC).replace(tzinfo=None),
            sender=self.agency,
            test=self.release.synthetic,
        )

    @property
    def structures(self) -> Any:
        """The structures, in a message."""
        made = self.message.StructureMessage(header=self._header(self._own("STRUCTURE")))
        for item in (self.concepts, *self.lists.values(), *self.flows.values()):
            made.add(item)
        for flow in self.flows.values():
            made.add(flow.structure)
        return made

    def data_of(self, table: ReleasedTable) -> Any:
        """The figures of a table, in a message."""
        flow = self.flows[table.code]
        structure = flow.structure
        made = self.message.DataMessage(header=self._header(self._own(table.code)), dataflow=flow)
        made.observation_dimension = self.model.AllDimensions
        held = self.model.GenericDataSet(structured_by=structure, described_by=flow)
        for cell in table.cells:
            key = structure.make_key(
                self.common.Key,
                {
                    identifier(one.code.upper()): identifier(code)
                    for one, code in zip(table.dimensions, cell.values, strict=True)
                },
            )
            said = {
                UNIT: identifier(table.unit),
                MARKS: " ".join(cell.marks) or None,
                LEAST: cell.low,
                MOST: cell.high,
            }
            held.obs.append(
                self.model.Observation(
                    dimension=key,
                    value=cell.value,
                    value_for=structure.measures[0],
                    attached_attribute={
                        name: self.common.AttributeValue(
                            value=str(value), value_for=structure.attributes.get(name)
                        )
                        for name, value in said.items()
                        if value is not None
                    },
                )
            )
        made.data.append(held)
        return made
