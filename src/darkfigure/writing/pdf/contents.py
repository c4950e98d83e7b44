"""The content streams of pages run, as a reader's program does, without drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pikepdf

from darkfigure.writing.pdf.fonts import Font, Fonts
from darkfigure.writing.pdf.graphics import (
    BLACK,
    IDENTITY,
    WHITE,
    Box,
    Marked,
    Matrix,
    Page,
    Painted,
    State,
    around,
    box_of,
    colour_of,
    placed,
    scale,
    times,
)
from darkfigure.writing.pdf.structure import number, string

#: Forms within forms, at most.
DEEPEST = 24
#: Corners so near to those of a box are its own.
_NEAR = 0.1
_PAINT = {"S": "s", "s": "s", "f": "f", "F": "f", "f*": "f"} | dict.fromkeys(
    ("B", "B*", "b", "b*"), "fs"
)


def run_page(page: pikepdf.Page, place: int, fonts: Fonts) -> Page:
    """Everything that a page paints. Raises pikepdf.PdfError where its content is no content."""
    left, bottom, right, top = (float(value) for value in page.cropbox)
    box = Box(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    made = Page(place, number(page.obj), box)
    runner = _Runner(made, fonts)
    runner.stream = number(page.obj)
    runner.run(page, page.obj.get("/Resources") or page.resources)
    _see(made)
    return made


class _Runner:
    """One page's operators, each a method; what stands round them on stacks."""

    def __init__(self, page: Page, fonts: Fonts) -> None:
        self.page, self.fonts = page, fonts
        self.state = State(clip=page.box)
        self.saved: list[State] = []
        self.marks: list[Marked] = []
        self.stream: tuple[int, int] = (0, 0)
        self.resources: Any = None
        self.points: list[tuple[float, float]] = []
        self.clipping = False
        self.text: Matrix = IDENTITY
        self.line: Matrix = IDENTITY
        self.depth = 0

    def run(self, content: Any, resources: Any) -> None:
        """Run a stream of operators with the resources that it names."""
        before, self.resources = self.resources, resources
        for instruction in pikepdf.parse_content_stream(content):
            operands, name = instruction.operands, str(instruction.operator)
            done = _OPERATORS.get(name)
            if done is not None:
                done(self, operands)
            elif name in _PAINT:
                self.paint(_PAINT[name])
            elif name == "INLINE IMAGE":
                self.picture(box_of(self.state.matrix, 0, 0, 1, 1))
        self.resources = before

    def resource(self, kind: str, name: Any) -> Any:
        """A resource by kind and name; None where there is none."""
        found = self.resources.get(f"/{kind}") if self.resources is not None else None
        return found.get(str(name)) if isinstance(found, pikepdf.Dictionary) else None

    # marks

    def begin(self, operands: Any) -> None:
        tag = str(operands[0])[1:]
        props = operands[1] if len(operands) > 1 else None
        if isinstance(props, pikepdf.Name):
            props = self.resource("Properties", props)
        given: Any = props if isinstance(props, pikepdf.Dictionary) else {}
        mcid = given.get("/MCID")
        mark = Marked(
            tag,
            int(mcid) if isinstance(mcid, int) else None,
            string(given.get("/Lang")),
            string(given.get("/Alt")),
            string(given.get("/ActualText")),
            string(given.get("/E")),
            self.stream,
            given if tag == "OC" else None,
            tuple(self.marks),
        )
        tagged = any(value.mcid is not None for value in self.marks)
        if tag == "Artifact" and tagged:
            self.page.nested.append(("artifact_in_content", mark))
        if mark.mcid is not None and any(value.tag == "Artifact" for value in self.marks):
            self.page.nested.append(("content_in_artifact", mark))
        self.marks.append(mark)
        self.page.marks.append(mark)

    def end(self, _: Any) -> None:
        if self.marks:
            self.marks.pop()

    # state

    def save(self, _: Any) -> None:
        self.saved.append(self.state)

    def restore(self, _: Any) -> None:
        if self.saved:
            self.state = self.saved.pop()

    def concat(self, operands: Any) -> None:
        self.state = self.state.but(matrix=times(_matrix(operands), self.state.matrix))

    def external(self, operands: Any) -> None:
        given = self.resource("ExtGState", operands[0])
        if not isinstance(given, pikepdf.Dictionary):
            return
        if "/ca" in given:
            self.state = self.state.but(opacity=float(given.ca))
        font = given.get("/Font")
        if isinstance(font, pikepdf.Array):
            self.state = self.state.but(font=self.fonts.of(font[0]), size=float(font[1]))

    def colours(self, operands: Any, key: str) -> None:
        parts = [float(value) for value in operands if not isinstance(value, pikepdf.Name)]
        plain = len(parts) == len(operands)
        self.state = self.state.but(**{key: colour_of(parts) if plain else None})

    # shapes

    def point(self, operands: Any) -> None:
        given = [float(value) for value in operands]
        for x, y in zip(given[::2], given[1::2], strict=False):
            self.points.append(placed(self.state.matrix, x, y))

    def rectangle(self, operands: Any) -> None:
        x, y, width, height = (float(value) for value in operands)
        for across in (x, x + width):
            for up in (y, y + height):
                self.points.append(placed(self.state.matrix, across, up))

    def clip(self, _: Any) -> None:
        self.clipping = True

    def paint(self, how: str) -> None:
        """End a path, painted as `how` says: f filled, s stroked, nothing."""
        if self.points:
            box = around(self.points)
            if how:
                filled = "f" in how
                colour = self.state.fill if filled else self.state.stroke
                # A shape that is no rectangle hides less than its box.
                plain = all(
                    min(x - box.x0, box.x1 - x) < _NEAR and min(y - box.y0, box.y1 - y) < _NEAR
                    for x, y in self.points
                )
                solid = filled and self.state.opacity == 1 and plain
                made = Painted("path", (), box, self.state, colour, solid)
                made.plain = plain
                self.add(made)
            if self.clipping:
                self.state = self.state.but(clip=self.state.clip.shared(box))
        self.points, self.clipping = [], False

    def picture(self, box: Box) -> None:
        self.add(Painted("image", (), box, self.state, None, self.state.opacity == 1))

    def shading(self, _: Any) -> None:
        self.add(Painted("shading", (), self.state.clip, self.state, None, True))

    def add(self, made: Painted) -> None:
        """What is painted, with the marks that stand round it."""
        made.marks, made.stream = tuple(self.marks), self.stream
        self.page.painted.append(made)

    def external_object(self, operands: Any) -> None:
        form = self.resource("XObject", operands[0])
        if not isinstance(form, pikepdf.Stream):
            return
        if form.get("/Subtype") == "/Image":
            self.picture(box_of(self.state.matrix, 0, 0, 1, 1))
            return
        if form.get("/Subtype") != "/Form" or self.depth >= DEEPEST:
            return
        self.page.forms.append(number(form))
        kept = self.state, self.saved, self.stream, self.text, self.line, self.resources
        matrix = form.get("/Matrix")
        if matrix is not None:
            self.state = self.state.but(matrix=times(_matrix(matrix), self.state.matrix))
        edges = form.get("/BBox")
        if edges is not None:
            inside = box_of(self.state.matrix, *(float(value) for value in edges))
            self.state = self.state.but(clip=self.state.clip.shared(inside))
        self.saved, self.stream = [], number(form)
        self.depth += 1
        marks = len(self.marks)
        self.run(form, form.get("/Resources") or self.resources)
        del self.marks[marks:]
        self.depth -= 1
        self.state, self.saved, self.stream, self.text, self.line, self.resources = kept

    # text

    def begin_text(self, _: Any) -> None:
        self.text = self.line = IDENTITY

    def font(self, operands: Any) -> None:
        found = self.resource("Font", operands[0])
        font = self.fonts.of(found) if found is not None else None
        self.state = self.state.but(font=font, size=float(operands[1]))

    def move(self, operands: Any) -> None:
        across, up = float(operands[0]), float(operands[1])
        self.line = times((1, 0, 0, 1, across, up), self.line)
        self.text = self.line

    def move_leading(self, operands: Any) -> None:
        self.state = self.state.but(leading=-float(operands[1]))
        self.move(operands)

    def matrix(self, operands: Any) -> None:
        self.text = self.line = _matrix(operands)

    def next_line(self, _: Any) -> None:
        self.move((0.0, -self.state.leading))

    def show(self, operands: Any) -> None:
        if operands:
            self.shown([operands[0]])

    def show_array(self, operands: Any) -> None:
        self.shown(list(operands[0]))

    def show_line(self, operands: Any) -> None:
        self.next_line(())
        self.shown([operands[-1]])

    def show_spaced(self, operands: Any) -> None:
        self.state = self.state.but(word_spacing=float(operands[0]), spacing=float(operands[1]))
        self.show_line(operands)

    def shown(self, parts: list[Any]) -> None:
        """Text, with what stands between its pieces; the place moves on behind it."""
        font: Font | None = self.state.font
        if font is None:
            return
        state, across, codes, letters = self.state, 0.0, [], []
        for part in parts:
            if not isinstance(part, pikepdf.String):
                across -= float(part) / 1000 * state.size * state.stretch
                continue
            for code, length in font.codes(bytes(part)):
                codes.append(code)
                letters.append(font.unicode(code) or "")
                step = font.width(code) / 1000 * state.size + state.spacing
                if length == 1 and code == 32:
                    step += state.word_spacing
                across += step * state.stretch
        whole = times(self.text, state.matrix)
        low = state.rise + font.descent / 1000 * state.size
        high = state.rise + font.ascent / 1000 * state.size
        made = Painted("text", (), box_of(whole, 0, low, across, high), state, state.fill)
        made.text, made.codes = "".join(letters), tuple(codes)
        made.size = scale(whole) * state.size
        if codes:
            font.used(codes, state.mode)
            self.add(made)
        self.text = times((1, 0, 0, 1, across, 0), self.text)

    def set(self, operands: Any, key: str, per: float = 1.0) -> None:
        self.state = self.state.but(**{key: float(operands[0]) / per})


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def _setting(key: str, per: float = 1.0) -> Callable[[_Runner, Any], None]:
    return lambda runner, operands: runner.set(operands, key, per)


