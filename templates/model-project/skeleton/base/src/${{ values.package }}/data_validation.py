"""Checks of both data files: what they have to hold, and that the holdout stayed apart.

Reports hold row numbers and counts, never values of rows.
"""

from __future__ import annotations

import datetime
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import features, reports, schema
from .context import Context
from .dataset import Row, Value, parse, read_raw, row_hash
from .errors import DATA_INVALID, PASS
from .schema import Column, Schema

_SAMPLE = 10
_MIN_CLASS = 10


@dataclass(frozen=True)
class Check:
    """One check; only a failed one of severity *error* makes the data invalid."""

    id: str
    column: str | None
    kind: str
    observed: object
    expected: object
    passed: bool
    rows: Sequence[int] = ()
    severity: str = "error"

    def to_json(self) -> dict[str, Any]:
        """Return its entry in the report."""
        return {
            "id": self.id,
            "column": self.column,
            "kind": self.kind,
            "observed": self.observed,
            "expected": self.expected,
            "severity": self.severity,
            "pass": self.passed,
            "sampleRows": list(self.rows)[:_SAMPLE],
        }

    def sentence(self) -> str:
        """Return it in words."""
        where = f", first in rows {list(self.rows)[:3]}" if self.rows else ""
        return f"{self.id}: {self.observed}, expected {self.expected}{where}"


