"""Reports and replies as agencies send them, all synthetic, and where their cell stands."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from darkfigure_hub.flows.measure_coverage import measure_coverage

START, HELD, LATER = date(2026, 4, 1), date(2026, 6, 5), date(2026, 7, 20)
PLACE = {"question": "HT.6.4", "area": "Kent", "period": "2026 Q2"}
ASKED = {**PLACE, "agency": "kent", "due": "2026-07-15", "gateway": "synthetic"}


def file_of(folder, data, name="file.json"):
    path = folder / name
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def report(reference="SYN-1", agency="kent", grade="2CP", relation="supports", origin="", **given):
    item = {
        "number": 1,
        "grade": grade,
        "on": "2026-06-01",
        "origin": origin,
        "text": "SYNTHETIC zzyzx wording",
        "links": [{**PLACE, "relation": relation}],
        **given,
    }
    return {
        "reference": reference,
        "agency": agency,
        "marking": "OFFICIAL",
        "source": {"kind": "officer"},
        "submitted_by": "a",
        "graded_by": "b",
        "submitted_on": "2026-06-02",
        "synthetic": True,
        "items": [item],
    }


def replies(kind, reference, agency="kent", **given):
    entry = {"ask": reference, "kind": kind, **given}
    return {
        "agency": agency,
        "signed_off_by": "role",
        "on": "2026-07-01",
        "synthetic": True,
        "replies": [entry],
    }


def status(scope, edition, at=LATER, known=None):
    found = measure_coverage(scope, edition, at, known)
    return found.cells.filter(
        (pl.col("question") == "HT.6.4")
        & (pl.col("area") == "Kent")
        & (pl.col("period") == "2026 Q2")
    ).row(0, named=True)
