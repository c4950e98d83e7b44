"""The pages: read the address, call a flow, show what came back."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.period import parse_day, written
from darkfigure.basis.permission import Permission
from darkfigure.basis.statement import TIME_CUTS
from darkfigure.codes import codes_for
from darkfigure.publication import Question
from darkfigure.publication.views import WANTED, Wishes, wishes_of
from darkfigure.tables.counted import RULES
from darkfigure.tables.holdings import HeldBreakdown, HeldMeasure
from darkfigure.tables.measures import all_measures, measure_named
from darkfigure.tables.question import any_condition, from_words
from darkfigure.tables.several_measures import questions_from_words
from darkfigure.understanding import Reading
from darkfigure.writing import charts, registry
from darkfigure.writing.answers import as_html
from darkfigure.writing.beside import as_html as beside_page
from darkfigure.writing.beside.columns import titles_of
from darkfigure.writing.estimates.as_html import series_part
from darkfigure.writing.flow import as_html as flow_page
from darkfigure.writing.held import as_html as held_page
from darkfigure.writing.page import Paging, with_contents
from darkfigure.writing.understanding.readings import line
from darkfigure.writing.views import as_html as view_page
from darkfigure.writing.wording import column_title, figure, title_of
from darkfigure.writing.words import ENGLISH, FALLBACK
from darkfigure_hub.flows.answer_beside import answer_beside
from darkfigure_hub.flows.answer_question import answer_question
from darkfigure_hub.flows.answer_view import answer_view
from darkfigure_hub.flows.explain_change import explain_change
from darkfigure_hub.flows.open_source import open_source
from darkfigure_hub.flows.revise_estimate import estimate_series
from darkfigure_hub.flows.show_flow import show_flow
from darkfigure_hub.flows.show_held import AT_ONCE, cases_held, show_held
from darkfigure_hub.flows.understand_words import LONGEST, understand_words
from darkfigure_hub.web.pages import page, shown
from darkfigure_hub.web.signed_in import reader_of

#: Questions offered on the front page: (words, address query).
OFFERED = (
    (
        (
            "How many victims did the police recover in the two campaigns, as answered on 17 "
            "December "
            "2008?"
        ),
        "measure=victims_recovered&by=operation,exploitation&as_at=2008-12-17",
    ),
    (
        "The same, as it stood on 10 July 2008",
        "measure=victims_recovered&by=operation,exploitation&as_at=2008-07-10",
    ),
    (
        "The same, as it stood on 1 March 2009",
        "measure=victims_recovered&by=operation,exploitation&as_at=2009-03-01",
    ),
    (
        "How many convictions came from each operation, as at 17 December 2008?",
        "measure=convictions&by=operation&as_at=2008-12-17",
    ),
    (
        "How many victims were identified in police operations in 2005?",
        "measure=victims_identified&by=operation&period=2005&as_at=2008-12-17",
    ),
    (
        "Reasonable grounds decisions by year, as released on 10 August 2023",
        "measure=reasonable_grounds_decisions&by=year&period=2020..2023&as_at=2023-08-10",
    ),
)
#: Questions counted from case records, synthetic ones in the example.
COUNTED_HERE = (
    (
        "Convictions by operation, as at 17 December 2008",
        "measure=convictions&by=operation&as_at=2008-12-17&evidence=cases",
    ),
    (
        "The same, as at 1 March 2009",
        "measure=convictions&by=operation&as_at=2009-03-01&evidence=cases",
    ),
    (
        "Convictions by offence and age of the victim, as at 1 March 2009",
        "measure=convictions&by=offence,victim_age_group&as_at=2009-03-01&evidence=cases",
    ),
)
CHANGES = (
    (
        "Arrests in Pentameter 2: from 528 to 406",
        "measure=arrests&where=operation%3DPentameter+2&from=2008-12-17&to=2009-11-01",
    ),
    (
        "Adult negative reasonable grounds decisions, 2023 Q2",
        "measure=reasonable_grounds_decisions&where=age_group%3Dadult&where=outcome%3Dnegative&period=2023Q2&from=2023-08-10&to=2023-11-03",
    ),
)


#: What an address may say of any page that has forms, and of any question.
FORMS = ("format", "language")
ASKED = ("by", "where", "period", "unit", "as_at", "evidence", "rule", "strict", *FORMS)


@page()
def front(request: HttpRequest) -> HttpResponse:
    """The questions on offer, as far as their measures are held, and a form for any other."""
    found = [
        each
        for each in show_held(reader_of(request, "page"), timezone.localdate())
        if each.breakdowns or each.withheld
    ]
    codes = {each.measure.code for each in found}
    return render(
        request,
        "web/front.html",
        {
            "title": "What is known about human trafficking",
            "offered": _about(codes, OFFERED),
            "changes": _about(codes, CHANGES),
            "counted": COUNTED_HERE if cases_held(reader_of(request, "page")) else (),
            "held": [(each, _over_time(each)) for each in found],
            "measures": all_measures().values(),
        },
    )


def _about(codes: Container[str], offered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of the questions on offer that ask about one of these measures."""
    return [each for each in offered if QueryDict(each[1]).get("measure") in codes]


