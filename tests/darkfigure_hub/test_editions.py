"""Editions of the assessment on a real database: two years judged, released by several persons,
compared, corrected; what was known later is in none. Judgements and reports are synthetic.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files as resources

import pytest
from django.db import transaction
from django.utils import timezone

from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.edition import Rendering
from darkfigure.assessment.findings import Level
from darkfigure.basis.errors import DarkfigureError, NotPermitted, UnknownName, Unreadable
from darkfigure.basis.marking import Marking
from darkfigure.basis.permission import Permission
from darkfigure.publication import ask
from darkfigure.reading.edition_folders import from_texts, thawed
from darkfigure.writing.editions.bundle import FROZEN, differing, files_of
from darkfigure.writing.pdf.accessible import check_pdf
from darkfigure_hub.access import for_example, for_public
from darkfigure_hub.flows import check_edition as check
from darkfigure_hub.flows import release_edition as flow
from darkfigure_hub.flows.answer_question import answered
from darkfigure_hub.flows.collate_edition import collate_edition
from darkfigure_hub.flows.everything_out import everything_out
from darkfigure_hub.flows.receive_return import receive_return
from darkfigure_hub.flows.release_figures import (
    approve_release,
    check_release,
    file_of,
    files_held,
    release_named,
    withdraw_release,
)
from darkfigure_hub.flows.show_editions import People, make_editions
from darkfigure_hub.store.models import LogEntry
from darkfigure_hub.store.queries.identity import names_of
from editions_drawn import chapter
from support import statement, statement_file

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("editions")]
PEOPLE = People(*(for_example(name) for name in ("author", "reviewer", "releaser")))


ERRATA = 'errata:\n  - {on: 2026-01-03, says: "A line was put right."}\n'


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both editions of the example, released once; what tests write beside them is taken back."""
    whole = transaction.atomic()
    whole._from_testcase = True  # deeds that commit by themselves may be within it
    with django_db_blocker.unblock(), whole:
        folder = tmp_path_factory.mktemp("editions")
        yield make_editions(PEOPLE, folder, timezone.localdate(), lambda _doing, _rows: None)
        transaction.set_rollback(True)


def texts(year):
    """The files of an edition of the example, but for its judgements."""
    folder = resources("darkfigure") / "data" / "editions" / year
    return {name: (folder / name).read_text() for name in ("edition.yaml", "trafficking.md")}


def source(year="2009", **changed):
    """An edition of the example, with some texts in it changed."""
    held = texts(year)
    for old, new in changed.values():
        held = {name: text.replace(old, new) for name, text in held.items()}
    return from_texts(held)


def checked(scope, edition):
    """An edition checked as before its release today."""
    return flow.check_edition(scope, edition, timezone.localdate())


def every(files):
    return b"\n".join(files.values()).decode(errors="replace")


def test_each_edition_says_what_was_known_on_its_day(made):
    first, second = made
    then, now = (each.files[Rendering.PUBLIC]["trafficking.html"].decode() for each in made)
    assert "528" in then
    assert "406" not in then
    assert "406" in now
    assert "-122: recorded in error" in now
    assert (first.judgements, second.judgements) == (4, 4)
    for files in (*first.files.values(), *second.files.values()):
        assert "nir-2026" not in every(files)
    assert "not concluded" in then


def test_what_is_known_better_is_said_and_what_moved_each_judgement(made):
    compared = made[1].compared
    assert [each.code for each in compared.moved] == ["HT-J-02", "HT-J-03"]
    assert {each.now[0].change for each in compared.moved} == {"we know more"}
    (arrests,) = (each for each in compared.figures if each.then.value == 528)
    assert (arrests.now.value, arrests.bridge.table.rows[1][1]) == (406, "-122")
    assert [code for code, _ in compared.opened] == ["HT.10.3"]
    assert not any(each.changed for each in compared.estimates)


