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
