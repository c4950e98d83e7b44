"""Permission is a wall, tried: every query of the store that takes a scope gives its rows to who
may see them and nothing to who may see nothing.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import ibis
import polars as pl
import pytest
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from darkfigure.basis.errors import NotPermitted
from darkfigure.basis.marking import NOTHING, Marking
from darkfigure.basis.statement import Head
from darkfigure.cases.casework import CASE_RETURNS
from darkfigure.evidence.snapshots import tables
from darkfigure.intelligence.judgements import CitedFigure
from darkfigure.intelligence.requirement_sets import RequirementSet
from darkfigure.publication import ask
from darkfigure.reading.release_plans import read_plan
from darkfigure.tables.measures import measure_named
from darkfigure_hub.access import for_nobody
from darkfigure_hub.flows.appoint import Proposal, propose_appointment
from darkfigure_hub.flows.enquire import Opening, open_enquiry
from darkfigure_hub.flows.file_report import submit_replies, submit_report
from darkfigure_hub.flows.judge import draft_judgement
from darkfigure_hub.flows.programs import Wanted as WantedToken
from darkfigure_hub.flows.programs import make_token
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.release_figures import approve_release, prepare_release
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.flows.set_requirements import load_set, put_asks
from darkfigure_hub.flows.settle_cell import accept_answer
from darkfigure_hub.flows.submit import draft_submission
from darkfigure_hub.store import queries
from darkfigure_hub.store.models import (
    Account,
    Ask,
    Compartment,
    CompartmentGrant,
    Dispute,
    Edition,
    EditionFile,
    Enquiry,
    IntelligenceItem,
    IntelligenceReport,
    KeptAnswer,
    LateException,
    PersonLink,
    Release,
    Response,
    Return,
    SecondGrade,
    Submission,
    Token,
    Webhook,
)
from darkfigure_hub.store.queries import exporting, words
from darkfigure_hub.store.queries.case_records import StoreRecords
from darkfigure_hub.store.queries.evidence import StoreEvidence
from darkfigure_hub.store.queries.glass import break_through
from judgements_drawn import SOUND
from support import statement, statement_file

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 20)
PLACE = ("HT.6.4", "Kent", "2026 Q2")
#: What says how much is withheld, and where: it has nothing to say to who sees everything.
TELLS_WHAT_IS_WITHHELD = {
    "evidence.StoreEvidence.withheld",
    "holdings.withheld_figures",
    "ledger_rows.withheld_places",
    "intelligence.withheld_items",
    "judgements.withheld_judgements",
}

#: What a login of its own reads, which sees only what is committed: tried in `test_spellings` and
#: `test_names`.
READ_ELSEWHERE = {
    "identity.names_among",
    "origins.spellings",
    "responses.request_texts",
    "subjects.in_words",
    "subjects.named",
}


def report(marking):
    link = dict(zip(("question", "area", "period"), PLACE, strict=True))
    item = {"number": 1, "grade": "2CP", "on": "2026-06-01", "origin": "SYNTHETIC-origin"}
    return {
        "reference": f"SYN-{marking}",
        "agency": "kent",
        "marking": marking,
        "source": {"kind": "officer"},
        "submitted_by": "a",
        "graded_by": "b",
        "submitted_on": "2026-06-02",
        "synthetic": True,
        # the fourth is of the sample that is graded twice
        "items": [
            {**item, "number": n, "links": [{**link, "relation": "supports"}]} for n in (1, 4)
        ],
    }


PLAN = {
    **dict.fromkeys(("series", "edition"), "synthetic"),
    **dict.fromkeys(("title", "summary", "publisher", "contact", "licence"), "SYNTHETIC"),
    "out": "2030-01-01 09:30",
    "tables": [{"code": "t", "title": "SYNTHETIC", "ask": "arrests"}],
}


JUDGED = replace(
    SOUND, known=DAY, requirements=("HT.6.4",), figures=(CitedFigure("victims_recovered", DAY),),
    **dict.fromkeys(("items_for", "items_against", "assumptions", "hypotheses", "rows"), ()),
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(operator, django_db_setup, django_db_blocker, tmp_path_factory):
    """The loaded test database with something of everything, once: all tests here only read."""
    whole = transaction.atomic()
    whole._from_testcase = True  # deeds that commit by themselves may be within it
    with django_db_blocker.unblock(), whole:
        yield something_of_everything(operator, tmp_path_factory.mktemp("filled"))
        transaction.set_rollback(True)


def something_of_everything(operator, tmp_path):
    """What a query needs to be asked of. Gives the edition in force."""
    marked = statement_file(tmp_path / "marked.csv", statement(value=1, period="2001"))
    receive_return(operator, marked, marking=Marking.OFFICIAL)
    edition = load_set(operator, "human_trafficking").edition
    place = dict(zip(("question", "area", "period"), PLACE, strict=True))
    asked = {**place, "due": "2026-07-15", "gateway": "synthetic"}
    rows = [{**asked, "agency": "kent"}, {**asked, "agency": "NCA"}]
    put_asks(operator, edition, rows, date(2026, 4, 1))
    for marking in ("OFFICIAL", "OFFICIAL-SENSITIVE"):
        path = tmp_path / f"{marking}.json"
        path.write_text(json.dumps(report(marking)), encoding="utf-8")
        submit_report(operator, path, edition)
    item = IntelligenceItem.objects.first()
    SecondGrade.objects.create(item=item, first="2CP", first_by="b", letters="2CP", graded_by="c")
    answered = Ask.objects.get(agency="NCA")
    more = {"until": date(2026, 8, 15), "reason": "synthetic", "known_from": date(2026, 4, 2)}
    LateException.objects.create(ask=answered, given_by="b", **more)
    path = tmp_path / "replies.json"
    given = {"agency": "NCA", "signed_off_by": "r", "on": "2026-07-01", "synthetic": True}
    said = {**given, "replies": [{"ask": str(answered), "kind": "nil_unsearched"}]}
    path.write_text(json.dumps(said), encoding="utf-8")
    submit_replies(operator, path)
    accept_answer(operator, edition, PLACE, stated_by="x", confidence="low", on=DAY, lapses_on=None)
    person = StoreRecords(operator).fetch("SELECT record FROM case_person LIMIT 1")[0][0]
    PersonLink.objects.create(
        record=person, person=person, surely=person, possibly=person, known_from=DAY
    )
    propose_appointment(
        operator, Proposal("synthetic@example.org", "Alex Invented", "kent", "reporting_officer")
    )
    draft = draft_submission(operator, "return", "synthetic.csv", b"synthetic")
    draft_submission(operator, "return", "again.csv", b"synthetic again", replaces=draft)
    open_enquiry(operator, Opening(DAY, text="synthetic"))
    until = timezone.localdate()
    hook = {"address": "https://example.org/", "events": ["ask.raised"], "locked": "x"}
    Webhook.objects.create(agency="kent", made_by="a", **hook)
    make_token(operator, WantedToken("kent", "synthetic", ["returns"], Marking.OFFICIAL, until))
    of = Return.objects.filter(marking=Marking.OFFICIAL).first()
    disputed = {"kind": "person", "target": 1, "row": 1, "fields": ["sex"], "ground": "unlawful"}
    told = {"why": "synthetic reason", "due_on": DAY, "opened_by": "a", "marking": 1}
    Dispute.objects.create(agency="kent", of=of, **disputed, **told)
    owner = Account.objects.create(email="o@example.org", name="Alex Invented", made_by="test")
    compartment = Compartment.objects.create(name="synthetic", owner=owner, named_by="test")
    CompartmentGrant.objects.create(
        compartment=compartment, account=owner, valid_from=DAY, valid_to=DAY, proposed_by="test"
    )
    break_through(owner.pk, "return", "1", "synthetic: a reason that is of some length, as asked")
    of_cases = Return.objects.filter(kind__in=CASE_RETURNS).order_by("id")[:1]
    Return.objects.filter(id__in=of_cases).update(marking=Marking.OFFICIAL)
    question = ask("victims_recovered", DAY)
    drafted = draft_response(operator, [Wanted(question)], Request(), DAY)
    register_response(operator, drafted, public=True, release_marked="Synthetic.")
    words.send(Response.objects.latest("id").pk, "changed", "synthetic")
    words.keep_address(Response.objects.latest("id").pk, b"synthetic")
    approve_prepared(operator, DAY)
    draft_judgement(operator, JUDGED, DAY)
    frozen = Edition.objects.create(
        name="2026", title="synthetic", as_at=DAY, marking=Marking.OFFICIAL, requirements=edition,
        content="0", said={"texts": {}}, public=Release.objects.get(), code="0", prepared_by="test",
    )  # fmt: skip
    EditionFile.objects.create(of=frozen, name="synthetic", sha256="0", body=b"synthetic")
    return edition


def approve_prepared(operator, day):
    """A release that is approved, and not out yet."""
    plan = read_plan(json.dumps(PLAN), "plan")
    made = prepare_release(operator, plan, day)
    another = replace(operator, who="operator:another")
    approve_release(another, made.name, made.release.content)


def head_of(block):
    """What a block is about and who stated it."""
    return Head(**{each.name: getattr(block, each.name) for each in dataclasses.fields(Head)})


@pytest.fixture(scope="module")
def arguments(operator, filled):
    """What each parameter is tried with, by its name, or by QUERY.NAME where one needs its own."""
    records, evidence = StoreRecords(operator), StoreEvidence(operator)
    returns = list(Return.objects.values_list("id", flat=True))
    return {
        "return_id": returns,
        "most": [10],
        "of_return.number": returns,
        "of_report.number": list(IntelligenceReport.objects.values_list("id", flat=True)),
        "record": [records.fetch("SELECT person FROM case_role LIMIT 1")[0][0]],
        "table": list(tables()),
        "chunks_of.wanted": [
            [each for table in tables() for each in exporting.slices(operator, table, DAY)]
        ],
        "as_at": [DAY],
        "day": [DAY],
        "edition": [filled],
        "editions": [[filled]],
        "references": [[str(each) for each in Ask.objects.all()]],
        "number": list(Submission.objects.values_list("id", flat=True)),
        "locked_bytes.number": [
            *Submission.objects.values_list("id", flat=True),
            *Enquiry.objects.values_list("id", flat=True),
        ],
        "enquiry.number": list(Enquiry.objects.values_list("id", flat=True)),
        "token_numbered.number": list(Token.objects.values_list("id", flat=True)),
        "name": ["kent SYN-OFFICIAL/1"],
        **{
            f"{each}.number": list(Release.objects.values_list("id", flat=True))
            for each in ("files", "file", "answers_of")
        },
        **{
            f"{each}.number": list(Edition.objects.values_list("id", flat=True))
            for each in ("edition_said", "edition_files", "edition_file", "edition_file_names")
        },
        "file.name": ["index.html"],
        "edition_file.name": ["synthetic"],
        "said.numbers": [list(Release.objects.values_list("id", flat=True))],
        "answer_id": [KeptAnswer.objects.values_list("pk", flat=True).last()],
        **{name: [timezone.localdate()] for name in ("citable_item.day", "items_since.day")},
        "question": [PLACE[0]],
        "since": [date.min],
        "report_named.name": ["kent SYN-OFFICIAL"],
        "measure": ["victims_recovered"],
        "measures": [[measure_named("victims_recovered")]],
        "blocks": [evidence.blocks("victims_recovered")],
        "heads": [[head_of(each) for each in evidence.blocks("victims_recovered")]],
        "block_ids": [[each.id for each in evidence.blocks("victims_recovered")]],
        "sha256s": [[]],
        "whole": [True, False],
        "row": evidence.rows(evidence.blocks("victims_recovered"), (), None)[:3],
        "names": [[records.fetch("SELECT person FROM case_role LIMIT 1")[0][0]]],
        "rank": [0],
        "by": [("operation",), ()],
        "where": [()],
        "collapse": [False, True],
        "kind": ["person", "recovery"],
        "expression": [records.table("person").select("record")],
        "fetch.expression": [
            records.table("person").select("record"),
            "SELECT record FROM case_recovery",
            "WITH mine AS (SELECT * FROM case_person) SELECT record FROM mine",
            "SELECT record FROM person_link",
        ],
    }


def asked():
    """Every query that takes a scope: its name, the class or none, the function."""
    found = []
    for module in pkgutil.iter_modules(queries.__path__):
        held = importlib.import_module(f"{queries.__name__}.{module.name}")
        for name, thing in vars(held).items():
            if getattr(thing, "__module__", "") != held.__name__ or name.startswith("_"):
                continue
            if inspect.isclass(thing) and "scope" in inspect.signature(thing).parameters:
                found += [
                    (f"{module.name}.{name}.{method}", thing, each)
                    for method, each in inspect.getmembers(thing, inspect.isfunction)
                    if not method.startswith("_")
                ]
            elif inspect.isfunction(thing) and "scope" in inspect.signature(thing).parameters:
                found.append((f"{module.name}.{name}", None, thing))
    return found


ASKED = [each for each in asked() if each[0] not in READ_ELSEWHERE]


def calls(function, arguments, skip):
    """Every way to call a query with the values its required parameters are tried with."""
    made = [{}]
    for name, parameter in list(inspect.signature(function).parameters.items())[skip:]:
        if parameter.default is not parameter.empty:
            continue
        values = arguments.get(f"{function.__name__}.{name}", arguments.get(name))
        assert values is not None, (
            f"{function.__qualname__} takes {name!r}: say in `arguments` of {__file__} what it is "
            "to be tried with."
        )
        made = [{**before, name: value} for before in made for value in values]
    return made


def amount(found, owner):
    """How much a query gave, counted in rows, bytes or, for one value, whether it is any."""
    if found is None:
        return 0
    if isinstance(found, ibis.Table):
        return len(owner.fetch(found))
    if isinstance(found, pl.DataFrame):
        return found.height
    if isinstance(found, RequirementSet | date | Model):
        return 1
    if dataclasses.is_dataclass(found):
        return sum(amount(getattr(found, each.name), owner) for each in dataclasses.fields(found))
    if isinstance(found, int | float):
        return int(found)
    if isinstance(found, str | bytes | Mapping):
        return len(found)
    if isinstance(found, Iterator):
        return sum(amount(each, owner) or 0 for each in found)
    return len(found)


def given(scope, owner, function, arguments):
    """How much a scope is given over all the calls tried."""
    total = 0
    for call in calls(function, arguments, skip=1):
        held = None if owner is None else owner(scope)
        try:
            found = function(scope if owner is None else held, **call)
            total += amount(found, held)
        except NotPermitted:
            continue
    return total


def test_queries_are_found():
    assert len(ASKED) > 20


@pytest.mark.parametrize(("name", "owner", "function"), ASKED, ids=[each[0] for each in ASKED])
def test_who_may_see_nothing_is_given_nothing(name, owner, function, operator, arguments):
    blind = replace(operator, sees=NOTHING)
    nothing = [given(each, owner, function, arguments) for each in (blind, for_nobody("test"))]
    if name in TELLS_WHAT_IS_WITHHELD:
        assert given(operator, owner, function, arguments) == 0
        assert min(nothing) > 0
        return
    assert given(operator, owner, function, arguments) > 0, (
        f"{name} gives the operator nothing either: let `filled` hold something for it."
    )
    assert nothing == [0, 0]


def test_rows_are_given_to_who_sees_their_marking(operator, arguments):
    """Between nothing and everything: a reader of official records sees one report of the two."""
    from darkfigure_hub.store.queries import intelligence, ledger_rows

    (editions,) = arguments["editions"]
    reader = replace(operator, sees=Marking.OFFICIAL)
    held = ledger_rows.ledgers(reader, editions)
    assert (held.items.height, held.asks.height, held.replies.height) == (2, 2, 1)
    assert ledger_rows.ledgers(operator, editions).items.height == 4
    assert intelligence.item_named(reader, "kent SYN-OFFICIAL-SENSITIVE/1") is None
    assert intelligence.origin_of(reader, "kent SYN-OFFICIAL-SENSITIVE/1") is None
