"""Released tables in SDMX-ML 2.1: structures (code lists, concepts, a data structure and a dataflow
for each table) by `sdmx1`, and generic data, which it writes otherwise than the standard's schemas.
"""

from __future__ import annotations

import re
from datetime import UTC
from importlib import import_module
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from darkfigure.basis.loading import extra
from darkfigure.publication.release import Dimension, Release, ReleasedTable
from darkfigure.writing.words import ENGLISH, Words

if TYPE_CHECKING:
    from types import ModuleType

_SCHEMAS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_NAMED = (("mes", "message"), ("com", "common"), ("gen", "data/generic"))
MEASURE, UNIT, MARKS, LEAST, MOST = "OBS_VALUE", "UNIT_MEASURE", "MARKS", "LEAST", "MOST"


def structure_of(release: Release, words: Words = ENGLISH) -> bytes:
    """The structures of all tables of a release."""
    message = Modelled(release, words).structures
    text: bytes = _sdmx("sdmx").to_xml(message, pretty_print=True)
    return text


def data_of(release: Release, table: ReleasedTable) -> bytes:
    """The data of a table: every cell an observation by all its dimensions."""
    root = Element("mes:GenericData", {f"xmlns:{name}": _SCHEMAS + of for name, of in _NAMED})
    root.append(_header(release, table))
    data = SubElement(root, "mes:DataSet", structureRef=structure_code(release, table))
    data.set("action", "Replace")
    for cell in table.cells:
        seen = SubElement(data, "gen:Obs")
        key = SubElement(seen, "gen:ObsKey")
        for dimension, code in zip(table.dimensions, cell.values, strict=True):
            _value(key, identifier(dimension.code.upper()), identifier(code))
        if cell.value is not None:
            SubElement(seen, "gen:ObsValue", value=str(cell.value))
        beside = SubElement(seen, "gen:Attributes")
        said = (identifier(table.unit), " ".join(cell.marks) or None, cell.low, cell.high)
        for name, value in zip((UNIT, MARKS, LEAST, MOST), said, strict=True):
            if value is not None:
                _value(beside, name, str(value))
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root) + b"\n"


def _value(within: Element, name: str, value: str) -> None:
    SubElement(within, "gen:Value", id=name, value=value)


def _header(release: Release, table: ReleasedTable) -> Element:
    header = Element("mes:Header")
    SubElement(header, "mes:ID").text = _own(release, table.code)
    SubElement(header, "mes:Test").text = str(release.synthetic).lower()
    SubElement(header, "mes:Prepared").text = release.head.out_at.isoformat()
    sender = SubElement(header, "mes:Sender", id=agency_of(release))
    SubElement(sender, "com:Name").text = release.head.publisher
    told = SubElement(header, "mes:Structure", structureID=structure_code(release, table))
    told.set("dimensionAtObservation", "AllDimensions")
    SubElement(
        SubElement(told, "com:Structure"),
        "Ref",
        agencyID=agency_of(release),
        id=structure_code(release, table),
        version=f"{release.version}.0",
    )
    return header


def agency_of(release: Release) -> str:
    """The code of who publishes a release."""
    return identifier(release.head.publisher.upper())


def _own(release: Release, *parts: str) -> str:
    return identifier("_".join([release.head.series, *parts]).upper())


def structure_code(release: Release, table: ReleasedTable) -> str:
    """The code of the data structure of a table."""
    return f"DSD_{_own(release, table.code)}"


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
        self.agency = self.common.Agency(id=agency_of(release), name=release.head.publisher)
        self.concepts = self._item_scheme(
            "ConceptScheme", f"CS_{_own(release)}", release.head.title
        )
        self.lists: dict[str, Any] = {}
        self.flows = {table.code: self._flow(table) for table in release.tables}

    def _item_scheme(self, kind: str, code: str, title: str) -> Any:
        maker = getattr(self.common, kind, None) or getattr(self.model, kind)
        return maker(
            id=code,
            name={self.release.head.language: title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
            is_external_reference=False,
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
            id=structure_code(self.release, table),
            name={self.release.head.language: table.title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
            is_external_reference=False,
        )
        structure.dimensions.id = "DimensionDescriptor"
        structure.measures.id = "MeasureDescriptor"
        structure.attributes.id = "AttributeDescriptor"
        for place, dimension in enumerate(table.dimensions, 1):
            structure.dimensions.append(self._dimension(dimension, place))
        measure = self.model.PrimaryMeasure(
            id=MEASURE, concept_identity=self._concept(MEASURE, table.measure_title)
        )
        structure.measures.append(measure)
        related = self.model.PrimaryMeasureRelationship()
        units = self._codes(
            f"CL_{_own(self.release, 'UNIT')}",
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
            id=f"DF_{_own(self.release, table.code)}",
            name={self.release.head.language: table.title},
            maintainer=self.agency,
            version=f"{self.release.version}.0",
            is_final=True,
            is_external_reference=False,
            structure=structure,
        )

    def _dimension(self, dimension: Dimension, place: int) -> Any:
        code = identifier(dimension.code.upper())
        items = {identifier(name): label for name, label in dimension.codes}
        listed = self._codes(f"CL_{_own(self.release, dimension.code)}", dimension.title, items)
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
        made = self.message.StructureMessage(header=self._header(_own(self.release, "STRUCTURE")))
        for item in (self.concepts, *self.lists.values(), *self.flows.values()):
            made.add(item)
        for flow in self.flows.values():
            made.add(flow.structure)
        return made
