"""The best explanation of a text as a question about one measure: which stretches of words say
what, and which say nothing that the measure can answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from darkfigure.tables.measures import Measure
from darkfigure.understanding.times import LIST, Time
from darkfigure.understanding.vocabulary import Ages, Kind, Meaning, Vocabulary
from darkfigure.understanding.words import Heard

#: What a stretch of words is worth to an explanation, and stretch word of it after the first.
WORTH = {
    Kind.FILLER: (0.0, 0.05),
    Kind.MEASURE: (3.0, 1.0),
    Kind.HINT: (1.0, 0.2),
    Kind.VALUE: (0.9, 1.25),
    Kind.DIMENSION: (1.4, 1.2),
    Kind.UNIT: (0.3, 0.1),
    Kind.APART: (0.5, 1.8),
    Kind.WHOLE: (2.0, 1.0),
    Kind.RULED_OUT: (0.1, 0.5),
    Kind.SHARE: (0.5, 1.8),
    Kind.TOP: (0.5, 1.8),
}
OF_TIME, OF_TIME_MORE = 1.6, 0.9
#: What a word that is not explained costs. Words that say what the measure has not are seen as such
#: before they pass for none, and cost as much.
NOT_HEARD, NOT_HAD, OF_NOT_HAD = -1.5, 0.3, -1.3
#: What stretch further rank of a meaning costs.
PER_RANK = 0.1


class Stretch(NamedTuple):
    """Words from one place to another with what they are taken to say."""

    start: int
    end: int
    worth: float
    meaning: Meaning | None = None
    time: Time | None = None
    left_out: bool = False


class Explanation(NamedTuple):
    """A text explained as a question about a measure, and how well."""

    measure: Measure
    stretches: tuple[Stretch, ...]
    worth: float

    def of_kind(self, kind: Kind) -> list[Stretch]:
        """The stretches taken to be of a kind, those left out apart."""
        return [
            stretch
            for stretch in self.stretches
            if stretch.meaning and stretch.meaning.kind == kind and not stretch.left_out
        ]


class Phrases(NamedTuple):
    """Where in a text known phrases and times stand."""

    length: int
    known: tuple[tuple[int, int, tuple[Meaning, ...]], ...]
    times: tuple[Time, ...]
    words: tuple[str, ...]


def put_alike(words: Sequence[Heard], lexicon: Vocabulary) -> list[Heard]:
    """Words with one way put for stretch way of writing the same, which stands where that stood."""
    found = list(words)
    for written, meant in lexicon.same.items():
        for at in range(len(found) - len(written), -1, -1):
            stand = found[at : at + len(written)]
            if tuple(word.key for word in stand) == written:
                start, end = stand[0].start, stand[-1].end
                found[at : at + len(written)] = [Heard(key, start, end) for key in meant]
    return found


def phrases(words: Sequence[Heard], lexicon: Vocabulary, spoken: Iterable[Time]) -> Phrases:
    """Every stretch of a text that the vocabulary knows."""
    listed = tuple(word.key for word in words)
    found = [
        (start, end, lexicon.meanings[listed[start:end]])
        for start in range(len(listed))
        for end in range(start + 1, min(len(listed), start + lexicon.longest) + 1)
        if listed[start:end] in lexicon.meanings
    ]
    found += _in_lists(listed, lexicon)
    found += _in_years(listed, lexicon)
    found += _tops(listed, lexicon)
    found += _joined_on(listed, found, lexicon)
    return Phrases(len(listed), tuple(found), tuple(spoken), listed)


def _in_lists(
    words: Sequence[str], lexicon: Vocabulary
) -> Iterable[tuple[int, int, tuple[Meaning, ...]]]:
    """The later members of a list of breakdowns: "offence" of "by area and offence"."""
    for joint, word in enumerate(words):
        if word not in lexicon.lists.joints:
            continue
        openers = (
            stretch
            for stretch in lexicon.lists.openers
            if stretch in words[max(0, joint - LIST) : joint]
        )
        opener, start = next(openers, None), joint + 1
        for end in range(start + 1, min(len(words), start + lexicon.longest) + 1):
            said = lexicon.meanings.get((opener, *words[start:end])) if opener else None
            asked = tuple(stretch for stretch in said or () if stretch.kind == Kind.DIMENSION)
            if asked:
                yield start, end, asked


#: So many words at most ask for the largest rows.
_TOP = 3


def _tops(
    words: Sequence[str], lexicon: Vocabulary
) -> Iterable[tuple[int, int, tuple[Meaning, ...]]]:
    """The largest rows alone, and how many: "top 5"."""
    for start in range(len(words)):
        for end in range(start + 2, min(len(words), start + _TOP) + 1):
            said = " ".join(words[start:end])
            for way in lexicon.tops.said:
                if match := way.fullmatch(said):
                    count = match["count"]
                    number = lexicon.tops.counts.get(count) or int(count)
                    yield start, end, (Meaning(Kind.TOP, name=str(number)),)


#: A value that is seldom meant has such a rank: "police", who are behind most figures.
_SELDOM = 10
#: That of one which is joined to another: likelier than what is asked by ("police forces").
_JOINED = -8


def _joined_on(
    words: Sequence[str],
    known: Sequence[tuple[int, int, tuple[Meaning, ...]]],
    lexicon: Vocabulary,
) -> list[tuple[int, int, tuple[Meaning, ...]]]:
    """Values that are seldom meant, where a word joins them to one of the same dimension ("police"
    of "police and local authorities", "NGOs vs the police"), and where they stand at the word for
    what is counted ("police referrals").
    """
    asked_by = {
        start for start, _, said in known if any(each.kind == Kind.DIMENSION for each in said)
    }
    counted = [
        (start, end)
        for start, end, said in known
        for meaning in said
        if meaning.kind == Kind.MEASURE and words[end - 1] in lexicon.lists.referring
    ]
    values = [
        (start, end, meaning)
        for start, end, said in known
        for meaning in said
        if meaning.kind == Kind.VALUE
    ]
    found: list[tuple[int, int, tuple[Meaning, ...]]] = []
    for start, end, meaning in values:
        if meaning.rank < _SELDOM:
            continue
        said_of = start not in asked_by and any(end == a or start == b for a, b in counted)
        beside = said_of or any(
            other.rank < _SELDOM
            and _are_alike(other, meaning)
            and _only_joins(words[min(end, last) : max(start, first)], lexicon)
            for first, last, other in values
        )
        if beside:
            found.append((start, end, (meaning._replace(rank=_JOINED),)))
    return found


#: A body and a kind of body say both who did what is counted.
_BODIES = frozenset({"organisation", "organisation_kind"})


def _are_alike(one: Meaning, other: Meaning) -> bool:
    """Whether two values are of the same dimensions, or both of bodies."""
    named = [{name for name, _ in each.values} for each in (one, other)]
    return named[0] == named[1] or all(each and each <= _BODIES for each in named)


def _only_joins(between: Sequence[str], lexicon: Vocabulary) -> bool:
    """Whether words join what stands on both sides of them, and say nothing else."""
    joints = [word for word in between if word in lexicon.lists.joints]
    plain = {*lexicon.lists.joints, *lexicon.lists.openers, "from"}
    return bool(joints) and plain.issuperset(between)


#: An age in numbers is of so many words at most.
_AGE = 8
_OF_AN_AGE = (Meaning(Kind.APART),)


def _in_years(
    words: Sequence[str], lexicon: Vocabulary
) -> Iterable[tuple[int, int, tuple[Meaning, ...]]]:
    """Ages in numbers that no group of ages is: "under 16s" and "aged 12 to 15"."""
    ages = lexicon.ages
    known = {
        place
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + lexicon.longest) + 1)
        if any(
            each.kind == Kind.VALUE and "age_group" in dict(each.values)
            for each in lexicon.meanings.get(tuple(words[start:end]), ())
        )
        for place in range(start, end)
    }
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _AGE) + 1):
            said = words[start:end]
            if known.intersection(range(start, end)) or not _is_age(
                said, words[end : end + 1], ages
            ):
                continue
            yield start, end, _OF_AN_AGE


def _is_age(said: Sequence[str], after: Sequence[str], ages: Ages) -> bool:
    """Whether words say an age, and no time."""
    if not ages.said.fullmatch(" ".join(said)) or ages.units.intersection(after):
        return False
    marked = any(word in ages.marks for word in said)
    return marked or (len(said) > 1 and said[-1].endswith("s") and said[-1][:1].isdigit())


def measures_spoken_of(found: Phrases, lexicon: Vocabulary) -> set[str]:
    """The measures that any phrase of a text, or words of it together, speak of."""
    kinds = (Kind.MEASURE, Kind.HINT)
    named = {
        stretch.measure for _, _, said in found.known for stretch in said if stretch.kind in kinds
    }
    return named | {code for code in lexicon.together if _together(code, found, lexicon)}


def _together(code: str, found: Phrases, lexicon: Vocabulary) -> int:
    """How many words of a text, apart, are as a phrase of a measure; 0: none."""
    return max(
        (
            sum(map(len, parts))
            for parts in lexicon.together.get(code, ())
            if all(_stands(part, found.words) for part in parts)
        ),
        default=0,
    )


def explain(found: Phrases, measure: Measure, lexicon: Vocabulary) -> Explanation:
    """The explanation that is worth most: stretches without overlap, the rest not heard."""
    from_here: list[list[Stretch]] = [[] for _ in range(found.length)]
    for start, end, meanings in found.known:
        from_here[start] += _taken(start, end, meanings, measure)
    for time in found.times:
        worth = OF_TIME + OF_TIME_MORE * (time.end - time.start - 1)
        from_here[time.start].append(Stretch(time.start, time.end, worth, time=time))
    best: list[tuple[float, Stretch | None]] = [(0.0, None)] * (found.length + 1)
    for start in range(found.length - 1, -1, -1):
        single = Stretch(start, start + 1, NOT_HEARD, left_out=True)
        best[start] = max(
            (
                (stretch.worth + best[stretch.end][0], stretch)
                for stretch in (single, *from_here[start])
            ),
            key=lambda choice: choice[0],
        )
    stretches = tuple(_without_ruled_out(_walk(best)))
    return Explanation(measure, stretches, _worth(stretches, found, lexicon, measure))


def _walk(best: Sequence[tuple[float, Stretch | None]]) -> list[Stretch]:
    place, found = 0, []
    while (stretch := best[place][1]) is not None:
        found.append(stretch)
        place = stretch.end
    return found


#: What "not" does not speak of.
_NOT_RULED_OUT = (Kind.DIMENSION, Kind.UNIT)


def _without_ruled_out(stretches: Iterable[Stretch]) -> Iterable[Stretch]:
    """Stretches, with what is said to be ruled out left out: "excluding children"."""
    ruled_out, beside = False, False
    for stretch in stretches:
        kind = stretch.meaning.kind if stretch.meaning else None
        if not ruled_out or kind == Kind.RULED_OUT:
            ruled_out = beside = kind == Kind.RULED_OUT
            yield stretch
            continue
        # a time further on is the time of what is asked: "not recorded in 2022"
        ruled_out, kept = (
            kind == Kind.FILLER,
            kind in _NOT_RULED_OUT or (kind is None and not (stretch.time and beside)),
        )
        beside = False
        yield stretch if kept else stretch._replace(left_out=True)


def _taken(
    start: int, end: int, meanings: Iterable[Meaning], measure: Measure
) -> Iterable[Stretch]:
    for meaning in meanings:
        first, more = WORTH[meaning.kind]
        worth = first + more * (end - start - 1) - PER_RANK * meaning.rank
        if meaning.only and measure.code not in meaning.only:
            continue
        if meaning.kind in (Kind.MEASURE, Kind.HINT) and meaning.measure != measure.code:
            continue
        if meaning.kind == Kind.UNIT and (
            len(measure.units) < 2 or meaning.name not in measure.units
        ):
            continue
        if _has(measure, meaning):
            left_out = meaning.kind in (Kind.APART, Kind.RULED_OUT)
            yield Stretch(start, end, worth, meaning, left_out=left_out)
        else:
            yield Stretch(start, end, NOT_HAD, meaning, left_out=True)


def _has(measure: Measure, meaning: Meaning) -> bool:
    """Whether a measure is held by what a phrase speaks of."""
    wanted = [name for name, _ in meaning.values] or [meaning.name]
    if meaning.kind not in (Kind.VALUE, Kind.DIMENSION):
        return True
    return all(name in measure.dimensions for name in wanted)


def _worth(
    stretches: Sequence[Stretch],
    found: Phrases,
    lexicon: Vocabulary,
    measure: Measure,
) -> float:
    """The worth of an explanation: of several phrases for one measure the best counts, of the rest
    a part; words apart that belong together count as a phrase.
    """
    said = sorted(
        (
            stretch.worth
            for stretch in stretches
            if stretch.meaning and stretch.meaning.kind == Kind.MEASURE
        ),
        reverse=True,
    )
    rest = sum(stretch.worth for stretch in stretches) - sum(said)
    phrase = said[0] + 0.1 * sum(said[1:]) if said else 0.0
    hints = [
        stretch for stretch in stretches if stretch.meaning and stretch.meaning.kind == Kind.HINT
    ]
    over = sum(stretch.worth for stretch in hints[1:])
    if together := _together(measure.code, found, lexicon):
        first, more = WORTH[Kind.MEASURE]
        phrase = max(phrase, first + more * (together - 1))
    not_had = sum(1 for stretch in stretches if stretch.worth == NOT_HAD and stretch.left_out)
    return (
        phrase + rest - 0.8 * over + OF_NOT_HAD * not_had + _likelier(stretches, lexicon, measure)
    )


def _likelier(stretches: Iterable[Stretch], lexicon: Vocabulary, measure: Measure) -> float:
    """How much likelier a measure is meant than others: nothing where a campaign is named that
    has measures of its own.
    """
    spoken = {
        name for stretch in stretches if stretch.meaning for name, _ in stretch.meaning.values
    }
    prior = lexicon.priors.get(measure.code)
    if prior is None or spoken & prior.but_with or not prior.only_with <= spoken:
        return 0.0
    return prior.worth


def _stands(part: Sequence[str], words: Sequence[str]) -> bool:
    length = len(part)
    return any(tuple(words[at : at + length]) == tuple(part) for at in range(len(words)))
