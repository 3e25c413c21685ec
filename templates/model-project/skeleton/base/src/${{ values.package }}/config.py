"""``model.toml`` as typed, checked values. A mistake names the key, the value and what is right."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import scores
from .errors import UsageError

Params = Mapping[str, float | int | str | bool]


@dataclass(frozen=True)
class Model:
    """What the model is and how it is judged."""

    name: str
    package: str
    description: str
    owner: str
    task: str
    framework: str
    primary_metric: str
    direction: str


@dataclass(frozen=True)
class Data:
    """Where the rows are and which columns are used; ``features`` None means all the schema has.

    ``arriving`` is a file of labelled rows that came in since, or None. The engine that trains
    again takes them into the other two, and no verb reads it.
    """

    name: str
    locator: str
    holdout: str
    arriving: str | None
    schema: str
    target: str
    features: tuple[str, ...] | None
    slices: tuple[str, ...] | None


@dataclass(frozen=True)
class Train:
    """What is trained: every variant with every seed, each judged on ``folds`` folds."""

    variants: tuple[str, ...]
    seeds: tuple[int, ...]
    folds: int
    budget_seconds: float


@dataclass(frozen=True)
class Evaluation:
    """How intervals are drawn and what counts as trivial.

    ``block`` is how many neighbouring rows are drawn together (1: rows are independent);
    ``trivial_column`` is the column that a trivial model would answer with, or None.
    """

    resamples: int
    block: int
    trivial_column: str | None


@dataclass(frozen=True)
class Gates:
    """Limits, in the unit of each metric."""

    min: Mapping[str, float]
    max: Mapping[str, float]
    max_drop: Mapping[str, float]
    slice_max_drop: float | None
    min_slice_n: int


@dataclass(frozen=True)
class Perf:
    """Limits of speed and size."""

    p50_ratio_max: float
    p50_floor_ms: float
    error_rate_max: float
    max_rss_mb: float
    max_artifact_mb: float


@dataclass(frozen=True)
class Monitor:
    """When a window of live traffic counts as drifted; ``min_window`` is in predictions."""

    drift_metric: str
    drift_max: float
    min_window: int


@dataclass(frozen=True)
class Config:
    """All of ``model.toml``."""

    model: Model
    data: Data
    train: Train
    params: Mapping[str, Params]
    evaluation: Evaluation
    gates: Gates
    perf: Perf
    monitor: Monitor
    port: int


class _Table:
    """One table of the file: typed look-ups, and at the end no key may be left over."""

    def __init__(self, name: str, values: object) -> None:
        if not isinstance(values, dict):
            raise UsageError(f"model.toml: [{name}] has to be a table")
        self._name = name
        self._left: dict[str, Any] = dict(values)

    def wrong(self, key: str, value: object, right: str) -> UsageError:
        return UsageError(f"model.toml: [{self._name}] {key} is {value!r}; it has to be {right}")

    def has(self, key: str) -> bool:
        return key in self._left

    def anything(self, key: str, default: object = ...) -> Any:
        if default is ... and not self.has(key):
            raise UsageError(f"model.toml: [{self._name}] {key} is missing")
        return self._left.pop(key, default)

    def text(self, key: str, default: object = ..., one_of: tuple[str, ...] = ()) -> str:
        value = self.anything(key, default)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, value, "a text")
        if one_of and value not in one_of:
            raise self.wrong(key, value, "one of " + ", ".join(one_of))
        return value

    def number(self, key: str, default: object = ..., least: float = 0.0) -> float:
        value = self.anything(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
            raise self.wrong(key, value, f"a number of {least:g} or more")
        return float(value)

    def whole(self, key: str, default: object = ..., least: int = 0) -> int:
        value = self.number(key, default, least)
        if value != int(value):
            raise self.wrong(key, value, "a whole number")
        return int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.anything(key, ...)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, value, "a list of texts with at least one entry")
        if len(set(value)) != len(value):
            raise self.wrong(key, value, "without repetitions")
        return tuple(value)

    def optional_texts(self, key: str) -> tuple[str, ...] | None:
        return self.texts(key) if self.has(key) else None

    def limits(self, key: str) -> dict[str, float]:
        value = self.anything(key, {})
        known = tuple(scores.SCORES)
        if not isinstance(value, dict) or not all(
            name in known and isinstance(limit, int | float) for name, limit in value.items()
        ):
            raise self.wrong(key, value, f"a table of limits for some of {', '.join(known)}")
        return {name: float(limit) for name, limit in value.items()}

    def done(self) -> None:
        if self._left:
            raise UsageError(
                f"model.toml: [{self._name}] has unknown keys: {', '.join(self._left)}"
            )


def load(path: Path) -> Config:
    """Read and check ``model.toml``; raise UsageError for what is missing, unknown or absurd."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("model.toml doesn't exist: run this in the model's repository") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"model.toml isn't TOML: {error}") from None
    if content.pop("contract", None) != "1":
        raise UsageError('model.toml: contract has to be "1"')
    tables = ("model", "data", "train", "params", "evaluation", "gates", "perf", "serve", "monitor")
    unknown = sorted(set(content) - set(tables))
    if unknown:
        raise UsageError(f"model.toml: unknown tables: {', '.join(unknown)}")
    taken = {name: _Table(name, content.get(name, {})) for name in tables if name != "params"}
    model = _model(taken["model"])
    train = _train(taken["train"])
    serve = taken["serve"]
    port = serve.whole("port", 8080)
    serve.text("protocol", "v2", one_of=("v2",))
    config = Config(
        model=model,
        data=_data(taken["data"]),
        train=train,
        params=_params(content.get("params", {}), train.variants),
        evaluation=_evaluation(taken["evaluation"]),
        gates=_gates(taken["gates"]),
        perf=_perf(taken["perf"]),
        monitor=_monitor(taken["monitor"]),
        port=port,
    )
    for table in taken.values():
        table.done()
    return config


