"""Who is whom: runs of a model, the pairs it found, decisions of people, and the persons that
follow. None is ever changed.

Records are named by pseudonym. There is no name, date or number of a person here.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class LinkRun(models.Model):
    """A linkage as it was run on a day: the model in full, thresholds, and how many records it
    knew.

    `adds_to` names the run whose records a later return was compared with; without it all were
    linked anew.
    """

    made_at = models.DateTimeField()
    known_from = models.DateField()
    made_by = models.TextField()
    model = models.JSONField()
    model_id = models.CharField(max_length=12)
    thresholds = models.JSONField()
    records = models.BigIntegerField()
    pairs = models.BigIntegerField()
    adds_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="additions"
    )

    def __str__(self) -> str:
        return f"L{self.pk}"


class LinkedRecord(models.Model):
    """A pseudonym with the run that first looked at it: what came since is what has none."""

    record = models.TextField(primary_key=True)
    run = models.ForeignKey(LinkRun, on_delete=models.PROTECT, related_name="looked_at")

    def __str__(self) -> str:
        return self.record


class LinkPair(models.Model):
    """Two pseudonyms with the probability that they are one person, as a run found it; `weight` in
    bits.
    """

    run = models.ForeignKey(LinkRun, on_delete=models.PROTECT, related_name="found")
    left = models.TextField()
    right = models.TextField()
    weight = models.FloatField()
    probability = models.FloatField()

    class Meta:
        """A pair is found once in a run, its names in alphabetical order."""

        constraints = [
            models.UniqueConstraint(fields=["run", "left", "right"], name="pair_once_in_a_run"),
            models.CheckConstraint(
                condition=models.Q(probability__range=(0, 1)), name="pair_has_a_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left} {self.right}"


class LinkDecision(models.Model):
    """Somebody decided that two records are, or are not, one person's, or undid such a decision."""

    kind = models.CharField(max_length=10)
    left = models.TextField(blank=True)
    right = models.TextField(blank=True)
    decided_on = models.DateField()
    decided_by = models.TextField()
    recorded_at = models.DateTimeField()
    reason = models.TextField()
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )

    class Meta:
        """A decision says why."""

        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"D{self.pk} {self.kind}"


class LinkProposal(models.Model):
    """A grave decision on a link, which waits until another person agrees; `grave` are the rules by
    which it is (`data/linkage/grave.toml`). Once agreed, it names the decision that was made of it.
    """

    kind = models.CharField(max_length=10)
    left = models.TextField(blank=True)
    right = models.TextField(blank=True)
    undoes = models.ForeignKey(
        LinkDecision, on_delete=models.PROTECT, null=True, related_name="undoing_proposed"
    )
    reason = models.TextField()
    grave = ArrayField(models.CharField(max_length=40))
    proposed_by = models.CharField(max_length=120)
    proposed_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    agreed_at = models.DateTimeField(null=True)
    decision = models.OneToOneField(
        LinkDecision, on_delete=models.PROTECT, null=True, related_name="proposal"
    )
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody agrees with themselves; of two records one proposal waits at a time."""

        constraints = [
            models.CheckConstraint(
                condition=~Q(agreed_by=F("proposed_by")), name="link_agreed_by_another"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by="", decision__isnull=True)
                | Q(agreed_at__isnull=False, decision__isnull=False) & ~Q(agreed_by=""),
                name="link_agreed_makes_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="link_agreed_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["left", "right"],
                condition=Q(agreed_at__isnull=True, withdrawn_at__isnull=True),
                name="link_proposed_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"PROPOSAL-{self.pk}"


class PersonLink(models.Model):
    """The person that a pseudonym was taken to be during some time, by decision, surely, and
    possibly.

    `reason` says why it changed: duplicate where it was put with another, decision_changed where it
    was taken from one.
    """

    record = models.TextField()
    person = models.TextField()
    surely = models.TextField()
    possibly = models.TextField()
    reason = models.CharField(max_length=40)
    known_from = models.DateField()
    known_to = models.DateField(null=True)

    class Meta:
        """A record is one person's at a time. What was replaced on the day it was made stood for no
        day at all.
        """

        db_table = "person_link"
        indexes = [models.Index(fields=["person"], name="person_link_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(known_to__isnull=True),
                name="linked_to_one_person",
            ),
            models.CheckConstraint(
                condition=models.Q(known_to__isnull=True)
                | models.Q(known_to__gte=models.F("known_from")),
                name="link_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} is {self.person}"
