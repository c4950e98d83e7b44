"""Reporting against the requirement, on real PostgreSQL: asks, graded reports, replies, coverage as
at a day, gaps closed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection, transaction

from darkfigure.basis.errors import (
    DarkfigureError,
    NotPermitted,
    ReturnRefused,
    UnknownName,
    Unreadable,
)
from darkfigure.basis.marking import Marking
from darkfigure.intelligence.markings import MarkedTooHigh
from darkfigure.intelligence.requirement_sets import example_set
from darkfigure.publication import ask
from darkfigure.writing import charts
from darkfigure_hub.access import for_public
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.close_gap import check_gaps, raise_gaps, waiting_gaps
from darkfigure_hub.flows.file_report import regrade_item, submit_replies, submit_report
from darkfigure_hub.flows.measure_coverage import (
    compare_coverage,
    measure_coverage,
    measure_months,
    open_cell,
)
from darkfigure_hub.flows.plan_collection import propose_asks
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.request_information import close_request, request_information, requests
from darkfigure_hub.flows.set_requirements import asks_due, load_set, put_asks
from darkfigure_hub.flows.settle_cell import accept_answer, close_without_answer
from darkfigure_hub.flows.show_reporting_year import replay_year
from darkfigure_hub.store.models import Ask, IntelligenceItem, ItemGrade, LogEntry
from darkfigure_hub.store.queries import identity
from support import run, statement, statement_file
from support_reporting import (
    ASKED,
    HELD,
    LATER,
    START,
    file_of,
    replies,
    report,
    status,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(operator):
    return load_set(operator, "human_trafficking").edition


def test_an_edition_is_loaded_once_and_never_changed(operator, edition, tmp_path):
    assert load_set(operator, "human_trafficking").already
    other = tmp_path / "set.yaml"
    other.write_text(example_set().text.replace("Scale", "Size"), encoding="utf-8")
    with pytest.raises(DarkfigureError, match="An edition is not changed"):
        load_set(operator, str(other))
    with pytest.raises(Unreadable, match="Carried here are human_trafficking"):
        load_set(operator, str(tmp_path / "absent.yaml"))
    with pytest.raises(NotPermitted):
        load_set(for_public("test"), "human_trafficking")


def test_asks_are_put_once_and_are_due(operator, edition):
    assert put_asks(operator, edition, [ASKED], START).new == 1
    assert put_asks(operator, edition, [ASKED], START).new == 0
    assert [row[1:5] for row in asks_due(operator, edition, LATER)] == [
        ("kent", "HT.6.4", "Kent", "2026 Q2")
    ]
    assert asks_due(operator, edition, LATER, "surrey") == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"question": "HT.99.1"}, "line 2: 'HT.99.1' is not a question"),
        ({"area": "Atlantis"}, "is not an area that HT.6.4 is asked for"),
        ({"period": "1999 Q1"}, "is not a period of HT.6.4"),
        ({"agency": "nobody"}, "nobody"),
        ({"due": "soon"}, "line 2"),
        ({"gateway": ""}, "no legal gateway"),
    ],
)
def test_an_ask_that_cannot_be_put_says_why_and_none_is(operator, edition, change, sentence):
    with pytest.raises(ReturnRefused) as refused:
        put_asks(operator, edition, [ASKED, {**ASKED, **change}][1:], START)
    assert sentence in str(refused.value)
    assert not Ask.objects.exists()


def test_a_report_moves_a_cell_and_a_second_origin_corroborates(operator, edition, tmp_path):
    put_asks(operator, edition, [ASKED], START)
    assert status(operator, edition)["status"] == "N1"
    submit_report(operator, file_of(tmp_path, report(grade="1AP")), edition, date(2026, 6, 5))
    assert status(operator, edition)["status"] == "N3"
    assert submit_report(
        operator, file_of(tmp_path, report(grade="1AP")), edition, date(2026, 6, 5)
    ).already
    submit_report(
        operator, file_of(tmp_path, report("SYN-2", "surrey", "1AP")), edition, date(2026, 7, 1)
    )
    after = status(operator, edition)
    assert (after["status"], after["origins"]) == ("N4", 2)
    assert status(operator, edition, known=date(2026, 6, 30))["status"] == "N3"
    with pytest.raises(ReturnRefused, match="a report of this reference was filed before"):
        submit_report(operator, file_of(tmp_path, report(grade="3DP")), edition)


def test_the_words_of_an_item_are_in_the_identity_schema_alone(operator, edition, tmp_path):
    submit_report(operator, file_of(tmp_path, report()), edition, HELD)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
            "'public' "
            "AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', ["%zzyzx%"]
            )
            assert cursor.fetchone()[0] == 0, (table, column)
    assert "zzyzx" not in json.dumps(
        open_cell(operator, edition, "HT.6.4/Kent/2026 Q2", LATER), default=str
    )


def test_a_report_marked_too_high_is_refused_and_that_is_logged(operator, edition, tmp_path):
    path = file_of(tmp_path, {**report(), "marking": "SECRET"})
    with pytest.raises(MarkedTooHigh):
        submit_report(operator, path, edition)
    assert LogEntry.objects.order_by("-id").first().action == "report refused"
    assert not IntelligenceItem.objects.exists()


@pytest.mark.parametrize("what", ["replies", "asks", "edition", "request"])
def test_all_that_is_received_passes_the_gate(operator, edition, tmp_path, what):
    marked = file_of(tmp_path, {"replies": [], "marking": "UK SECRET"})
    asked = [{**ASKED, "note": "SECRET: synthetic"}]
    send = {
        "replies": lambda: submit_replies(operator, marked),
        "asks": lambda: put_asks(operator, edition, asked, START),
        "edition": lambda: load_set(operator, str(marked)),
        "request": lambda: request_information(
            operator, "kent", "SECRET: is it synthetic?", "routine", LATER, START
        ),
    }
    with pytest.raises(MarkedTooHigh):
        send[what]()
    assert LogEntry.objects.order_by("-id").first().action == f"{what} refused"


def test_nobody_confirms_their_own_item(operator, edition, tmp_path):
    submit_report(operator, file_of(tmp_path, report(origin="one")), edition, HELD)
    own = report("SYN-2", "surrey", "2BP", origin="one", corroborated_by="kent SYN-1/1")
    with pytest.raises(ReturnRefused, match="comes from the same origin"):
        submit_report(operator, file_of(tmp_path, own), edition, HELD)
    other = report("SYN-2", "surrey", "2BP", origin="two", corroborated_by="kent SYN-1/1")
    assert submit_report(operator, file_of(tmp_path, other), edition, HELD).rows == 1


def test_replies_are_an_agencys_own_and_nil_without_search_changes_nothing(
    operator, edition, tmp_path
):
    put_asks(operator, edition, [ASKED], START)
    reference = str(Ask.objects.get())
    with pytest.raises(ReturnRefused, match="the ask was put to kent, not to surrey"):
        submit_replies(operator, file_of(tmp_path, replies("not_held", reference, "surrey")))
    with pytest.raises(ReturnRefused, match="no such ask stands"):
        submit_replies(operator, file_of(tmp_path, replies("not_held", "ASK-999999")))
    submit_replies(
        operator, file_of(tmp_path, replies("nil_unsearched", reference)), date(2026, 7, 2)
    )
    assert status(operator, edition)["status"] == "N1"
    assert asks_due(operator, edition, LATER) == []
    submit_replies(
        operator,
        file_of(tmp_path, replies("nil_searched", reference, effort="thorough")),
        date(2026, 7, 10),
    )
    after = status(operator, edition)
    assert (after["status"], after["replied"], after["informed"]) == ("N2", 1, 1)
    assert status(operator, edition, known=date(2026, 7, 5))["status"] == "N1"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_replies_the_one_of_the_later_day_stands(operator, edition, tmp_path, order):
    """A refusal of 5 July that is filed after a nil of 20 July does not close it."""
    put_asks(operator, edition, [ASKED], START)
    reference = f"ASK-{Ask.objects.get().pk}"
    nil = replies("nil_searched", reference, effort="thorough") | {"on": "2026-07-20"}
    refusal = replies("refused", reference, ground="cost") | {"on": "2026-07-05"}
    sent = [(nil, date(2026, 7, 21)), (refusal, date(2026, 8, 1))]
    for data, received in [sent[at] for at in order]:
        submit_replies(operator, file_of(tmp_path, data), received)
    for day in (date(2026, 7, 25), date(2026, 8, 2)):
        assert status(operator, edition, day)["status"] == "N2"
    assert status(operator, edition, date(2026, 7, 20))["status"] == "N1"


def test_a_new_grade_closes_the_old_and_the_past_stays(operator, edition, tmp_path):
    submit_report(operator, file_of(tmp_path, report(grade="1AP")), edition, date(2026, 6, 5))
    assert (
        regrade_item(operator, "kent SYN-1/1", "3DP", "the source was found out", date(2026, 7, 1))
        == "1AP"
    )
    assert ItemGrade.objects.count() == 2
    now, then = status(operator, edition), status(operator, edition, known=date(2026, 6, 30))
    assert now["e_for"] < 0.05 < then["e_for"]
    opened = open_cell(operator, edition, "HT.6.4/Kent/2026 Q2", LATER)
    assert [(row["grade"], row["graded_by"], row["known_to"]) for row in opened["items"]] == [
        ("1AP", "the grader of kent", "2026-07-01"),
        ("3DP", "the centre", ""),
    ]
    with pytest.raises(DarkfigureError, match="needs a reason"):
        regrade_item(operator, "kent SYN-1/1", "2CP", "", LATER)
    with pytest.raises(DarkfigureError, match="older than the one it replaces"):
        regrade_item(operator, "kent SYN-1/1", "2CP", "too early", date(2026, 6, 20))
    with pytest.raises(UnknownName, match="is no item held"):
        regrade_item(operator, "kent SYN-9/1", "2CP", "x", LATER)


def test_an_answer_is_accepted_by_another_and_lapses(operator, edition):
    place = ("HT.6.4", "Kent", "2026 Q2")
    given = {"confidence": "moderate", "on": date(2026, 7, 1), "lapses_on": date(2026, 9, 1)}
    with pytest.raises(NotPermitted, match="by somebody other"):
        accept_answer(operator, edition, place, stated_by=operator.who, **given)
    with pytest.raises(DarkfigureError, match="high, moderate or low"):
        accept_answer(
            operator, edition, place, stated_by="analyst", **{**given, "confidence": "sure"}
        )
    accept_answer(operator, edition, place, stated_by="analyst", **given)
    assert status(operator, edition)["status"] == "N5"
    assert status(operator, edition, date(2026, 9, 1))["status"] == "L"
    change = compare_coverage(operator, edition, LATER, edition, date(2026, 9, 2))
    assert change.lapsed == pytest.approx(change.opening)
    close_without_answer(operator, edition, place, "unlawful", date(2026, 9, 10))
    assert status(operator, edition, date(2026, 9, 11))["status"] == "Z"


def test_a_reader_below_the_marking_sees_withheld(operator, edition, tmp_path):
    high = {**report(grade="1AP"), "marking": "OFFICIAL-SENSITIVE"}
    submit_report(operator, file_of(tmp_path, high), edition, HELD)
    reader = replace(operator, sees=Marking.OFFICIAL)
    seen = status(reader, edition)
    assert (seen["status"], seen["e_for"], seen["origins"]) == ("W", None, None)
    assert status(operator, edition)["status"] == "N3"
    (withheld,) = open_cell(reader, edition, "HT.6.4/Kent/2026 Q2", LATER)["items"]
    assert (withheld["item"], withheld["marking"]) == ("1 withheld", "OFFICIAL-SENSITIVE")
    with pytest.raises(UnknownName):
        measure_coverage(for_public("test"), edition, LATER)


def test_a_gap_is_raised_against_a_set_that_is_loaded(operator):
    asked = ask("victims_identified", date(2008, 12, 17), by=["operation"], period="2005")
    with pytest.raises(UnknownName, match="requirements load human_trafficking"):
        raise_gaps(operator, answer_question(operator, asked))
    assert not waiting_gaps(operator)


def test_a_question_that_cannot_be_answered_waits_and_is_told(operator, edition, tmp_path):
    asked = ask("victims_identified", date(2026, 11, 1), by=["operation"], period="2005")
    (gap,) = raise_gaps(operator, answer_question(operator, asked))
    assert (gap.requirement, gap.drafted, gap.new) == ("HT.10.1", False, True)
    assert raise_gaps(operator, answer_question(operator, asked))[0].new is False
    assert check_gaps(operator) == 0
    filled = statement(
        measure="victims_identified",
        period="2005",
        operation="Pentameter 1",
        value="12",
        stated_on="2009-01-05",
    )
    receive_return(operator, statement_file(tmp_path / "filled.csv", filled))
    told = []
    assert check_gaps(operator, told.append) == 1
    assert (told[0].reference, told[0].owner) == (gap.reference, operator.who)
    (again,) = [each for each in waiting_gaps(operator) if each.reference == gap.reference]
    assert again.filled_on is not None
    assert not answer_question(operator, again.question).cannot
    with pytest.raises(NotPermitted):
        raise_gaps(for_public("test"), answer_question(operator, asked))


def test_the_plan_presses_the_heaviest_asks_without_evidence(operator, edition):
    light = {**ASKED, "question": "HT.12.2", "area": "UK", "period": "2026/27", "agency": "NCA"}
    heavy = {**ASKED, "question": "HT.1.2", "area": "UK", "period": "2026/27", "agency": "NCA"}
    put_asks(operator, edition, [light, heavy, ASKED], START)
    _, chosen = propose_asks(operator, edition, LATER, 2)
    assert [each.spent for each in chosen] == [1, 2]
    assert chosen[0].candidate.weight == 8
    assert chosen[0].gain > chosen[1].gain


def test_a_hidden_number_answers_once_it_is_as_narrow_as_asked(operator, edition):
    place = ("HT.1.2", "UK", "2026/27")
    given = {
        "stated_by": "analyst",
        "confidence": "moderate",
        "on": date(2026, 7, 1),
        "lapses_on": None,
        "rests_on": (),
    }
    with pytest.raises(DarkfigureError, match=r"10,000 to 136,000 is 3\.31 bits too wide"):
        accept_answer(operator, edition, place, low=10_000, high=136_000, **given)
    accept_answer(operator, edition, place, low=10_000, high=13_000, **given)
    found = measure_coverage(operator, edition, LATER)
    assert found.headline == pytest.approx(8 / found.cells["weight"].sum())


def test_coverage_by_month_is_that_of_each_day_for_whoever_reads(operator, edition, tmp_path):
    put_asks(operator, edition, [ASKED], START)
    submit_report(operator, file_of(tmp_path, report(grade="1AP")), edition, date(2026, 6, 5))
    high = {**report("SYN-2", "surrey", "1AP"), "marking": "OFFICIAL-SENSITIVE"}
    submit_report(operator, file_of(tmp_path, high), edition, date(2026, 7, 1))
    until, low = date(2026, 7, 15), replace(operator, sees=Marking.OFFICIAL)
    for reader in (operator, low):
        series = measure_months(reader, edition, until)
        days = [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30), until]
        assert [found.at for found in series] == days
        for found in series:
            alone = measure_coverage(reader, edition, found.at)
            assert found.cells.equals(alone.cells)
            assert found.synthetic == alone.synthetic
            assert found.shares().equals(alone.shares())
    withheld = [found.shares()["W"].item() for found in measure_months(low, edition, until)]
    assert all(share > 0 for share in withheld)
    drawn = charts.ladder_over_time(measure_months(low, edition, until))
    assert any(label.startswith("W ") for _, label, _ in drawn.rows)
    before = measure_months(operator, edition, date(2026, 3, 1))
    assert [found.at for found in before] == [date(2026, 3, 1)]
    after = measure_months(operator, edition, date(2027, 6, 1))
    assert [found.at for found in after][-2:] == [date(2027, 3, 31), date(2027, 6, 1)]


def test_coverage_is_cut_by_agency(operator, edition, tmp_path):
    put_asks(operator, edition, [ASKED, {**ASKED, "agency": "surrey"}], START)
    references = {row[1]: row[0] for row in asks_due(operator, edition, LATER)}
    submit_replies(
        operator,
        file_of(tmp_path, replies("nil_searched", references["kent"], effort="brief")),
        date(2026, 7, 2),
    )
    rows = {
        row["agency"]: row
        for row in measure_coverage(operator, edition, LATER)
        .shares(["agency"])
        .iter_rows(named=True)
    }
    assert {
        name: (row["cells"], row["response"], row["informative"]) for name, row in rows.items()
    } == {
        "kent": (1, 1.0, 1.0),
        "surrey": (1, 0.0, 0.0),
    }


def test_information_is_requested_once_and_may_become_a_question(operator, edition):
    with pytest.raises(DarkfigureError, match="one question"):
        request_information(operator, "kent", "everything", "routine", LATER, START)
    with pytest.raises(UnknownName, match="not an urgency"):
        request_information(operator, "kent", "Synthetic?", "yesterday", LATER, START)
    with pytest.raises(DarkfigureError, match="before the request"):
        request_information(operator, "kent", "Synthetic?", "routine", START, LATER)
    reference = request_information(operator, "kent", "Synthetic?", "routine", LATER, START)
    with pytest.raises(UnknownName, match="is not a question"):
        close_request(operator, reference, LATER, promoted_to="HT.99.1", edition=edition)
    close_request(operator, reference, LATER, promoted_to="HT.6.4", edition=edition)
    assert [(each.reference, each.promoted_to) for each in requests(operator)] == [
        (reference, "HT.6.4")
    ]
    with pytest.raises(UnknownName, match="no request that waits"):
        close_request(operator, reference, LATER)


def test_a_small_year_is_replayed_and_its_trials_hold(operator, tmp_path):
    with transaction.atomic():
        year = replay_year(operator, tmp_path / "year", lambda _doing, _rows: None, least=6)
    first, last = year.series[0], year.series[-1]
    assert first.shares()["N3"][0] == 0
    assert last.shares()["N3"][0] > 0.02
    assert last.synthetic
    change = year.change
    whole = change.opening + change.revision + change.closed - change.lapsed + change.scope
    assert whole == pytest.approx(change.closing)
    (same, silent, against) = year.trials
    assert same[1] == same[2]
    assert silent[1] == silent[2] == "N1"
    assert (against[1], against[2]) in {("N4", "X"), ("N5", "X")}
    names = identity.names_of(operator)
    assert "synthetic-origin-1" not in names.write_csv()


@pytest.mark.long
def test_the_program_from_requirement_to_coverage(home, tmp_path):
    def program(*words, **given):
        return run(*words, home=home, **given)

    assert "38 questions" in program("requirements", "load", "human_trafficking").stdout
    assert "27 questions" in program("requirements", "load", "other_threats").stdout
    assert "HT.10.2" in program("requirements", "show").stdout
    assert "Home Office" in program("requirements", "show", "HT.1.2").stdout
    asks = tmp_path / "asks.csv"
    asks.write_text(",".join(ASKED) + "\n" + ",".join(ASKED.values()) + "\n", encoding="utf-8")
    assert "1 asks put" in program("requirements", "ask", asks, "--on", "2026-04-01").stdout
    assert "OVERDUE ASK-1" in program("requirements", "due", "--as-at", "2026-08-01").stdout
    assert "1 asks over 1 cells" in program("requirements", "plan", "--as-at", "2026-08-01").stdout
    program("report", "submit", file_of(tmp_path, report()), "--on", "2026-06-05")
    program(
        "return",
        "submit",
        file_of(tmp_path, replies("items", "ASK-1"), "replies.json"),
        "--on",
        "2026-07-02",
    )
    text = program("coverage", "--by", "requirement", "--as-at", "2026-08-01").stdout
    assert "SYNTHETIC" in text
    assert "HT.6 Exploitation" in text
    data = json.loads(
        program(
            "coverage", "--by", "question,area", "--as-at", "2026-08-01", "--format", "json"
        ).stdout
    )
    assert data["called"] == "requirement coverage"
    assert [
        row["shares"]["N3"]
        for row in data["by"]
        if (row["question"], row["area"]) == ("HT.6.4", "Kent")
    ] == [0.25]
    page = tmp_path / "coverage.html"
    program(
        "coverage",
        "--as-at",
        "2026-08-01",
        "--compare",
        "nir-2026@2026-05-01",
        "--format",
        "html",
        "--out",
        page,
    )
    assert 'href="#at-HT-6-4-Kent"' in page.read_text()
    assert 'id="at-HT-6-4-Kent"' in page.read_text()
    assert "graded by" in page.read_text()
    opened = program("coverage", "--cell", "HT.6.4/Kent/2026 Q2", "--as-at", "2026-08-01").stdout
    assert "N3 indicated" in opened
    assert "graded_by=the grader of kent" in opened
    program(
        "report", "regrade", "kent SYN-1/1", "3EP", "--reason", "synthetic", "--on", "2026-08-02"
    )
    program(
        "report",
        "answer",
        "HT.6.4/Kent/2026 Q2",
        "--stated-by",
        "analyst",
        "--confidence",
        "low",
        "--on",
        "2026-08-03",
    )
    assert (
        "N5" in program("coverage", "--cell", "HT.6.4/Kent/2026 Q2", "--as-at", "2026-08-04").stdout
    )
    later = tmp_path / "later.yaml"
    text = example_set().text.replace("edition: nir-2026", "edition: nir-2027\nfollows: nir-2026")
    text = (
        text.replace("2026-04-01", "2027-04-01")
        .replace("2027-03-31", "2028-03-31")
        .replace("code: HT.6.4", "code: HT.6.5")
    )
    later.write_text(
        text
        + 'concordance:\n  - {kind: reworded, from: [HT.6.4], to: [HT.6.5], reason: "clearer"}\n'
    )
    program("requirements", "load", later)
    assert (
        "reworded  HT.6.4 -> HT.6.5: clearer"
        in program("requirements", "diff", "nir-2026", "nir-2027").stdout
    )
    refused = program("requirements", "show", "HT.6.4", "--edition", "nir-2027", check=False)
    assert (refused.returncode, "ask HT.6.5 instead" in refused.stderr) == (2, True)
    given = json.loads(program("requirements", "export", "--edition", "nir-2027").stdout)
    assert given["objects"][0]["type"] == "marking-definition"
    done = program("vocabularies", "--out", tmp_path / "given")
    assert done.stdout.count("machinetag.json") == 3
    assert (
        "RFI-1"
        in program(
            "requirements",
            "request",
            "kent",
            "Synthetic?",
            "--reply-by",
            "2026-09-01",
            "--on",
            "2026-08-01",
        ).stdout
    )
    assert "OVERDUE: Synthetic?" in program("requirements", "request", "--on", "2026-10-01").stdout
    gap = program("ask", "convictions", "--by", "operation", "--as-at", "2008-12-17", "--raise")
    assert "GAP-1" in gap.stderr
    assert "waits" in program("requirements", "gaps", "--check").stdout
    program("stop")
