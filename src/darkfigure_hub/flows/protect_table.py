"""Protect a table of counts, or check published ones: anybody's, outside the repository. Nothing is
kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from darkfigure.basis.errors import Unreadable
from darkfigure.disclosure.check import Checked, check
from darkfigure.disclosure.cube import TOTAL
from darkfigure.disclosure.dominance import CONTRIBUTOR
from darkfigure.disclosure.noise import checked_epsilon
from darkfigure.disclosure.perturbation import FEWEST_BYTES, RECORD
from darkfigure.disclosure.protect import Method, Protected, protect, table_of
from darkfigure.disclosure.published import PublishedTable, Values, seeking, small_differences
from darkfigure.disclosure.rules import Rule, rule_of
from darkfigure.disclosure.together import together, vintages_together
from darkfigure.reading.count_tables import (
    OWN_COLUMNS,
    groups_in,
    read_counts,
    read_groups,
    read_published,
)
from darkfigure.reading.instructions import tidy_key
from darkfigure.reading.spellings import Spellings
from darkfigure.writing.disclosure.checks import Differences, Findings
from darkfigure_hub.flows.research_files import Budget

Watch = Callable[[str, int, int], None]


def protect_table(
    path: Path,
    by: Sequence[str],
    *,
    count: str = "",
    rule: str = "",
    method: str = Method.SUPPRESS,
    merge: Sequence[Path] = (),
    levels: Sequence[Path] = (),
    key_file: Path | None = None,
    after: Sequence[Path] = (),
    beside: Sequence[Path] = (),
    contributor: str = "",
    record: str = "",
    epsilon: float = 0.0,
    budget: Budget | None = None,
    seconds: float = 60.0,
    watch: Watch | None = None,
) -> Protected:
    """A table of counts, protected; `levels` are groups of values that are published
    as margins, `after` vintages of it that were published before, `beside` other tables of the
    same people that are out; `contributor` and `record` are
    the columns of whose each row is. With noise by `epsilon` that much of a budget is spent.

    Raises Unreadable or ReturnRefused where it cannot be.
    """
    chosen = {heading: pairs[-1] for heading, pairs in groups_in(merge).items()}
    _check_names("--merge", chosen, by)
    grouped = groups_in(levels)
    _check_names("--levels", grouped, by)
    _refuse_names([*by, count])
    kept, chosen_method = rule_of(rule), _method(method)
    behind = _behind(kept, chosen_method, contributor, record, count)
    frame = read_counts(path, by, count, [*behind.values()])
    spelled = Spellings()
    for name in by:
        for value in frame[spelled.name(name)].unique(maintain_order=True):
            spelled.value(name, value)
    cube = table_of(frame, by, count or "count", grouped, behind)
    if chosen_method is Method.NOISE:
        _refuse_beside_noise(kept, after)
        checked_epsilon(epsilon)
        if budget:
            budget.spend(epsilon, f"{path.name} by {', '.join(by)}, with noise")
    made = protect(
        cube,
        kept,
        chosen_method,
        epsilon=epsilon,
        secret=_secret(key_file) if method == Method.PERTURB else b"",
        chosen=chosen or None,
        earlier=[spelled.table(read_published(each, kept, by, count)) for each in after],
        beside=[spelled.table(read_published(each, kept)) for each in beside],
        within=[spelled.groups(*each) for each in map(read_groups, levels)],
        seconds=seconds,
        watch=watch,
    )
    return replace(made, count=count or "count")


def _refuse_names(names: Sequence[str]) -> None:
    """What is written has columns of its own beside those of the table."""
    if own := [name for name in names if tidy_key(name) in OWN_COLUMNS]:
        raise Unreadable(
            f"A column of what is written is called {own[0]}: call that of the table otherwise."
        )


def _behind(
    rule: Rule, method: Method, contributor: str, record: str, count: str
) -> dict[str, str]:
    """Which columns say whose each row is. Raises Unreadable where nothing would look at them."""
    if contributor and not rule.looks_behind:
        raise Unreadable(
            "--contributor is looked at by a rule that asks for it: add dominance=1,85 or p=10 to "
            "--rule."
        )
    if record and method is not Method.PERTURB:
        raise Unreadable("--record gives each record its key for --method perturb alone.")
    if record and count:
        raise Unreadable("--record needs a record in each row: leave out --count.")
    named = {CONTRIBUTOR: contributor, RECORD: record}
    return {kind: column for kind, column in named.items() if column}


def _refuse_beside_noise(rule: Rule, after: Sequence[Path]) -> None:
    if after or rule.looks_behind:
        raise Unreadable(
            "--method noise protects each person by epsilon, whatever was published before and "
            "whoever contributed them: leave out --after, dominance and p."
        )


def check_tables(
    paths: Sequence[Path],
    *,
    by: Sequence[str] = (),
    count: str = "",
    rule: str = "",
    total: str = TOTAL,
    within: Sequence[Path] = (),
    bases: Mapping[str, int] | None = None,
    shares: Mapping[str, Sequence[str]] | None = None,
    vintages: bool = False,
    seconds: float = 60.0,
    watch: Callable[[int, int], None] | None = None,
) -> Findings:
    """Whether what is hidden in published tables can be worked out from all of them together.

    Without a `rule` they are held to the one that they say they were protected by. `bases` says by
    name what a table was rounded to, `shares` over which dimensions its numbers are percentages.
    With `vintages` each is checked by itself, and against all before it. Raises Unreadable
    where they cannot be read, or cannot be of the same people.
    """
    asked = rule_of(rule) if rule else None
    rounded, divided = dict(bases or {}), dict(shares or {})
    names = [each.name for each in paths]
    _check_names("--rounded", rounded, names)
    _check_names("--shares", divided, names)
    tables = [
        read_published(
            each,
            asked or Rule(),
            by,
            # percentages stand in a column of their own
            "" if each.name in divided else count,
            total,
            rounded.get(each.name, 0),
            divided.get(each.name, ()),
        )
        for each in paths
    ]
    spelled = Spellings()
    tables = [spelled.table(each) for each in tables]
    kept = asked or _own_rule(tables)
    groups = [spelled.groups(*each) for each in map(read_groups, within)]
    if vintages and kept.moves:
        sets = [vintages_together(tables, kept, groups)]
    elif vintages:
        sets = [
            together([seeking(each, tables)], kept, groups)
            if each.is_whole
            else together([each], kept, groups)
            for each in tables
        ]
    else:
        sets = [together(tables, kept, groups)]
    checked = tuple(check(each, kept, seconds=seconds, watch=watch) for each in sets)
    numbers = [_known(checked, each.name) for each in tables]
    pairs = combinations(zip(tables, numbers, strict=True), 2) if vintages else ()
    return Findings(
        checked,
        tuple(_between(old, new, kept) for old, new in pairs),
        {each.name: str(each.rule) for each in tables if each.rule},
        asked is not None,
    )


def _own_rule(tables: Sequence[PublishedTable]) -> Rule:
    """The rule that tables say they were protected by. Raises Unreadable where it is not the same
    for all that say one.
    """
    rules = {table.name: table.rule for table in tables if table.rule}
    if len({*rules.values()}) > 1:
        sayings = "; ".join(f"{name}: {rule}" for name, rule in rules.items())
        raise Unreadable(
            f"These tables were protected by different rules ({sayings}). Say by which they are to "
            "be checked (--rule), the strictest where you are in doubt."
        )
    return next(iter(rules.values()), Rule())


def _known(checked: Sequence[Checked], name: str) -> dict[Values, int]:
    """Hidden numbers of a table that can be worked out."""
    return {
        frozenset(cell.values): number
        for together_with in checked
        for cell, number in together_with.told
        if cell.table == name
    }


def _between(
    earlier: tuple[PublishedTable, Mapping[Values, int]],
    later: tuple[PublishedTable, Mapping[Values, int]],
    rule: Rule,
) -> Differences:
    (old, told_before), (new, told_after) = earlier, later
    found = small_differences(old, new, rule, (told_before, told_after))
    return Differences(old.name, new.name, tuple(found))


def _method(name: str) -> Method:
    if name not in set(Method):
        raise Unreadable(f"--method {name}: there are {', '.join(Method)}.")
    return Method(name)


def _check_names(option: str, given: Mapping[str, object], known: Sequence[str]) -> None:
    for name in given:
        if name not in known:
            raise Unreadable(f"{option}: {name} is none of {', '.join(known)}.")


def _secret(path: Path | None) -> bytes:
    """The secret of the noise: of a file, so that next year's noise is the same."""
    if path is None:
        raise Unreadable(
            "--method perturb needs a secret (--key-file FILE), kept and used again for tables of "
            f"the same people: {FEWEST_BYTES} random bytes or more, such as {_example()}."
        )
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise Unreadable(f"The key file {path} cannot be read: {error.strerror}.") from error


def _example() -> str:
    return secrets.token_hex(FEWEST_BYTES)
