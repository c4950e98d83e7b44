"""Which declaration holds which document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from darkfigure.writing.documents import (
    assessing,
    disclosing,
    estimates,
    figures,
    judging,
    listings,
    releasing,
    reporting,
    subjects,
    working,
)
from darkfigure.writing.documents.deriving import schema_of
from darkfigure.writing.documents.head import VERSIONS, identity

#: Where the Schemas are kept.
KEPT = Path(__file__).parents[2] / "data" / "schemas"
DECLARED: Mapping[str, type] = {
    "accessible": releasing.AccessibleDocument,
    "answer": figures.AnswerDocument,
    "answers": figures.AnswersDocument,
    "asks": reporting.AsksDocument,
    "beside": figures.BesideDocument,
    "bridge": figures.BridgeDocument,
    "cell": working.CellDocument,
    "checked": disclosing.CheckedDocument,
    "comparison": figures.ComparisonDocument,
    "comparison_of_editions": assessing.ComparisonOfEditionsDocument,
    "coverage": working.CoverageDocument,
    "definition": working.DefinitionDocument,
    "disclosure": figures.DisclosureDocument,
    "disposal": reporting.DisposalDocument,
    "disputes": subjects.DisputesDocument,
    "due": listings.DueDocument,
    "edition": assessing.EditionDocument,
    "edition_check": assessing.EditionCheckDocument,
    "edition_feed": assessing.EditionFeedDocument,
    "editions": assessing.EditionsDocument,
    "entry": estimates.EntryDocument,
    "estimate": estimates.EstimateDocument,
    "extract": disclosing.ExtractReportDocument,
    "flow": working.FlowDocument,
    "gaps": listings.GapsDocument,
    "gathered": judging.GatheredDocument,
    "held": figures.HeldDocument,
    "history": listings.HistoryDocument,
    "judgement": judging.JudgementDocument,
    "judgement_history": judging.JudgementHistoryDocument,
    "judgement_scores": judging.JudgementScoresDocument,
    "judgements": judging.JudgementsDocument,
    "judgements_of_edition": assessing.JudgementsOfEditionDocument,
    "ledger": releasing.LedgerDocument,
    "linkage": working.LinkageDocument,
    "log": listings.LogDocument,
    "measures": listings.MeasuresDocument,
    "moves": estimates.MovesDocument,
    "origins": listings.OriginsDocument,
    "outbox": reporting.OutboxDocument,
    "packs": listings.PacksDocument,
    "panel": estimates.PanelDocument,
    "person": listings.PersonDocument,
    "plan": listings.PlanDocument,
    "problem": listings.ProblemDocument,
    "proposal": listings.ProposalDocument,
    "protected": disclosing.ProtectedDocument,
    "questions": listings.QuestionsDocument,
    "register": figures.RegisterDocument,
    "release": releasing.ReleaseDocument,
    "release_check": releasing.ReleaseCheckDocument,
    "releases": releasing.ReleasesDocument,
    "requests": listings.RequestsDocument,
    "requirement_changes": listings.RequirementChangesDocument,
    "requirements": listings.RequirementsDocument,
    "response": figures.ResponseDocument,
    "returns": listings.ReturnsDocument,
    "review": working.ReviewDocument,
    "schemas": listings.SchemasDocument,
    "series": estimates.SeriesDocument,
    "source": listings.SourceDocument,
    "statements": reporting.StatementsDocument,
    "strata": estimates.StrataDocument,
    "subject": subjects.SubjectDocument,
    "submission": reporting.SubmissionDocument,
    "submissions": reporting.SubmissionsDocument,
    "synthetic": disclosing.SyntheticReportDocument,
    "tokens": reporting.TokensDocument,
    "understanding": figures.UnderstandingDocument,
    "view": figures.ViewDocument,
}


def derived(name: str) -> dict[str, Any]:
    """The Schema that follows from the declaration of a document."""
    return schema_of(DECLARED[name], identity(name))


def keep(folder: Path = KEPT) -> None:
    """Write the Schema of every document into a folder (`make schemas`)."""
    for name in VERSIONS:
        text = json.dumps(derived(name), indent=1, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    keep()
