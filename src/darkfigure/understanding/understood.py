"""From plain words to a question: the readings of a text, best first, and whether the first is
sure.

Nothing is guessed in silence: what is left out of a reading is listed, what words were taken to
mean is said where that is a choice, and a reading is sure only where nothing is left out and no
other is nearly as good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice, pairwise, product

from darkfigure.basis.period import BUCKETS, Period, is_one, of_days, written
from darkfigure.basis.saying import Saying, Word, say, several
from darkfigure.basis.spans import stretches
from darkfigure.basis.statement import DIMENSIONS
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
from darkfigure.understanding.spelling import Slip, spelt
from darkfigure.understanding.times import Time, time_words, times
from darkfigure.understanding.vocabulary import HELD_FOR, Kind, Meaning, vocabulary
from darkfigure.understanding.words import Heard, heard

#: A second reading worth so much less than the first is no rival of it.
CLEARLY_LESS = 0.75
#: How many readings are shown.
SHOWN = 3
#: So many ways to take words of several meanings each are gone through.
CHOICES = 12


@dataclass(frozen=True)
class Reading:
    """One way to understand a text.

    `where` are dimensions with codes; `left_out` the words that the reading does not answer, as
    typed; `taken` what words were taken to mean where they leave a choice; `worth` ranks readings
    of one text, and means nothing else; `plain` is whether every word was read as
    typed, and times in one way only; `of` is what a share is asked of: a dimension that it keeps to
    a value of, or another measure; `top` is how many rows are asked for, the largest, 0: all.
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
    plain: bool = True
    sure: bool = False
    of: str = ""
    top: int = 0

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
    lexicon = vocabulary()
    words, slips = spelt(text, heard(text), lexicon, time_words())
    words = put_alike(words, lexicon)
    stretches = phrases(words, lexicon, times(text, words, today, lexicon.lists))
    spoken_of = measures_spoken_of(stretches, lexicon)
    explanations = [
        explain(stretches, measure, lexicon)
        for measure in all_measures().values()
        if measure.code in spoken_of
    ]
    readings = [
        _with_slips(reading, text, slips)
        for explanation in explanations
        for reading in _readings(explanation, text, words, today)
    ]
    readings += [share for reading in readings for share in _stated_shares(reading)]
    readings.sort(key=lambda reading: -reading.worth)
    return tuple(_surely(readings[:SHOWN], explanations))


def _stated_shares(reading: Reading) -> Iterable[Reading]:
    """A reading about shares that are stated as such, where one of a measure is asked for: it is
    the likelier one.
    """
    asked = {name for name, _ in reading.where} | (set(reading.by) & set(DIMENSIONS))
    for measure in all_measures().values():
        stated = measure.shares_of == reading.measure.code and asked <= set(measure.dimensions)
        if reading.of in asked and stated:
            yield replace(reading, measure=measure, of="", unit="", worth=reading.worth + 1)


def _with_slips(reading: Reading, text: str, slips: Sequence[Slip]) -> Reading:
    corrected = (
        say("understanding.taken.word", written=text[slip.start : slip.end], meant=slip.meant)
        for slip in slips
    )
    return replace(reading, taken=(*corrected, *reading.taken), plain=reading.plain and not slips)


def _surely(readings: Sequence[Reading], explanations: Iterable[Explanation]) -> Iterable[Reading]:
    for place, reading in enumerate(readings):
        if place:
            yield reading
            continue
        named = any(
            explanation.measure.code in (reading.measure.code, reading.measure.shares_of)
            and explanation.of_kind(Kind.MEASURE)
            for explanation in explanations
        )
        alone = len(readings) == 1 or reading.worth - readings[1].worth >= CLEARLY_LESS
        yield replace(reading, sure=named and alone and reading.plain and not reading.left_out)


def _readings(
    explained: Explanation, text: str, words: Sequence[Heard], today: date
) -> Iterable[Reading]:
    """The reading of an explanation; one for each choice where a word leaves several."""
    several = dict.fromkeys(
        stretch.meaning
        for stretch in explained.stretches
        if stretch.meaning and stretch.meaning.choices and not stretch.left_out
    )
    for codes in islice(product(*(meaning.choices for meaning in several)), CHOICES):
        chosen = dict(zip(several, codes, strict=True))
        yield _reading(explained, text, words, today, chosen)


