"""Numbers that a text writes in digits or words, as `12 000` and `four hundred and six`: which are
figures, and what they say; days, years, ages, provisions and codes are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: A number in words from here on is a figure.
LEAST_IN_WORDS = 10

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
#: What is counted: a number before one of these is a figure, even if it looks like a year.
_COUNTED = (
    "people|persons|victims|women|men|girls|boys|children|adults|minors|nationals|arrests|charges|"
    "convictions|referrals|recoveries|rescues|cases|reports|operations|suspects|offenders|"
    "premises|visits|places|cells|questions|records|prosecutions|sentences|decisions|judgements"
)
_NOT_COUNTED = (
    rf"(?! (?:(?!more\b|fewer\b|most\b|all\b|some\b|the\b|no\b|few\b|many\b)[a-z-]+ )?"
    rf"(?:{_COUNTED})\b)"
)
_AND = r"(?:,? (?:and|or|to) |, |[-\u2013])"
_AGE = r"\d\d?s?(?:-?,?(?: (?:to|or|and) |[-\u2013])\d\d?)?"
_PROVISION = r"\d++(?:[.(][\da-z]++\)?|[a-z]{1,2}\b)*+"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_PROVISIONS = (
    "sections?|sect?s?\\.|ss?\\.|articles?|arts?\\.|parts?|chapters?|schedules?|paragraphs?|"
    "paras?\\.?|regulations?|rules?|tables?|figures?|annex(?:es)?|appendi(?:x|ces)|notes?|"
    "footnotes?|pages?|pp?\\.|recommendations?|resolutions?|directives?|volumes?|vol\\.|issues?|"
    "versions?|editions?|phases?|stages?|steps?|tiers?|levels?|options?|nos?\\.|numbers?|lines?"
)
_BODIES = (
    "ISO|IEC|UNSCR|CETS|ETS|ILO|BS|EN|RFC|SI|HC|HL|Cm|Cmnd|Cmd|Cd|PACE|EWCA|EWHC|UKSC|UKHL|UKPC|"
    "WCAG|UN|EU|Crim|Civ|Convention|Protocol"
)
#: Words that begin a sentence and are no name: a number behind one of them is a figure.
_ORDINARY = (
    "A|About|Above|Across|After|All|Almost|Also|Among|An|And|Another|Approximately|Around|As|At|"
    "Barely|Before|Below|Besides|Between|But|By|Circa|Down|During|Each|Estimated|Every|Exactly|"
    "Fewer|For|From|Fully|Further|Hardly|In|Including|Just|Least|Less|Likewise|Maybe|Merely|"
    "Minus|More|Most|Nearly|No|Not|Of|On|Only|Or|Other|Others|Out|Over|Perhaps|Plus|Possibly|"
    "Probably|Roughly|Scarcely|Since|So|Some|Still|Than|That|The|Their|Then|There|These|They|"
    "This|Those|Though|To|Total|Under|Until|Up|Was|We|Were|When|Where|While|With|Within|Yet|"
    "Found|Arrested|Charged|Convicted|Recovered|Rescued|Referred|Identified|Yes"
)
#: Numbers that are no figures.
_NO_FIGURE = re.compile(
    "|".join(
        (
            r"\b\d{4}-\d\d-\d\d\b",
            rf"\b{_DAY}(?:{_AND}{_DAY})* (?:of )?(?:{_MONTHS})\b(?:,? {_YEAR}\b)?",
            rf"\b(?:{_MONTHS}) (?:{_YEAR}|{_DAY}(?:,? {_YEAR})?)\b{_NOT_COUNTED}",
            r"(?:\b(?i:directive|decision)|\(E[CU]\))(?: No)? \d+/\d+(?:/[A-Z]+)?",
            rf"\b(?i:{_PROVISIONS}) ?{_PROVISION}(?:{_AND}{_PROVISION}{_NOT_COUNTED})*",
            rf"\b(?:{_BODIES})(?:/[A-Z]+)?(?: (?:Res(?:olution)?|No\.?))?[ /-]\d[\d:./-]*+"
            rf"{_NOT_COUNTED}",
            rf"\b{_YEAR}(?:/\d++(?:/[A-Z]+)?|[-\u2013](?:\d\d){{1,2}}+)?+(?:\b|(?=s\b)){_NOT_COUNTED}",
            r"\b(?:Acts?|Order|Ordinance|Convention|Code)(?: of)? 1[0-8]\d\d\b",
            r"\b[A-Z]+[A-Za-z]*[.-]?[A-Z]*[.-]?\d[\d.]*",
            rf"\b(?!(?:{_ORDINARY})\b)[A-Z][a-z]+ \d\b{_NOT_COUNTED}",
            rf"\b(?i:aged?|ages|under|over)(?: of)?[ -]{_AGE}\b{_NOT_COUNTED}",
            rf"\b{_AGE}[ -]years?[ -](?:olds?|of age)\b",
            r"\b\d\d?:\d\d(?: ?[ap]m)?\b|\b\d\d?(?:\.\d\d)? ?[ap]m\b",
            r"\b24/7\b",
            r"\b\d+(?:st|nd|rd|th)\b",
        )
    )
)
#: Thousands stand behind a comma, or behind one of the blanks that are written there.
_BLANKS = " \u00a0\u2009\u202f"
_FIGURE = re.compile(rf"\d{{1,3}}(?:[{_BLANKS}]\d{{3}})+(?!\d)(?:\.\d+)?|\d[\d,]*(?:\.\d+)?")

_UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {
    **{word: number for number, word in enumerate(_UNITS, 1)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
_TIMES = {"hundred": 100, "dozen": 12}
_SCALES = {"thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_ONE = "|".join(sorted([*_SMALL, *_SCALES, *_TIMES], key=len, reverse=True))
_WRITTEN = re.compile(
    rf"\b(?:half a dozen|(?:{_ONE})(?:[\s-]+(?:and[\s-]+)?(?:{_ONE}))*)\b", re.IGNORECASE
)


def figures_in(text: str) -> Iterator[tuple[str, float]]:
    """The figures that a text holds, those in digits first: as written, and what they say. What is
    in words and less than ten is none.
    """
    rest = _NO_FIGURE.sub(" \u2026 ", text)
    for match in _FIGURE.finditer(rest):
        written = match[0].rstrip(",")
        yield written, float(re.sub(rf"[,{_BLANKS}]", "", written))
    for written, number in numbers_in_words(rest):
        if number >= LEAST_IN_WORDS:
            yield written, number


def numbers_in_words(text: str) -> Iterator[tuple[str, int]]:
    """The numbers that a text writes in words, in order: as written, and what they say."""
    for match in _WRITTEN.finditer(text):
        yield match[0], said_in_words(match[0])


def said_in_words(written: str) -> int:
    """What a number in words says. Raises ValueError where a word is no part of one."""
    words = re.findall(r"[a-z]+", written.lower())
    if words == ["half", "a", "dozen"]:
        return 6
    whole = group = 0
    for word in words:
        if word in _TIMES:
            group = max(group, 1) * _TIMES[word]
        elif word in _SCALES:
            whole += max(group, 1) * _SCALES[word]
            group = 0
        elif word in _SMALL:
            group += _SMALL[word]
        elif word != "and":
            raise ValueError(f"{word!r} is no part of a number in words.")
    return whole + group
