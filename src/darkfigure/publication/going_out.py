"""Texts that go out: what a desk writes of its own is published, and names nobody."""

from __future__ import annotations

import re

from darkfigure.basis.errors import Unreadable

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_TELEPHONE = re.compile(r"(?<![\d-])(?:\+\d{1,3}|\(?0\d{2,4})[\d ()-]{5,}\d(?![\d-])")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b")
#: How a name begins that is no office: Lord Advocate and Lady Justice Madeup are left alone.
_PERSON = re.compile(
    r"\b(?:Ms|Mrs|Mr|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Revd|PC|DC|DS|DI)\.?\s+"
    r"[A-Z\u00c0-\u00de][\w'\u2019-]*"
)
_FOUND = (
    (_EMAIL, "an e-mail address"),
    (_POSTCODE, "a postal address"),
    (_PERSON, "a person's name"),
)
_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9/-]+")
#: So many digits make a telephone number.
_DIGITS = range(10, 14)


def fit_to_go_out(text: str, most: int, named: str) -> str:
    """A text that is published, in one line. Raises Unreadable where it is too long, or holds an
    address, a telephone number or the name of a person: what it holds is not shown.
    """
    line = " ".join(text.split())
    if len(line) > most:
        raise Unreadable(f"{named} has at most {most:,} characters; this has {len(line):,}.")
    problem = next((told for pattern, told in _FOUND if pattern.search(line)), "")
    if not problem and any(_is_telephone(match[0]) for match in _TELEPHONE.finditer(line)):
        problem = "a telephone number"
    if problem:
        raise Unreadable(f"{named} is published, and seems to hold {problem}: leave it out.")
    return line


def _is_telephone(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) in _DIGITS


def reference_of(text: str, most: int) -> str:
    """A desk's own reference of a request, which is published. Raises Unreadable for words."""
    line = text.strip()
    if line and (len(line) > most or not _REFERENCE.fullmatch(line)):
        raise Unreadable(
            f"A reference of a request is published: at most {most} letters, digits, / and -, with "
            "a digit among them, as FOI-2026/101."
        )
    return line
