"""References: how agencies' numbers are told from names, and how those of persons and of records
become pseudonyms.
"""

from __future__ import annotations

import re
from hashlib import sha256

#: Letters, digits and - / . _ with at least one digit: a reference, which a name is not.
REFERENCE = r"^(?:[A-Za-z0-9/._-]*[0-9][A-Za-z0-9/._-]*)$"
LONGEST = 60
#: Stands for the colon of a name just made of a reference, for who seals it: no name that was given
#: has it.
UNSEALED = "#"
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]+:[0-9a-f]{16}")
#: The number of a charge among those of its proceedings: it says nothing by itself.
_NUMBER = re.compile(r"[0-9]{1,3}")


def is_reference(text: str) -> bool:
    """Whether a text has the form of a reference."""
    return len(text) <= LONGEST and re.match(REFERENCE, text) is not None


def pseudonym(agency: str, reference: str, *, colon: str = ":") -> str:
    """The plain name of a person whom an agency knows by `reference`: AGENCY:sixteen hexadecimal
    digits. The repository seals it with a key.

    A reference written AGENCY:REFERENCE is another agency's; a pseudonym stays as it is. `colon` is
    what stands between, where a name is made here.
    """
    if _PSEUDONYM.fullmatch(reference):
        return reference
    owner, found, own = reference.partition(":")
    if not found:
        owner, own = agency, reference
    return f"{owner}{colon}{sha256(f'{owner}|{own}'.encode()).hexdigest()[:16]}"


def record_pseudonym(kind: str, reference: str, *, colon: str = ":") -> str:
    """The plain name of a record: KIND:sixteen hexadecimal digits. The repository seals it with a
    key and keeps that.

    Every agency that names the record comes to the same. A charge is named by its proceedings, and
    after a slash by its number among them, or where that is no number by a hash of the whole: its
    parts are told apart as in what was written.
    """
    if kind != "charge" or "/" not in reference:
        return f"{kind}{colon}{_digits(kind, reference)}"
    proceedings, _, number = reference.partition("/")
    last = number if _NUMBER.fullmatch(number) else _digits(kind, reference)
    return f"{kind}{colon}{_digits(kind, proceedings)}/{last}"


def _digits(kind: str, reference: str) -> str:
    return sha256(f"{kind}|{reference}".encode()).hexdigest()[:16]