def test_the_public_rendering_holds_nothing_that_is_marked(made):
    for each in made:
        public, restricted = (each.files[one] for one in (Rendering.PUBLIC, Rendering.RESTRICTED))
        assert "SYN-2008-00055" in every(restricted)
        for word in ("SYN-2008", "SYN-2009", "moved there from another", "synthetic-region-2"):
            assert word not in every(public), word
        assert "HT-J-04: withheld, OFFICIAL" in public["judgements.html"].decode()
        assert "SYNTHETIC" in public["trafficking.html"].decode()


def test_what_figures_cannot_say_stands_beneath_them_and_at_the_end(made):
    fall = "a fall in referrals is not a fall in trafficking"
    for files in made[1].files.values():
        page = files["trafficking.html"].decode()
        assert page.count(fall) > page[page.index('id="sources"') :].count(fall) == 1
    edition = thawed(made[1].files[Rendering.PUBLIC][FROZEN])[0]
    assert not any(shown.claims for shown in edition.values.values() if shown.withheld)


def test_both_renderings_are_made_again_to_the_same_bytes(made):
    for each in made:
        for files in each.files.values():
            assert differing(files_of(*thawed(files[FROZEN])), files) == []


def test_what_went_out_is_what_was_approved_and_passes_the_attack(made):
    for each in made:
        held = release_named(PEOPLE.releaser, each.address)
        body, _ = file_of(for_public("test"), held, "assessment.html")
        assert body == each.files[Rendering.PUBLIC]["assessment.html"]
        assert check_release(PEOPLE.releaser, each.address).passes
    assert any("threat-assessment" in one.where for one in everything_out(PEOPLE.releaser))


def test_of_one_version_prepared_twice_the_last_goes_out(made):
    reason = "A line was put right in it."
    today = timezone.localdate()
    first, last = (
        flow.release_edition(PEOPLE.author, edition, today, reason=reason).prepared
        for edition in (corrected(), corrected("put right, and another"))
    )
    assert first.release.version == last.release.version == 2
    with pytest.raises(DarkfigureError, match=f"anew since, as {last.name} .prepared."):
        approve_release(PEOPLE.releaser, first.name, first.release.content)
    approve_release(PEOPLE.releaser, last.name, last.release.content)
    withdraw_release(PEOPLE.releaser, last.name, "It should not go out after all.")
    assert approve_release(PEOPLE.releaser, first.name, first.release.content).approved_by


def test_an_edition_that_asks_for_no_figure_goes_out(made):
    told = {"summary": "{{ key_judgements }}", "what_we_do_not_know": "{{ coverage HT as=table }}"}
    told["outlook"] = "\n\n".join(f"{{{{ judgement HT-J-0{each} }}}}" for each in (1, 2, 3, 4))
    head = texts("2009")["edition.yaml"].replace('edition: "2009"', 'edition: "note"', 1)
    note = from_texts({"edition.yaml": head, "trafficking.md": chapter(**told)})
    done = flow.release_edition(PEOPLE.author, note, timezone.localdate())
    assert done.prepared.release.tables == ()
    assert done.prepared.release.synthetic
    held = approve_release(PEOPLE.releaser, done.prepared.name, done.prepared.release.content)
    files = files_held(PEOPLE.releaser, held)
    assert "SYNTHETIC" in files["index.html"].decode()
    assert "HT-J-01" in files["trafficking.html"].decode()


def test_nobody_approves_their_own(made):
    prepared = flow.release_edition(
        PEOPLE.author, corrected(), timezone.localdate(), reason="A line was put right in it."
    ).prepared
    with pytest.raises(DarkfigureError, match="Another"):
        approve_release(PEOPLE.author, prepared.name, prepared.release.content)


def corrected(said="put right"):
    return source(
        out=('out: "2026-01-02 09:30"', 'out: "2026-01-03 09:30"'),
        errata=("chapters:", f"{ERRATA.replace('put right', said)}chapters:"),
    )


