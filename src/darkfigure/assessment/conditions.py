"""Words that can be checked carry their condition: `fell` where arrests < arrests.before. A
condition holds where it holds whatever the figures are within their bounds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from math import isfinite

from darkfigure.basis.errors import Unreadable
from darkfigure.codes import nearest
from darkfigure.tables.intervals import Bounded

#: A condition or what a name stands for is no longer than this.
LONGEST = 300


class Verdict(StrEnum):
    """Whether a condition holds. What is not sure is neither."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_SURE = "not_sure"


Ends = tuple[Fraction | None, Fraction | None]


def holds(condition: str, figures: Mapping[str, Bounded]) -> Verdict:
    """Whether a condition holds of the figures known by name: comparisons of sums, products and
    quotients of names and numbers, joined by `and`, `or`, `not`.

    Raises Unreadable for what is no condition, and for a name that nothing has.
    """
    body = _parsed(condition)
    if not isinstance(body, ast.Compare | ast.BoolOp) and not _is_not(body):
        raise Unreadable(
            f"{condition!r} says nothing that could be wrong: compare, as arrests < arrests.before."
        )
    return _verdict(body, figures)


def worked_out(expression: str, figures: Mapping[str, Bounded]) -> Bounded:
    """What an expression of names and numbers gives, within its bounds. Raises as `holds`."""
    low, high = _ends(_parsed(expression), figures)
    return Bounded(_tidy(low) if low == high and low is not None else None, _tidy(low), _tidy(high))


def names_in(expression: str) -> list[str]:
    """The names that a condition or an expression speaks of, `before` among them where said so."""
    body = _parsed(expression)
    attributes = [_dotted(node) for node in ast.walk(body) if isinstance(node, ast.Attribute)]
    inside = {
        id(node.value) for node in ast.walk(body) if isinstance(node, ast.Attribute)
    }  # a.before names one thing
    plain = [
        node.id for node in ast.walk(body) if isinstance(node, ast.Name) and id(node) not in inside
    ]
    return list(dict.fromkeys([*attributes, *plain]))


def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Unreadable(f"A condition is no longer than {LONGEST} characters.")
    if "#" in text:
        raise Unreadable(f"{text!r}: a condition holds no remarks: they would go out with it.")
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable(
            f"{text!r} is no condition. Write names, numbers, + - * / and < <= > >= == !=."
        ) from None
    for node in ast.walk(body):
        if not isinstance(node, _KNOWN):
            raise Unreadable(f"{text!r}: a condition holds names, numbers and comparisons alone.")
    return body


_KNOWN = (
    ast.Compare, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.Name, ast.Attribute, ast.Constant,
    ast.And, ast.Or, ast.Not, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.Load,
    ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq,
)  # fmt: skip


def _is_not(body: ast.expr) -> bool:
    return isinstance(body, ast.UnaryOp) and isinstance(body.op, ast.Not)


def _verdict(node: ast.expr, figures: Mapping[str, Bounded]) -> Verdict:
    if isinstance(node, ast.BoolOp):
        parts = [_verdict(each, figures) for each in node.values]
        settles = Verdict.FAILS if isinstance(node.op, ast.And) else Verdict.HOLDS
        if settles in parts:
            return settles
        return Verdict.NOT_SURE if Verdict.NOT_SURE in parts else _other(settles)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _other(_verdict(node.operand, figures))
    if not isinstance(node, ast.Compare):
        raise Unreadable("A condition compares: a figure by itself is neither true nor false.")
    sides = [node.left, *node.comparators]
    found = [
        _compared(type(operator), _ends(left, figures), _ends(right, figures))
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False)
    ]
    if Verdict.FAILS in found:
        return Verdict.FAILS
    return Verdict.NOT_SURE if Verdict.NOT_SURE in found else Verdict.HOLDS


def _other(verdict: Verdict) -> Verdict:
    turned = {Verdict.HOLDS: Verdict.FAILS, Verdict.FAILS: Verdict.HOLDS}
    return turned.get(verdict, verdict)


