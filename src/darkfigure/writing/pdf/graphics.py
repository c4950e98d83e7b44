"""What a page paints, in order: text, shapes, pictures, each with the marks that stand round it.

Operators are those of ISO 32000-1, Annex A. Lengths are points of the page; colours are taken to
red, green and blue, of 0 to 1, without a profile.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)


class Box(NamedTuple):
    """Left, bottom, right, top."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def meets(self, other: Box) -> bool:
        """Whether the two share any point."""
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )

    def shared(self, other: Box) -> Box:
        """What is of both."""
        return Box(
            max(self.x0, other.x0),
            max(self.y0, other.y0),
            min(self.x1, other.x1),
            min(self.y1, other.y1),
        )

    def covers(self, other: Box) -> bool:
        """Whether the other lies inside."""
        return (
            self.x0 <= other.x0 + 0.5
            and self.y0 <= other.y0 + 0.5
            and self.x1 >= other.x1 - 0.5
            and self.y1 >= other.y1 - 0.5
        )


EVERYWHERE = Box(-1e9, -1e9, 1e9, 1e9)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The one transformation and then the other."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def around(points: Sequence[tuple[float, float]]) -> Box:
    """The least box that holds the points."""
    across, up = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(up), max(across), max(up))


def box_of(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Box:
    """The box round a rectangle that is transformed."""
    return around([placed(matrix, x, y) for x in (x0, x1) for y in (y0, y1)])


def scale(matrix: Matrix) -> float:
    """How much a transformation makes writing higher."""
    return math.hypot(matrix[2], matrix[3])


def colour_of(parts: Sequence[float]) -> Colour | None:
    """A colour of one, three or four parts; None for what cannot be told."""
    given = [min(max(float(part), 0.0), 1.0) for part in parts]
    if len(given) == 1:
        return given[0], given[0], given[0]
    if len(given) == 3:
        return given[0], given[1], given[2]
    if len(given) == 4:
        black = 1 - given[3]
        return (1 - given[0]) * black, (1 - given[1]) * black, (1 - given[2]) * black
    return None


class Marked(NamedTuple):
    """A marked-content sequence: its tag and what it states."""

    tag: str
    mcid: int | None = None
    lang: str | None = None
    alt: str | None = None
    actual: str | None = None
    expansion: str | None = None
    stream: tuple[int, int] = (0, 0)
    layer: Any = None
    outer: tuple[Marked, ...] = ()


@dataclass(frozen=True)
class State:
    """The graphics state, as far as it says what a reader sees."""

    matrix: Matrix = IDENTITY
    fill: Colour | None = BLACK
    stroke: Colour | None = BLACK
    opacity: float = 1.0
    clip: Box = EVERYWHERE
    font: Any = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def but(self, **changed: Any) -> State:
        """The same, but for what is named."""
        return replace(self, **changed)


@dataclass
class Painted:
    """Something that a page paints.

    `kind` is text, path, image or shading; `opaque` says that it hides what is beneath it.
    """

    kind: str
    marks: tuple[Marked, ...]
    box: Box
    state: State
    colour: Colour | None = None
    opaque: bool = False
    text: str = ""
    codes: tuple[int, ...] = ()
    size: float = 0.0
    stream: tuple[int, int] = (0, 0)
    beneath: Colour | None = WHITE
    plain: bool = True  # of a path: a line or a rectangle that stands straight
    hidden: str = ""  # why a reader does not see it, where they do not

    @property
    def is_artifact(self) -> bool:
        """Whether it is marked as no content."""
        return any(each.tag == "Artifact" for each in self.marks)

    @property
    def mark(self) -> Marked | None:
        """The mark that ties it to the tree of tags: the innermost with a number."""
        return next((each for each in reversed(self.marks) if each.mcid is not None), None)


@dataclass
class Page:
    """A page: what it paints, and faults of how its marks are nested."""

    number: int  # from 1
    object: tuple[int, int]
    box: Box
    painted: list[Painted] = field(default_factory=list)
    nested: list[tuple[str, Marked]] = field(default_factory=list)
    marks: list[Marked] = field(default_factory=list)
    forms: list[tuple[int, int]] = field(default_factory=list)

    @property
    def texts(self) -> list[Painted]:
        """The pieces of text among what it paints."""
        return [each for each in self.painted if each.kind == "text"]
