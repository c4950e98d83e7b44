"""References: how agencies' numbers are told from names, and how those of persons and of records
become pseudonyms.
"""

from __future__ import annotations

import re
from hashlib import sha256

#: Letters, digits and - / . _ with at least one digit: a reference, which a name is not.
REFERENCE = r"^(?:[A-Za-z0-9/._-]*[0-9][A-Za-z0-9/._-]*)$"
LONGEST = 60
_PSEUDONYM = re.compile(r"[A-Za-z0-9_-]+:[0-9a-f]{16}")


def is_reference(text: str) -> bool:
    """Whether a text has the form of a reference."""
    return len(text) <= LONGEST and re.match(REFERENCE, text) is not None


def pseudonym(agency: str, reference: str) -> str:
    """The repository's name for a person an agency knows by `reference`: AGENCY:sixteen hexadecimal
    digits.

    A reference written AGENCY:REFERENCE is another agency's; a pseudonym stays as it is.
    """
    if _PSEUDONYM.fullmatch(reference):
        return reference
    owner, colon, own = reference.partition(":")
    if not colon:
        owner, own = agency, reference
    return f"{owner}:{sha256(f'{owner}|{own}'.encode()).hexdigest()[:16]}"


def record_pseudonym(kind: str, reference: str) -> str:
    """The name under which a record leaves the repository: KIND:sixteen hexadecimal digits.

    Every agency that names the record comes to the same. SQL of the store says it once more.
    """
    return f"{kind}:{sha256(f'{kind}|{reference}'.encode()).hexdigest()[:16]}"
