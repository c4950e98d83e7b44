"""Words that say "all of them" in tables: Total, All ages, Grand total."""

from __future__ import annotations

import re

_TOTAL = re.compile(
    r"(?:grand |sub-?|overall |uk |national |annual |yearly )?totals?(?: .{1,40})?|all(?: .{1,40})?"
    r"|.{1,60} total|overall|sum|cyfanswm|pob .{1,20}|both sexes|persons|everyone|england and wales"
)


def is_total_word(text: str) -> bool:
    """Whether a text in a column of categories says the whole of them."""
    return bool(_TOTAL.fullmatch(" ".join(text.split()).strip(" :").casefold()))


_OF_ALL = (
    r"(?:the )?(?:whole )?(?:(?:uk|united kingdom|great britain|gb|country|police|recorded|reported"
    r"|potential|adult|age|offence|offense|crime|exploitation|sex|gender|ethnic|force|local"
    r"|reporting|responder|first|claimed|nationality|and|&) )*"
    r"(?:uk|united kingdom|great britain|gb|country|england(?:,? (?:and|&))? wales"
    r"|england,? wales (?:and|&) (?:scotland|northern ireland)|forces?|areas?|regions?|districts?"
    r"|states?|nations?|countries|nationalities|ages|groups?|bands?|persons?|people|individuals"
    r"|sexes|genders|races|ethnicities|offences?|offenses?|crimes?|incidents|cases|victims"
    r"|referrals|arrests|reports|records|types?|kinds?|categories|organisations|organizations"
    r"|agencies|responders|outcomes|decisions|authorities|councils|counties|defendants|suspects"
    r"|operations|locations|quarters|months|years|numbers?|counts?|reported|recorded)"
)
_WHOLE = re.compile(
    r"(?:grand |overall |uk |national |annual |yearly )?totals?"
    rf"(?:[ ,:-]+(?:number )?(?:for |of |in |- )?{_OF_ALL})?"
    rf"|all(?: (?:of )?{_OF_ALL})?|{_OF_ALL}[ ,:-]+totals?"
    r"|overall|sum|cyfanswm|pob .{1,20}|both sexes|persons|everyone|england and wales"
)
_FOOTNOTE = re.compile(
    r"(?:\[[^\]]{1,20}\]|\([\d, ]{1,8}\)|\d{1,2}(?:, ?\d{1,2}){0,4}|\*{1,3})$", re.ASCII
)
#: What says the whole is shorter.
_LONGEST = 100


def is_whole(text: str) -> bool:
    """Whether a text in a column of categories says the whole of them, and not of a part: "Total",
    "All police forces", and neither "Total North East" nor "All other offences".
    """
    if len(text) > _LONGEST:
        return False
    plain = " ".join(text.split()).strip(" :").casefold()
    return bool(_WHOLE.fullmatch(plain) or _WHOLE.fullmatch(_FOOTNOTE.sub("", plain).strip()))
