"""What is checked of an edition before it goes out: each check finds what is planted for it, and a
sound edition has no fault.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from darkfigure.assessment.checks import CHECKS, check
from darkfigure.assessment.conditions import Verdict
from darkfigure.assessment.edition import Condition, Rendering
from darkfigure.assessment.edition import Moved as Concordance
from darkfigure.assessment.findings import Finding, Level
from darkfigure.assessment.material import Material
from darkfigure.assessment.prose import LONG_SENTENCE
from darkfigure.assessment.shown import Drawn, Shown
from darkfigure.assessment.text import Place
from darkfigure.assessment.typed import typed_in
from darkfigure.basis.marking import Marking
from darkfigure.basis.saying import quote
from darkfigure.intelligence.judgements import Change, Moved, Rating
from darkfigure.intelligence.yardstick import Term
from darkfigure.writing.editions.judged import judgement_told
from darkfigure.writing.words import ENGLISH
from editions_drawn import chapter, edition, material, nothing_known
from judgements_drawn import SOUND

JUDGED = replace(
    SOUND,
    requirements=("HT.1", "HT.10"),
    confidence=replace(SOUND.confidence, rating=Rating.LOW),
    marking=Marking.OFFICIAL,
)
TEXT = chapter(
    summary="{{ key_judgements }}",
    scale='Found: {{ ask arrests name=arrests }}. That is {{ says "most of" arrests > 1 }} them.',
    outlook="{{ judgement HT-J-01 }}",
    what_we_do_not_know="{{ coverage HT as=table }}",
)


def sound(**given) -> Material:
    """An edition in which nothing is wrong, but for what is given."""
    text = given.pop("text", TEXT)
    values = given.pop("values", {})
    marking = given.pop("marking", "official")
    judged = given.pop("judgements", [JUDGED])
    told = [judgement_told(each) for each in judged]
    shown = {each.code: each.shown for each in told}
    made = edition(text, {**shown, **values}, marking=marking, judgements=told)
    public = {
        key: Shown(withheld="marked") if value.marking > Marking.PUBLIC else value
        for key, value in made.values.items()
    }
    made = replace(made, conditions=given.pop("conditions", made.conditions))

    anybody = replace(made, rendering=Rendering.PUBLIC, values=public)
    return material(made, anybody, judgements=judged, **given)


def found(planted: Material, code: str, level: Level = Level.FAULT) -> list[Finding]:
    return [each for each in check(planted) if each.check == code and each.level is level]


def test_a_sound_edition_has_no_fault():
    assert [each for each in check(sound()) if each.level is Level.FAULT] == []


def test_every_check_names_its_standard_and_has_words():
    for code in (*CHECKS, "sentence"):
        assert ENGLISH.text(f"edition.standard.{code}")


AT = Place("trafficking.md", 7)
WITH_ONE_MORE = TEXT.replace("## Money\n\nNothing is said.", "## Money\n\nPLANTED")


def planted(text: str) -> str:
    return WITH_ONE_MORE.replace("PLANTED", text)


PLANTED = {
    "reference": lambda: sound(faults=[Finding("reference", AT, quote("no such measure"))]),
    "head": lambda: sound(faults=[Finding("head", AT, quote("no such edition"))]),
    "condition": lambda: sound(
        conditions=(Condition(AT, "fell", "a < b", Verdict.FAILS),)
    ),
    "typed": lambda: sound(text=planted("There were 1,000 of them."),
                           values={"arrests": Shown(said="1,000", value=1000, question="q")}),
    "judgement": lambda: sound(judgements=[replace(JUDGED, items_for=(), items_against=(),
                                                   figures=(), hypotheses=(), rows=())]),
    "term": lambda: sound(judgements=[
        replace(JUDGED, term=Term.UNLIKELY, claim="There is a chance of 80 per cent of a rise.")]),
    "confidence": lambda: sound(judgements=[
        replace(JUDGED, confidence=replace(JUDGED.confidence, rating=Rating.HIGH))]),
    "priority": lambda: sound(text=TEXT.replace("{{ coverage HT as=table }}", "Nothing is said."),
                              judgements=[replace(JUDGED, requirements=("HT.8",))]),
    "marking": lambda: sound(marking="public"),
    "name": lambda: sound(names=[AT]),
    "synthetic": lambda: sound(values={"arrests": Shown(said="9", value=9, synthetic=True,
                                                        title="Arrests")}),
    "alternative": lambda: sound(
        text=planted("{{ ask convictions as=chart }}"),
        values={"convictions": Shown(title="C", drawn=Drawn("<svg/>", "chart1.svg"))}),
    "link": lambda: sound(text=planted("See [there](elsewhere.html).")),
    "section": lambda: sound(text=TEXT.replace("## Money", "## Coins")),
    "judged": lambda: sound(text=TEXT.replace("{{ judgement HT-J-01 }}", "Nothing is said.")),
    "published": lambda: sound(published=[(AT, "RELEASE-1, table-1")]),
    "basis": lambda: sound(drifted=[("HT-J-01", "arrests where operation=Pentameter 2")]),
}  # fmt: skip


@pytest.mark.parametrize("code", PLANTED)
def test_what_is_planted_is_found(code):
    assert found(PLANTED[code](), code), code


def test_a_paragraph_with_a_title_and_a_name_is_found():
    assert found(sound(text=planted("It was Mr Madeup who said so.")), "name")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (replace(JUDGED, single_origin_said=False,
                 items_for=tuple(replace(each, origin="O-1") for each in JUDGED.items_for),
                 figures=()), "one origin"),
        (replace(JUDGED, author="post A", reviewer="post A"), "person"),
    ],
)  # fmt: skip
def test_faults_of_judgements_are_those_of_the_edition(said, fault):
    told = " ".join(str(each.said) for each in found(sound(judgements=[said]), "judgement"))
    assert fault in told


def test_a_changed_judgement_without_reason_is_found():
    now = replace(JUDGED, version=2, term=Term.UNLIKELY, change=Change(Moved.KNOW_MORE))
    told = found(sound(judgements=[now], before=[JUDGED]), "judgement")
    assert any("reason" in str(each.said) for each in told)


def test_a_judgement_that_goes_on_as_it_is_has_nothing_to_explain():
    assert found(sound(judgements=[JUDGED], before=[JUDGED]), "judgement") == []


def test_confidence_goes_as_far_as_coverage():
    whole = nothing_known()
    answered = replace(whole, cells=whole.cells.with_columns(status=pl.lit("N5")))
    high = replace(JUDGED, confidence=replace(JUDGED.confidence, rating=Rating.HIGH))
    assert found(sound(judgements=[high], covered=answered), "confidence") == []
    moderate = replace(JUDGED, confidence=replace(JUDGED.confidence, rating=Rating.MODERATE))
    assert found(sound(judgements=[moderate]), "confidence")


def test_days_codes_and_provisions_are_no_typed_figures():
    text = (
        "On 17 December 2008, under section 57 of the Act of 2003, HT.10.1 asked of "
        "Pentameter 2 in 2008/09."
    )
    assert [each for each in check(sound(text=planted(text))) if each.check == "typed"] == []


@pytest.mark.parametrize(
    "text",
    [
        "There were 1850 victims.",
        "There were 2008 trafficked women.",
        "Some 9 victims were found.",
        "There were four hundred and six.",
        "- one\n- and 77 more",
        "> 77 they said",
        "| Year | Found |\n| - | - |\n| 2008 | 77 |",
        "See [the 77 of them](#scale).",
        '{{ ask convictions as=table title="The 77 convictions" }}',
        "### The 77 of them",
        'It {{ says "was 77" arrests > 1 }}.',
    ],
)
def test_a_figure_is_found_wherever_it_is_typed(text):
    assert found(sound(text=planted(text)), "typed", Level.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        "In 2008 more victims were found, and two or three in 2007.",
        "The Slave Trade Act 1807 and the Act of 1861 stand.",
        "From 1998 to 2008 police forces asked.",
        "Of `77` nothing is said.",
    ],
)
def test_years_and_small_numbers_in_words_are_no_figures(text):
    assert not [each for each in check(sound(text=planted(text))) if each.check == "typed"]


def test_a_live_figure_typed_in_words_is_a_fault():
    held = {"arrests": Shown(said="406", value=406, question="q")}
    assert found(sound(text=planted("It was four hundred and six."), values=held), "typed")


def test_names_that_nobody_looked_for_keep_an_edition_in():
    assert found(replace(sound(), names=None), "name")


def test_a_concordance_names_judgements_that_there_are():
    made = sound(before=[JUDGED])
    codes = (("HT-J-01", "HT-J-90"), ("HT-J-01", "HT-J-91"))
    moved = Concordance("split", *codes, "as planted", Marking.OFFICIAL)
    head = replace(made.restricted.head, concordance=(moved,))
    source = replace(made.restricted.source, head=head)
    wrong = replace(made, restricted=replace(made.restricted, source=source))
    told = [str(each.said) for each in found(wrong, "concordance")]
    assert [code in text for code, text in zip(("HT-J-90", "HT-J-91"), told, strict=True)]
    assert len(found(replace(wrong, withheld=1), "concordance", Level.WARNING)) == 2


def test_the_public_is_not_told_what_became_of_a_marked_judgement():
    made = sound(before=[replace(JUDGED, marking=Marking.OFFICIAL)])
    moved = Concordance("moved", (JUDGED.code,), (JUDGED.code,), "as planted")

    def told(marking):
        head = replace(made.restricted.head, concordance=(replace(moved, marking=marking),))
        source = replace(made.restricted.source, head=head)
        return found(
            replace(made, restricted=replace(made.restricted, source=source)), "concordance"
        )

    assert [JUDGED.code in str(each.said) for each in told(Marking.PUBLIC)] == [True]
    assert not told(Marking.OFFICIAL)


def test_words_that_say_something_of_figures_want_a_condition():
    assert found(sound(text=planted("It rose.")), "unchecked", Level.WARNING)
    checked = planted('It {{ says "rose" arrests > 0 }}, and doubled.')
    assert not found(sound(text=checked), "unchecked", Level.WARNING)


def test_a_long_sentence_is_told_and_the_reading_age_reported():
    text = planted(" ".join(["word"] * (LONG_SENTENCE + 1)) + ".")
    assert found(sound(text=text), "sentence", Level.WARNING)
    (report,) = found(sound(text=text), "ease", Level.REPORT)
    assert "Reading age" in str(report.said)


def test_sections_in_another_order_are_found():
    turned = TEXT.replace("## Scale", "## X").replace("## Victims", "## Scale")
    turned = turned.replace("## X", "## Victims")
    assert any("order" in str(each.said) for each in found(sound(text=turned), "section"))


@pytest.mark.parametrize(
    "typed",
    [
        'It {{ says "is what Mr Madeup said" arrests > 1 }}.',
        '{{ ask convictions as=table title="Mr Madeup and others" }}',
        "See [Mr Madeup](https://example.org).",
        "| Who |\n| - |\n| Mr Madeup |",
    ],
)
def test_a_name_is_found_wherever_it_is_shown(typed):
    assert found(sound(text=planted(typed)), "name")


def test_a_name_in_a_judgement_is_found_at_its_place():
    said = replace(JUDGED, claim="Mr Madeup says that referrals rise.")
    (finding, *_) = found(sound(judgements=[said]), "name")
    assert finding.place.file == "trafficking.md"


def test_an_area_that_the_set_has_not_and_one_without_a_chapter_are_faults():
    made = sound()
    elsewhere = replace(made.held, threats={"CSA": "Child sexual abuse"})
    told = [str(each.said) for each in check(replace(made, held=elsewhere))]
    assert any("HT is no threat area" in text for text in told)
    assert any("no chapter is of it" in text for text in told)


def test_all_that_is_shown_is_looked_through():
    made = sound().restricted
    said = {typed.text for typed in typed_in(made)}
    assert {made.head.title, "most of", JUDGED.claim, "Nothing is said."} <= said
