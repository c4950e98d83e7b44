"""Releases on a real database: prepared, attacked, approved by another, out at their minute, kept
byte by byte, corrected and withdrawn; read as a site. Records loaded here are synthetic.
"""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO, StringIO
from typing import get_type_hints

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.publication import ask
from darkfigure.publication.embargo import LONDON
from darkfigure.publication.release import Mark
from darkfigure.reading import release_plans
from darkfigure.writing.documents.releasing import ReleaseCheckDocument
from darkfigure.writing.releases import site
from darkfigure.writing.releases.ledger import ledger_csv, ledger_document
from darkfigure_hub.access import for_public
from darkfigure_hub.flows import release_figures as flow
from darkfigure_hub.flows.copy_release import copy_release
from darkfigure_hub.flows.everything_out import everything_out, ledger
from darkfigure_hub.flows.request_asked import Wanted
from darkfigure_hub.flows.respond import Request, draft_response, register_response
from darkfigure_hub.store import gate_rules
from darkfigure_hub.store.models import Release
from darkfigure_hub.store.policy import rules
from documents_held import held as held_document
from support import run, statement, statement_file

pytestmark = pytest.mark.django_db
THEN, LATER = "2008-12-17", "2009-11-01"
TABLES = [
    {"code": "by-sex", "title": "By sex", "ask": "victims_recovered", "by": ["operation", "sex"]},
    {"code": "in-all", "title": "In all", "ask": "victims_recovered", "by": ["operation"]},
]


def plan(*tables, edition="2008", minutes=-60, **more):
    """A plan of tables counted from the synthetic records, out some minutes from now."""
    out = (timezone.now() + timedelta(minutes=minutes)).astimezone(LONDON)
    fields = {
        "series": "recovered",
        "edition": edition,
        "title": "SYNTHETIC: persons recovered",
        "summary": "SYNTHETIC",
        "publisher": "Centre",
        "contact": "statistics@example.org",
        "licence": "Open Government Licence v3.0",
        "out": f"{out:%Y-%m-%d %H:%M}",
        "tables": [{"evidence": "cases", "as_at": LATER, **table} for table in tables],
        **more,
    }
    return release_plans.read_plan(json.dumps(fields), "plan.json")


def prepared(operator, *tables, reason="", **more):
    held = plan(*(tables or TABLES), **more)
    return flow.prepare_release(operator, held, timezone.localdate(), reason=reason)


def another(operator):
    return replace(operator, who="operator:another")


def out(operator, *tables, **more):
    made = prepared(operator, *tables, **more)
    flow.approve_release(another(operator), made.name, made.release.content)
    return flow.publish_release(another(operator), made.name)


def told(release, code):
    return {
        tuple(dim.label(value) for dim, value in zip(table.dimensions, cell.values, strict=True)): (
            cell.value,
            cell.low,
            cell.high,
        )
        for table in release.tables
        if table.code == code
        for cell in table.cells
    }


def test_small_counts_are_hidden_and_proved(operator):
    made = prepared(operator)
    assert made.attacked.passes
    assert made.attacked.hidden > 0
    hidden = [cell for table in made.release.tables for cell in table.cells if cell.value is None]
    assert hidden
    assert all(Mark.CONFIDENTIAL in cell.marks for cell in hidden)
    assert made.release.synthetic
    assert flow.list_releases(for_public("test")) == []
    assert (
        "releases/recovered" not in Client(HTTP_HOST="127.0.0.1").get("/released/").content.decode()
    )


def test_a_release_is_approved_by_another_as_it_was_read_and_out_at_its_minute(operator):
    made = prepared(operator, minutes=60)
    with pytest.raises(DarkfigureError, match="Another than who prepared it"):
        flow.approve_release(operator, made.name, made.release.content)
    with pytest.raises(DarkfigureError, match="look at it once more"):
        flow.approve_release(another(operator), made.name, "0" * 64)
    flow.approve_release(another(operator), made.name, made.release.content[:8])
    with pytest.raises(DarkfigureError, match="not before"):
        flow.publish_release(another(operator), made.name)
    assert flow.publish_due(operator) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=made.number).update(published_at=timezone.now())
    with pytest.raises(DarkfigureError, match="approved already"):
        flow.approve_release(another(operator), made.name, made.release.content)


