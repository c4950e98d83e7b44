"""Who writes which rows, said once more in plain Python: beside the gate of the database, and not
made from it. From the policy's table come the permissions of roles and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from darkfigure.cases.records import KINDS
from darkfigure_hub.access.roles import PERMISSIONS, Permission, Role
from darkfigure_hub.store.policy import GRANTS, is_bound, permissions_granted

Row = Mapping[str, Any]
OWN, OTHERS = "kent", "essex"
#: The account that every reader has, and that of somebody else.
ME, OTHER = 801, 802
#: The place of the tokens that programs are let in by.
TOKENS = 4
#: A time that has come; one that is over.
NOW, THEN = "2026-01-01", "2020-01-01"
#: The moment at which rows are planted; a time that is far off.
PLANTED, FAR = "now", "2999-01-01"


def number(place: int) -> int:
    """The number of the first row that is planted for the situation at a place."""
    return 1000 * (place + 1) + 1


@dataclass(frozen=True)
class Wall:
    """What a row stands behind; a compartment by its place among those planted."""

    agency: str
    marking: int
    compartment: int | None = None
    condition: bool = False

    @property
    def is_shut(self) -> bool:
        """Whether it is seen through by a list alone."""
        return self.compartment is not None or self.condition


@dataclass(frozen=True)
class Reader:
    """Who asks by raw SQL. Whoever has an account is in the first compartment and in no other."""

    role: str
    sees: int = 1
    grants: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        if self.grants:
            return f"token:{number(TOKENS) + [*GRANTS].index(self.grants[0])}"
        return "public" if self.role == "public" else f"account:{ME}"

    @property
    def agency(self) -> str:
        return "" if self.role == "public" else OWN

    def may(self, *wanted: str) -> bool:
        held = permissions_granted(self.grants) if self.grants else PERMISSIONS[Role(self.role)]
        return bool(held & set(map(Permission, wanted)))

    @property
    def bound(self) -> bool:
        return is_bound(self.role)

    def is_me(self, row: Row, column: str = "account_id") -> bool:
        return self.who == f"account:{row[column]}"

    def is_in(self, compartment: int | None) -> bool:
        return compartment is None or (
            compartment == number(0) and self.may("enter_compartment") and self.who[0] == "a"
        )

    def through(self, wall: Wall) -> bool:
        """Whether they see through a wall."""
        if wall.marking == 0 and wall.compartment is None and not wall.condition:
            return True
        if wall.marking > self.sees or not self.is_in(wall.compartment):
            return False
        if self.bound:
            handles = self.may("read_figures", "read_asks", "receive_return")
            return wall.agency == OWN and handles
        return self.may("read_figures") and (not wall.condition or self.may("read_conditional"))

    def reaches(self, row: Row) -> bool:
        """Whether an agency's people are theirs to decide on."""
        return not self.bound or row["agency"] == OWN

    def opens(self, kind: str, place: int) -> bool:
        """Whether glass is broken for them of what a place holds, no higher than they see."""
        within = WALLS[place].marking <= self.sees
        return self.may("break_glass") and place in GLASS[kind] and within

    def through_all(self, walls: Any) -> bool:
        """Whether they see through walls, or broke through what one of them stands for."""
        return all(
            self.through(wall)
            or (self.may("break_glass") and wall.is_shut and wall.marking <= self.sees)
            for wall in walls
        )


#: The walls behind which rows are planted.
WALLS = (
    Wall(OWN, 1),
    Wall(OWN, 2),
    Wall(OTHERS, 1),
    Wall("", 0),
    Wall(OWN, 1, number(0)),
    Wall(OWN, 1, number(1)),
    Wall(OWN, 1, None, True),
    Wall(OTHERS, 1, number(0)),
    Wall(OTHERS, 1, number(1)),
    Wall(OTHERS, 2, number(1)),
)
#: The places whose return, report or person glass is broken for, for the hour; and the one whose
#: record speaks of such a person as the victim.
GLASS = {"return": (9,), "report": (9,), "person": (1, 5), "victim": (8,)}