def test_an_erratum_stands_on_the_first_page_and_the_old_bytes_are_kept(made):
    again = flow.release_edition(
        PEOPLE.author, corrected(), timezone.localdate(), reason="A line was put right in it."
    )
    assert again.prepared.release.version == 2
    assert "2026-01-03: A line was put right." in again.public["assessment.html"].decode()
    held = release_named(PEOPLE.releaser, made[1].address)
    kept, _ = file_of(for_public("test"), held, "assessment.html")
    assert kept == made[1].files[Rendering.PUBLIC]["assessment.html"]


def test_an_edition_with_a_fault_is_not_kept(made):
    wrong = source(
        "2009", says=('"fell" arrests < arrests.before', '"rose" arrests > arrests.before')
    )
    with pytest.raises(Unreadable, match=r"trafficking.md:7: condition: .*rose"):
        flow.release_edition(PEOPLE.author, wrong, timezone.localdate(), reason="It is tried out.")
    assert len(flow.list_editions(PEOPLE.author)) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{{ estimate victims_present name=present }}", "{{ estimate victim_present }}", "victim"),
        ("name=recovered }}", "name=recovered as_at=2010-01-01 }}", "comes after 2009-12-17"),
        ("{{ gaps title", "{{ gaps HT.99 title", "no 'HT.99'"),
        ("{{ judgement HT-J-01 }}", "{{ judgement HT-J-77 }}", "HT-J-77"),
        ("ask premises_visited", "ask premises_visted", "premises_vis"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_fault_of_its_place(made, old, new, told):
    found = collate_edition(PEOPLE.author, source(one=(old, new)), public=False)
    assert any(told in str(each.said) for each in found.faults), [
        str(each.said) for each in found.faults
    ]
    assert all(each.place.file == "trafficking.md" for each in found.faults)


def test_a_name_that_is_held_is_found_and_not_told(made):
    given, family = names_of(PEOPLE.author).drop_nulls(["given_name", "family_name"]).row(0)[1:3]
    planted = source(one=("## Money\n", f"## Money\n\nIt was {given.upper()} {family}.\n"))
    found = checked(PEOPLE.author, planted).found
    (named,) = (each for each in found if each.check == "name")
    assert family not in str(named.said)
    assert named.place.line == 1 + planted.texts["trafficking.md"].split("\n").index(
        f"It was {given.upper()} {family}."
    )


@pytest.mark.parametrize(
    "typed",
    [
        "| {given} | {family} |\n| - | - |\n| x | y |",
        "See [this](https://example.org/{given}-{family}).",
        "{{{{ ask arrests name={joined} period=2008 }}}}",
        "It was {given}\u200b \u00ad{family}.",
    ],
)
def test_a_name_is_found_where_no_page_shows_it_or_signs_part_it(made, typed):
    given, family = names_of(PEOPLE.author).drop_nulls(["given_name", "family_name"]).row(0)[1:3]
    joined = f"{given}_{family}".replace("-", "_")
    said = typed.format(given=given, family=family, joined=joined)
    planted = source(one=("## Money\n", f"## Money\n\n{said}\n"))
    assert [each for each in checked(PEOPLE.author, planted).found if each.check == "name"]


def test_what_names_the_restricted_rendering_tells_nothing_of_it(made):
    frozen = thawed(made[1].files[Rendering.RESTRICTED][FROZEN])[0].content
    assert frozen not in every(made[1].files[Rendering.PUBLIC])
    assert len(made[1].files[Rendering.PUBLIC]["restricted.txt"]) == 65


def test_reading_what_is_restricted_is_logged(made):
    held = flow.edition_named(PEOPLE.releaser, "2009")
    before = len(_readings(held))
    flow.files_of_edition(PEOPLE.releaser, held, Rendering.RESTRICTED)
    flow.frozen_edition(PEOPLE.releaser, held)
    assert len(_readings(held)) == before + 2
    names = flow.names_of_files(PEOPLE.releaser, held, Rendering.RESTRICTED)
    assert names == sorted(made[1].files[Rendering.RESTRICTED])


def _readings(held):
    found = LogEntry.objects.filter(action="edition read")
    return [each for each in found if each.detail.get("edition") == held.number]


def test_who_may_not_read_names_checks_all_the_rest(made):
    assessor = replace(
        PEOPLE.author, permissions=PEOPLE.author.permissions - {Permission.READ_NAMES}
    )
    found = checked(assessor, source()).found
    (unread,) = (each for each in found if each.level is Level.FAULT)
    assert "not looked for" in str(unread.said)


def test_a_figure_that_went_out_is_not_said_to_be_lacking(made):
    asked = 'where="operation=Pentameter 2" period=2011 name=missing'
    planted = source(one=("## Money\n", f"## Money\n\n{{{{ ask arrests {asked} }}}}.\n"))
    looked = checked(PEOPLE.author, planted)
    assert not [each for each in looked.found if each.check == "published"]
    out = everything_out(PEOPLE.author)
    (question,) = (
        each for each in looked.collated.questions.values() if each.period and not each.by
    )
    stated = next(each for each in out if each.answer.question.measure == question.measure)
    assert not check.answers(stated, question)
    ever = replace(question, period=None)
    assert check.answers(stated, ever)
    assert not check.answers(stated, replace(ever, as_at=date(2008, 12, 16)))
    assert not check.answers(stated, replace(ever, where=()))


def forces(folder, period, name, **given):
    """A return of arrests by force for a year, as a statements file."""
    head = "measure,period,stated_on,stated_by,source,area,value"
    about = f"arrests,{period},2009-06-01,HO,synthetic"
    rows = [head, *(f"{about},{area},{value}" for area, value in given.items())]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_trend_is_of_the_bodies_that_returned_in_both_years(made, tmp_path):
    receive_return(PEOPLE.author, forces(tmp_path, "1991", "then", Kent=10, Essex=20, Surrey=5))
    receive_return(PEOPLE.author, forces(tmp_path, "1992", "now", Kent=12, Essex=25, Sussex=90))
    asked = "trend arrests from=1991 to=1992"
    text = f'{{{{ {asked} name=moved }}}} It {{{{ says "rose" moved > moved.before }}}}.'
    planted = source(one=("## Money\n", f"## Money\n\n{text}\n\n{{{{ {asked} as=table }}}}\n"))
    collated = collate_edition(PEOPLE.author, planted)
    for edition in (collated.restricted, collated.public):
        shown = next(each for key, each in edition.values.items() if key.startswith("trend"))
        assert shown.said.startswith(
            "37 in 1992, 30 in 1991, of the 2 bodies that returned in both"
        )
        assert "Sussex" in " ".join(shown.table.notes)
        assert [row[0] for row in shown.table.rows[:-1]] == ["Essex", "Kent"]
        assert all(each.verdict is Verdict.HOLDS for each in edition.conditions)
    assert not collated.faults


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("trend arrests from=1992 to=1991", "runs forward"),
        ("trend arrests from=1992", "does not say to"),
        ("trend arrests from=1991 to=1992Q1", "are not alike"),
        ("trend arrests from=1991 to=1992 of=sex", "no dimension of bodies"),
        ("trend arrests from=1801 to=1802", "no trend is told"),
    ],
)
def test_a_trend_that_cannot_be_told_says_why(made, asked, told):
    planted = source(one=("## Money\n", f"## Money\n\n{{{{ {asked} }}}}\n"))
    (fault,) = collate_edition(PEOPLE.author, planted, public=False).faults
    assert told in str(fault.said)