def _over_time(found: HeldMeasure) -> str:
    """The address of the shortest way into what is held of a measure: its figures where they are
    few, else what is held of it.
    """
    first = next(iter(found.breakdowns), None)
    if first is None or len(first.by) > 1:
        return f"{reverse('held')}?measure={found.measure.code}"
    return _breakdown(found, first)


@page()
def measures(request: HttpRequest) -> HttpResponse:
    """What can be asked about."""
    listed = [
        {
            "measure": measure,
            "letter": measure.title[:1].upper(),
            "dimensions": [column_title(name).lower() for name in measure.dimensions],
            "units": [unit.replace("_", " ") for unit in measure.units],
            "holders": [codes_for("agency").label(code) for code in measure.holders],
            "rules": [rule.replace("_", " ") for rule in RULES.get(measure.code, ())],
        }
        for measure in sorted(all_measures().values(), key=lambda each: each.title.casefold())
    ]
    cuts = [column_title(name).lower() for name in TIME_CUTS]
    return render(
        request,
        "web/measures.html",
        {"title": "What can be asked about", "listed": listed, "cuts": cuts},
    )


@page("measure", "q", "page", *ASKED, *WANTED)
def ask(request: HttpRequest) -> HttpResponse:
    """An answer, as a page or in one of the written forms; of several measures, one table."""
    questions = _questions(request)
    first, *others = questions
    if wishes := wishes_of(questions, **_wanted(request)):
        return _as_wanted(request, first, wishes)
    if others:
        return _side_by_side(request, [first, *others])
    found = answer_question(reader_of(request, "page"), first)
    words = registry.words_of("answer", _language(request))
    drawn = "" if request.GET.get("format") else charts.answer_part(found, words)
    part = drawn + as_html.answer_part(
        found, link=opened(), words=words, asked_at=_asked_at, paging=_paging(request)
    )
    more = {**_understood(request, first), "measure": found.question.measure.code}
    if reader_of(request, "page").may(Permission.SAVE_QUESTION):
        more["saves"] = _as_asked(request)
    title = title_of(found.question, words)
    return _in_form(request, "answer", found, title, part, **more)


def _as_asked(request: HttpRequest) -> str:
    """The part of an address that asks its question, and says nothing of how it is shown."""
    kept = request.GET.copy()
    for name in set(kept) - {"measure", *ASKED} | {*FORMS, "as_at"} & set(kept):
        del kept[name]
    return kept.urlencode()


