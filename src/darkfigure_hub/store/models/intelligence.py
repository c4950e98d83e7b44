"""Intelligence: requirement sets by edition, asks, reports with items, grades and links, replies,
answers.

Nothing is overwritten. What an item says in words is in the file as received, in the identity
schema, and not here.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from darkfigure_hub.store.models.returns import ReceivedFile


class RequirementEdition(models.Model):
    """A requirement set as loaded, its text in full."""

    code = models.CharField(max_length=60, primary_key=True)
    title = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField()
    marking = models.SmallIntegerField()
    follows = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.TextField()

    def __str__(self) -> str:
        return self.code


class Known(models.Model):
    """What the centre held to be so during some days."""

    known_from = models.DateField()
    known_to = models.DateField(null=True)

    class Meta:
        """Shared by the tables; itself none."""

        abstract = True


class Place(models.Model):
    """A cell: question, area and period."""

    question = models.CharField(max_length=20)
    area = models.TextField()
    period = models.CharField(max_length=20)

    class Meta:
        """Shared by the tables; itself none."""

        abstract = True


class Ask(Place, Known):
    """A question put to an agency for an area and a period, with the day it is due and the law it
    rests on.
    """

    edition = models.ForeignKey(RequirementEdition, on_delete=models.PROTECT, related_name="asks")
    agency = models.CharField(max_length=40)
    due = models.DateField()
    form = models.CharField(max_length=40)
    gateway = models.TextField()
    cost = models.FloatField()
    asked_by = models.TextField()

    class Meta:
        """A question is put once to an agency for a cell."""

        constraints = [
            models.UniqueConstraint(
                fields=["edition", "question", "area", "period", "agency"],
                condition=models.Q(known_to__isnull=True),
                name="asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"ASK-{self.pk}"


class IntelligenceReport(models.Model):
    """A report of one source, as received."""

    reference = models.CharField(max_length=80)
    agency = models.CharField(max_length=40)
    source_kind = models.CharField(max_length=40)
    marking = models.SmallIntegerField()
    tlp = models.CharField(max_length=20, blank=True)
    submitted_by = models.TextField()
    submitted_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.TextField()
    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="reports")
    synthetic = models.BooleanField()

    class Meta:
        """A reference is an agency's own."""

        constraints = [
            models.UniqueConstraint(fields=["agency", "reference"], name="reported_once")
        ]

    def __str__(self) -> str:
        return self.reference


class IntelligenceItem(models.Model):
    """An item of a report: fact or assessment, when it happened, when it was learnt, from which
    origin.
    """

    of = models.ForeignKey(IntelligenceReport, on_delete=models.PROTECT, related_name="items")
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    event_on = models.DateField(null=True)
    on = models.DateField()
    origin = models.TextField(blank=True)
    corroborated_by = models.TextField(blank=True)

    class Meta:
        """Items of a report are numbered."""

        constraints = [models.UniqueConstraint(fields=["of", "number"], name="item_numbered_once")]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.number}"


class ItemGrade(Known):
    """A grade of an item during some time: regrading closes it and enters another. `converted_from`
    keeps an older scheme's.
    """

    item = models.ForeignKey(IntelligenceItem, on_delete=models.PROTECT, related_name="grades")
    letters = models.CharField(max_length=3)
    action = models.CharField(max_length=2, blank=True)
    sanitisation = models.CharField(max_length=2, blank=True)
    converted_from = models.CharField(max_length=20, blank=True)
    lost = models.TextField(blank=True)
    graded_by = models.TextField()
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.letters


class ItemLink(Place, Known):
    """What an item says of a cell: supports, refutes, or context."""

    item = models.ForeignKey(IntelligenceItem, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.relation} {self.question}"


class AskReply(Known):
    """An agency's reply to an ask."""

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=30)
    effort = models.CharField(max_length=20, blank=True)
    ground = models.CharField(max_length=20, blank=True)
    on = models.DateField()
    signed_off_by = models.TextField()
    received_at = models.DateTimeField()
    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="replies")
    synthetic = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.kind} to ASK-{self.ask_id}"


class GivenAnswer(Place, Known):
    """An answer an analyst stated and a second person accepted, with the day it lapses."""

    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    rests_on = ArrayField(models.TextField(), default=list)
    confidence = models.CharField(max_length=10)
    stated_by = models.TextField()
    accepted_by = models.TextField()
    accepted_on = models.DateField()
    lapses_on = models.DateField(null=True)

    class Meta:
        """Two people answer: one states, another accepts."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(stated_by=models.F("accepted_by")), name="accepted_by_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.area} {self.period}"


class CellClosure(Place, Known):
    """A cell closed without answer: withdrawn, unanswerable or unlawful."""

    why = models.CharField(max_length=20)
    decided_by = models.TextField()

    def __str__(self) -> str:
        return f"{self.question} {self.why}"


class InformationRequest(Known):
    """A one-off question to an agency; `promoted_to` names the question of a set it became."""

    agency = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    urgency = models.CharField(max_length=20)
    reply_by = models.DateField()
    asked_by = models.TextField()
    promoted_to = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"RFI-{self.pk}"


class UnansweredQuestion(models.Model):
    """A question of the data that could not be answered, with the requirement that would close the
    gap and who waits for it.
    """

    question = models.JSONField()
    as_at = models.DateField()
    measure = models.CharField(max_length=60)
    reason = models.CharField(max_length=40)
    requirement = models.CharField(max_length=20)
    drafted = models.BooleanField()
    cells = models.JSONField()
    owner = models.TextField()
    raised_on = models.DateField()
    filled_on = models.DateField(null=True)
    told_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"GAP-{self.pk}"
