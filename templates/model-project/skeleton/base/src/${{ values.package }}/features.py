"""From a row to the numbers that an estimator sees: the one place where features are made.

Training, evaluation, drift and the server all come through ``matrix``, so that a feature can't
mean one thing in training and another in production.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .config import Data
from .dataset import Row, Value
from .errors import UsageError
from .schema import Column, Schema

Matrix = list[list[float]]
"""Rows × columns; NaN is a missing number or a missing or unknown category."""


@dataclass(frozen=True)
class Feature:
    """One input of the model, as the schema declares it and ``signature.json`` publishes it."""

    name: str
    datatype: str
    kind: str
    optional: bool
    categories: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: str | None = None
    example: Value = None
    period: float | None = None
    description: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return its entry in ``signature.json``; what isn't known is left out."""
        entry = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return entry | {"shape": [-1], "optional": self.optional}

    @staticmethod
    def from_json(entry: Mapping[str, Any]) -> Feature:
        """Read what ``to_json`` wrote."""
        known = {name: value for name, value in entry.items() if name != "shape"}
        known["categories"] = tuple(known.get("categories", ()))
        return Feature(**known)


@dataclass(frozen=True)
class Input:
    """One column of the matrix: a number, or the index of one of ``categories`` categories."""

    name: str
    categories: int = 0


def chosen(schema: Schema, data: Data) -> list[Feature]:
    """Return the features that ``model.toml`` lists, else all that the schema has."""
    if data.features is None:
        columns = schema.with_role("feature")
    else:
        columns = [schema.column(name) for name in data.features]
    if not columns:
        raise UsageError('schema.json has no column with the role "feature"')
    for column in columns:
        if column.role != "feature":
            raise UsageError(
                f"model.toml: [data] features names {column.name!r}, "
                f"whose role in schema.json is {column.role}, not feature"
            )
    return [_feature(column) for column in columns]


def _feature(column: Column) -> Feature:
    example: Value = column.example
    if example is None and column.kind == "categorical":
        example = column.categories[0]
    return Feature(
        name=column.name,
        datatype=column.datatype,
        kind=column.kind,
        optional=column.optional,
        categories=column.categories,
        min=column.minimum,
        max=column.maximum,
        unit=column.unit,
        example=example,
        period=column.period,
        description=column.description,
    )


def inputs(features: Sequence[Feature]) -> list[Input]:
    """Return what the columns of ``matrix`` are."""
    result: list[Input] = []
    for feature in features:
        if feature.kind == "categorical":
            result.append(Input(feature.name, len(feature.categories)))
        elif feature.period:
            result += [Input(f"sin({feature.name})"), Input(f"cos({feature.name})")]
        else:
            result.append(Input(feature.name))
    return result


def matrix(rows: Sequence[Row], features: Sequence[Feature]) -> Matrix:
    """Return one row of numbers for each row; a column that a row lacks is missing."""
    return [[x for feature in features for x in _numbers(row, feature)] for row in rows]


def _numbers(row: Row, feature: Feature) -> tuple[float, ...]:
    value = row.get(feature.name)
    if feature.kind == "categorical":
        known = value in feature.categories
        return (float(feature.categories.index(str(value))) if known else math.nan,)
    number = math.nan if value is None else float(value)
    if feature.period:
        angle = 2 * math.pi * number / feature.period
        return math.sin(angle), math.cos(angle)
    return (number,)