def _understood(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The words that were typed, how they were read for this question, and what was taken for what;
    of a question that is no reading of them the words alone.
    """
    text = request.GET.get("q", "").strip()
    today = timezone.localdate()
    readings = understand_words(text, today) if 0 < len(text) <= LONGEST else ()
    read = next((each for each in readings if each.question() == question), None)
    if read is None:
        return {"words": text}
    return {"words": text, "how": line(read), "taken": [*map(ENGLISH.say, read.taken)]}


def _as_wanted(request: HttpRequest, question: Question, wishes: Wishes) -> HttpResponse:
    """An answer with what is derived from it, in the order wanted."""
    view = answer_view(reader_of(request, "page"), question, wishes)
    words = registry.words_of("view", _language(request))
    part = view_page.view_part(
        view, link=opened(), words=words, asked_at=_asked_at, paging=_paging(request)
    )
    title = title_of(question, words)
    return _in_form(request, "view", view, title, part, measure=question.measure.code)


def _side_by_side(request: HttpRequest, questions: Sequence[Question]) -> HttpResponse:
    """Answers about several measures in one table."""
    table = answer_beside(reader_of(request, "page"), questions)
    words = registry.words_of("beside", _language(request))
    part = beside_page.beside_part(
        table, link=opened(), words=words, asked_at=_asked_at, paging=_paging(request)
    )
    title = words.text("beside.page", titles=titles_of(table, words))
    measures = [(each.measure.code, each.measure.title) for each in questions]
    return _in_form(request, "beside", table, title, part, measures=measures)


@page("q", "all")
def understand(request: HttpRequest) -> HttpResponse:
    """A question in plain words: its answer where it is sure how it is meant, else the readings."""
    text = request.GET.get("q", "").strip()
    found = understand_words(text, timezone.localdate()) if text else ()
    readings = [(line(each), _asked(each, text), each) for each in found]
    if found and found[0].sure and "all" not in request.GET:
        return redirect(readings[0][1])
    return render(
        request,
        "web/understood.html",
        {"title": "What is meant?", "text": text, "readings": readings},
    )


def _asked(reading: Reading, text: str) -> str:
    """The address at which a reading is answered."""
    wished = {"of": reading.of, "top": str(reading.top) if reading.top else ""}
    more = {name: value for name, value in wished.items() if value}
    return f"{_asked_at(reading.question())}&{urlencode({**more, 'q': text})}"


@page("measure", "as_at", *FORMS)
def held(request: HttpRequest) -> HttpResponse:
    """What is held of each measure, as a grid of years."""
    given = request.GET
    measure = measure_named(given["measure"]) if given.get("measure") else None
    as_at = parse_day(given["as_at"]) if given.get("as_at") else timezone.localdate()
    found = show_held(reader_of(request, "page"), as_at, measure)
    part = held_page.held_part(found, link=_breakdown)
    return _in_form(
        request, "held", found, registry.words_of("held", "en").text("holdings.title"), part
    )


def _breakdown(found: HeldMeasure, held: HeldBreakdown) -> str:
    """The address at which a breakdown that is held is asked, over time where it can be; of one
    that may be more figures than are given at once, the newest year of it.
    """
    query = QueryDict(mutable=True)
    cut = held.lengths[-1:]
    query.update(
        {"measure": found.measure.code, "by": ",".join([*held.by, *cut]), "unit": held.unit}
    )
    if len(held.by) > 1 and _at_most(held) > AT_ONCE:
        query["period"] = str(held.periods[-1].end.year)
    return f"{reverse('ask')}?{query.urlencode()}"


def _at_most(held: HeldBreakdown) -> int:
    """How many figures a breakdown can be over time: every value of each of its lists."""
    days = sum(period.days for period in held.periods)
    shortest = {"month": 28, "quarter": 90, "year": 365, "financial_year": 365}
    times = days // shortest.get(next(iter(held.lengths[-1:]), ""), days or 1) + 1
    return math.prod([times, *(len(codes_for(name).codes) for name in held.by)])


@page("measure", "from", "to", *ASKED)
def bridge(request: HttpRequest) -> HttpResponse:
    """Why a figure changed between two days."""
    start, end = parse_day(request.GET.get("from", "")), parse_day(request.GET.get("to", ""))
    found = explain_change(reader_of(request, "page"), question_of(request), start, end)
    words = registry.words_of("bridge", _language(request))
    title = words.text("bridge.page", title=title_of(found.question, words))
    part = as_html.bridge_part(found, link=opened(), words=words)
    return _in_form(request, "bridge", found, title, part)


@page("where", "as_at", *FORMS)
def flow(request: HttpRequest) -> HttpResponse:
    """How persons went from recovery and arrest to sentence."""
    as_at = request.GET.get("as_at", "").strip()
    where = [any_condition(text) for text in request.GET.getlist("where") if text.strip()]
    found = show_flow(
        reader_of(request, "page"), parse_day(as_at) if as_at else timezone.localdate(), where
    )
    body = "".join(flow_page.body(found))
    return _in_form(request, "flow", found, flow_page.title(found), body)


@page(*FORMS)
def estimates(request: HttpRequest) -> HttpResponse:
    """Estimates of hidden victims, published and our own, each population by itself."""
    registry.words_of("series", _language(request))
    entries = estimate_series(reader_of(request, "page"))
    drawn = charts.figure_part(charts.series(entries)) if entries else ""
    return _shown(request, "Estimates of hidden victims", f"{drawn}{series_part(entries)}")


@page()
def source(request: HttpRequest, cell_id: str) -> HttpResponse:
    """The statements behind a cell, down to the row of the file."""
    opened = open_source(reader_of(request, "page"), cell_id)
    return render(
        request,
        "web/source.html",
        {
            "title": "Where this figure comes from",
            "opened": opened,
            "now": figure(opened.cell),
            "given": figure(opened.given) if opened.given else "",
        },
    )


def question_of(request: HttpRequest) -> Question:
    """The question that an address asks. Raises UnknownName, Unreadable."""
    measure = request.GET.get("measure", "")
    return from_words(measure, timezone.localdate(), **_words(request))


def _questions(request: HttpRequest) -> tuple[Question, ...]:
    """The question of an address, of each measure that it names."""
    measures = ",".join(request.GET.getlist("measure"))
    return questions_from_words(measures, timezone.localdate(), **_words(request))


def _words(request: HttpRequest) -> dict[str, Any]:
    """What is asked of a measure, in the words of the address."""
    given = request.GET
    names = ("period", "unit", "as_at", "evidence", "rule")
    return {
        "by": ",".join(given.getlist("by")),
        "where": given.getlist("where"),
        "strict": _is_wanted(given.get("strict", "")),
        **{name: given.get(name, "") for name in names},
    }


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """What is wanted of an answer beside its cells. Raises Unreadable for a number that is none."""
    given, top = request.GET, request.GET.get("top", "").strip()
    if top and not (top.isascii() and top.isdigit() and len(top) < 9):
        raise Unreadable(f"{top[:20]!r} is no number of rows. Write one, as top=5.")
    return {
        **{name: _is_wanted(given.get(name, "")) for name in ("change", "share", "total")},
        "top": int(top) if top else None,
        **{name: given.get(name, "") for name in ("sort", "pivot", "of")},
    }


def _paging(request: HttpRequest) -> Paging:
    """Which page of a long table the address asks for. Raises Unreadable for a number that is
    none.
    """
    number = request.GET.get("page", "").strip() or "1"
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 9):
        raise Unreadable(f"{number[:20]!r} is no number of a page. Write one, as page=2.")
    return Paging(int(number), lambda at: f"{request.path}?{_with(request, page=str(at))}")


def _is_wanted(text: str) -> bool:
    return text.strip().lower() not in ("", "0", "false", "no")


def _language(request: HttpRequest) -> str:
    """The language a page is asked for in."""
    return request.GET.get("language", "") or FALLBACK


def _asked_at(question: Question) -> str:
    """The address at which a question is asked."""
    query = QueryDict(mutable=True)
    by = [*question.by, *([question.cut] if question.cut else [])]
    period = written(question.period) if question.period else ""
    given = {"by": ",".join(by), "period": period, "unit": question.unit}
    query.update({"measure": question.measure.code, "as_at": question.as_at.isoformat()})
    query.update({name: value for name, value in given.items() if value})
    query.setlist("where", [str(condition) for condition in question.where])
    return f"{reverse('ask')}?{query.urlencode()}"


def opened() -> str:
    """What stands before the id of a cell in the address that opens it."""
    return reverse("source", args=["x"])[:-1]


def _in_form(
    request: HttpRequest, subject: str, value: object, title: str, part: str, **more: object
) -> HttpResponse:
    """The page, with links to every other form; or the form that the address asks for."""
    language, wanted = _language(request), request.GET.get("format", "")
    registry.words_of(subject, language)
    if wanted:
        form = registry.form_of(subject, wanted)
        made = registry.write(subject, wanted, value, language=language)
        return HttpResponse(made, content_type=form.kind.media)
    forms = [
        (form.name, f"{request.path}?{_with(request, format=form.name)}")
        for form in registry.forms_of(subject)
        if form.name != "html"
    ]
    return _shown(request, title, part, forms=forms, **more)


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _shown(request: HttpRequest, title: str, part: str, **more: object) -> HttpResponse:
    """A page around HTML that the library wrote, with a list of its sections where it is long."""
    return shown(request, title, with_contents(part), **more)
