"""Who may see and write what the centre makes: responses, releases, judgements, editions. Rows of
the tables of the gate (`gate.CONDITIONS` and those beside it), which says what each is.
"""

from __future__ import annotations

CONDITIONS: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "store_response": (
        # What is released is held against every answer that went out, to whomever.
        """public OR (SELECT gate.may('read_responses') OR gate.may('read_releases'))
        AND marking <= (SELECT gate.sees())""",
        ("register_response",),
    ),
    "store_responsepart": (
        "EXISTS (SELECT FROM store_response r WHERE r.id = of_id)",
        ("register_response",),
    ),
    "store_release": (
        """published_at IS NOT NULL
        OR (SELECT gate.may('read_releases')) AND (SELECT gate.sees()) > 0""",
        ("prepare_release", "approve_release"),
    ),
    **dict.fromkeys(
        ("store_releasetable", "store_releasefile"),
        ("EXISTS (SELECT FROM store_release r WHERE r.id = of_id)", ("prepare_release",)),
    ),
    "store_releasecopy": ("(SELECT gate.may('read_releases'))", ("approve_release",)),
    "store_edition": (
        "(SELECT gate.may('read_releases')) AND marking <= (SELECT gate.sees())",
        ("prepare_release",),
    ),
    "store_editionfile": (
        "EXISTS (SELECT FROM store_edition e WHERE e.id = of_id)",
        ("prepare_release",),
    ),
    "store_judgementversion": (
        "(SELECT gate.may('read_judgement')) AND marking <= (SELECT gate.sees())",
        ("draft_judgement",),
    ),
    "store_judgementevent": (
        "EXISTS (SELECT FROM store_judgementversion v WHERE v.id = of_id)",
        (),
    ),
}
ENTERED = {
    "store_release": """(SELECT gate.may('prepare_release'))
        AND prepared_by = (SELECT gate.who()) AND approved_at IS NULL""",
    "store_releasecopy": "given_by = (SELECT gate.who())",
    "store_edition": """prepared_by = (SELECT gate.who())
        AND marking <= (SELECT gate.sees())""",
    "store_judgementversion": "marking <= (SELECT gate.sees())",
    "store_judgementevent": """by = (SELECT gate.who())
        AND EXISTS (SELECT FROM store_judgementversion v WHERE v.id = of_id)
        AND (kind IN ('drafted', 'comment') AND (SELECT gate.may('draft_judgement'))
            OR kind IN ('reviewed', 'sent_back') AND (SELECT gate.may('review_judgement'))
            OR kind IN ('approved', 'withdrawn') AND (SELECT gate.may('approve_judgement'))
            OR kind = 'resolved' AND (SELECT gate.may('resolve_judgement')))""",
}
CHANGED = {
    "store_release": """(SELECT gate.may('approve_release'))
        AND prepared_by <> (SELECT gate.who())
        AND (withdrawn_at IS NULL OR withdrawn_by = (SELECT gate.who()))""",
}
UNCHANGED = (
    *("store_releasetable", "store_releasefile", "store_releasecopy"),
    *("store_judgementversion", "store_judgementevent"),
    *("store_edition", "store_editionfile"),
)
