"""Intelligence: requirement sets by edition, asks, reports with items, grades and links, replies,
answers, and what of it was taken back.

Rows are entered and never changed: until when each stands follows from the others
(`darkfigure.intelligence.ledgers`). What an item says in words is in the file as received, in the
identity schema, and not here; so is how an origin is called.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from darkfigure_hub.store.models.returns import ReceivedFile, Walled


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
    """What the centre held to be so from a day on."""

    known_from = models.DateField()

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


class Ask(Place, Known, Walled):
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

    def __str__(self) -> str:
        return f"ASK-{self.pk}"


class AskChange(Known, Walled):
    """An ask as changed from a day on: due on another day, or put to another agency, and why."""

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="changes")
    agency = models.CharField(max_length=40)
    due = models.DateField()
    reason = models.TextField()
    changed_by = models.TextField()

    def __str__(self) -> str:
        return f"change of ASK-{self.ask_id}"


class LateException(Known, Walled):
    """More time that was given for a reply to an ask, by whom and why: the ask stays due when it
    was, and a reply until then is late by leave. The latest that is given stands.
    """

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="exceptions")
    until = models.DateField()
    reason = models.TextField()
    given_by = models.TextField()

    class Meta:
        """Nobody gives it without a reason."""

        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="late_for_a_reason")
        ]

    def __str__(self) -> str:
        return f"exception for ASK-{self.ask_id}"


class IntelligenceReport(Walled):
    """A report of one source, as received."""

    reference = models.CharField(max_length=80)
    agency = models.CharField(max_length=40)
    source_kind = models.CharField(max_length=40)
    marking = models.SmallIntegerField()
    tlp = models.CharField(max_length=20, blank=True)
    caveats = ArrayField(models.TextField(), default=list)
    submitted_by = models.TextField()
    submitted_on = models.DateField()
    received_at = models.DateTimeField()
    received_by = models.TextField()
    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="reports")
    synthetic = models.BooleanField()
    compartment = models.ForeignKey(
        "Compartment", on_delete=models.PROTECT, null=True, related_name="reports"
    )
    disposed_on = models.DateField(null=True)

    class Meta:
        """A reference is an agency's own."""

        constraints = [
            models.UniqueConstraint(fields=["agency", "reference"], name="reported_once")
        ]

    def __str__(self) -> str:
        return self.reference


class IntelligenceItem(Walled):
    """An item of a report: fact or assessment, when it happened, when it was learnt, from which
    origin.
    """

    of = models.ForeignKey(IntelligenceReport, on_delete=models.PROTECT, related_name="items")
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    event_on = models.DateField(null=True)
    on = models.DateField()
    origin = models.ForeignKey("Origin", null=True, on_delete=models.PROTECT, related_name="items")
    corroborated_by = models.TextField(blank=True)
    marking = models.SmallIntegerField()
    tlp = models.CharField(max_length=20, blank=True)
    caveats = ArrayField(models.TextField(), default=list)

    class Meta:
        """Items of a report are numbered."""

        constraints = [models.UniqueConstraint(fields=["of", "number"], name="item_numbered_once")]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.number}"


class Origin(models.Model):
    """From whom items come, registered once. How it is called and spelt is in the identity schema;
    `agency` names one that is an agency. Without an origin, items come from the agency that reports
    them.
    """

    agency = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField()
    registered_by = models.TextField()

    def __str__(self) -> str:
        return f"ORIGIN-{self.pk}"


class OriginJoin(Known):
    """Two origins are one from a day on."""

    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="joined_to")
    into = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="joined_from")
    reason = models.TextField()
    joined_by = models.TextField()

    def __str__(self) -> str:
        return f"{self.origin} is {self.into}"


class ItemGrade(Known, Walled):
    """A grade of an item from a day on, until the next; `converted_from` keeps an older scheme's.
    Under handling C, `condition` says who may have the item.
    """

    item = models.ForeignKey(IntelligenceItem, on_delete=models.PROTECT, related_name="grades")
    letters = models.CharField(max_length=3)
    action = models.CharField(max_length=2, blank=True)
    sanitisation = models.CharField(max_length=2, blank=True)
    converted_from = models.CharField(max_length=20, blank=True)
    lost = models.TextField(blank=True)
    graded_by = models.TextField()
    reason = models.TextField(blank=True)
    condition = models.ForeignKey(
        "HandlingCondition", on_delete=models.PROTECT, null=True, related_name="grades"
    )

    def __str__(self) -> str:
        return self.letters


class SecondGrade(Walled):
    """A grade that another gave to an item of the sample without knowing the one it had (`first`):
    how far graders agree. It changes nothing of the item.
    """

    item = models.OneToOneField(
        IntelligenceItem, on_delete=models.PROTECT, related_name="second_grade"
    )
    first = models.CharField(max_length=3)
    first_by = models.TextField()
    letters = models.CharField(max_length=3)
    graded_by = models.TextField()
    graded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Nobody agrees with themselves."""

        constraints = [
            models.CheckConstraint(
                condition=~models.Q(graded_by=models.F("first_by")), name="graded_by_another"
            )
        ]

    def __str__(self) -> str:
        return self.letters


class ItemLink(Place, Known, Walled):
    """What an item says of a cell: supports, refutes, or context."""

    item = models.ForeignKey(IntelligenceItem, on_delete=models.PROTECT, related_name="links")
    relation = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"{self.relation} {self.question}"


class AskReply(Known, Walled):
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
        return f"REPLY-{self.pk}"


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
        return f"ANSWER-{self.pk}"


class CellClosure(Place, Known):
    """A cell closed without answer: withdrawn, unanswerable or unlawful."""

    why = models.CharField(max_length=20)
    decided_by = models.TextField()

    def __str__(self) -> str:
        return f"CLOSURE-{self.pk}"


class TakenBack(Known):
    """Something taken back from a day on, with who and why; `undoes` names what was taken back and
    stands again.
    """

    kind = models.CharField(max_length=20)
    target = models.CharField(max_length=60)
    named = models.TextField()
    reason = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
    corrected_by = models.TextField(blank=True)
    undoes = models.ForeignKey(
        "TakenBack", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        """What is taken back is looked up by kind."""

        indexes = [models.Index(fields=["kind", "target"], name="taken_back")]
        constraints = [models.UniqueConstraint(fields=["undoes"], name="undone_once")]

    def __str__(self) -> str:
        return f"TAKEN-{self.pk}"


class InformationRequest(Known):
    """A one-off question to an agency, until it is closed; `promoted_to` names the question of a
    set it became.
    """

    known_to = models.DateField(null=True)

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
