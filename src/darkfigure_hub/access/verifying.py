"""Whether the log holds: what is proved of it, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from darkfigure_hub.access.log import FIRST, plain_seal, seal, set_hash
from darkfigure_hub.store import heads
from darkfigure_hub.store.heads import Head, Key
from darkfigure_hub.store.models import LogEntry, RecordSet

BATCH = 5000


@dataclass
class Checked:
    """What was found: entries in all, proved by the key, only chained as they are older than keys,
    sealed with keys that are not here; heads and sets of records that fit; the first fault.
    """

    entries: int = 0
    proved: int = 0
    chained: int = 0
    elsewhere: dict[str, int] = field(default_factory=dict)
    heads: int = 0
    sets: int = 0
    last: Head | None = None
    fault: str | None = None
    broken_at: int | None = None

    def fail(self, at: int, fault: str) -> None:
        """Note a fault; the first is told."""
        if self.fault is None:
            self.broken_at, self.fault = at, fault


def verify() -> Checked:
    """Read the whole log and hold every entry to the one before, to the key, and to the heads kept
    outside the database.
    """
    found, key = Checked(), heads.key()
    kept: dict[int, list[Head]] = {}
    for head in heads.kept():
        kept.setdefault(head.id, []).append(head)
    sets: set[str] = set()
    last: LogEntry | None = None
    for entry in _entries():
        found.entries += 1
        _check(found, entry, last, key)
        for head in kept.pop(entry.pk, []):
            _fits(found, entry, head)
        touched = entry.detail.get("touched") if isinstance(entry.detail, dict) else None
        if isinstance(touched, dict):
            sets.add(str(touched.get("set")))
        last = entry
    _check_heads(found, [head for each in kept.values() for head in each], last)
    _check_sets(found, sets)
    return found


def _entries() -> Iterator[LogEntry]:
    """Every entry in order, a batch at a time: no cursor is held open."""
    after = None
    while True:
        batch = LogEntry.objects.order_by("id")
        held = list(batch[:BATCH] if after is None else batch.filter(id__gt=after)[:BATCH])
        yield from held
        if len(held) < BATCH:
            return
        after = held[-1].pk


def _check(found: Checked, entry: LogEntry, last: LogEntry | None, key: Key) -> None:
    number = int(entry.pk)
    if entry.previous != (FIRST if last is None else last.hash):
        found.fail(number, f"entry {number} does not fit the one before it")
    if last is not None and entry.at < last.at:
        found.fail(number, f"entry {number} is earlier than the one before it")
    if not entry.sealed_by:
        found.chained += 1
        if last is not None and last.sealed_by:
            found.fail(number, f"entry {number} is not sealed, though the one before it is")
        if entry.hash != plain_seal(entry):
            found.fail(number, f"entry {number} is not what its hash was made of")
        return
    expected = 1 if last is None else last.pk + 1
    if number != expected:
        found.fail(number, f"before entry {number} entries are missing, or it was renumbered")
    if entry.sealed_by != key.sign:
        found.elsewhere[entry.sealed_by] = found.elsewhere.get(entry.sealed_by, 0) + 1
    elif entry.hash == seal(entry, key):
        found.proved += 1
    else:
        found.fail(number, f"entry {number} is not what was sealed")


def _fits(found: Checked, entry: LogEntry, head: Head) -> None:
    if (head.hash, head.count) == (entry.hash, found.entries):
        found.heads += 1
        found.last = head
    elif head.hash != entry.hash:
        found.fail(
            int(entry.pk),
            f"entry {entry.pk} is another than on {head.day}, when its head was kept: entries were "
            "taken away or made anew, or an older copy of the database was put in place",
        )
    else:
        found.fail(
            int(entry.pk),
            f"up to entry {entry.pk} there are {found.entries} entries; on {head.day} there were "
            f"{head.count}",
        )


def _check_heads(found: Checked, without_entry: list[Head], last: LogEntry | None) -> None:
    for head in without_entry:
        end = "the log is empty" if last is None else f"the last entry is {last.pk}"
        found.fail(
            head.id,
            f"entries are missing: on {head.day} there were {head.count}, the last of them "
            f"{head.id}, and {end}; entries were taken away, or an older copy of the database was "
            "put in place",
        )


def _check_sets(found: Checked, named: set[str]) -> None:
    for digest in sorted(named):
        held = RecordSet.objects.filter(pk=digest).values_list("members", flat=True).first()
        if held is None or set_hash(held) != digest:
            missing = f"the set of records {digest[:12]}, which entries name, is missing or changed"
            found.fail(0, missing)
        else:
            found.sets += 1