def test_who_may_not_read_it_finds_no_edition(made):
    official = replace(PEOPLE.author, sees=Marking.PUBLIC)
    assert flow.list_editions(official) == []
    with pytest.raises(UnknownName):
        flow.edition_named(official, made[0].reference)
    with pytest.raises(NotPermitted):
        flow.list_editions(for_public("test"))


def test_a_preview_looks_up_only_what_is_new(made):
    kept = collate_edition(PEOPLE.author, source(), public=False)
    again = collate_edition(PEOPLE.author, source(), kept=kept, public=False)
    assert again.restricted.values == kept.restricted.values
    assert all(
        again.restricted.values[key] is value
        for key, value in kept.restricted.values.items()
        if value.question
    )


def test_an_edition_without_the_one_before_is_refused(made):
    orphan = source(one=('edition: "2008", as_at', 'edition: "2007", as_at'))
    with pytest.raises(Unreadable, match="2007, was not released"):
        flow.release_edition(PEOPLE.author, orphan, timezone.localdate(), reason="It is tried.")
    (fault,) = (each for each in checked(PEOPLE.author, orphan).found if each.check == "head")
    assert "previous" in orphan.texts["edition.yaml"].splitlines()[fault.place.line - 1]
    moved = source(one=("as_at: 2008-12-17", "as_at: 2008-12-16"))
    with pytest.raises(Unreadable, match="as known on 2008-12-17"):
        flow.standing_before(PEOPLE.author, moved.head)


