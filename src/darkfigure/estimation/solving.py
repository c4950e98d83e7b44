"""Roots and least values of a function of one number, by Brent's two methods.

Step for step as `scipy.optimize.brentq` and `minimize_scalar`, to the last bit, which
`tests/darkfigure/test_solving.py` holds them to; loading `scipy.optimize` takes as long as an
estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite

from darkfigure.basis.errors import DarkfigureError

Function = Callable[[float], float]
RELATIVE = 8.881784197001252e-16
GOLDEN, GROW, TINY, SECTION = 1.618034, 110.0, 1e-21, 0.3819660


class NotBracketed(DarkfigureError):
    """A root or least value does not lie where it was looked for."""


def root(of: Function, low: float, high: float, xtol: float = 2e-12) -> float:
    """Where a function changes its sign between two numbers (Brent 1973, chapter 4)."""
    before, now = low, high
    at_before, at_now = of(before), of(now)
    if at_before == 0:
        return before
    if at_now == 0:
        return now
    if (at_before < 0) == (at_now < 0):
        raise NotBracketed("The function has one sign at both ends.")
    block = at_block = last = step = 0.0
    for _ in range(100):
        if at_before != 0 and at_now != 0 and (at_before < 0) != (at_now < 0):
            block, at_block = before, at_before
            last = step = now - before
        if abs(at_block) < abs(at_now):
            before, now, block = now, block, now
            at_before, at_now, at_block = at_now, at_block, at_now
        delta = (xtol + RELATIVE * abs(now)) / 2
        half = (block - now) / 2
        if at_now == 0 or abs(half) < delta:
            return now
        if abs(last) > delta and abs(at_now) < abs(at_before):
            if before == block:  # interpolate
                trial = -at_now * (now - before) / (at_now - at_before)
            else:  # extrapolate
                slope = (at_before - at_now) / (before - now)
                across = (at_block - at_now) / (block - now)
                trial = (
                    -at_now
                    * (at_block * across - at_before * slope)
                    / (across * slope * (at_block - at_before))
                )
            if 2 * abs(trial) < min(abs(last), 3 * abs(half) - delta):
                last, step = step, trial
            else:
                last = step = half
        else:
            last = step = half
        before, at_before = now, at_now
        if abs(step) > delta:
            now += step
        else:
            now += delta if half > 0 else -delta
        at_now = of(now)
    raise NotBracketed("The function does not settle at a root.")


def least(of: Function, first: float, second: float, tol: float = 1e-8) -> tuple[float, float]:
    """Where a function is least, looked for downhill from two numbers, and how little it is there
    (Brent 1973, chapter 5).
    """
    start, x, end, fx = _bracket(of, first, second)
    low, high = (start, end) if start < end else (end, start)
    w = v = x
    fw = fv = fx
    moved = step = 0.0
    for _ in range(500):
        close = tol * abs(x) + 1e-11
        middle = 0.5 * (low + high)
        if abs(x - middle) < (2.0 * close - 0.5 * (high - low)):
            break
        parabola = None if abs(moved) <= close else _parabola(x, w, v, fx, fw, fv)
        before, moved = moved, step
        if parabola is not None and _inside(*parabola, x, low, high, before):
            step = parabola[0] * 1.0 / parabola[1]
            u = x + step
            if (u - low) < 2.0 * close or (high - u) < 2.0 * close:
                step = close if middle - x >= 0 else -close
        else:
            moved = low - x if x >= middle else high - x
            step = SECTION * moved
        u = x + step if abs(step) >= close else x + (close if step >= 0 else -close)
        fu = of(u)
        if fu > fx:
            low, high = (u, high) if u < x else (low, u)
            if fu <= fw or w == x:
                v, w, fv, fw = w, u, fw, fu
            elif fu <= fv or v in (x, w):
                v, fv = u, fu
        else:
            low, high = (x, high) if u >= x else (low, x)
            v, w, x, fv, fw, fx = w, x, u, fw, fx, fu
    return x, fx


def _parabola(x: float, w: float, v: float, fx: float, fw: float, fv: float) -> tuple[float, float]:
    """The step to the bottom of the parabola through three points, as a fraction."""
    one, other = (x - w) * (fx - fv), (x - v) * (fx - fw)
    over = (x - v) * other - (x - w) * one
    under = 2.0 * (other - one)
    return (-over if under > 0.0 else over), abs(under)


def _inside(over: float, under: float, x: float, low: float, high: float, before: float) -> bool:
    return (
        over > under * (low - x)
        and over < under * (high - x)
        and abs(over) < abs(0.5 * under * before)
    )


def _bracket(of: Function, xa: float, xb: float) -> tuple[float, float, float, float]:
    """Three points of which the middle one is least, and the value there."""
    fa, fb = of(xa), of(xb)
    if fa < fb:
        xa, xb, fa, fb = xb, xa, fb, fa
    xc = xb + GOLDEN * (xb - xa)
    fc = of(xc)
    for _ in range(1001):
        if not fc < fb:
            break
        one, other = (xb - xa) * (fb - fc), (xb - xc) * (fb - fa)
        value = other - one
        under = 2.0 * TINY if abs(value) < TINY else 2.0 * value
        w = xb - ((xb - xc) * other - (xb - xa) * one) / under
        limit = xb + GROW * (xc - xb)
        if (w - xc) * (xb - w) > 0.0:
            fw = of(w)
            if fw < fc:
                xa, xb, fa, fb = xb, w, fb, fw
                break
            if fw > fb:
                xc, fc = w, fw
                break
            w = xc + GOLDEN * (xc - xb)
        elif (w - limit) * (limit - xc) >= 0.0:
            w = limit
        elif (w - limit) * (xc - w) > 0.0:
            fw = of(w)
            if fw < fc:
                xb, xc, fb, fc = xc, w, fc, fw
                w = xc + GOLDEN * (w - xb)
        else:
            w = xc + GOLDEN * (xc - xb)
        fw = of(w)
        xa, xb, xc, fa, fb, fc = xb, xc, w, fb, fc, fw
    lowest = (fb < fc and fb <= fa) or (fb < fa and fb <= fc)
    ordered = xa < xb < xc or xc < xb < xa
    if not (lowest and ordered and isfinite(xa) and isfinite(xb) and isfinite(xc)):
        raise NotBracketed("The function has no least value near where it was looked for.")
    return xa, xb, xc, fb