def _compared(operator: type[ast.cmpop], left: Ends, right: Ends) -> Verdict:
    if operator in (ast.Gt, ast.GtE):
        return _compared({ast.Gt: ast.Lt, ast.GtE: ast.LtE}[operator], right, left)
    if operator is ast.NotEq:
        return _other(_compared(ast.Eq, left, right))
    below, above = _surely(left[1], right[0]), _surely(right[1], left[0])
    if operator is ast.Lt:
        never = _at_most(right[1], left[0])
        return Verdict.HOLDS if below else Verdict.FAILS if never else Verdict.NOT_SURE
    if operator is ast.LtE:
        always = _at_most(left[1], right[0])
        return Verdict.HOLDS if always else Verdict.FAILS if above else Verdict.NOT_SURE
    if below or above:
        return Verdict.FAILS
    same = None not in (*left, *right) and left[0] == left[1] == right[0] == right[1]
    return Verdict.HOLDS if same else Verdict.NOT_SURE


def _surely(most: Fraction | None, least: Fraction | None) -> bool:
    return most is not None and least is not None and most < least


def _at_most(most: Fraction | None, least: Fraction | None) -> bool:
    return most is not None and least is not None and most <= least


def _ends(node: ast.expr, figures: Mapping[str, Bounded]) -> Ends:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise Unreadable(f"{node.value!r} is no number.")
        if not isfinite(node.value):
            raise Unreadable("A number of a condition is too large.")
        value = Fraction(str(node.value))
        return value, value
    if isinstance(node, ast.Name | ast.Attribute):
        return _named(_dotted(node), figures)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        low, high = _ends(node.operand, figures)
        return _negative(high), _negative(low)
    if isinstance(node, ast.BinOp):
        return _ARITHMETIC[type(node.op)](_ends(node.left, figures), _ends(node.right, figures))
    raise Unreadable("A comparison is of names and numbers, and of what is worked out from them.")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _named(name: str, figures: Mapping[str, Bounded]) -> Ends:
    if name not in figures:
        raise Unreadable(
            f"Nothing is called {name!r}. Give a reference name={name.partition('.')[0]}. "
            f"{nearest(name, list(figures))}"
        )
    figure = figures[name]
    if figure.value is not None and figure.low is None and figure.high is None:
        exact = Fraction(str(figure.value))
        return exact, exact
    return _fraction(figure.low), _fraction(figure.high)


def _fraction(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def _tidy(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    try:
        return int(value) if value.denominator == 1 else float(value)
    except OverflowError:
        raise Unreadable("What is worked out is too large.") from None


def _negative(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value


def _added(first: Ends, second: Ends) -> Ends:
    return _sum(first[0], second[0]), _sum(first[1], second[1])


def _sum(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first + second


def _less(first: Ends, second: Ends) -> Ends:
    return _added(first, (_negative(second[1]), _negative(second[0])))


def _times(first: Ends, second: Ends) -> Ends:
    """The product; where an end is open, only what no sign can change is figures."""
    if None in (*first, *second):
        if _is_zero(first) or _is_zero(second):
            return Fraction(0), Fraction(0)
        least = first[0] is not None and second[0] is not None and first[0] >= 0 and second[0] >= 0
        return (first[0] * second[0] if least else None), None  # type: ignore[operator]
    products = [a * b for a in first for b in second]  # type: ignore[operator]
    return min(products), max(products)


def _is_zero(ends: Ends) -> bool:
    return ends == (Fraction(0), Fraction(0))


def _by(first: Ends, second: Ends) -> Ends:
    """The quotient: nothing is figures of it where what is divided by may be nought."""
    low, high = second
    if low is not None and low > 0:
        return _times(first, (Fraction(0) if high is None else 1 / high, 1 / low))
    if high is not None and high < 0:
        return _times(first, (1 / high, Fraction(0) if low is None else 1 / low))
    return None, None


_ARITHMETIC: Mapping[type[ast.operator], Callable[[Ends, Ends], Ends]] = {
    ast.Add: _added,
    ast.Sub: _less,
    ast.Mult: _times,
    ast.Div: _by,
}
