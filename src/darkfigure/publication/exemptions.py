"""Exemptions of Part II of the Freedom of Information Act 2000: which there are, and which are
absolute.

Source: sections 21 to 44, and section 2(3) for those that are absolute: 21, 23, 32, 34, 36 so far
as it relates to information held by either House of Parliament, 37(1)(a) to (ab), 40(1) and 40(2)
as far as the first condition, 41, 44. Section 25 is about certificates and exempts nothing.
"""

from __future__ import annotations

import re

from darkfigure.basis.errors import UnknownName, Unreadable

_SECTION = re.compile(r"(\d{2}A?)((?:\(\w{1,3}\))*)")
SECTIONS = ("21", "22", "22A", "23", "24", *map(str, range(26, 45)))
_ABSOLUTE = ("21", "23", "32", "34", "41", "44")
#: Of some sections a part is absolute.
_IN_PART = {"37": ("(1)(a)", "(1)(aa)", "(1)(ab)"), "40": ("", "(1)", "(2)")}


def section_of_the_act(text: str) -> str:
    """A section as it is cited, 31(1)(a). Raises UnknownName for what is no exemption of the
    Act.
    """
    bare = re.sub(r"(?i)^s(ection)?\b\.?", "", text.strip()).replace(" ", "")
    match = _SECTION.fullmatch(bare)
    if match is None or match[1] not in SECTIONS:
        raise UnknownName(
            "What is exempt is so under one section of Part II of the Freedom of Information Act "
            "2000, 21 to 44 (25 is none): write section: 31(1)(a)."
        )
    return bare


def is_absolute(section: str) -> bool:
    """Whether an exemption is absolute by section 2(3): no public interest is weighed."""
    match = _SECTION.fullmatch(section)
    if match is None:
        return False
    return match[1] in _ABSOLUTE or match[2] in _IN_PART.get(match[1], ())


def weighed(section: str, public_interest: str) -> None:
    """Raises Unreadable for a qualified exemption without the balance of public interest."""
    if not is_absolute(section) and not public_interest:
        raise Unreadable(
            f"Section {section} is a qualified exemption: say why the public interest in "
            "maintaining it outweighs that in disclosure (public_interest; for section 36 held by "
            "Parliament, that it is)."
        )