def test_days_that_are_to_come_are_faults_of_their_line(made):
    later = source(
        one=("as_at: 2009-12-17", "as_at: 2099-12-17"),
        two=("chapters:", f"{ERRATA.replace('2026', '2098')}chapters:"),
    )
    found = [each for each in checked(PEOPLE.author, later).found if each.check == "head"]
    lines = later.texts["edition.yaml"].splitlines()
    for day, fault in zip(("2099-12-17", "2098-01-03"), found, strict=True):
        assert day in lines[fault.place.line - 1]
        assert f"{day[:4]} is to come" in str(fault.said)


def test_judgements_are_data(made):
    told = json.loads(made[1].files[Rendering.PUBLIC]["judgements.json"])
    by_code = {each["code"]: each for each in told["judgements"]}
    assert by_code["HT-J-03"]["change"] == "we know more"
    assert (by_code["HT-J-04"]["withheld"], by_code["HT-J-04"]["claim"]) == (True, "")
    assert told["synthetic"] is True
    assert date.fromisoformat(told["as_at"]) == date(2009, 12, 17)


def test_a_figure_revised_as_of_its_day_is_told_where_a_judgement_cites_it(made, tmp_path):
    """A statement that arrives late and is stated on an earlier day changes what was known then."""
    assert not [each for each in checked(PEOPLE.author, source()).found if each.check == "basis"]
    late = statement(
        measure="arrests", operation="Pentameter 2", period="2007-08", value=530,
        stated_by="HO", stated_on="2008-12-16",
    )  # fmt: skip
    path = statement_file(tmp_path / "late.csv", late)
    receive_return(PEOPLE.author, path)
    found = checked(PEOPLE.author, source("2008")).found
    (moved, *_) = (
        each
        for each in flow.figures_moved_since(
            PEOPLE.author, flow.edition_named(PEOPLE.author, "2008")
        )
        if each.title.startswith("Arrests (")
    )
    assert (moved.then, "HT-J-03" in moved.judgements) == ("528", True)
    assert moved.now == "528"
    told = [str(each.said) for each in found if each.check == "basis"]
    assert any("HT-J-03" in text and "arrests where" in text for text in told)


def test_pages_hold_nothing_that_is_withheld_and_are_for_everybody(made):
    collated = collate_edition(PEOPLE.author, source())
    withheld = flow.withheld_in(collated)
    assert any("moved there from another" in text for text in withheld)
    public, restricted = (
        made[1].files[one]["assessment.pdf"] for one in (Rendering.PUBLIC, Rendering.RESTRICTED)
    )
    assert check_pdf(public, withheld=withheld).faults == ()
    found = {fault.name for fault in check_pdf(restricted, withheld=withheld).faults}
    assert len(found) == 1


SMALL = (
    'SYNTHETIC: {{ ask victims_recovered where="operation=Pentameter 2" where="nationality=%s" '
    "evidence=cases name=few }} of them"
)