def _reading(
    explained: Explanation,
    text: str,
    words: Sequence[Heard],
    today: date,
    chosen: Mapping[Meaning, str],
) -> Reading:
    explained = explained._replace(stretches=tuple(_widest(explained.stretches, words)))
    values = [
        (name, chosen.get(stretch.meaning, code))
        for stretch in explained.stretches
        if stretch.meaning and not stretch.left_out
        for name, code in stretch.meaning.values
    ]
    by, where = _cut(_named(explained, words), values)
    of, explained = _share_of(explained, where)
    top, explained = _top_of(explained, by, of)
    spoken = [each.time for each in explained.stretches if each.time and not each.left_out]
    period, beside, plain = _shared([time.period for time in spoken if time.period])
    cut = next((time.cut for time in spoken if time.cut), beside)
    unit = next(
        (stretch.meaning.name for stretch in explained.of_kind(Kind.UNIT) if stretch.meaning), ""
    )
    return Reading(
        measure=explained.measure,
        by=(*by, *([cut] if cut else [])),
        where=where,
        period=period,
        unit=unit,
        as_at=next((time.as_at for time in spoken if time.as_at), today),
        of=of,
        top=top,
        left_out=tuple(_left_out(explained.stretches, text, words)),
        taken=(
            *_taken(explained.stretches, spoken, chosen),
            *_of_any_age(explained, values),
            *_nearest_of(explained.stretches, text, words),
            *_side_by_side(values, by),
            *_with_between(spoken, period, plain=plain),
            *_no_names(words),
        ),
        worth=round(explained.worth, 2),
        plain=plain
        and all(time.plain for time in spoken)
        and not any(_is_near(stretch) for stretch in explained.stretches)
        and _plainly_kept(explained.stretches, words, values, by)
        and not _listed_unlike(explained.stretches, text, words),
    )


def _widest(stretches: Iterable[Stretch], words: Sequence[Heard]) -> Iterable[Stretch]:
    """Stretches, of values joined as alternatives the wider: "a woman or a girl" is any woman."""
    listed = [*stretches]
    named = Counter(name for each in listed if not each.left_out for name, _ in _values(each))
    narrower = set()
    for pair in _joined(listed, words):
        wide, narrow = sorted(pair, key=lambda each: len(_values(each)))
        more = _values(narrow) - _values(wide)
        # what is said of it elsewhere too may be said of both: "adult men or boys"
        if _values(wide) < _values(narrow) and all(named[name] == 1 for name, _ in more):
            narrower.add(narrow)
    for stretch in listed:
        yield stretch._replace(meaning=Meaning(Kind.FILLER)) if stretch in narrower else stretch


def _values(stretch: Stretch) -> frozenset[tuple[str, str]]:
    return frozenset(stretch.meaning.values) if stretch.meaning else frozenset()


def _joined(
    stretches: Sequence[Stretch], words: Sequence[Heard]
) -> Iterable[tuple[Stretch, Stretch]]:
    """Pairs of values with nothing between them but plain words, one of which joins."""
    joints, before, joint = vocabulary().lists.joints, None, False
    for stretch in stretches:
        if stretch.left_out:
            before, joint = None, False
            continue
        if _values(stretch):
            if before is not None and joint:
                yield before, stretch
            before, joint = stretch, False
        elif stretch.meaning and stretch.meaning.kind == Kind.FILLER:
            joint = joint or any(
                words[at].key in joints for at in range(stretch.start, stretch.end)
            )
        else:
            before, joint = None, False


def _is_near(stretch: Stretch) -> bool:
    """Whether words are read as a value that is only near what they say."""
    return stretch.meaning is not None and stretch.meaning.nearest and not stretch.left_out


#: What figures are kept to as a whole is of it too, not a part.
_OF_THE_WHOLE = frozenset({"operation", "area", "organisation", "organisation_kind"})


def _share_of(explained: Explanation, where: Sequence[tuple[str, str]]) -> tuple[str, Explanation]:
    """What a share is asked of; words that ask for one are left out where that is not plain."""
    measures = (stretch.meaning for stretch in explained.of_kind(Kind.MEASURE))
    rate = next((meaning.of for meaning in measures if meaning), "")
    asked = explained.of_kind(Kind.SHARE)
    parts = [name for name, _ in where if name not in _OF_THE_WHOLE]
    if rate or not asked:
        return rate, explained
    if len(parts) == 1 and explained.measure.additive:
        return parts[0], explained
    stretches = tuple(
        stretch._replace(left_out=True) if stretch in asked else stretch
        for stretch in explained.stretches
    )
    return "", explained._replace(stretches=stretches)


