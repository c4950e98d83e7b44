"""How two records are compared: what is looked at, in which steps from alike to unlike, written to
be read.

Each step says in words when it is met, as SQL what is computed, and how often records of one person
are expected to meet it (`m`, where training starts, and what stands where the data cannot say). How
often records of different persons meet it is always measured. `{jw}` stands for the Jaro-Winkler
similarity, which the engines call by different names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Level:
    """One step of likeness. `frequency` names the column whose rarity counts as evidence when the
    step is met.

    `first` is true of every pair of which `sql` is, and cheaper: DuckDB, whose Damerau-Levenshtein
    distance takes a microsecond, asks it first.
    """

    words: str
    sql: str
    m: float
    frequency: str = ""
    first: str = ""


@dataclass(frozen=True)
class Comparison:
    """What is compared: its steps from alike to unlike; the last is met where no other is. `absent`
    says when it is silent.

    `needs` are columns without any value of which it is always silent.
    """

    name: str
    absent: str
    levels: tuple[Level, ...]
    columns: tuple[str, ...]
    needs: tuple[str, ...] = ()


OTHERWISE = "ELSE"
#: What DuckDB calls the likeness of two spellings.
JARO_WINKLER = "jaro_winkler_similarity"
#: No value counts as rarer than this: one in a hundred thousand.
LEAST_FREQUENCY = 0.00001


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _holds(column: str) -> str:
    left, right = f"' ' || {column}_l || ' '", f"' ' || {column}_r || ' '"
    return f"(contains({left}, {right}) OR contains({right}, {left}))"


def _within(column: str, edits: int) -> str:
    """So many edits apart, letters exchanged being one."""
    return f"damerau_levenshtein({column}_l, {column}_r) <= {edits}"


def _not_far(column: str, edits: int) -> str:
    """An exchange is two edits where it does not count as one."""
    return f"levenshtein({column}_l, {column}_r) <= {2 * edits}"


def _contained(column: str) -> str:
    return f"(contains({column}_l, {column}_r) OR contains({column}_r, {column}_l))"


def _bare(column: str) -> str:
    return f"(length({column}_l) = 1 OR length({column}_r) = 1)"


def _letter_held(side: str, other: str, place: int) -> str:
    return f"contains(letters_{other}, substr(brief_{side}, {place}, 1))"


def _letters_held(side: str, other: str, joined: str) -> str:
    """Whether both (AND) or one (OR) of the bare initials of one side are among the other's; met
    where a side gives none.
    """
    second = f"length(brief_{side}) = 2 AND " if joined == "OR" else ""
    both = f"({_letter_held(side, other, 1)} {joined} {second}{_letter_held(side, other, 2)})"
    return f"(brief_{side} IS NULL OR {both})"


def _silent(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _years(same: float, one: float, three: float, apart: float) -> tuple[Level, ...]:
    return (
        Level("same year", _same("birth_year"), same),
        Level("years at most one apart", "abs(birth_year_l - birth_year_r) <= 1", one),
        Level("years at most three apart", "abs(birth_year_l - birth_year_r) <= 3", three),
        Level("years at most ten apart", "abs(birth_year_l - birth_year_r) <= 10", 0.75 * apart),
        Level("different", OTHERWISE, 0.25 * apart),
    )


_RECKONED = "birth_reckoned_l IS NOT NULL OR birth_reckoned_r IS NOT NULL"
_EXCHANGED = "given_sound_l = family_sound_r AND family_sound_l = given_sound_r"
_NEARLY_EXCHANGED = "{jw}(given_l, family_r) >= 0.82 AND {jw}(family_l, given_r) >= 0.82"

_CROSSED = (
    "core_l = core_r OR core_first_l = core_first_r OR core_l = core_first_r OR "
    "core_first_l = core_r"
)
_DECADE_APART = "abs(birth_year_l - birth_year_r) >= 10"
#: Steps of the family name that say the same as a step of the given name of the same words: one
#: piece of evidence, weighed once.
SAID_ALREADY = {
    "family": (
        "given and family name exchanged",
        "same sounds of all names in another order",
        "same first or last names in another order",
        "nearly the same, exchanged",
    ),
}


COMPARISONS: dict[str, Comparison] = {
    comparison.name: comparison
    for comparison in (
        Comparison(
            "given",
            f"{_silent('given')} OR {_bare('given')}",
            (
                Level("same given name", _same("given"), 0.55, frequency="given"),
                Level("given and family name exchanged", _EXCHANGED, 0.05),
                Level("forms of one given name", _same("root"), 0.05, frequency="root"),
                Level(
                    "one goes by the other's name",
                    "given_l = alias_r OR alias_l = given_r OR alias_l = alias_r",
                    0.04,
                ),
                Level("same sound", _same("given_sound"), 0.06, frequency="given_sound"),
                Level("same sounds of all names in another order", "sounds_l = sounds_r", 0.02),
                Level("same first or last names in another order", _CROSSED, 0.04),
                Level("nearly the same, exchanged", _NEARLY_EXCHANGED, 0.03),
                Level("one holds the other", _holds("given"), 0.05, first=_contained("given")),
                Level("nearly the same letters", "{jw}(given_l, given_r) >= 0.88", 0.05),
                Level("different", OTHERWISE, 0.08),
            ),
            (
                "given",
                "family",
                "root",
                "alias",
                "given_sound",
                "family_sound",
                "sounds",
                "core",
                "core_first",
            ),
        ),
        Comparison(
            "family",
            f"{_silent('family')} OR {_bare('family')}",
            (
                Level("same family name", _same("family"), 0.6, frequency="family"),
                Level("given and family name exchanged", _EXCHANGED, 0.05),
                Level("same sound", _same("family_sound"), 0.06, frequency="family_sound"),
                Level("same sounds of all names in another order", "sounds_l = sounds_r", 0.02),
                Level("same first or last names in another order", _CROSSED, 0.04),
                Level("nearly the same, exchanged", _NEARLY_EXCHANGED, 0.03),
                Level("one holds the other", _holds("family"), 0.04, first=_contained("family")),
                Level("nearly the same letters", "{jw}(family_l, family_r) >= 0.88", 0.06),
                Level("different", OTHERWISE, 0.08),
            ),
            ("given", "family", "given_sound", "family_sound", "sounds", "core", "core_first"),
        ),
        Comparison(
            "initials",
            "(brief_l IS NULL AND brief_r IS NULL) OR letters_l IS NULL OR letters_r IS NULL",
            (
                Level("same initials, no more known", _same("initials"), 0.7, frequency="initials"),
                Level(
                    "the initials are among those of the other's names",
                    f"{_letters_held('l', 'r', 'AND')} AND {_letters_held('r', 'l', 'AND')}",
                    0.18,
                ),
                Level(
                    "one of two initials is among those of the other's names",
                    f"{_letters_held('l', 'r', 'OR')} AND {_letters_held('r', 'l', 'OR')}",
                    0.1,
                ),
                Level("different", OTHERWISE, 0.02),
            ),
            ("brief", "letters", "initials"),
            needs=("brief",),
        ),
        Comparison(
            "born",
            _silent("dob"),
            (
                Level("same date of birth", _same("dob"), 0.72, frequency="dob"),
                Level("day and month exchanged", "dob_l = dob_swapped_r", 0.03),
                Level(
                    "one digit of the date differs",
                    f"{_within('dob', 1)} AND NOT ({_DECADE_APART})",
                    0.09,
                    first=_not_far("dob", 1),
                ),
                Level(
                    "one digit of the date differs, ten or more years apart",
                    _within("dob", 1),
                    0.002,
                    first=_not_far("dob", 1),
                ),
                Level("same year, other day", _same("birth_year"), 0.06),
                Level(
                    "two digits of the date differ",
                    f"{_within('dob', 2)} AND NOT ({_DECADE_APART})",
                    0.03,
                    first=f"NOT ({_DECADE_APART}) AND {_not_far('dob', 2)}",
                ),
                Level("years at most three apart", "abs(birth_year_l - birth_year_r) <= 3", 0.04),
                Level("years at most ten apart", "abs(birth_year_l - birth_year_r) <= 10", 0.012),
                Level("different", OTHERWISE, 0.004),
            ),
            ("dob", "dob_swapped", "birth_year"),
        ),
        Comparison(
            "year",
            (
                f"({_silent('birth_year')}) OR (dob_l IS NOT NULL AND dob_r IS NOT NULL) OR "
                f"{_RECKONED}"
            ),
            _years(0.88, 0.03, 0.05, 0.04),
            ("birth_year", "birth_reckoned", "dob"),
        ),
        Comparison(
            "age",
            (
                f"({_silent('birth_year')}) OR (dob_l IS NOT NULL AND dob_r IS NOT NULL) OR NOT "
                f"({_RECKONED})"
            ),
            _years(0.45, 0.35, 0.17, 0.03),
            ("birth_year", "birth_reckoned", "dob"),
            needs=("birth_reckoned",),
        ),
        Comparison(
            "sex",
            _silent("sex"),
            (Level("same sex", _same("sex"), 0.98), Level("different", OTHERWISE, 0.02)),
            ("sex",),
        ),
        Comparison(
            "nationality",
            _silent("nationality"),
            (
                Level("same nationality", _same("nationality"), 0.94, frequency="nationality"),
                Level("different", OTHERWISE, 0.06),
            ),
            ("nationality",),
        ),
        Comparison(
            "document",
            _silent("document"),
            (
                Level("same number", _same("document"), 0.82),
                Level(
                    "one character of the number differs",
                    _within("document", 1),
                    0.09,
                    first=_not_far("document", 1),
                ),
                Level(
                    "two characters of the number differ",
                    _within("document", 2),
                    0.02,
                    first=_not_far("document", 2),
                ),
                Level("different", OTHERWISE, 0.07),
            ),
            ("document",),
        ),
        Comparison(
            "reference",
            _silent("reference"),
            (
                Level("quote the same reference", _same("reference"), 0.9),
                Level("different", OTHERWISE, 0.1),
            ),
            ("reference",),
        ),
        Comparison(
            "address",
            _silent("address"),
            (
                Level("same street", _same("address"), 0.6, frequency="address"),
                Level("nearly the same letters", "{jw}(address_l, address_r) >= 0.9", 0.15),
                Level("different", OTHERWISE, 0.25),
            ),
            ("address",),
        ),
        Comparison(
            "place",
            f"({_silent('town')}) AND ({_silent('postcode')}) AND ({_silent('area')})",
            (
                Level(
                    "same town and postcode",
                    "town_l = town_r AND postcode_l = postcode_r",
                    0.5,
                    frequency="town",
                ),
                Level("same postcode", _same("postcode"), 0.1, frequency="postcode"),
                Level("same town", _same("town"), 0.2, frequency="town"),
                Level("nearly the same town", "{jw}(town_l, town_r) >= 0.9", 0.05),
                Level("same force area", _same("area"), 0.08, frequency="area"),
                Level("different", OTHERWISE, 0.07),
            ),
            ("town", "postcode", "area"),
        ),
        Comparison(
            "met",
            _silent("met_day"),
            (
                Level("met at most three days apart", "abs(met_day_l - met_day_r) <= 3", 0.4),
                Level("met at most two weeks apart", "abs(met_day_l - met_day_r) <= 14", 0.2),
                Level("met at most a month apart", "abs(met_day_l - met_day_r) <= 31", 0.15),
                Level("met at most two months apart", "abs(met_day_l - met_day_r) <= 62", 0.07),
                Level("met at most half a year apart", "abs(met_day_l - met_day_r) <= 183", 0.06),
                Level("met further apart", OTHERWISE, 0.12),
            ),
            ("met_day",),
        ),
    )
}


def usable(filled: Iterable[str]) -> dict[str, Comparison]:
    """The comparisons for which some record has a value: `filled` names the columns that are not
    empty.

    A step that looks at an empty column can never be met and is left out.
    """
    held = set(filled)
    found = {}
    for comparison in COMPARISONS.values():
        missing = [column for column in comparison.columns if column not in held]
        levels = tuple(level for level in comparison.levels if not _needs(level.sql, missing))
        if len(levels) > 1 and held & set(comparison.columns) and set(comparison.needs) <= held:
            found[comparison.name] = replace(comparison, levels=levels)
    return found


def _needs(sql: str, missing: Iterable[str]) -> bool:
    every = [
        part
        for part in sql.split(" OR ")
        if not any(f"{name}_l" in part or f"{name}_r" in part for name in missing)
    ]
    return not every


def as_splink(
    comparison: Comparison, jaro_winkler: str, m: Mapping[str, float], u: Mapping[str, float]
) -> dict[str, object]:
    """A comparison as Splink reads it. `m` and `u` give, by the words of a step, what is known of
    it already.
    """
    total = sum(m.get(level.words, level.m) for level in comparison.levels)
    levels: list[dict[str, object]] = [
        {"sql_condition": comparison.absent, "label_for_charts": "not known", "is_null_level": True}
    ]
    for level in comparison.levels:
        entry: dict[str, object] = {
            "sql_condition": level.sql.format(jw=jaro_winkler),
            "label_for_charts": level.words,
            "m_probability": m.get(level.words, level.m) / total,
        }
        if level.words in u:
            entry["u_probability"] = u[level.words]
        if level.frequency:
            entry |= {
                "tf_adjustment_column": level.frequency,
                "tf_minimum_u_value": LEAST_FREQUENCY,
            }
        levels.append(entry)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def place_sql(comparison: Comparison) -> str:
    """SQL of DuckDB for the place of the step that a pair meets; -1 where one of the two says
    nothing.
    """
    whens = " ".join(
        f"WHEN {_asked(level).format(jw=JARO_WINKLER)} THEN {place}"
        for place, level in enumerate(comparison.levels)
        if level.sql != OTHERWISE
    )
    return f"CASE WHEN {comparison.absent} THEN -1 {whens} ELSE {len(comparison.levels) - 1} END"


def _asked(level: Level) -> str:
    return f"({level.first}) AND ({level.sql})" if level.first else level.sql