def _model(table: _Table) -> Model:
    task = table.text("task", one_of=("classification", "regression"))
    metric = table.text("primary_metric", one_of=scores.names(task))
    direction = scores.SCORES[metric].direction
    return Model(
        name=table.text("name"),
        package=table.text("package"),
        description=table.text("description"),
        owner=table.text("owner"),
        task=task,
        framework=table.text("framework", one_of=("python-stdlib", "scikit-learn")),
        primary_metric=metric,
        direction=table.text("direction", direction, one_of=(direction,)),
    )


def _data(table: _Table) -> Data:
    return Data(
        name=table.text("name"),
        locator=table.text("locator"),
        holdout=table.text("holdout"),
        arriving=table.text("arriving") if table.has("arriving") else None,
        schema=table.text("schema"),
        target=table.text("target"),
        features=table.optional_texts("features"),
        slices=table.optional_texts("slices"),
    )


def _train(table: _Table) -> Train:
    seeds = table.anything("seeds")
    if not isinstance(seeds, list) or not seeds or not all(type(seed) is int for seed in seeds):
        raise table.wrong("seeds", seeds, "a list of whole numbers with at least one entry")
    return Train(
        variants=table.texts("variants"),
        seeds=tuple(seeds),
        folds=table.whole("folds", 5, least=2),
        budget_seconds=table.number("budget_seconds", 300),
    )


def _params(content: object, variants: tuple[str, ...]) -> dict[str, Params]:
    if not isinstance(content, dict):
        raise UsageError("model.toml: [params] has to be a table")
    unknown = sorted(set(content) - set(variants))
    if unknown:
        raise UsageError(f"model.toml: [params.{unknown[0]}] belongs to no variant of [train]")
    for name, values in content.items():
        if not isinstance(values, dict):
            raise UsageError(f"model.toml: [params.{name}] has to be a table")
    return {name: dict(content.get(name, {})) for name in variants}


def _evaluation(table: _Table) -> Evaluation:
    column = table.anything("trivial_column", None)
    if column is not None and not isinstance(column, str):
        raise table.wrong("trivial_column", column, "the name of a column")
    return Evaluation(
        resamples=table.whole("resamples", 1000, least=100),
        block=table.whole("block", 1, least=1),
        trivial_column=column,
    )


def _gates(table: _Table) -> Gates:
    has_slices = table.has("slice_max_drop")
    return Gates(
        min=table.limits("min"),
        max=table.limits("max"),
        max_drop=table.limits("max_drop"),
        slice_max_drop=table.number("slice_max_drop") if has_slices else None,
        min_slice_n=table.whole("min_slice_n", 30, least=1),
    )


def _perf(table: _Table) -> Perf:
    return Perf(
        p50_ratio_max=table.number("p50_ratio_max", 1.25, least=1.0),
        p50_floor_ms=table.number("p50_floor_ms", 1.0),
        error_rate_max=table.number("error_rate_max", 0.0),
        max_rss_mb=table.number("max_rss_mb", 1024),
        max_artifact_mb=table.number("max_artifact_mb", 200),
    )


def _monitor(table: _Table) -> Monitor:
    return Monitor(
        drift_metric=table.text("drift_metric", "psi", one_of=("psi",)),
        drift_max=table.number("drift_max", 0.2),
        min_window=table.whole("min_window", 500, least=1),
    )