def _top_of(explained: Explanation, by: Sequence[str], of: str) -> tuple[int, Explanation]:
    """How many rows are asked for, the largest; words that ask for it are left out where it is not
    plain of what.
    """
    asked = explained.of_kind(Kind.TOP)
    if not asked:
        return 0, explained
    number = int(asked[0].meaning.name) if asked[0].meaning else 0
    if number and len(asked) == len(by) == 1 and explained.measure.additive and not of:
        return number, explained
    stretches = tuple(
        stretch._replace(left_out=True) if stretch in asked else stretch
        for stretch in explained.stretches
    )
    return 0, explained._replace(stretches=stretches)


def _named(explained: Explanation, words: Sequence[Heard]) -> dict[str, bool]:
    """The breakdowns that are named, and whether one is plainly asked by: "by sex"."""
    openers, plainly_asked = set(vocabulary().lists.openers), dict[str, bool]()
    for stretch in (*explained.of_kind(Kind.DIMENSION), *explained.of_kind(Kind.VALUE)):
        if stretch.meaning and stretch.meaning.name:
            opened = {word.key for word in words[max(0, stretch.start - 1) : stretch.start + 1]}
            plainly = bool(opened & openers)
            plainly_asked[stretch.meaning.name] = plainly or plainly_asked.get(
                stretch.meaning.name, False
            )
    return plainly_asked


