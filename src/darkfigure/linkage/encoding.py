"""Linking without names: each agency encodes its list with a secret key, the centre compares
encodings and never sees a name.

Cryptographic long-term keys (Schnell, Bachteler and Reiher 2009, 2011): the pairs of letters of a
value are hashed with the key into a row of bits; records alike in most letters share most bits. Two
rows are made, of names and of birth, sex and nationality, and a keyed hash of the document number.
The key stays with the agencies: who holds it and a list of names can try them.

What it does not hide: that two encodings are alike, and how often one occurs. A common name can be
guessed from its frequency; encodings are therefore kept and marked like names.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import numpy as np
import polars as pl

from darkfigure.basis.errors import Unreadable
from darkfigure.basis.saying import say
from darkfigure.linkage.clusters import evidence_of, partition
from darkfigure.linkage.linking import Linked
from darkfigure.linkage.model import FLOOR, PAIRS, Model, Step
from darkfigure.linkage.preparation import prepared
from darkfigure.linkage.thresholds import Thresholds
from darkfigure.linkage.waiting import Doing, quietly

BITS = 1024
_HASHES = {"names": 12, "birth": 16}
_WORDS = BITS // 64
#: Candidates share all bits of at least one sample of this many, out of so many samples.
_SAMPLE, _SAMPLES = 20, 48
_MOST_ALIKE = 400
_STRANGERS = 500_000
_STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
COLUMNS = ("list", "record", "key", "names", "birth", "document")
Bits = np.ndarray[Any, np.dtype[np.uint64]]


def encoded(records: pl.DataFrame, key: bytes, *, keep: Sequence[str] = ()) -> pl.DataFrame:
    """Records as `fields.as_list` makes them, encoded: list and record, which key (a fingerprint),
    rows of bits in hexadecimal.

    `keep` names columns left as they are, to try the method where the truth is known. Raises
    Unreadable for a key too short.
    """
    if len(key) < 16:
        raise Unreadable(
            "The key has fewer than 16 bytes. Make one with `openssl rand -hex 32 > key` and "
            "share it among agencies."
        )
    ordered = records.sort("list", "record")
    frame = prepared(ordered)
    hashed = _Hasher(key)
    rows = frame.select(
        "given", "family", "dob", "birth_year", "sex", "nationality", "document"
    ).rows()
    return ordered.select("list", "record", *keep).with_columns(
        key=pl.lit(_mac(key, "fingerprint").hex()[:12]),
        names=pl.Series(
            [hashed.row("names", _letters(row[0], row[1])) for row in rows], dtype=pl.String
        ),
        birth=pl.Series([hashed.row("birth", _birth(*row[2:6])) for row in rows], dtype=pl.String),
        document=pl.Series(
            [_mac(key, f"document {row[6]}").hex() if row[6] else None for row in rows],
            dtype=pl.String,
        ),
    )


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()


def _letters(given: str | None, family: str | None) -> list[str]:
    """Pairs of letters of every name, its ends marked: the order of names is of no account."""
    words = f"{given or ''} {family or ''}".split()
    return [f"_{word}_"[at : at + 2] for word in words for at in range(len(word) + 1)]


def _birth(
    dob: str | None, year: int | None, sex: str | None, nationality: str | None
) -> list[str]:
    found = [f"day {at} {digit}" for at, digit in enumerate(dob or "")]
    if year is not None:
        found += [f"year {each}" for each in (year - 1, year, year + 1)] + [
            f"the year {year} {time}" for time in range(3)
        ]
    return (
        found
        + [f"sex {sex}"] * (sex is not None)
        + [f"from {nationality}"] * (nationality is not None)
    )


class _Hasher:
    """Where each piece of a value falls, by the key; remembered, since letters repeat."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._places: dict[tuple[str, str], list[int]] = {}

    def row(self, kind: str, pieces: list[str]) -> str | None:
        """A row of bits in hexadecimal; None where there is nothing to encode."""
        if not pieces:
            return None
        bits = 0
        for piece in pieces:
            places = self._places.get((kind, piece))
            if places is None:
                digest = _mac(self._key, f"{kind} {piece}")
                first, second = int.from_bytes(digest[:8]), int.from_bytes(digest[8:16]) | 1
                places = [(first + turn * second) % BITS for turn in range(_HASHES[kind])]
                self._places[kind, piece] = places
            for place in places:
                bits |= 1 << place
        return f"{bits:0{BITS // 4}x}"


