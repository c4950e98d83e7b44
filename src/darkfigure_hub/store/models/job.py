"""Long work that people ask for on pages: done by a worker, as them, later."""

from django.db import models

from darkfigure_hub.store.models.account import Account, Appointment


class Job(models.Model):
    """A piece of work from when it was asked for until it ended.

    It is done as the appointment that asked: `seal` binds that to what is asked (`sha256`) and to
    `ticket`, so that who can only write the table has nothing done as anybody. A worker that has it
    says so (`heard_at`), and is let in by what `worker` is the hash of; one that is no longer heard
    loses it, and it is begun once more.
    """

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    arguments = models.JSONField()
    sha256 = models.CharField(max_length=64)
    ticket = models.CharField(max_length=32, unique=True)
    seal = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="jobs")
    acting = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="jobs")
    purpose = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    attempt = models.SmallIntegerField(default=0)
    worker = models.CharField(max_length=40, blank=True)
    heard_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    progress = models.JSONField(default=dict)
    cancel_asked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    said = models.TextField(blank=True)
    made = models.JSONField(default=dict)

    class Meta:
        """What ended ended in some way; work that is begun again and again is given up."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | models.Q(ended_at__isnull=False, outcome__in=("done", "failed", "cancelled")),
                name="job_ends_in_some_way",
            ),
            models.CheckConstraint(
                condition=models.Q(attempt__range=(0, 2)), name="job_is_begun_twice_at_most"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(ended_at__isnull=True), name="jobs_that_wait"
            )
        ]

    def __str__(self) -> str:
        return f"JOB-{self.pk}"