def test_what_is_out_is_kept_byte_by_byte_and_nothing_of_it_changes(operator):
    held = out(operator)
    kept = flow.files_held(operator, held)
    assert kept == flow.files_held(for_public("test"), held)
    client = Client(HTTP_HOST="127.0.0.1")
    for name, body in kept.items():
        got = client.get(f"/released/releases/{held.address}/{name}")
        assert (got.status_code, got.content) == (200, body)
    again = client.get(
        f"/released/releases/{held.address}/by-sex.csv", HTTP_IF_NONE_MATCH=got_tag(client, held)
    )
    assert (again.status_code, again.content) == (304, b"")
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("UPDATE store_release SET title = 'another'")
    checked = flow.check_release(operator, held.name)
    assert checked.passes
    assert checked.warnings == ("by-sex: no figure is given",)


def got_tag(client, held):
    return client.get(f"/released/releases/{held.address}/by-sex.csv").headers["ETag"]


def test_what_went_out_is_attacked_with_what_is_to_go_out(operator):
    """One table hides women of an operation; another of another day, or an answer, may not tell."""
    out(operator, TABLES[0])
    assert len(everything_out(operator)) == 1
    day = timezone.localdate()
    asked = ask("victims_recovered", date.fromisoformat(LATER), by=["sex"], evidence="cases")
    response = draft_response(operator, [Wanted(asked)], Request(), day)
    register_response(operator, response, public=True, release_marked="SYNTHETIC")
    assert len(everything_out(operator)) == 2
    sexes = {**TABLES[1], "code": "sexes", "by": ["sex"]}
    made = prepared(operator, TABLES[1], sexes, edition="2009")
    assert made.attacked.passes
    assert made.attacked.out == 2


def test_the_difference_of_two_days_is_kept_from_being_told(operator):
    first = out(operator, *({**table, "as_at": THEN} for table in TABLES))
    second = prepared(operator, reason="Later returns came in.", minutes=-1)
    before, now = (told(flow.said_by(operator, first), "in-all"), told(second.release, "in-all"))
    for labels, (value, _, _) in now.items():
        was = before.get(labels, (None, None, None))[0]
        if value is not None and was is not None:
            assert not 0 < abs(value - was) < 5
    assert second.release.corrects == 1
    assert second.release.version == 2
    assert second.release.moved


def test_a_correction_needs_a_reason_and_a_later_minute(operator):
    out(operator)
    with pytest.raises(Unreadable, match="with --reason"):
        prepared(operator, minutes=-1)
    with pytest.raises(Unreadable, match="another version is out"):
        prepared(operator, minutes=-120, reason="A return was late.")
    with pytest.raises(Unreadable, match="nothing to correct"):
        prepared(operator, edition="2009", reason="A return was late.")


def test_a_withdrawn_release_says_so_at_every_address(operator):
    held = out(operator)
    with pytest.raises(DarkfigureError, match="Say why"):
        flow.withdraw_release(another(operator), held.name, "no")
    flow.withdraw_release(another(operator), held.name, "A return was counted twice.")
    client = Client(HTTP_HOST="127.0.0.1")
    for name in ("index.html", "by-sex.csv"):
        got = client.get(f"/released/releases/{held.address}/{name}")
        assert got.status_code == 410
        assert "A return was counted twice." in got.content.decode()
    whole = site.site_of(flow.all_out(operator))
    folder = f"releases/{held.address}/"
    assert [name for name in whole if name.startswith(folder)] == [f"{folder}index.html"]
    assert "A return was counted twice." in whole["changes.atom"].decode()
    with pytest.raises(DarkfigureError, match="withdrawn already"):
        flow.withdraw_release(another(operator), held.name, "A return was counted twice.")


def test_copies_are_for_the_posts_of_the_list_in_their_time(operator):
    now = timezone.now().astimezone(LONDON)
    posts = [
        {"post": "Minister", "since": f"{now - timedelta(days=1):%Y-%m-%d %H:%M}", "why": "brief"},
        {"post": "Press", "since": f"{now + timedelta(hours=2):%Y-%m-%d %H:%M}", "why": "brief"},
    ]
    made = prepared(operator, minutes=180, access=posts)
    with pytest.raises(DarkfigureError, match="is prepared"):
        copy_release(another(operator), made.name, "Minister")
    flow.approve_release(another(operator), made.name, made.release.content)
    with pytest.raises(NotPermitted, match="is not among"):
        copy_release(another(operator), made.name, "Somebody")
    with pytest.raises(NotPermitted, match="sees RELEASE"):
        copy_release(another(operator), made.name, "Press")
    packed, number = copy_release(another(operator), made.name, "Minister")
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert "copy 1 of recovered/2008/v1 for Minister" in archive.read("COPY.txt").decode()
        assert (
            archive.read("by-sex.csv")
            == flow.files_held(operator, flow.release_named(operator, made.name))["by-sex.csv"]
        )
    assert number == 1
    assert copy_release(another(operator), made.name, "Minister")[1] == 2


