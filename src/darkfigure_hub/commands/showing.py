"""The command that shows all of it: demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.basis.marking import Scope
from darkfigure.basis.period import in_words
from darkfigure.reading.manifest import Example, examples
from darkfigure.synthetic.agency_lists import write_lists
from darkfigure.writing import charts, example_page
from darkfigure.writing.answers import as_hansard, as_json, as_ods, as_text
from darkfigure.writing.coverage import coverage_page, coverage_views
from darkfigure.writing.editions.compared import first_page
from darkfigure.writing.flow import as_text as flow_text
from darkfigure.writing.linkage.linkages import summary
from darkfigure_hub.access import for_example
from darkfigure_hub.commands import given
from darkfigure_hub.commands.loading import print_received
from darkfigure_hub.commands.waiting import counted, progress
from darkfigure_hub.flows import show_example
from darkfigure_hub.flows.link_lists import link_lists
from darkfigure_hub.flows.measure_coverage import open_cells
from darkfigure_hub.flows.open_repository import open_repository
from darkfigure_hub.flows.receive_return import Received
from darkfigure_hub.flows.revise_estimate import estimate_series
from darkfigure_hub.flows.set_requirements import load_set, requirement_set
from darkfigure_hub.flows.show_editions import People, make_editions
from darkfigure_hub.flows.show_example import CaseStory, Story
from darkfigure_hub.flows.show_reporting_year import ReportingYear, replay_year

#: The folder of what was made up and taken in; beside it stands what people read.
MADE_UP = "made_up"


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files written.")] = Path("out"),
) -> None:
    """Load the example files, answer the question of 17 December 2008, and write answers."""
    given.folder(out)
    scope = given.operator("demo")
    _heading("Loading the example files")
    open_repository()

    def done(_example: Example, received: Received) -> None:
        print_received(received)

    show_example.load_examples(scope, done, lambda _doing, _rows: None)
    with progress("synthetic case returns") as report:
        number = show_example.load_casework(scope, out / MADE_UP / "casework", report)
    typer.echo(
        f"{number} synthetic case returns of the two campaigns taken in ({out / 'casework'})."
    )
    asked = load_set(scope, "human_trafficking")
    typer.echo(f"{asked.edition}: {asked.questions} questions are asked.")
    story, cases = show_example.tell(scope), show_example.tell_cases(scope)
    _print(story)
    _print_cases(cases)
    _write_answers(out, story)
    _link_example(out)
    year = _report_example(scope, out)
    _edition_example(out)
    _write_pages(scope, out, story, cases, year)
    _heading("Written")
    for name in (
        "index.html",
        "answers.html",
        "flow.html",
        "estimates.html",
        "linkage.html",
        "coverage.html",
        "answers.ods",
        "answers.json",
        "editions/2008/restricted/index.html",
        "editions/2009/public/index.html",
        "editions/2009/changes.html",
    ):
        typer.echo(f"  {out / name}")


def _write_answers(out: Path, story: Story) -> None:
    answers = [*story.then, *story.otherwise, *story.refused]
    written = as_json.write_several(answers, story.bridges)
    (out / "answers.json").write_text(written, encoding="utf-8")
    licences = [f"{example.title}: {example.attribution}" for example in examples()]
    (out / "answers.ods").write_bytes(
        as_ods.write_answers(answers, title="The question of 17 December 2008", licences=licences)
    )


def _write_pages(
    scope: Scope, out: Path, story: Story, cases: CaseStory, year: ReportingYear
) -> None:
    """The short story, and the pages and data that it links to."""
    told = example_page.Told(
        story.then,
        story.otherwise,
        story.bridges,
        story.refused,
        cases.convictions,
        cases.bridges,
        cases.flow,
        estimate_series(scope),
        year.series,
        [example.cited for example in examples()],
    )
    triangles = [(t.title, t.releases, t.cells) for t in show_example.revision_triangles(scope)]
    full = example_page.full_page(told, show_example.campaign_vintages(scope), triangles)
    (out / "answers.html").write_text(full, encoding="utf-8")
    (out / "index.html").write_text(example_page.story_page(told), encoding="utf-8")
    for form in ("html", "json"):
        given.deliver_to("series", told.estimates, out / f"estimates.{form}")
    for form in ("html", "json", "csv"):
        given.deliver_to("flow", told.persons, out / f"flow.{form}")


def _link_example(out: Path) -> None:
    _heading("One person on several lists (SYNTHETIC): who is whom, and how many that makes")
    with counted("lists") as bar:
        paths = write_lists(out / MADE_UP / "lists", 3000, 2008)
        found = link_lists(paths, truth="person", draws=100, doing=bar.doing)
    typer.echo(summary(found))
    given.deliver_to("linkage", found, out / "linkage.html")


def _report_example(scope: Scope, out: Path) -> ReportingYear:
    _heading("A year of reporting against the National Intelligence Requirement (SYNTHETIC)")
    with progress("reporting year") as report:
        year = replay_year(scope, out / MADE_UP / "reports", report)
    held = requirement_set(scope, year.edition)
    typer.echo(
        f"{year.asks:,} asks, {year.reports:,} reports. At the start nothing was known; at the "
        "end of the year:\n"
    )
    typer.echo(coverage_views.write_coverage(year.series[-1], held))
    typer.echo(f"From {year.series[6].at} to {year.series[-1].at}, share answered:")
    typer.echo(coverage_views.write_change(year.change))
    for what, before, after in year.trials:
        typer.echo(
            f"  {what:32} {before} -> {after}" + ("   (changes nothing)" if before == after else "")
        )
    drawn = [charts.ladder_over_time(year.series), charts.change_bridge(year.change)]
    words, opened = coverage_views.write_change(year.change), open_cells(scope, year.edition)
    page = coverage_page.coverage_page(year.series[-1], held, opened, words, drawn)
    (out / "coverage.html").write_text(page, encoding="utf-8")
    shown = coverage_views.Covered(year.series[-1], held, ["question", "area"])
    given.deliver_to("coverage", shown, out / "coverage.json")
    return year


def _edition_example(out: Path) -> None:
    _heading("Two editions of the yearly assessment, 2008 and 2009 (judgements SYNTHETIC)")
    people = People(*(for_example(name) for name in ("author", "reviewer", "releaser")))
    with progress("editions") as report:
        made = make_editions(people, out / MADE_UP, given.today(), report)
    for each in made:
        folder = out / "editions" / each.name
        for rendering, files in each.files.items():
            given.deliver_edition(files, folder / rendering)
        typer.echo(
            f"{each.reference}: {each.name}, {each.reports} reports, {each.judgements} judgements; "
            f"released as {each.address}"
        )
        if each.compared:
            given.deliver_to("comparison_of_editions", each.compared, folder / "changes.html")
            typer.echo("\n".join(first_page(each.compared)))


def _print(story: Story) -> None:
    _heading(
        "The question of 17 December 2008: how many victims were identified during police "
        "operations?"
    )
    typer.echo(as_hansard.write_reply([*story.then, story.refused[0]]))
    for answer in story.otherwise:
        _heading(f"The same question as it stood on {in_words(answer.question.as_at)}")
        typer.echo(as_text.write_answer(answer))
    _heading("Why the figures changed")
    for bridge in story.bridges:
        typer.echo(as_text.write_bridge(bridge))
    _heading("What cannot be said")
    for answer in story.refused:
        typer.echo(as_text.write_answer(answer))


def _print_cases(story: CaseStory) -> None:
    _heading("The same figures counted from case records (SYNTHETIC), beside what was stated")
    for comparison in story.compared:
        typer.echo(as_text.write_comparison(comparison, brief=True))
    _heading("Convictions, counted from case records (SYNTHETIC)")
    for answer in story.convictions:
        typer.echo(as_text.write_answer(answer))
    typer.echo(as_text.write_comparison(story.rules, brief=True))
    _heading("Why the counts changed, record by record (SYNTHETIC)")
    for bridge in story.bridges:
        typer.echo(as_text.write_bridge(bridge))
    _heading("From recovery and arrest to sentence (SYNTHETIC)")
    typer.echo(flow_text.write_flow(story.flow))


def _heading(text: str) -> None:
    typer.echo(f"\n{typer.style(text, bold=True)}\n{'=' * min(len(text), 100)}")