def link_encoded(
    lists: pl.DataFrame,
    *,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    seed: int = 1,
    doing: Doing = quietly,
) -> Linked:
    """Link encoded lists. Raises Unreadable where they were made with different keys."""
    keys = lists["key"].unique().to_list()
    if len(keys) > 1:
        raise Unreadable(
            f"The lists were encoded with {len(keys)} different keys: encodings compare only "
            "under one."
        )
    ordered = lists.sort("list", "record")
    names, birth = (_bits(ordered[name]) for name in ("names", "birth"))
    document = ordered["document"].to_list()
    doing(say("linkage.doing.encodings"))
    left, right = _candidates(names, birth, document, seed)
    doing(say("linkage.doing.encoded"))
    likes = np.stack([_likeness(row, left, right) for row in (names, birth)])
    numbers = np.unique(np.array([each or "" for each in document]), return_inverse=True)[1]
    given = np.array([each is not None for each in document])
    same = np.where(given[left] & given[right], np.where(numbers[left] == numbers[right], 1, 0), -1)
    random = np.random.default_rng(seed).integers(0, ordered.height, (2, _STRANGERS))
    strangers = np.stack(
        [_likeness(row, *random[:, random[0] != random[1]]) for row in (names, birth)]
    )
    probability, model = _weighed(likes, same, strangers, ordered.height)
    pairs = pl.DataFrame({"left": left, "right": right, "probability": probability}).filter(
        pl.col("probability") >= FLOOR
    )
    pairs = pairs.with_columns(weight=(pl.col("probability") / (1 - pl.col("probability"))).log(2))
    pairs = pairs.select(*PAIRS).cast(PAIRS).sort("left", "right")
    found = partition(evidence_of(pairs, ordered.height), thresholds)
    return Linked(ordered, pairs, found, model, thresholds)