def test_the_site_has_every_version_and_what_became_of_it(operator):
    out(operator)
    second = out(operator, reason="A return was late.", minutes=-1)
    whole = site.site_of(flow.all_out(operator))
    series = whole["releases/recovered/index.html"].decode()
    assert "replaced by version 2: A return was late." in series
    assert "How figures were revised" in series
    catalogue = json.loads(whole["catalogue.jsonld"])
    assert [each["@id"] for each in catalogue["@graph"][0]["dcat:dataset"]] == [
        f"urn:darkfigure:release:{second.address.replace('/', ':')}"
    ]
    assert (
        "Persons" in whole["glossary.html"].decode() or "person" in whole["glossary.html"].decode()
    )
    for name, body in whole.items():
        served = Client(HTTP_HOST="127.0.0.1").get(f"/released/{name}")
        assert served.status_code == 200, name
        if not name.startswith("catalogue"):
            assert served.content == body, name


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tables": []}, "no list of 1 to 60 tables"),
        ({"series": "No Address"}, "stands in an address"),
        ({"out": "soon"}, "no minute of a day"),
        ({"tables": [{"code": "a", "title": "x"}]}, "has no ask"),
        ({"tables": [TABLES[0], TABLES[0]]}, "two tables are called"),
        ({"colour": "x"}, "is no field"),
        ({"access": [{"post": "x"}]}, "says nothing of since, why"),
        ({"address": "http://x"}, "write one as https"),
        ({"scheduled": "perhaps"}, "write yes or no"),
    ],
)
def test_a_plan_that_is_none_is_refused_with_its_place(changes, why):
    with pytest.raises(Unreadable, match=why):
        plan(*TABLES, **changes)


def test_a_table_that_cannot_be_asked_is_named(operator):
    with pytest.raises(UnknownName, match="table wrong: "):
        prepared(operator, {**TABLES[0], "code": "wrong", "by": ["colour"]})
    with pytest.raises(UnknownName, match="is no release"):
        flow.release_named(operator, "recovered/2008/v1")


def test_every_rule_of_the_policy_is_a_row_of_the_gate():
    made = gate_rules.rules_of_roles()[1]
    for rule in rules():
        if rule.role != "operator":
            assert f"('{rule.role}', '{rule.permission}', " in made
    assert "'release_officer', 'approve_release', False" in made


@pytest.mark.program
def test_a_release_from_plan_to_site_by_the_program(tmp_path):
    """Figures stated by others go out as they stand."""
    home, folder = tmp_path / "home", tmp_path / "site"
    path = statement_file(
        tmp_path / "synthetic.csv", statement(period="2018", value=163, stated_on="2019-06-01")
    )
    written = tmp_path / "plan.json"
    fields = {
        **dict.fromkeys(("title", "summary", "publisher", "contact", "licence"), "SYNTHETIC"),
        "series": "recovered",
        "edition": "2018",
        "out": "2020-01-01 09:30",
        "tables": [{"code": "all", "title": "SYNTHETIC", "ask": "victims_recovered"}],
    }
    written.write_text(json.dumps(fields))
    run("load", path, home=home)
    told = run("release", "prepare", written, home=home).stdout
    content = next(line.split()[1] for line in told.splitlines() if line.startswith("content"))
    refused = run("release", "approve", "RELEASE-1", "--content", content, home=home, check=False)
    assert refused.returncode != 0
    assert "Another than who prepared it" in refused.stderr
    second = {"LOGNAME": "second"}
    run("release", "approve", "RELEASE-1", "--content", content, home=home, **second)
    run("release", "publish", "RELEASE-1", home=home, **second)
    (entry,) = json.loads(run("release", "list", "--format", "json", home=home).stdout)["releases"]
    assert (entry["state"], entry["approved_by"]) == ("out", "operator:second")
    checked = json.loads(run("release", "check", "RELEASE-1", "--format", "json", home=home).stdout)
    assert set(checked) == {*get_type_hints(ReleaseCheckDocument)}
    assert checked["passes"]
    run("release", "site", "--out", folder, home=home)
    kept = folder / "releases" / "recovered" / "2018" / "v1"
    assert "163" in (kept / "all.csv").read_text()
    run("release", "show", "recovered/2018/v1", "--out", tmp_path / "again", home=home)
    assert (tmp_path / "again" / "all.csv").read_bytes() == (kept / "all.csv").read_bytes()