def _colouring(key: str) -> Callable[[_Runner, Any], None]:
    return lambda runner, operands: runner.colours(operands, key)


def _space(key: str) -> Callable[[_Runner, Any], None]:
    return lambda runner, _: setattr(runner, "state", runner.state.but(**{key: BLACK}))


def _mode(runner: _Runner, operands: Any) -> None:
    runner.state = runner.state.but(mode=int(operands[0]))


_OPERATORS: Mapping[str, Callable[[_Runner, Any], None]] = {
    "BMC": _Runner.begin,
    "BDC": _Runner.begin,
    "EMC": _Runner.end,
    "q": _Runner.save,
    "Q": _Runner.restore,
    "cm": _Runner.concat,
    "gs": _Runner.external,
    **dict.fromkeys(("g", "rg", "k", "sc", "scn"), _colouring("fill")),
    **dict.fromkeys(("G", "RG", "K", "SC", "SCN"), _colouring("stroke")),
    "cs": _space("fill"),
    "CS": _space("stroke"),
    **dict.fromkeys(("m", "l", "c", "v", "y"), _Runner.point),
    "re": _Runner.rectangle,
    "W": _Runner.clip,
    "W*": _Runner.clip,
    "n": lambda runner, _: runner.paint(""),
    "sh": _Runner.shading,
    "Do": _Runner.external_object,
    "BT": _Runner.begin_text,
    "Tf": _Runner.font,
    "Td": _Runner.move,
    "TD": _Runner.move_leading,
    "Tm": _Runner.matrix,
    "T*": _Runner.next_line,
    "Tj": _Runner.show,
    "TJ": _Runner.show_array,
    "'": _Runner.show_line,
    '"': _Runner.show_spaced,
    "Tc": _setting("spacing"),
    "Tw": _setting("word_spacing"),
    "Tz": _setting("stretch", 100),
    "TL": _setting("leading"),
    "Ts": _setting("rise"),
    "Tr": _mode,
}


def _see(page: Page) -> None:
    """Say of each text what lies beneath it, and why it is not seen where it is not."""
    solid = [(at, value) for at, value in enumerate(page.painted) if value.kind != "text"]
    solid = [(at, value) for at, value in solid if value.opaque or value.colour is not None]
    for at, text in enumerate(page.painted):
        if text.kind != "text" or not text.text.strip():
            continue
        x, y = text.box.centre
        beneath = [value for place, value in solid if place < at and value.box.holds(x, y)]
        shown = [value for value in beneath if value.kind != "path" or value.opaque]
        text.beneath = shown[-1].colour if shown else WHITE
        text.hidden = _hidden(text, page, [e for place, e in solid if place > at and e.opaque])


def _hidden(text: Painted, page: Page, above: list[Painted]) -> str:
    if text.state.mode in (3, 7):
        return "invisible"
    if text.state.opacity == 0:
        return "transparent"
    if not text.box.meets(page.box):
        return "outside"
    if not text.box.meets(text.state.clip):
        return "clipped"
    if any(value.box.shared(value.state.clip).covers(text.box) for value in above):
        return "covered"
    return ""