def _bits(column: pl.Series) -> Bits:
    whole = b"".join(bytes.fromhex(text or "0" * (BITS // 4)) for text in column.to_list())
    return np.frombuffer(whole, dtype=">u8").astype(np.uint64).reshape(-1, _WORDS)


def _likeness(
    rows: Bits, left: np.ndarray[Any, Any], right: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """The Dice coefficient of each pair; -1 where one has nothing."""
    found = np.empty(len(left))
    sizes = np.bitwise_count(rows).sum(axis=1).astype(float)
    for start in range(0, len(left), 500_000):
        one, other = left[start : start + 500_000], right[start : start + 500_000]
        shared = np.bitwise_count(rows[one] & rows[other]).sum(axis=1)
        whole = sizes[one] + sizes[other]
        empty = (sizes[one] == 0) | (sizes[other] == 0)
        found[start : start + 500_000] = np.where(empty, -1.0, 2 * shared / np.maximum(whole, 1))
    return found


def _candidates(
    names: Bits, birth: Bits, document: Sequence[str | None], seed: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Pairs that agree on all of some sample of bits (Hamming locality-sensitive hashing), or on
    the document.

    Groups of more than a few hundred are passed over: bits that so many share tell nothing.
    """
    random = np.random.default_rng(seed)
    both = np.concatenate([names, birth], axis=1)
    empty = (names.sum(axis=1) == 0) | (birth.sum(axis=1) == 0)
    found = []
    for _ in range(_SAMPLES):
        places = random.choice(2 * BITS, _SAMPLE, replace=False)
        key = np.zeros(len(both), dtype=np.int64)
        for bit, place in enumerate(places):
            key |= ((both[:, place // 64] >> np.uint64(place % 64)) & np.uint64(1)).astype(
                np.int64
            ) << bit
        # Bits all unset say little: they are left to other samples.
        found.append(
            pl.DataFrame({"id": np.arange(len(both)), "key": np.where(empty | (key == 0), -1, key)})
        )
    pairs = [_within(each.filter(pl.col("key") >= 0)) for each in found]
    documents = pl.DataFrame(
        {"id": np.arange(len(both)), "key": pl.Series(document, dtype=pl.String)}
    ).drop_nulls()
    whole = pl.concat([*pairs, _within(documents)]).unique().sort("left", "right")
    return whole["left"].to_numpy(), whole["right"].to_numpy()


def _within(keyed: pl.DataFrame) -> pl.DataFrame:
    small = keyed.filter((pl.len().over("key") <= _MOST_ALIKE) & (pl.len().over("key") > 1))
    joined = small.join(small, on="key", suffix="_right").filter(pl.col("id") < pl.col("id_right"))
    return joined.select(left="id", right="id_right").unique()


def _weighed(
    likes: np.ndarray[Any, Any],
    same: np.ndarray[Any, Any],
    strangers: np.ndarray[Any, Any],
    records: int,
) -> tuple[np.ndarray[Any, Any], Model]:
    """Probability of each candidate, learnt without labels over steps of likeness.

    `strangers` holds the likeness of pairs at random. How alike one person's names are is learnt
    from pairs whose births are all but the same, how alike births are from pairs whose names are;
    names of strangers are looked at where births are somewhat alike, since these tell sex and
    nationality as names do.
    """
    steps = [np.where(row < 0, -1, np.searchsorted(_STEPS, row, side="right")) for row in likes]
    random = [
        np.where(row < 0, -1, np.searchsorted(_STEPS, row, side="right")) for row in strangers
    ]
    some = strangers[1] >= np.quantile(strangers[1], 0.85)
    different = strangers[1] < _STEPS[3]
    chosen = some & different
    u = [_among(random[0][chosen] if chosen.sum() > 2000 else random[0]), _among(random[1])]
    m = [
        _learnt(steps[0][steps[1] >= len(_STEPS) - 1], u[0]),
        _learnt(steps[1][steps[0] >= len(_STEPS) - 1], u[1]),
    ]
    document = (np.array([0.1, 0.9]), np.array([1 - 1e-6, 1e-6]))
    bits = np.zeros(len(same))
    for place, (one, other) in zip(
        [*steps, same], [*zip(m, u, strict=True), document], strict=True
    ):
        bits += np.where(place < 0, 0.0, np.log(one[place] / other[place]))
    pairs = max(records * (records - 1) / 2, 1)
    prior = 1 / max(records, 2)
    for _ in range(100):
        right = 1 / (1 + np.exp(-(bits + math.log(prior / (1 - prior)))))
        prior = min(max(float(right.sum()) / pairs, 0.5 / pairs), 0.5)
    words = [f"likeness from {low:.2f}" for low in (0.0, *_STEPS)]
    comparisons = {
        name: tuple(
            Step(word, float(a), float(b)) for word, a, b in zip(words, one, other, strict=True)
        )
        for name, one, other in zip(("names", "birth"), m, u, strict=True)
    }
    comparisons["document"] = tuple(
        Step(word, float(a), float(b), learnt=False)
        for word, a, b in zip(("different", "same number"), *document, strict=True)
    )
    return 1 / (1 + np.exp(-(bits + math.log(prior / (1 - prior))))), Model(
        comparisons, (), prior, records
    )


def _among(places: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return _share(np.bincount(places[places >= 0], minlength=len(_STEPS) + 1) + 0.5)


def _learnt(places: np.ndarray[Any, Any], u: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How often one person's encodings meet each step, from pairs of which some are strangers as
    `u` says.
    """
    counts = np.bincount(places[places >= 0], minlength=len(_STEPS) + 1).astype(float)
    start = _share(np.exp(0.9 * np.arange(len(_STEPS) + 1)))
    m, share = start, 0.5
    for _ in range(200):
        right = share * m / (share * m + (1 - share) * u)
        m = _share(right * counts + 5 * start)
        share = min(max(float((right * counts).sum() / max(counts.sum(), 1.0)), 1e-4), 1 - 1e-4)
    return m


def _share(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    made: np.ndarray[Any, Any] = values / values.sum()
    return made
