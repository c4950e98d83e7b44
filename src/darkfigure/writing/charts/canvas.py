"""A drawing as SVG text: shapes and lines of writing whose boxes are known before it is drawn.

Every drawing is as wide as a phone's page, so that writing keeps its size on any screen, and says
of each shape what it is (its class): a page recolours it for the dark and for print. What a shape
means never rests on its colour alone: what is certain is filled, what is possible hatched, what is
held in part dashed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

#: Units across: the width of a phone's page. On the smallest, of 320 pixels with its margins, one
#: unit is nine tenths of a pixel and writing 11.7 pixels high.
WIDTH = 320.0
SIZE, LINE = 13.0, 16.0
FONT = "DejaVu Sans, Verdana, Helvetica Neue, Arial, sans-serif"
INK, ACCENT, MUTED, WARM, PALE = "#0b0c0c", "#1d70b8", "#484949", "#ca3535", "#cecece"

#: What each class of shape looks like on paper and on a light page.
LOOKS = {
    "ground": 'fill="#fff"',
    "ink": f'fill="{INK}"',
    "quiet": f'fill="{MUTED}"',
    "bar": f'fill="{ACCENT}"',
    "end": f'fill="{MUTED}"',
    "hatch": f'fill="none" stroke="{ACCENT}" stroke-width="1"',
    "down": f'fill="none" stroke="{WARM}" stroke-width="1.2"',
    "part": f'fill="none" stroke="{ACCENT}" stroke-width="1.4" stroke-dasharray="3 2"',
    "line": f'fill="none" stroke="{ACCENT}" stroke-width="2"',
    "other": f'fill="none" stroke="{INK}" stroke-width="1.6" stroke-dasharray="5 3"',
    "axis": f'fill="none" stroke="{MUTED}" stroke-width="1"',
    "grid": f'fill="none" stroke="{PALE}" stroke-width="1"',
    "band": f'fill="{ACCENT}" fill-opacity="0.25"',
}
#: Classes that are shades of one scale, lightest first.
SHADES = ("#ffffff", "#eeefef", "#d2e2f1", "#8eb8dc", "#3d83bf", "#12436d")

# Advance widths of DejaVu Sans, the widest of the typefaces named, in em, bold a little wider.
_NARROW = {
    0.32: " ,./:;|'\\Iijl",
    0.41: "()-[]ftr!",
    0.53: '"*_`?csz',
    0.62: "FLkvxy",
    0.7: "ABCKRVXZ",
    0.76: "NU",
    0.79: "&DGHOQ",
    0.84: "#+<=>^w~",
    1.0: "%@WmM—…",
}
_WIDTHS = {letter: width for width, letters in _NARROW.items() for letter in letters}


def width_of(text: str, *, bold: bool = False) -> float:
    """How wide a line of writing is at most."""
    wide = sum(
        _WIDTHS.get(letter, 0.64 if ord(letter) < 0x250 else 0.9 if ord(letter) < 0x2E80 else 1.1)
        for letter in text
    )
    return wide * SIZE * (1.12 if bold else 1.0)


def wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Text as lines that fit; a word too long for one is broken."""
    lines, line = [], ""
    for word in text.split():
        while width_of(word, bold=bold) > room:
            if line:
                lines.append(line)
                line = ""
            length = next(
                n for n in range(len(word) - 1, 0, -1)
                if n == 1 or width_of(word[:n], bold=bold) <= room
            )  # fmt: skip
            lines.append(word[:length])
            word = word[length:]
        longer = f"{line} {word}".strip()
        if width_of(longer, bold=bold) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines


@dataclass(frozen=True)
class Box:
    """Where something stands."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share any room."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_of(text: str, x: float, y: float, anchor: str = "start", *, bold: bool = False) -> Box:
    """The box of a line of writing whose baseline begins, has its middle or ends at a point."""
    wide = width_of(text, bold=bold)
    left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    return Box(left, y - 0.8 * SIZE, left + wide, y + 0.25 * SIZE)


@dataclass
class Canvas:
    """A drawing in the making, from the top down."""

    parts: list[str] = field(default_factory=list)
    written: list[Box] = field(default_factory=list)
    height: float = 0.0

    def write(
        self, text: str, x: float, y: float, look: str = "ink", anchor: str = "start",
        *, bold: bool = False, halo: bool = False,
    ) -> None:  # fmt: skip
        """A line of writing; with a halo it is free of lines that it stands on."""
        self.written.append(box_of(text, x, y, anchor, bold=bold))
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        heavy = ' font-weight="bold"' if bold else ""
        edge = ' stroke="#fff" stroke-width="3" paint-order="stroke"' if halo else ""
        kind = f"{look} halo" if halo else look
        self.parts.append(
            f'<text class="{kind}" x="{x:.2f}" y="{y:.2f}"{at}{heavy} {LOOKS[look]}{edge}>'
            f"{escape(text)}</text>"
        )

    def paragraph(self, text: str, look: str = "ink", *, bold: bool = False) -> None:
        """Lines of writing across the whole width, beneath what is there."""
        for line in wrapped(text, WIDTH, bold=bold):
            self.height += LINE
            self.write(line, 0, self.height - 4, look, bold=bold)

    def fits(self, text: str, x: float, y: float, anchor: str) -> bool:
        """Whether a line of writing would stand free of all other writing and on the drawing."""
        box = box_of(text, x, y, anchor)
        box = Box(box.left - 1, box.top, box.right + 1, box.bottom)
        return (
            box.left >= -1
            and box.right <= WIDTH + 1
            and not any(box.meets(other) for other in self.written)
        )

    def rect(self, x: float, y: float, wide: float, tall: float, look: str) -> None:
        """A rectangle."""
        self.parts.append(
            f'<rect class="{look}" x="{x:.2f}" y="{y:.2f}" width="{max(wide, 0):.2f}" '
            f'height="{max(tall, 0):.2f}" {LOOKS[look]}/>'
        )

    def shade(self, x: float, y: float, wide: float, tall: float, step: int) -> None:
        """A rectangle in one of the shades, with an edge."""
        self.parts.append(
            f'<rect class="shade{step}" x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" '
            f'height="{tall:.2f}" fill="{SHADES[step]}" stroke="{MUTED}" stroke-width="0.6"/>'
        )

    def path(self, way: str, look: str) -> None:
        """A line through points, as SVG writes it."""
        self.parts.append(f'<path class="{look}" d="{way}" {LOOKS[look]}/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """A straight line."""
        self.path(f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}", look)

    def hatched(self, x: float, y: float, wide: float, tall: float, look: str = "hatch") -> None:
        """A rectangle filled with slanting lines."""
        if wide <= 0 or tall <= 0:
            return
        way = [f"M{x:.2f} {y:.2f}h{wide:.2f}v{tall:.2f}h{-wide:.2f}Z"]
        at = 4.0
        while at < wide + tall:
            x1, y1 = (x, y + at) if at <= tall else (x + at - tall, y + tall)
            x2, y2 = (x + at, y) if at <= wide else (x + wide, y + at - wide)
            way.append(f"M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}")
            at += 4
        self.path("".join(way), look)

    def dot(self, x: float, y: float, look: str = "ink", size: float = 3.5) -> None:
        """A round mark."""
        self.parts.append(
            f'<circle class="{look}" cx="{x:.2f}" cy="{y:.2f}" r="{size}" {LOOKS[look]}/>'
        )

    def cross(self, x: float, y: float) -> None:
        """The mark of a figure that is not there."""
        self.path(f"M{x - 3:.2f} {y - 3:.2f}l6 6m0 -6l-6 6", "axis")

    def arrow(self, x: float, y: float, *, up: bool, look: str = "line") -> None:
        """The mark of a bound that is open: the figure may lie further on."""
        way = f"M{x - 4:.2f} {y:.2f}l4 -6l4 6" if up else f"M{x:.2f} {y - 4:.2f}l6 4l-6 4"
        self.path(way, look)

    def svg(self, title: str, figures: str) -> str:
        """The drawing, with its title and its figures for who does not see it."""
        tall = self.height + 4
        spoken = escape(f"{title}. {figures}" if figures else title, quote=True)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
            f'aria-label="{spoken}" '
            f'viewBox="0 0 {WIDTH:.0f} {tall:.0f}" width="{WIDTH:.0f}" height="{tall:.0f}" '
            f'font-family="{FONT}" font-size="{SIZE:.0f}">'
            f'<rect class="ground" width="{WIDTH:.0f}" height="{tall:.0f}" {LOOKS["ground"]}/>'
            f"{''.join(self.parts)}</svg>"
        )


#: The margin of a drawing that stands by itself.
MARGIN = 8.0


def framed(svg: str) -> str:
    """A drawing as a file of its own: with a margin, which a page has already."""
    size = svg.partition(f'viewBox="0 0 {WIDTH:.0f} ')[2].partition('"')[0]
    tall, wide = float(size) + 2 * MARGIN, WIDTH + 2 * MARGIN
    bare = f'viewBox="0 0 {WIDTH:.0f} {size}" width="{WIDTH:.0f}" height="{size}"'
    ends = f'width="{wide:.0f}" height="{tall:.0f}"'
    box = f'viewBox="{-MARGIN:.0f} {-MARGIN:.0f} {wide:.0f} {tall:.0f}" {ends}'
    ground = f'class="ground" width="{WIDTH:.0f}" height="{size}"'
    edge = f'class="ground" x="{-MARGIN:.0f}" y="{-MARGIN:.0f}" {ends}'
    return svg.replace(bare, box, 1).replace(ground, edge, 1) + "\n"