def test_the_ledger_holds_everything_that_went_out_with_its_hash(operator):
    held = out(operator)
    prepared(operator, edition="2009")
    question = ask("victims_recovered", date.fromisoformat(LATER), evidence="cases")
    drafted = draft_response(operator, [Wanted(question)], Request(), timezone.localdate())
    register_response(operator, drafted, public=True, release_marked="Synthetic.")
    gone = ledger(operator)
    files = flow.files_held(operator, held)
    said = {one.name: one.sha256 for one in gone if one.reference == held.name}
    assert said == {name: sha256(body).hexdigest() for name, body in files.items()}
    (answered,) = [one for one in gone if one.kind == "response"]
    assert answered.measure == "victims_recovered"
    assert answered.reference.startswith("RESPONSE-")
    assert {one.kind for one in gone} == {"release", "response"}
    data = json.loads(ledger_document(gone))
    held_document(ledger_document(gone), "ledger")
    rows = list(csv.DictReader(StringIO(ledger_csv(gone))))
    assert [row["sha256"] for row in rows] == [one["sha256"] for one in data["gone"]]


def test_a_table_that_hides_most_is_offered_coarser(operator):
    fine = {"code": "fine", "title": "Fine", "ask": "victims_recovered"}
    fine["by"] = ["month", "sex", "nationality"]
    made = flow.prepare_release(operator, plan(fine), timezone.localdate(), dry_run=True)
    told = made.release.tables[0].cells
    assert sum(cell.value is None for cell in told) > len(told) / 2
    wide, *offers = [each for each in made.warnings if each.startswith("Table fine")]
    assert "hides" in wide
    assert any("month merged into quarter" in each for each in offers)
    assert any("without nationality" in each for each in offers)
    again = {**fine, "by": ["operation"]}
    coarse = flow.prepare_release(operator, plan(again), timezone.localdate(), dry_run=True)
    assert not any("hides" in each for each in coarse.warnings)


def test_files_of_a_release_are_made_once_while_it_is_looked_at(operator, monkeypatch):
    made = prepared(operator)
    calls = []
    again = flow.files_of
    monkeypatch.setattr(flow, "_STOOD", {})
    monkeypatch.setattr(flow, "files_of", lambda *given: calls.append(1) or again(*given))
    for _ in range(3):
        assert flow.check_release(operator, made.name).passes
    assert len(calls) == 1


NOWHERE = """
releases releases/ releases/none/ releases//
releases/%00/ %00 releases/a/b/v1/x.csv releases/a/b/v0/
releases/a/b/v-1/ releases/a/b/vx/%00 releases/a/b/v99999999999999999999/ releases/../../etc/passwd
..%2f..%2fsettings INDEX.HTML index.html/ catalogue changes.atom/ releases/%F0%9F%92%A9/a/v1/ %ff%fe
releases/a%27;drop/b/v1/ releases/a/b/v1/index.html/more releases/a/b/c/
"""
#: What there is no release of.
TYPED = ("", " ", "0", "-1", "RECOVERED", "none/2008", "\x00", "'; drop", "9" * 40, "é" * 300)


def test_whatever_address_is_asked_for_is_not_there(operator):
    client = Client(HTTP_HOST="127.0.0.1", raise_request_exception=False)
    told = {place: client.get(f"/released/{place}").status_code for place in NOWHERE.split()}
    assert {*told.values()} <= {301, 302, 400, 404}, told
    assert client.get(f"/released/{'x' * 3000}").status_code == 404


def test_a_release_that_there_is_none_of_is_said_to_be_none(operator):
    """Whatever somebody types for its name, and whatever they would do with it."""
    held = out(operator)
    deeds = (
        lambda name: flow.check_release(operator, name),
        lambda name: flow.approve_release(another(operator), name, "0" * 64),
        lambda name: flow.publish_release(another(operator), name),
        lambda name: flow.withdraw_release(another(operator), name, "Counted twice."),
    )
    for name in (*TYPED, held.address.replace("v1", "v9")):
        for deed in deeds:
            with pytest.raises(DarkfigureError):
                deed(name)