@dataclass(frozen=True)
class File:
    """A data file as far as it could be read; ``rows`` has None for what could not."""

    name: str
    header: list[str]
    rows: list[Row]
    bad: dict[str, list[int]]
    ragged: list[int]


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``data-validation.json``; exit 4 when the data is invalid."""
    data = context.config.data
    known = schema.load(context.root / data.schema)
    target = known.column(data.target)
    features.chosen(known, data)
    train = _read(context.root / data.locator, "train", known)
    holdout = _read(context.root / data.holdout, "holdout", known)
    checks = [
        *_file(train, known),
        *_file(holdout, known),
        *_classes(train, target, context.config.model.task),
        *apart(train.rows, holdout.rows, known),
        *_fresh(train, known),
    ]
    failed = [check for check in checks if not check.passed and check.severity == "error"]
    reports.write(
        context,
        "data-validation",
        "fail" if failed else "pass",
        {
            "checks": [check.to_json() for check in checks],
            "reasons": [check.sentence() for check in failed],
        },
    )
    for check in checks:
        if not check.passed:
            print(f"{check.severity}: {check.sentence()}")
    print(f"{len(checks)} checks, {len(failed)} failed")
    return DATA_INVALID if failed else PASS


def _read(path: Path, name: str, known: Schema) -> File:
    header, lines, _ = read_raw(path)
    rows: list[Row] = []
    bad: dict[str, list[int]] = {column: [] for column in known.columns}
    ragged = []
    for number, line in enumerate(lines, start=1):
        if len(line) != len(header):
            ragged.append(number)
        texts = dict(zip(header, line, strict=False))
        row: dict[str, Value] = {}
        for column in known.columns.values():
            try:
                row[column.name] = parse(texts.get(column.name, ""), column, known.missing)
            except ValueError:
                row[column.name] = None
                bad[column.name].append(number)
        rows.append(row)
    return File(name, header, rows, bad, ragged)


def _file(file: File, known: Schema) -> Iterator[Check]:
    name = file.name
    absent = [column for column in known.columns if column not in file.header]
    extra = [column for column in file.header if column not in known.columns]
    yield Check(f"{name}:columns", None, "schema", absent or "all", "all", not absent)
    if extra:
        yield Check(
            f"{name}:extra-columns", None, "schema", extra, "none", False, severity="warning"
        )
    yield Check(f"{name}:fields", None, "schema", len(file.ragged), 0, not file.ragged, file.ragged)
    least = known.min_rows if name == "train" else 1
    count = len(file.rows)
    yield Check(f"{name}:rows", None, "row-count", count, f"at least {least}", count >= least)
    for column in known.columns.values():
        if column.name in file.header:
            yield from _column(file, column)


def _column(file: File, column: Column) -> Iterator[Check]:
    prefix = f"{file.name}:{column.name}"
    bad = file.bad[column.name]
    yield Check(f"{prefix}:type", column.name, "type", len(bad), 0, not bad, bad)
    numbered = [(i, row[column.name]) for i, row in enumerate(file.rows, start=1)]
    missing = [i for i, value in numbered if value is None and i not in set(bad)]
    share = round(len(missing) / max(1, len(file.rows)), 4)
    limit = 0.0 if column.role in ("target", "time", "group") else column.missing_max
    expected = f"a share of at most {limit:g}"
    good = share <= limit
    shown = () if good else missing
    yield Check(f"{prefix}:missing", column.name, "missing", share, expected, good, shown)
    if column.kind == "numeric" and (column.minimum is not None or column.maximum is not None):
        low = float("-inf") if column.minimum is None else column.minimum
        high = float("inf") if column.maximum is None else column.maximum
        outside = [i for i, v in numbered if v is not None and not low <= float(v) <= high]
        yield Check(
            f"{prefix}:range",
            column.name,
            "range",
            f"{len(outside)} outside",
            f"{column.minimum} to {column.maximum}",
            not outside,
            outside,
        )
    if column.kind == "categorical":
        unknown = [i for i, v in numbered if v is not None and v not in column.categories]
        yield Check(
            f"{prefix}:categories",
            column.name,
            "categories",
            f"{len(unknown)} unknown",
            list(column.categories),
            not unknown,
            unknown,
        )
    if column.kind == "date":
        wrong = [i for i, v in numbered if v is not None and _date(v) is None]
        yield Check(f"{prefix}:dates", column.name, "type", len(wrong), 0, not wrong, wrong)


def _classes(train: File, target: Column, task: str) -> Iterator[Check]:
    if task != "classification":
        return
    for name in target.categories:
        count = sum(1 for row in train.rows if row[target.name] == name)
        yield Check(
            f"train:{target.name}:{name}",
            target.name,
            "class-count",
            count,
            f"at least {_MIN_CLASS}",
            count >= _MIN_CLASS,
        )


def apart(train: Sequence[Row], holdout: Sequence[Row], known: Schema) -> Iterator[Check]:
    """Yield the checks for leakage: no row, group or time of the holdout is in training."""
    seen = {row_hash(row) for row in train}
    shared = [i for i, row in enumerate(holdout, start=1) if row_hash(row) in seen]
    found = f"{len(shared)} rows of the holdout are in train too"
    yield Check("leakage:rows", None, "leakage", found, "none", not shared, shared)
    column = known.split.column
    if column is None:
        return
    if known.split.method == "group":
        groups = {row[column] for row in train}
        both = [i for i, row in enumerate(holdout, start=1) if row[column] in groups]
        found = f"{len(both)} rows of the holdout are of a group in train"
        yield Check("leakage:groups", column, "leakage", found, "none", not both, both)
    if known.split.method == "time":
        last = max(filter(None, (_time(row[column]) for row in train)), default=None)
        early = [
            i
            for i, row in enumerate(holdout, start=1)
            if last is not None and (time := _time(row[column])) is not None and time <= last
        ]
        found = f"{len(early)} rows of the holdout aren't after the last one of train"
        yield Check("leakage:time", column, "leakage", found, "none", not early, early)


def _fresh(train: File, known: Schema) -> Iterator[Check]:
    column = known.split.column
    if known.fresh_days is None or known.split.method != "time" or column is None:
        return
    dates = [date for row in train.rows if (date := _date(row[column])) is not None]
    if dates:
        age = (datetime.date.today() - max(dates).date()).days
        good = age <= known.fresh_days
        expected = f"at most {known.fresh_days:g} days"
        yield Check("train:freshness", column, "freshness", age, expected, good)


def _date(value: Value) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _time(value: Value) -> float | None:
    """Return a value of a time column as something to compare: seconds, or the number it is."""
    if isinstance(value, float):
        return value
    date = _date(value)
    if date is None:
        return None
    return date.replace(tzinfo=date.tzinfo or datetime.UTC).timestamp()
