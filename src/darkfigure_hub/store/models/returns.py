"""Files as received, and the returns read from them."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models

#: The wall behind which nobody sees, of a row that has taken none.
NOBODYS = 2_147_483_647


class Wall(models.Model):
    """What may be told apart of who sees a row: whose it is, how it is marked, the compartment it
    is in and the condition it is shared under (0 where in none, under none). Nothing of a wall ever
    changes.
    """

    agency = models.CharField(max_length=40)
    marking = models.SmallIntegerField()
    compartment = models.IntegerField(db_default=0)
    condition = models.IntegerField(db_default=0)

    class Meta:
        """One of each kind."""

        constraints = [
            models.UniqueConstraint(
                fields=["agency", "marking", "compartment", "condition"], name="wall_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency or 'centre'} {self.marking}"


class Walled(models.Model):
    """A row behind a wall. The database sets it as the row is entered (`store/gate.sql`)."""

    wall = models.IntegerField(db_default=NOBODYS)

    class Meta:
        """Shared by the tables; itself none."""

        abstract = True


class ReceivedFile(models.Model):
    """A file exactly as it came. Its bytes are kept in pieces."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.TextField()
    size = models.BigIntegerField()

    def __str__(self) -> str:
        return self.name


class FilePiece(models.Model):
    """Some of the bytes of a received file, in order: `size` bytes, packed with Zstandard."""

    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="pieces")
    place = models.IntegerField()
    size = models.IntegerField()
    packed = models.BinaryField()

    class Meta:
        """Each piece once."""

        constraints = [models.UniqueConstraint(fields=["file", "place"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.place}"


class KeptReading(models.Model):
    """A reading by which files were taken in, as it was."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.sha256


class Return(Walled):
    """What one body sent, or published and was taken in, at one time. A file may hold several
    (`part`), and may be read anew by another reading.
    """

    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="returns")
    part = models.TextField(blank=True)
    kind = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    received_by = models.TextField()
    agency = models.CharField(max_length=40, blank=True)
    period = DateRangeField(null=True)
    supersedes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )
    marking = models.SmallIntegerField()
    rows = models.BigIntegerField()
    source = models.TextField(blank=True)
    reading = models.ForeignKey(
        KeptReading, on_delete=models.PROTECT, null=True, related_name="returns"
    )
    compartment = models.ForeignKey(
        "Compartment", on_delete=models.PROTECT, null=True, related_name="returns"
    )
    disposed_on = models.DateField(null=True)
    #: When all that was held of some persons in it went last, and its file with that.
    thinned_on = models.DateField(null=True)

    class Meta:
        """A part of a file is received once by the same reading; nothing in a compartment is
        public.
        """

        constraints = [
            models.CheckConstraint(
                condition=models.Q(compartment__isnull=True) | models.Q(marking__gt=0),
                name="compartment_is_marked",
            ),
            models.UniqueConstraint(
                fields=["file", "part", "reading"],
                name="part_received_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.part}".strip()


class ReturnRemark(models.Model):
    """Something noticed in a return: a total that does not add up, rows added together."""

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="remarks")
    rule = models.CharField(max_length=40)
    line = models.BigIntegerField(null=True)
    text = models.TextField()

    def __str__(self) -> str:
        return self.text