def _always(*_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Table:
    """A table: the permissions of which it takes one to write it, none where whoever asks leaves a
    row, and nothing in their place where nobody does. Which rows are reached, which may be entered
    and what one may become; `rows` are planted, `entered` tried beside them, and `changed` is set
    on all rows, or on that of one place.
    """

    writes: tuple[str, ...] | None
    reached: Callable[[Reader, Row], bool] = _always
    enters: Callable[[Reader, Row], bool] = _always
    becomes: Callable[[Reader, Row], bool] = _always
    rows: tuple[Row, ...] = ({},)
    entered: tuple[Row, ...] = ()
    changed: tuple[tuple[Row, int | None], ...] = ()
    #: Whether a row takes the wall of what it belongs to, whatever it says.
    takes: bool = False
    updated: bool = True
    removed: bool = False
    #: How many of so many copies of a row are seen; where nothing is said, those that are reached.
    seen: Callable[[Reader, Row, int], int] | None = None
    #: Columns that are filled in once, where no other may be changed; and that stay as they were.
    completed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def shown(self, reader: Reader, row: Row, copies: int) -> int:
        if self.seen:
            return self.seen(reader, row, copies)
        return copies if self.reached(reader, row) else 0

    def may(self, reader: Reader) -> bool:
        return self.writes is not None and (not self.writes or reader.may(*self.writes))


def _walled(
    *writes: str, taken: Callable[[Reader, Row], Wall], opened: tuple[str, ...] = (), **more: Any
) -> Table:
    """A table whose rows stand behind walls: reached where they are seen, never moved behind one
    that is not; entered behind the wall of what they belong to. Shown beside is what glass was
    broken for, of these kinds.
    """
    rows = tuple(
        {"wall": wall, "place": place, **_row(more, place)} for place, wall in enumerate(WALLS)
    )

    def seen(reader: Reader, row: Row, copies: int) -> int:
        if reader.through(row["wall"]):
            return copies
        shown = any(reader.opens(kind, row["place"]) for kind in opened)
        return (1 if more["kind"] in opened else copies) if shown else 0  # glass has one number

    return Table(
        writes,
        reached=lambda reader, row: reader.through(row["wall"]),
        enters=lambda reader, row: reader.through(taken(reader, row)),
        becomes=lambda reader, row: reader.through(row["wall"]),
        rows=rows,
        changed=tuple(({"wall": wall}, None) for wall in (WALLS[0], WALLS[2], WALLS[5])),
        takes=more["kind"] not in ("of_block", "case"),
        seen=seen,
    )


def _row(more: Mapping[str, Any], place: int) -> dict[str, Any]:
    wall = WALLS[place]
    held = {
        "of_return": {"of_id": number(place)},
        "of_block": {"block_id": number(place)},
        "of_item": {"item_id": number(place), "condition_id": number(place)},
        "of_ask": {"ask_id": number(place)},
        "case": {
            "return_id": number(place),
            "record": f"record {place}",
            "person": f"record {place}",
            "victim": "record 5" if place in GLASS["victim"] else "nobody",
        },
        "return": {
            "agency": wall.agency,
            "marking": wall.marking,
            "compartment_id": wall.compartment,
            "file_id": f"return {place}",
        },
        "report": {
            "agency": wall.agency,
            "marking": wall.marking,
            "compartment_id": wall.compartment,
            "file_id": f"report {place}",
        },
        "item": {"of_id": number(place), "marking": wall.marking},
        "ask": {"agency": wall.agency, "edition_id": f"edition {place}"},
    }[more["kind"]]
    return {**held, "letters": "2AP", "file_id": f"reply {place}", **held}


def _speaks_of(name: str) -> tuple[str, ...]:
    """Whom a record of a kind speaks of: the person, the victim."""
    fields = {each.name for each in KINDS[name].kept}
    person = ("person",) if name == "person" or "person" in fields else ()
    return (*person, *(("victim",) if "victim" in fields else ()))


def _of_parent(_: Reader, row: Row) -> Wall:
    return row["wall"]


def _within(row: Row) -> Wall:
    """The wall of what is entered with an agency, a marking and a compartment."""
    return Wall(row["agency"], row["marking"], row["compartment_id"])


def _of_item(_: Reader, row: Row) -> Wall:
    """An item stands behind the wall of its report, under no condition before it is graded."""
    wall = row["wall"]
    return Wall(wall.agency, max(wall.marking, row["marking"]), wall.compartment)


def _of_return(reader: Reader, row: Row) -> Wall:
    """A return is of who sends it, whatever it says."""
    return Wall(reader.agency, row["marking"], row["compartment_id"])


def _of_ask(_: Reader, row: Row) -> Wall:
    return Wall(row["agency"], row["wall"].marking)


def _mine(*columns: str) -> Callable[[Reader, Row], bool]:
    return lambda reader, row: all(row[each] == reader.who for each in columns)


def _is_me(reader: Reader, row: Row) -> bool:
    return reader.is_me(row)


def _sees_wall(of: str, kind: str = "") -> Callable[[Reader, Row], bool]:
    """What belongs to something behind a wall, named by its place."""
    return lambda reader, row: (
        reader.through(WALLS[row[of]]) or (kind != "" and reader.opens(kind, row[of]))
    )


def _submission(reader: Reader, row: Row) -> bool:
    kinds = {kind for each in reader.grants for kind in GRANTS[each]}
    return (
        reader.may("read_submissions")
        and row["agency"] == OWN
        and row["marking"] <= reader.sees
        and (reader.role != "program" or row["kind"] in kinds)
        and reader.is_in(row["compartment_id"])
    )


def _response(reader: Reader, row: Row) -> bool:
    told = reader.may("read_responses") or reader.may("read_releases")
    return row["public"] or (told and row["marking"] <= reader.sees)


def _release(reader: Reader, row: Row) -> bool:
    works = reader.may("read_releases") and reader.sees > 0
    return row["published_at"] is not None or works


#: A release that another prepared, one that is out, and one of one's own.
_UNTOUCHED = {"approved_by": "", "withdrawn_by": "", "withdrawn_why": "", "approved_at": None}
_RELEASED = (
    {**_UNTOUCHED, "prepared_by": "other", "published_at": None, "withdrawn_at": None},
    {
        **_UNTOUCHED,
        "prepared_by": "other",
        "approved_by": "third",
        "approved_at": THEN,
        "out_at": THEN,
        "published_at": THEN,
        "withdrawn_at": None,
    },
    {**_UNTOUCHED, "prepared_by": "me", "published_at": None, "withdrawn_at": None},
)


def _judged(reader: Reader, row: Row) -> bool:
    return reader.may("read_judgement") and row["marking"] <= reader.sees


def _edition(reader: Reader, row: Row) -> bool:
    return reader.may("read_releases") and row["marking"] <= reader.sees


#: Editions of three markings, one's own and others'.
_EDITIONS = (
    {"marking": 1, "prepared_by": "me"},
    {"marking": 2, "prepared_by": "other"},
    {"marking": 1, "prepared_by": "other"},
    {"marking": 3, "prepared_by": "me"},
)
#: What it takes to enter what was done with a judgement.
_JUDGES = {
    "drafted": "draft_judgement",
    "comment": "draft_judgement",
    "reviewed": "review_judgement",
    "sent_back": "review_judgement",
    "approved": "approve_judgement",
    "withdrawn": "approve_judgement",
    "resolved": "resolve_judgement",
}


def _judges(reader: Reader, row: Row) -> bool:
    takes = _JUDGES.get(row["kind"])
    done = row["by"] == reader.who and takes is not None and reader.may(takes)
    return done and _judged(reader, row["of"])


def _enquiry(reader: Reader, row: Row) -> bool:
    return reader.may("read_responses") and row["marking"] <= reader.sees


def _kept_answer(reader: Reader, row: Row) -> bool:
    if row["marking"] is None:
        return True
    sees = reader.sees if reader.may("read_figures") and not reader.bound else 0
    return (
        row["marking"] <= reader.sees
        and row["below"] <= 1_000_000 * (1 + sees)
        and reader.through_all(row["listed"])
    )


def _glass(reader: Reader, row: Row) -> bool:
    """One's own, the auditor's, and that of who owns the compartment that was broken into."""
    owns = row["target"] == str(number(5)) and reader.who == f"account:{ME}"
    return reader.is_me(row) or reader.may("read_log") or owns


def _may_break(reader: Reader, row: Row) -> bool:
    """A thing that is there, marked no higher than one sees, and not open already."""
    open_already = row["until"] == FAR and row["closed_at"] is None
    return reader.is_me(row) and 0 <= row["marked"] <= reader.sees and not open_already


def _compartment(reader: Reader, row: Row) -> bool:
    owns = reader.who == f"account:{row['owner_id']}"
    is_in = row["id"] == number(0) and reader.is_in(number(0))
    return is_in or reader.may("name_compartment") or owns


def _grant(reader: Reader, row: Row) -> bool:
    return reader.may("grant_compartment", "read_log") or reader.is_me(row)


def _decides(*columns: str) -> Callable[[Reader, Row], bool]:
    return lambda reader, row: (
        not reader.is_me(row) and any(row[each] == reader.who for each in columns)
    )


def _appointed(reader: Reader, row: Row) -> bool:
    return not reader.is_me(row) and reader.reaches(row)


def _outgoing(reader: Reader, row: Row) -> bool:
    word = row["response_id"] is None or reader.may("send_word")
    waits = row["attempt"] == 0 and row["ended_at"] is None and row["webhook_id"] is None
    return reader.role != "public" and waits and word


def _thing(reader: Reader, row: Row) -> bool:
    """A report that is reviewed, at the place that its number says: by marking and compartment."""
    wall = WALLS[row["target"] // 1000 - 1]
    return wall.marking <= reader.sees and reader.is_in(wall.compartment)


def _reviews(reader: Reader, row: Row) -> bool:
    return reader.may("propose_disposal", "read_log") and _thing(reader, row)


MINE = {"account_id": ME}
_KEPT = {"kind": "report", "target": number(0), "why": "synthetic", "held_by": "me"}
_KEPT |= {"ended_by": "", "ended_at": None, "ended_why": ""}
_DISPUTED = {"why": "synthetic", "opened_by": "other", "ended_by": "", "ended_at": None}
_OPINION = {"proposed_by": "me", "agreed_by": "", "agreed_at": None}
_OPINION |= {"withdrawn_by": "", "withdrawn_at": None}
_GOES = {"kind": "report", "target": number(0), "why": "synthetic", "proposed_by": "me"}
_GOES |= {"withdrawn_by": "", "withdrawn_at": None, "carried_out_by": "", "carried_out_at": None}
THEIRS = {"account_id": OTHER}
_SUBMITTED = {"agency": OWN, "kind": "return", "marking": 1, "compartment_id": None}
_SUBMITTED |= {"drafted_by": "me"}
_PROPOSED = {"account_id": OTHER, "agency": OWN, "proposed_by": "me", "marking": 1}
_PROPOSED |= {"approved_by": "", "approved_at": None, "ended_by": "", "ended_at": None}
_PLACE = {"account_id": OTHER, "proposed_by": "me", "approved_by": "", "approved_at": None}
_PLACE |= {"compartment_id": number(0), "valid_from": NOW, "valid_to": THEN}
_PLACE |= {"ended_by": "", "ended_at": None}
_TOKEN = {"agency": OWN, "made_by": "me", "revoked_by": "", "revoked_at": None}
_SENT = {"response_id": None, "attempt": 0, "ended_at": None, "webhook_id": None, "outcome": ""}
_GIVEN_UP = {**_SENT, "attempt": 8, "ended_at": NOW, "outcome": "given up"}
_BROKEN = {"kind": "return", "target": str(number(0)), "until": THEN, "broken_at": THEN}
_BROKEN |= {"closed_at": None, "marked": 1, "account_id": ME}
_OPEN = {**_BROKEN, "until": FAR, "broken_at": PLANTED}
_OPEN_HIGH = {**_OPEN, "target": str(number(9)), "marked": 2}
_NAMED = {"owner_id": OTHER, "named_by": "other", "closed_by": "", "closed_at": None}
_ANSWERED = ({"public": True, "marking": 2}, {"public": False, "marking": 1})
_ANSWERED += ({"public": False, "marking": 2},)
_RELEASES = ("draft_submission", "release_submission")
_ANSWERS = ("draft_response", "register_response")
_LINKS = ("link_records", "decide_link")
_HELD_IN_FILES = tuple({"file_id": f"{kind} {place}", "of": place} for kind, place in (
    *(("return", place) for place in (0, 2, 5)),
    *(("report", place) for place in (0, 2)),
    *(("reply", place) for place in (0, 2)),
))  # fmt: skip

TABLES: dict[str, Table] = {
    "store_return": _walled(
        "receive_return", kind="return", taken=_of_return, opened=("return",)
    ),
    "store_block": _walled(
        "receive_return", kind="of_return", taken=_of_parent, opened=("return",)
    ),
    "store_statement": _walled(
        "receive_return", kind="of_block", taken=_of_parent, opened=("return",)
    ),
    **{
        f"case_{name}": _walled(
            "receive_return", kind="case", taken=_of_parent, opened=("return", *_speaks_of(name))
        )
        for name in KINDS
    },
    "store_intelligencereport": _walled(
        "file_report", kind="report", taken=lambda _, row: _within(row), opened=("report",)
    ),
    "store_intelligenceitem": _walled(
        "file_report", kind="item", taken=_of_item, opened=("report",)
    ),
    "store_itemlink": _walled(
        "file_report", kind="of_item", taken=_of_parent, opened=("report",)
    ),
    "store_askreply": _walled("file_report", kind="of_ask", taken=_of_parent),
    "store_itemgrade": _walled(
        "file_report", "grade_item", kind="of_item", taken=_of_parent, opened=("report",)
    ),
    "store_secondgrade": _walled(
        "grade_item", kind="of_item", taken=_of_parent, opened=("report",)
    ),
    "store_ask": _walled("raise_ask", kind="ask", taken=_of_ask),
    "store_askchange": _walled("raise_ask", kind="of_ask", taken=_of_parent),
    "store_lateexception": _walled("raise_ask", kind="of_ask", taken=_of_parent),
    "store_returnremark": Table(
        ("receive_return",),
        _sees_wall("of", "return"),
        rows=tuple({"of_id": number(place), "of": place} for place in (0, 1, 2, 5, 9)),
    ),
    "store_filepiece": Table(
        ("receive_return", "file_report"), _sees_wall("of"), rows=_HELD_IN_FILES
    ),
    "store_requirementedition": Table(
        ("set_requirement",),
        lambda reader, row: row["marking"] <= reader.sees,
        rows=tuple(
            {"code": f"edition {place}", "marking": wall.marking}
            for place, wall in enumerate(WALLS)
        ),
    ),
    "store_keptanswer": Table(
        (),
        _kept_answer,
        rows=tuple(
            {"marking": marking, "below": below, "listed": listed}
            for marking, below, listed in (
                (None, 0, []),
                (1, 2_000_000, []),
                (2, 1_000_000, []),
                (1, 1_000_000, [WALLS[0]]),
                (1, 1_000_000, [WALLS[5]]),
                (0, 1_000_000, []),
            )
        ),
    ),
    "store_response": Table(
        ("register_response",),
        _response,
        rows=_ANSWERED,
        updated=False,
    ),
    "store_responsepart": Table(
        ("register_response",),
        lambda reader, row: _response(reader, row["of"]),
        rows=tuple({"of_id": number(place), "of": row} for place, row in enumerate(_ANSWERED)),
        updated=False,
    ),
    "store_release": Table(
        ("prepare_release", "approve_release"),
        _release,
        lambda reader, row: (
            reader.may("prepare_release")
            and row["prepared_by"] == reader.who
            and row["approved_at"] is None
        ),
        lambda reader, row: (
            reader.may("approve_release")
            and row["prepared_by"] != reader.who
            and (row["withdrawn_at"] is None or row["withdrawn_by"] == reader.who)
        ),
        rows=_RELEASED,
        entered=({**_RELEASED[1], "prepared_by": "me"},),
        changed=(
            ({"approved_by": "me", "approved_at": NOW}, 0),
            ({"approved_by": "me", "approved_at": NOW}, 2),
            ({"withdrawn_by": "me", "withdrawn_at": NOW, "withdrawn_why": "x" * 12}, 1),
            ({"withdrawn_by": "other", "withdrawn_at": NOW, "withdrawn_why": "x" * 12}, 1),
            ({"title": "another"}, 0),
        ),
        completed=(
            *("approved_by", "approved_at", "published_at"),
            *("withdrawn_by", "withdrawn_at", "withdrawn_why"),
        ),
    ),
    **{
        name: Table(
            ("prepare_release",),
            lambda reader, row: _release(reader, row["of"]),
            rows=tuple({"of_id": number(at), "of": row} for at, row in enumerate(_RELEASED)),
            updated=False,
        )
        for name in ("store_releasetable", "store_releasefile")
    },
    "store_releasecopy": Table(
        ("approve_release",),
        lambda reader, _: reader.may("read_releases"),
        _mine("given_by"),
        rows=({"given_by": "me"}, {"given_by": "other"}),
        updated=False,
    ),
    "store_edition": Table(
        ("prepare_release",),
        _edition,
        lambda reader, row: row["prepared_by"] == reader.who and row["marking"] <= reader.sees,
        rows=_EDITIONS,
        updated=False,
    ),
    "store_editionfile": Table(
        ("prepare_release",),
        lambda reader, row: _edition(reader, row["of"]),
        rows=tuple({"of_id": number(at), "of": row} for at, row in enumerate(_EDITIONS)),
        updated=False,
    ),
    "store_judgementversion": Table(
        ("draft_judgement",),
        _judged,
        _judged,
        rows=({"marking": 1}, {"marking": 2}),
        updated=False,
    ),
    "store_judgementevent": Table(
        (),
        lambda reader, row: _judged(reader, row["of"]),
        _judges,
        rows=tuple(
            {"of_id": number(place), "of": {"marking": place + 1}, "kind": "drafted", "by": "me"}
            for place in (0, 1)
        ),
        entered=tuple(
            {"of_id": number(0), "of": {"marking": 1}, "kind": kind, "by": by}
            for kind in (*_JUDGES, "another")
            for by in ("me", "other")
        ),
        updated=False,
    ),
    "store_unansweredquestion": Table(
        ("raise_gap", "fill_gap"), lambda reader, _: reader.may("read_gaps")
    ),
    "store_informationrequest": Table(
        ("request_information",),
        lambda reader, row: (
            reader.may("request_information")
            or (reader.may("read_asks") and row["agency"] == reader.agency)
        ),
        rows=({"agency": OWN}, {"agency": OTHERS}),
    ),
    "store_submission": Table(
        _RELEASES,
        _submission,
        lambda reader, row: _submission(reader, row) and row["drafted_by"] == reader.who,
        _submission,
        rows=(
            _SUBMITTED,
            {**_SUBMITTED, "marking": 2},
            {**_SUBMITTED, "agency": OTHERS},
            {**_SUBMITTED, "kind": "report"},
            {**_SUBMITTED, "kind": "replies"},
            {**_SUBMITTED, "compartment_id": number(0)},
            {**_SUBMITTED, "compartment_id": number(1), "drafted_by": "other"},
        ),
        entered=({**_SUBMITTED, "drafted_by": "other"},),
        changed=(
            ({"marking": 2}, None),
            ({"agency": OTHERS}, None),
            ({"compartment_id": number(1)}, None),
            ({"released_by": "me"}, None),
            ({"drafted_by": "other"}, None),
            ({"sha256": "another"}, None),
        ),
        kept=("drafted_by", "sha256"),  # who drafted what, which another releases
    ),
    "store_sentonce": Table(
        _RELEASES,
        *[lambda reader, row: row["agency"] == reader.agency and reader.role == "program"] * 3,
        rows=({"agency": OWN}, {"agency": OTHERS}),
        changed=(({"agency": OTHERS}, None), ({"digest": "x"}, None)),
        removed=True,
    ),
    "identity.draft": Table(
        _RELEASES,
        lambda reader, row: _submission(reader, row["of"]),
        rows=tuple(
            {"submission_id": number(place), "of": {**_SUBMITTED, **more}}
            for place, more in enumerate(
                (
                    {},
                    {"marking": 2},
                    {"agency": OTHERS},
                    {"kind": "report"},
                    {"kind": "replies"},
                    {"compartment_id": number(0)},
                    {"compartment_id": number(1)},
                )
            )
        ),
        updated=False,
        removed=True,
    ),
    "store_takenback": Table(("take_back", "file_report", "register_response")),
    "store_wall": Table(None, rows=()),
    "store_compartment": Table(
        ("name_compartment",),
        _compartment,
        lambda reader, row: row["named_by"] == reader.who and row["closed_at"] is None,
        _mine("closed_by"),
        rows=(
            {**_NAMED, "id": number(0)},
            {**_NAMED, "id": number(1), "owner_id": ME},
            {**_NAMED, "id": number(2), "named_by": "me"},
            {**_NAMED, "id": number(3), "closed_by": "other", "closed_at": NOW},
        ),
        entered=({**_NAMED, "named_by": "me", "closed_at": NOW},),
        changed=(
            ({"closed_by": "me", "closed_at": NOW}, 2),
            ({"closed_by": "other", "closed_at": NOW}, 2),
            ({"closed_by": "me"}, 3),
            ({"closed_by": "me", "name": "another"}, 2),
            ({"closed_by": "me", "owner_id": ME}, 2),
        ),
        completed=("closed_by", "closed_at"),
    ),
    "store_compartmentgrant": Table(
        ("grant_compartment",),
        _grant,
        lambda reader, row: (
            _mine("proposed_by")(reader, row)
            and not reader.is_me(row)
            and row["approved_at"] is None
        ),
        _decides("ended_by", "approved_by"),
        rows=(
            {**_PLACE, **MINE, "valid_to": "2999-01-01", "approved_by": "o", "approved_at": NOW},
            {**_PLACE, "proposed_by": "other"},
            _PLACE,
            {**_PLACE, "approved_by": "other", "approved_at": NOW},
        ),
        entered=(
            {**_PLACE, **MINE},
            {**_PLACE, "approved_by": "other", "approved_at": NOW},
        ),
        changed=(
            ({"approved_by": "me", "approved_at": NOW}, 1),
            ({"approved_by": "other", "approved_at": NOW}, 1),
            ({"ended_by": "me", "ended_at": NOW}, 3),
            ({"ended_by": "other", "ended_at": NOW}, 3),
            ({"ended_by": "me", "ended_at": NOW}, 0),
            ({"approved_by": "me"}, 3),
            ({"ended_by": "me", "valid_to": "2999-01-01"}, 3),
            ({"ended_by": "me", "account_id": ME}, 1),
        ),
        completed=("approved_by", "approved_at", "ended_by", "ended_at", "ended_why"),
    ),
    "store_handlingcondition": Table(
        None,
        rows=tuple({"of": place} for place in range(len(WALLS))),
        seen=lambda reader, row, _copies: int(_sees_wall("of", "report")(reader, row)),
    ),
    "store_brokenglass": Table(
        ("break_glass",),
        _glass,
        _may_break,
        _is_me,
        rows=(
            {**_BROKEN, **THEIRS},
            {**_OPEN, "kind": "report", "target": str(number(5)), "closed_at": NOW},
            {**_OPEN, **THEIRS, "target": str(number(5))},
            _OPEN_HIGH,
            {**_OPEN_HIGH, "kind": "report"},
            {**_OPEN, "target": str(number(8)), "broken_at": THEN},
            {**_OPEN, "kind": "person", "target": "record 5"},
            {**_OPEN_HIGH, "kind": "person", "target": "record 1"},
        ),
        entered=(
            _BROKEN,
            {**_BROKEN, "target": str(number(5))},
            {**_BROKEN, "kind": "report"},
            {**_BROKEN, "kind": "report", "target": str(number(1)), "marked": 2},
            {**_BROKEN, "kind": "person", "target": "record 0"},
            {**_BROKEN, "kind": "person", "target": "record 9", "marked": 2},
            {**_BROKEN, "kind": "person", "target": "nobody", "marked": -1},
            {**_BROKEN, "target": str(number(2))},
            {**_BROKEN, "target": "0", "marked": -1},
        ),
        changed=(
            ({"closed_at": "2026-01-02"}, 0),
            ({"closed_at": "2026-01-02"}, 1),
            ({"closed_at": "2026-01-02"}, 2),
            ({"closed_at": "2026-01-02"}, 3),
            ({"until": "2998-01-01"}, 3),
            ({"closed_at": "2026-01-02"}, None),
        ),
        completed=("closed_at",),
    ),
    "store_agencychange": Table(None),
    "store_job": Table(
        ("run_job", "save_question"), _is_me, _is_me, _is_me, rows=(MINE, THEIRS),
        changed=((THEIRS, None), ({"worker": "x"}, None)),
    ),
    "store_savedquestion": Table(
        ("save_question",), _is_me, _is_me, _is_me, rows=(MINE, THEIRS), changed=((THEIRS, None),)
    ),
    "store_wish": Table(
        ("choose_told",), _is_me, _is_me, _is_me, rows=(MINE, THEIRS), changed=((THEIRS, None),)
    ),
    "store_hold": Table(
        ("propose_disposal",),
        _reviews,
        lambda reader, row: (
            _mine("held_by")(reader, row) and row["ended_at"] is None and _thing(reader, row)
        ),
        _mine("ended_by"),
        rows=(
            _KEPT,
            {**_KEPT, "target": number(1), "held_by": "other"},
            {**_KEPT, "target": number(5)},
            {**_KEPT, "ended_by": "other", "ended_at": NOW},
        ),
        changed=(
            ({"ended_by": "me", "ended_at": NOW}, 0),
            ({"ended_by": "me", "ended_at": NOW}, 1),
            ({"ended_by": "other", "ended_at": NOW}, 0),
            ({"ended_by": "me"}, 3),
            ({"ended_by": "me", "ended_at": NOW, "until": FAR}, 0),
            ({"why": "another"}, 0),
        ),
        completed=("ended_by", "ended_at", "ended_why"),
    ),
    "store_dispute": Table(
        ("answer_dispute",),  # to enter one takes a purpose, which nobody here stated
        lambda reader, row: (
            reader.may("read_disputes")
            and WALLS[row["of"]].marking <= reader.sees
            and reader.is_in(WALLS[row["of"]].compartment)
            and (not reader.bound or row["agency"] == OWN)
        ),
        lambda _reader, _row: False,
        lambda reader, row: row["agency"] == OWN and row["ended_by"] == reader.who,
        rows=tuple(
            {**_DISPUTED, "of": place, "of_id": number(place), "agency": WALLS[place].agency}
            for place in (0, 1, 2, 5)
        ),
        changed=(
            ({"ended_by": "me", "ended_at": NOW}, 0),
            ({"ended_by": "me", "ended_at": NOW}, 2),
            ({"ended_by": "other", "ended_at": NOW}, 0),
            ({"why": "another"}, 0),
            ({"agency": OTHERS}, 0),
        ),
        completed=("ended_by", "ended_at", "ended_why"),
    ),
    "store_disposal": Table(
        ("propose_disposal",),
        _reviews,
        lambda reader, row: (
            _mine("proposed_by")(reader, row)
            and row["carried_out_at"] is None
            and row["withdrawn_at"] is None
            and _thing(reader, row)
        ),
        lambda reader, row: (
            _mine("withdrawn_by")(reader, row) and row["carried_out_at"] is None
        ),
        rows=(
            _GOES,
            {**_GOES, "target": number(1)},
            {**_GOES, "target": number(4), "proposed_by": "other"},
            {**_GOES, "target": number(5)},
            {**_GOES, "carried_out_by": "other", "carried_out_at": NOW},
        ),
        entered=({**_GOES, "withdrawn_by": "me", "withdrawn_at": NOW},),
        changed=(
            ({"withdrawn_by": "me", "withdrawn_at": NOW}, 0),
            ({"withdrawn_by": "other", "withdrawn_at": NOW}, 0),
            ({"withdrawn_by": "me", "withdrawn_at": NOW}, 4),
            ({"carried_out_by": "me", "carried_out_at": NOW}, 2),
            ({"why": "another"}, 0),
        ),
        completed=("withdrawn_by", "withdrawn_at", "carried_out_by", "carried_out_at", "gone"),
    ),
    "store_webhook": Table(
        ("tend_webhooks",),
        *[
            lambda reader, row: reader.may("tend_webhooks") and row["agency"] == reader.agency,
        ]
        * 3,
        rows=({"agency": OWN}, {"agency": OTHERS}),
        changed=(({"agency": OTHERS}, None), ({"address": "x"}, None)),
    ),
    "identity.addressee": Table(
        ("register_response",),
        lambda reader, row: reader.may("read_responses") and _response(reader, row["of"]),
        rows=tuple(
            {"response_id": number(place), "of": row} for place, row in enumerate(_ANSWERED)
        ),
        updated=False,
        removed=True,
    ),
    "store_logentry": Table(
        (),
        rows=({"of": 0}, {"of": 1}),
        updated=False,
        seen=lambda reader, row, copies: copies if reader.may("read_log") else row["of"],
    ),
    "store_recordset": Table((), lambda reader, _: reader.may("read_log"), updated=False),
    "store_enquiry": Table(
        _ANSWERS, _enquiry, rows=({"marking": 1}, {"marking": 2}, {"marking": 0})
    ),
    "identity.enquiry": Table(
        _ANSWERS,
        lambda reader, row: _enquiry(reader, row["of"]),
        rows=tuple(
            {"enquiry_id": number(place), "of": {"marking": marking}}
            for place, marking in enumerate((1, 2, 0))
        ),
        updated=False,
        removed=True,
    ),
    "person_link": Table(
        _LINKS,
        _sees_wall("of", "person"),
        rows=tuple({"record": f"record {place}", "of": place} for place in (0, 1, 2, 5)),
    ),
    **dict.fromkeys(
        ("store_linkpair", "store_linkedrecord", "store_linkrun", "store_linkdecision"),
        Table(_LINKS, lambda reader, _: reader.may("read_links")),
    ),
    "store_linkproposal": Table(
        ("decide_link",),
        lambda reader, _: reader.may("read_links"),
        lambda reader, row: (
            _mine("proposed_by")(reader, row) and row["agreed_at"] is row["withdrawn_at"] is None
        ),
        lambda reader, row: reader.who in (row["agreed_by"], row["withdrawn_by"]),
        rows=(_OPINION, {**_OPINION, "proposed_by": "other"}),
        entered=(
            {**_OPINION, "agreed_by": "me", "agreed_at": NOW},
            {**_OPINION, "withdrawn_by": "me", "withdrawn_at": NOW},
        ),
        changed=(
            ({"agreed_by": "me", "agreed_at": NOW}, 1),
            ({"agreed_by": "other", "agreed_at": NOW}, 0),
            ({"withdrawn_by": "me", "withdrawn_at": NOW}, 0),
            ({"agreed_by": "me", "reason": "another"}, 1),
        ),
        kept=("reason", "proposed_by"),
    ),
    "store_appointment": Table(
        (),
        lambda reader, row: (
            reader.may("approve_appointment", "end_appointment") and _appointed(reader, row)
        ),
        lambda reader, row: (
            reader.may("appoint")
            and _appointed(reader, row)
            and row["proposed_by"] == reader.who
            and row["approved_at"] is None
        ),
        lambda reader, row: (
            _appointed(reader, row)
            and reader.who in (row["approved_by"], row["ended_by"])
            and row["approved_by"] != row["proposed_by"]
        ),
        rows=(
            {**_PROPOSED, **MINE, "proposed_by": "other"},
            {**_PROPOSED, "proposed_by": "other"},
            {**_PROPOSED, "proposed_by": "other", "agency": OTHERS},
            _PROPOSED,
            {**_PROPOSED, "proposed_by": "other", "approved_by": "o", "approved_at": NOW},
        ),
        seen=lambda _reader, _row, copies: copies,
        entered=(
            {**_PROPOSED, **MINE},
            {**_PROPOSED, "agency": OTHERS},
            {**_PROPOSED, "approved_by": "other", "approved_at": NOW},
        ),
        changed=(
            *(({"approved_by": "me", "approved_at": NOW}, place) for place in range(5)),
            *(({"ended_by": "me", "ended_at": NOW}, place) for place in range(5)),
            ({"approved_by": "other", "approved_at": NOW}, 1),
            ({"ended_by": "other", "ended_at": NOW}, 4),
            ({"ended_by": "me", "account_id": ME}, 4),
            ({"ended_by": "me", "marking": 2}, 4),
            ({"ended_by": "me", "agency": OTHERS}, 4),
            ({"ended_by": "me", "role": "analyst"}, 4),
        ),
        completed=("approved_by", "approved_at", "ended_by", "ended_at", "ended_why"),
    ),
    "store_token": Table(
        (),
        lambda reader, row: (
            reader.may("revoke_token") and reader.reaches(row) and row["revoked_at"] is None
        ),
        lambda reader, row: (
            reader.may("make_token")
            and row["made_by"] == reader.who
            and reader.reaches(row)
            and row["revoked_at"] is None
        ),
        lambda reader, row: reader.reaches(row) and row["revoked_at"] is not None,
        rows=(
            {**_TOKEN, "made_by": "other"},
            _TOKEN,
            {**_TOKEN, "agency": OTHERS},
            {**_TOKEN, "revoked_at": NOW},
            {**_TOKEN, "made_by": "other", "of": "programs"},
        ),
        seen=lambda reader, row, copies: (
            copies
            if reader.may("read_tokens") and reader.reaches(row)
            else int(bool(reader.grants) and "of" in row)
        ),
        changed=(
            ({"revoked_at": NOW}, None),
            ({"grants": ["figures", "release"]}, None),
            ({"revoked_at": NOW, "agency": OTHERS}, None),
        ),
    ),
    "store_outgoing": Table(
        (),
        lambda reader, row: reader.may("tend_outbox") and row["outcome"] == "given up",
        _outgoing,
        lambda _, row: row["outcome"] == "" and row["attempt"] == 0,
        seen=lambda reader, row, copies: (
            copies
            if reader.may("tend_outbox")
            or (row["response_id"] is not None and reader.may("read_responses"))
            else 0
        ),
        rows=(_SENT, _GIVEN_UP, {**_GIVEN_UP, "outcome": "sent"}, {**_SENT, "response_id": 1}),
        entered=(
            {**_SENT, "attempt": 1},
            {**_SENT, "ended_at": NOW},
            {**_SENT, "webhook_id": 1},
        ),
        changed=(
            ({"outcome": "", "attempt": 0, "ended_at": None}, None),
            ({"outcome": "", "attempt": 1}, None),
            ({"outcome": "sent", "attempt": 0}, None),
        ),
    ),
}  # fmt: skip
NO_ROLE = ("operator", "public", "nobody", "newcomer", "program")
#: Everybody who asks.
READERS = (
    Reader("public", 0),
    Reader("analyst", 0),
    Reader("release_officer", 0),
    *(Reader(str(role)) for role in Role if role not in NO_ROLE),
    Reader("analyst", 2),
    Reader("agency_supervisor", 0),
    Reader("agency_supervisor", 2),
    *(Reader("program", 1, (grant,)) for grant in GRANTS),
)