def small_nationality():
    """A nationality of whom few were recovered in the synthetic records, and how many."""
    asked = ask(
        "victims_recovered",
        date(2009, 12, 17),
        by=["nationality"],
        where=["operation=Pentameter 2"],
        evidence="cases",
    )
    for cell in answered(PEOPLE.author, asked).cells:
        if cell.value and cell.value < 5 and cell.dims["nationality"]:
            return cell.dims["nationality"], cell.value
    raise AssertionError("no nationality of few people")


def test_words_tell_no_count_that_is_kept_out(made):
    code, number = small_nationality()
    line = SMALL % code + f' {{{{ says "that many" few == {number} }}}}.'
    planted = source(one=("## Money\n", f"## Money\n\n{line}\n"))
    found = [each for each in checked(PEOPLE.author, planted).found
             if each.check == "condition"]  # fmt: skip
    assert "For anybody" in str(found[0].said)
    collated = collate_edition(PEOPLE.author, planted)
    assert str(number) not in every({"x": repr(collated.public.conditions[-1].verdict).encode()})


def test_what_a_marked_part_says_by_condition_is_not_in_what_goes_out(made):
    hidden = '::: official\n\nIt {{ says "because of Kestrel" arrests > 3 }} was.\n\n:::\n'
    planted = source(one=("## Money\n", f"## Money\n\n{hidden}"))
    collated = collate_edition(PEOPLE.author, planted)
    files = files_of(collated.public, pages=False)
    assert "Kestrel" not in every(files)
    assert "Kestrel" in every(files_of(collated.restricted, pages=False))
    assert "because of Kestrel" in flow.withheld_in(collated)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name=recovered }}", "name=recovered as_at=2008-11-01 }} {{ says \"x\" recovered > "
         "recovered.before }}", "later"),
        ('"fell" arrests < arrests.before', '"fell" 1 < 2', "speaks of no figure"),
        ('"fell" arrests < arrests.before', '"fell" arrests < 1e999', "too large"),
    ],
)  # fmt: skip
def test_conditions_that_say_nothing_are_faults(made, old, new, told):
    found = checked(PEOPLE.author, source(one=(old, new))).found
    assert any(told in str(each.said) for each in found if each.level is Level.FAULT)


def test_several_figures_in_a_sentence_are_a_fault_of_their_place_among_the_others(made):
    wrong = source(
        one=("## Money\n", "## Money\n\nFound {{ ask victims_recovered by=operation }} people.\n"),
        two=("{{ judgement HT-J-01 }}", "{{ judgement HT-J-77 }}"),
    )
    found = [str(each.said) for each in checked(PEOPLE.author, wrong).found
             if each.check == "reference"]  # fmt: skip
    assert any("a sentence has one" in text for text in found)
    assert any("HT-J-77" in text for text in found)


def test_a_requirement_set_of_a_later_year_is_refused(made):
    with pytest.raises(Unreadable, match="begins on 2009-04-01, after 2008-12-17"):
        collate_edition(PEOPLE.author, source("2008", one=("nir-2008", "nir-2009")))


def test_a_judgement_that_was_not_judged_anew_says_so(made):
    later = source(
        one=("as_at: 2009-12-17", "as_at: 2010-01-17"),
        two=('edition: "2008", as_at: 2008-12-17, requirements: nir-2008',
             'edition: "2009", as_at: 2009-12-17, requirements: nir-2009'),
    )  # fmt: skip
    collated = collate_edition(PEOPLE.author, later, public=False)
    assert {each.change for each in collated.restricted.judgements} == {
        "not judged anew since 2009"
    }
    boxes = [
        each for key, each in collated.restricted.values.items() if key.startswith("judgement ")
    ]
    assert boxes
    for box in boxes:
        lines = " ".join(line for part in box.parts for line in part.lines)
        assert "not judged anew since 2009" in lines
        assert "we know more" not in lines


def test_what_is_held_already_is_not_released_again(made):
    with pytest.raises(DarkfigureError, match=f"{made[1].reference} says the same already .out."):
        flow.release_edition(PEOPLE.author, source(), timezone.localdate(), reason="once more")
