"""From plain words to a question: the readings of a text, best first, and whether the first is
sure.

Nothing is guessed in silence: what is left out of a reading is listed, what words were taken to
mean is said where that is a choice, and a reading is sure only where nothing is left out and no
other is nearly as good.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from darkfigure.basis.period import Period, of_days, written
from darkfigure.basis.saying import Saying, Word, say
from darkfigure.codes import codes_for
from darkfigure.tables.measures import Measure, all_measures
from darkfigure.tables.question import Question, ask
from darkfigure.understanding.explaining import (
    Explanation,
    Stretch,
    explain,
    measures_spoken_of,
    phrases,
    put_alike,
)
from darkfigure.understanding.times import Time, times
from darkfigure.understanding.vocabulary import Kind, Meaning, vocabulary
from darkfigure.understanding.words import Heard, heard

#: A second reading worth so much less than the first is no rival of it.
CLEARLY_LESS = 0.75
#: How many readings are shown.
SHOWN = 3


@dataclass(frozen=True)
class Reading:
    """One way to understand a text.

    `where` are dimensions with codes; `left_out` the words that the reading does not answer, as
    typed; `taken` what words were taken to mean where they leave a choice; `worth` ranks readings
    of one text, and means nothing else.
    """

    measure: Measure
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    period: Period | None
    unit: str
    as_at: date
    left_out: tuple[str, ...]
    taken: tuple[Saying, ...]
    worth: float
    sure: bool = False

    def question(self) -> Question:
        """The question that this reading asks."""
        return ask(
            self.measure.code,
            self.as_at,
            by=self.by,
            where=self.conditions(),
            period=self.spoken_period(),
            unit=self.unit,
        )

    def conditions(self) -> list[str]:
        """The values asked about, as a question takes them: DIM=VALUE."""
        return [f"{name}={code}" for name, code in self.where]

    def spoken_period(self) -> str | None:
        """The period, as a question takes it."""
        return written(self.period) if self.period else None

    def titles(self) -> dict[str, str]:
        """The values asked about, by their titles."""
        return {name: codes_for(name).label(code) for name, code in self.where}


def understand(text: str, today: date) -> tuple[Reading, ...]:
    """The readings of a text, best first, at most three; none where nothing in it is a measure."""
    known = vocabulary()
    words = put_alike(heard(text), known)
    found = phrases(words, known, times(text, words, today))
    spoken_of = measures_spoken_of(found)
    explained = [
        explain(found, measure, known)
        for measure in all_measures().values()
        if measure.code in spoken_of
    ]
    readings = [
        reading
        for each in explained
        if each.of_kind(Kind.MEASURE) or each.of_kind(Kind.HINT)
        for reading in _readings(each, text, words, today)
    ]
    readings.sort(key=lambda reading: -reading.worth)
    return tuple(_surely(readings[:SHOWN], explained))


def _surely(readings: Sequence[Reading], explained: Iterable[Explanation]) -> Iterable[Reading]:
    for place, reading in enumerate(readings):
        if place:
            yield reading
            continue
        said = any(
            each.measure == reading.measure and each.of_kind(Kind.MEASURE) for each in explained
        )
        alone = len(readings) == 1 or reading.worth - readings[1].worth >= CLEARLY_LESS
        yield replace(reading, sure=said and alone and not reading.left_out)


def _readings(
    explained: Explanation, text: str, words: Sequence[Heard], today: date
) -> Iterable[Reading]:
    """The reading of an explanation; one for each choice where a word leaves several."""
    said = [each for each in explained.stretches if each.meaning and not each.left_out]
    choices = next((each.meaning for each in said if each.meaning and each.meaning.choices), None)
    if choices is None:
        yield _reading(explained, text, words, today, {})
        return
    ((dimension, _),) = choices.values
    for code in choices.choices:
        yield _reading(explained, text, words, today, {dimension: code})


def _reading(
    explained: Explanation,
    text: str,
    words: Sequence[Heard],
    today: date,
    chosen: dict[str, str],
) -> Reading:
    values = [
        (name, chosen.get(name, code) if each.meaning.choices else code)
        for each in explained.stretches
        if each.meaning and not each.left_out
        for name, code in each.meaning.values
    ]
    named = [each.meaning.name for each in explained.of_kind(Kind.DIMENSION) if each.meaning]
    by, where = _cut(named, values)
    spoken = [each.time for each in explained.stretches if each.time]
    cut = next((each.cut for each in spoken if each.cut), "")
    period = _shared(spoken)
    unit = next((each.meaning.name for each in explained.of_kind(Kind.UNIT) if each.meaning), "")
    return Reading(
        measure=explained.measure,
        by=(*by, *([cut] if cut else [])),
        where=where,
        period=period,
        unit=unit,
        as_at=next((each.as_at for each in spoken if each.as_at), today),
        left_out=tuple(_left_out(explained.stretches, text, words)),
        taken=tuple(_taken(explained.stretches, spoken)),
        worth=round(explained.worth, 2),
    )


def _cut(
    named: Sequence[str], values: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What is asked by, and kept to: several values of one dimension are asked side by side."""
    codes: dict[str, dict[str, None]] = {}
    for name, code in values:
        codes.setdefault(name, {})[code] = None
    several = [name for name, found in codes.items() if len(found) > 1]
    kept = codes.keys() - set(several)
    by = tuple(dict.fromkeys(name for name in (*named, *several) if name not in kept))
    where = tuple((name, next(iter(found))) for name, found in codes.items() if name not in several)
    return by, tuple(sorted(where))


def _shared(spoken: Sequence[Time]) -> Period | None:
    """The period meant: of several the days they share, or all from first to last."""
    found = [each.period for each in spoken if each.period]
    if not found:
        return None
    if len(found) == 1:
        return found[0]
    first, last = max(each.start for each in found), min(each.end for each in found)
    if first <= last:
        return of_days(first, last)
    return Period(min(each.start for each in found), max(each.end for each in found))


def _left_out(stretches: Iterable[Stretch], text: str, words: Sequence[Heard]) -> Iterable[str]:
    """What is left out, as typed; words side by side together."""
    run: list[Stretch] = []
    for stretch in stretches:
        if stretch.left_out and (not run or run[-1].end == stretch.start):
            run.append(stretch)
            continue
        if run:
            yield text[words[run[0].start].start : words[run[-1].end - 1].end]
        run = [stretch] if stretch.left_out else []
    if run:
        yield text[words[run[0].start].start : words[run[-1].end - 1].end]


def _taken(stretches: Iterable[Stretch], spoken: Iterable[Time]) -> Iterable[Saying]:
    yield from (each.taken for each in spoken if each.taken)
    for each in stretches:
        meaning: Meaning | None = each.meaning
        if meaning and meaning.place and not each.left_out:
            ((dimension, code),) = meaning.values
            if meaning.place != codes_for(dimension).label(code):
                yield say(
                    "understanding.taken.place",
                    place=meaning.place,
                    within=codes_for(dimension).label(code),
                    dimension=Word("dimension", dimension),
                )
