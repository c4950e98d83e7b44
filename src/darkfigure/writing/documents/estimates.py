"""Declarations of estimates: of one method, by stratum, as they move, side by side, in a series."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NotRequired, TypedDict

from darkfigure.writing.documents.figures import Head

Pair = tuple[float, float]


class IntervalData(TypedDict):
    """An interval, and how it was made."""

    low: float
    high: float
    level: float
    how: str


class ModelData(TypedDict):
    """One of several models that a method lays side by side."""

    name: str
    total: float | None
    words: str
    aic: float | None
    bic: float | None
    deviance: float | None
    degrees: int | None
    low: float | None
    high: float | None


class SearchData(TypedDict):
    """How sure the best model is: proved the best of all, or what could be better."""

    proved: bool
    criterion: Annotated[float, "of the best model found"]
    least: Annotated[float, "no model goes below this"]
    gap: Annotated[float, "how much better a model could be at most; 0 where it is proved"]
    left_under_power_of_two: Annotated[
        int, "fewer models than two to this power are neither looked at nor ruled out"
    ]
    fits: int


class EstimateDocument(Head):
    """An estimate of how many there are in all, by one method."""

    method: str
    lists: list[str]
    known: int
    total: float | None
    dark_figure: float | None
    model: str
    bic: float | None
    aic: float | None
    deviance: float | None
    degrees: int | None
    interval: IntervalData | None
    no_interval: Annotated[str, "why there is no interval; empty where there is one"]
    replicates: int
    replicates_without_estimate: int
    minus_infinity: list[str]
    checks: str
    remarks: list[str]
    seconds: float
    seconds_loading: float
    search: NotRequired[SearchData]
    more: NotRequired[dict[str, str]]
    models: NotRequired[list[ModelData]]


class StratumData(TypedDict):
    """One stratum; the sum of all is a stratum too."""

    name: str
    known: int
    total: float
    interval: Pair | None
    replicates_without_estimate: int
    remark: str


class FailedStratum(TypedDict):
    """A stratum without an estimate, and why."""

    name: str
    reason: str


class StrataDocument(Head):
    """Estimates by stratum and their sum; null where a stratum has none."""

    strata: list[StratumData]
    total: float | None
    failed: list[FailedStratum]
    replicates: int
    remarks: list[str]
    method: str


class MovedData(TypedDict):
    """An estimate of a changed table."""

    change: str
    known: int
    total: float | None
    model: str
    interval: Pair | None
    why: str


class MovesDocument(Head):
    """How an estimate moves where a list is left out, or two are taken as one."""

    method: str
    rows: list[MovedData]
    remarks: list[str]


class MethodData(TypedDict):
    """The figure of one method in the panel."""

    method: str
    total: float | None
    low: float | None
    high: float | None
    model: str
    remark: str
    models_dependence: bool


class RestsData(TypedDict):
    """What rests on a list: the share of the known on it alone, and what the total is moved by."""

    alone: float
    moves_total_by: float | None


class ResidualData(TypedDict):
    """A history that the model fits badly."""

    history: str
    observed: int
    expected: float
    residual: float


class FitData(TypedDict):
    """The model chosen, and how well it fits."""

    model: str
    deviance: float
    degrees: int
    bic: float
    aic: float
    probability: float | None
    worst: list[ResidualData]


class SimulatedData(TypedDict):
    """How a method does on tables whose total is known."""

    truth: str
    method: str
    bias: float
    median_error: float
    coverage: float | None
    tables: int


class PanelDocument(Head):
    """Every method's estimate side by side, with what it rests on."""

    lists: Annotated[dict[str, int], "persons on each list"]
    known: int
    histories: dict[str, int]
    methods: list[MethodData]
    omitted: list[MovedData]
    merged: list[MovedData]
    rests_on: dict[str, RestsData]
    fit: FitData | None
    simulated: list[SimulatedData]
    sentences: list[str]


class SeriesEntryData(TypedDict):
    """One estimate of the series."""

    id: str
    population: str
    definition: str
    period: str
    method: str
    low: float | None
    point: float | None
    high: float | None
    known: int | None
    basis: str
    stated_on: date
    precision: str
    stated_by: str
    source: str
    supersedes: str
    reason: str
    note: str
    taken_back: NotRequired[date]


class EntryDocument(Head, SeriesEntryData):
    """One estimate of the series."""


class SeriesDocument(Head):
    """Estimates in order of their statement."""

    estimates: list[SeriesEntryData]