def _cut(
    named: Mapping[str, bool], values: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """What is asked by, and kept to: what is plainly asked by shows all its values, several values
    of one dimension are asked side by side, and a single value is kept to.
    """
    codes: dict[str, dict[str, None]] = {}
    for name, code in values:
        codes.setdefault(name, {})[code] = None
    single = {name for name, of in codes.items() if len(of) == 1 and not named.get(name)}
    by = tuple(name for name in dict.fromkeys((*named, *codes)) if name not in single)
    where = tuple((name, next(iter(of))) for name, of in codes.items() if name in single)
    return by, tuple(sorted(where))


def _shared(periods: Sequence[Period]) -> tuple[Period | None, str, bool]:
    """The period meant, the cut of time that it is asked by, and whether that is plain.

    Of several periods it is the days they share; those that follow one another are asked side by
    side; else all from first to last, which may not be what is meant. A single day may be the day
    known on.
    """
    if len(periods) < 2:
        return next(iter(periods), None), "", not periods or periods[0].days > 1
    first, last = max(period.start for period in periods), min(period.end for period in periods)
    if first <= last:
        return of_days(first, last), "", True
    runs = stretches(periods)
    whole = Period(runs[0].start, runs[-1].end)
    cuts = [cut for cut in BUCKETS if all(is_one(period, cut) for period in periods)]
    return whole, next(iter(cuts), ""), len(runs) == 1 and bool(cuts)


def _plainly_kept(
    stretches: Sequence[Stretch],
    words: Sequence[Heard],
    values: Sequence[tuple[str, str]],
    by: Sequence[str],
) -> bool:
    """Whether values are kept to in the one way there is: none that a breakdown takes over, none of
    a place and of a body, and none joined by a word that joins unlike things ("boys and women").
    """
    named = {name for name, _ in values}
    if {"area", "organisation"} <= named or {"area", "organisation"} <= {*by, *named}:
        return False
    if _of_any_age_beside(stretches, words):
        return False
    several = {name for name in named if len({code for each, code in values if each == name}) > 1}
    if "area" in several and _wider_areas(values):
        return False
    if any(name in by and name not in several for name in named):
        return False
    return not any(_unlike(*pair) for pair in _joined([*stretches], words))


def _wider_areas(values: Iterable[tuple[str, str]]) -> list[str]:
    """The areas named that stand in no row of a table by area: they hold several of its rows."""
    areas = codes_for("area").codes
    return [
        code
        for name, code in dict.fromkeys(values)
        if name == "area" and code in areas and areas[code].group != HELD_FOR
    ]


def _of_any_age_beside(stretches: Sequence[Stretch], words: Sequence[Heard]) -> bool:
    """Whether words of any age, joined, stand beside an age: "adult men or boys"."""
    joints = vocabulary().lists.joints
    kept = [each for each in stretches if _values(each) and not each.left_out]
    joined = any(
        any(words[at].key in joints for at in range(each.start, each.end))
        and {name for name, _ in _values(each)} == {"sex"}
        for each in kept
    )
    return joined and any("age_group" in dict(_values(each)) for each in kept)


def _listed_unlike(stretches: Sequence[Stretch], text: str, words: Sequence[Heard]) -> bool:
    """Whether a comma lists values of one dimension and of more: "women, girls or boys"."""
    listed = [stretch for stretch in stretches if _values(stretch) and not stretch.left_out]
    return any(
        text[words[one.end - 1].end : words[other.start].start].strip() == ","
        and _spoken_of(one) & _spoken_of(other)
        and _spoken_of(one) != _spoken_of(other)
        for one, other in pairwise(listed)
    )


def _spoken_of(stretch: Stretch) -> set[str]:
    """The dimensions that a stretch names a value of, or asks by."""
    asked = {stretch.meaning.name} if stretch.meaning and stretch.meaning.name else set()
    return {name for name, _ in _values(stretch)} | asked


def _unlike(first: Stretch, second: Stretch) -> bool:
    """Whether two stretches name values, and not of the same dimensions."""
    sorts = [
        {name for name, _ in stretch.meaning.values} if stretch.meaning else set()
        for stretch in (first, second)
    ]
    return all(sorts) and sorts[0] != sorts[1]


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


def _of_any_age(explained: Explanation, values: Sequence[tuple[str, str]]) -> Iterable[Saying]:
    """That women and men are counted of any age, where no age is said and the measure has ages."""
    if "age_group" not in explained.measure.dimensions or any(n == "age_group" for n, _ in values):
        return
    for stretch in explained.of_kind(Kind.VALUE):
        if stretch.meaning and stretch.meaning.any_age:
            ((name, code),) = stretch.meaning.values
            yield say("understanding.taken.any_age", title=codes_for(name).label(code))


def _nearest_of(
    stretches: Iterable[Stretch], text: str, words: Sequence[Heard]
) -> Iterable[Saying]:
    """What words of an age that is no group are read as."""
    for stretch in stretches:
        if stretch.meaning and _is_near(stretch):
            typed = text[words[stretch.start].start : words[stretch.end - 1].end]
            titles = [codes_for(name).label(code) for name, code in stretch.meaning.values]
            yield say("understanding.taken.nearest", words=typed, title=several(titles, "comma"))


def _side_by_side(values: Sequence[tuple[str, str]], by: Sequence[str]) -> Iterable[Saying]:
    """That several values of a breakdown are shown among all others of it."""
    named: dict[str, dict[str, None]] = {}
    for name, code in values:
        named.setdefault(name, {})[codes_for(name).label(code)] = None
    wider = [codes_for("area").label(code) for code in _wider_areas(values)]
    for name, titles in named.items():
        if name == "area" and name in by and len(titles) > 1 and wider:
            yield say("understanding.taken.wider", titles=several(wider, "and"))
        elif name in by and len(titles) > 1:
            yield say(
                "understanding.taken.among",
                titles=several(titles, "and"),
                dimension=Word("dimension", name),
            )


def _with_between(
    spoken: Sequence[Time], period: Period | None, *, plain: bool
) -> Iterable[Saying]:
    """That what lies between times named apart is shown too."""
    named = [time.period for time in spoken if time.period]
    if len(named) > 1 and period is not None and not plain:
        labels = several([each.label for each in named], "and")
        yield say("understanding.taken.between", named=labels, period=period.label)


def _no_names(words: Sequence[Heard]) -> Iterable[Saying]:
    """That figures answer a question for persons: nobody is named here."""
    for before, word, after in zip(
        ["", *(each.key for each in words)],
        words,
        [*(each.key for each in words[1:]), ""],
        strict=False,
    ):
        asked = word.key in _FOR_PERSONS and before in _ASKED_AFTER
        if asked or (word.key == "which" and after in _PERSONS and before in _ASKED_AFTER):
            yield say("understanding.taken.no_names", word=word.key.capitalize())
            return


#: Words that ask for persons by name, those for persons, and those after which one is asked.
_FOR_PERSONS = frozenset({"who", "whom", "whose"})
_PERSONS = frozenset({"victim", "people", "person", "suspect", "individual", "man", "men"})
_ASKED_AFTER = frozenset({"", "me", "us", "tell", "show", "list", "exactly", "know", "say"})


def _taken(
    stretches: Iterable[Stretch], spoken: Iterable[Time], chosen: Mapping[Meaning, str]
) -> Iterable[Saying]:
    yield from (time.taken for time in spoken if time.taken)
    for stretch in stretches:
        meaning: Meaning | None = stretch.meaning
        if meaning and meaning.place and not stretch.left_out:
            ((dimension, code),) = meaning.values
            place = meaning.place
            if meaning in chosen:
                code = chosen[meaning]
                place = dict(zip(meaning.choices, meaning.places, strict=True))[code]
            if place != codes_for(dimension).label(code):
                yield say(
                    "understanding.taken.place",
                    place=place,
                    within=codes_for(dimension).label(code),
                    dimension=Word("dimension", dimension),
                )
