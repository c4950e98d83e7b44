"""Beside each test of a question: how it is put to the program, and where it was asked.

`@asked(...)` makes of a test a page of the manual. The page has the question, its source, what the
program answers today, and the test's own words on why. The figures that the test asserts must
stand in what the program prints; `unseen` names those that do not, and says why. `says` are words
that must be printed: what a page rests on whose test asserts no figure.
"""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

ARITHMETIC = (ast.BinOp, ast.UnaryOp, ast.Constant, ast.operator, ast.unaryop)
#: A figure below this is as often a number of rows as an answer.
LEAST = 3


@dataclass(frozen=True)
class Question:
    """A question, where it was asked or its figures stand, and the commands that answer it."""

    question: str
    source: str
    commands: tuple[str, ...]
    unseen: Mapping[int, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()

    @property
    def arguments(self) -> list[list[str]]:
        """The commands as a shell would hand them over."""
        return [shlex.split(command) for command in self.commands]


def asked(
    question: str,
    source: str,
    *commands: str,
    unseen: Mapping[int, str] | None = None,
    says: Sequence[str] = (),
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Enter a test's question: its page follows from it."""

    def enter(test: Callable[..., None]) -> Callable[..., None]:
        test.question = Question(question, source, commands, unseen or {}, tuple(says))  # type: ignore[attr-defined]
        return test

    return enter


def questions(module: ModuleType) -> dict[str, tuple[Question | None, Callable[..., None]]]:
    """The tests of a module by name, each with its question; None where it has none."""
    return {
        name: (getattr(test, "question", None), test)
        for name, test in vars(module).items()
        if name.startswith("test_") and callable(test)
    }


def figures(test: Callable[..., None]) -> set[int]:
    """The whole numbers that a test asserts: in what it asserts, in its cases, in what it names."""
    tree = ast.parse(inspect.getsource(test)).body[0]
    assert isinstance(tree, ast.FunctionDef)
    cases = [each for each in tree.decorator_list if "parametrize" in ast.unparse(each)]
    claims = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    compared = [node.test for node in claims] + cases
    named = {node.id for part in compared for node in ast.walk(part) if isinstance(node, ast.Name)}
    module = ast.parse(inspect.getsource(inspect.getmodule(test)))  # type: ignore[arg-type]
    tables = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign) and {ast.unparse(each) for each in node.targets} & named
    ]
    return {abs(found) for part in [*compared, *tables] for found in _numbers(part)} - set(
        range(LEAST)
    )


def _numbers(node: ast.AST) -> Iterator[int]:
    """Numbers said in an expression; not days, not what is added to make another, not indices."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("date", "round"):
        return
    if isinstance(node, ast.Subscript):
        yield from _numbers(node.value)
        return
    if isinstance(node, ast.BinOp | ast.UnaryOp):
        if all(isinstance(part, ARITHMETIC) for part in ast.walk(node)):
            yield int(eval(ast.unparse(node), {}))  # 1248 + 1208: what is printed is the sum
        else:
            for child in ast.iter_child_nodes(node):
                yield from _numbers(child)
        return
    if isinstance(node, ast.Constant):
        yield from _number(node.value)
    for child in ast.iter_child_nodes(node):
        yield from _numbers(child)


def _number(value: Any) -> Iterator[int]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield value
    elif isinstance(value, str) and (found := re.search(r"\| (\d+)$", value)):
        yield int(found[1])


def missing(wanted: set[int], printed: str) -> set[int]:
    """Those of the figures that do not stand in what was printed, with or without its commas."""
    numbers = {
        int(found.replace(",", ""))
        for found in re.findall(
            r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w])|(?<![\w.])\d+(?!\w)", printed
        )
    }
    return wanted - numbers


def faults(question: Question, test: Callable[..., None], printed: str) -> list[str]:
    """What keeps a page from being true: figures or words not printed, an excuse that is none."""
    flat = " ".join(printed.split())
    absent = missing(figures(test), printed)
    return [
        *(
            f"{number} is asserted and not printed"
            for number in sorted(absent - question.unseen.keys())
        ),
        *(
            f"{number} is excused and need not be"
            for number in sorted(question.unseen.keys() - absent)
        ),
        *(f"{words!r} is not printed" for words in question.says if words not in flat),
    ]
