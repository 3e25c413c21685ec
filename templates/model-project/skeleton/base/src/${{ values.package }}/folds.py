"""Which training rows a candidate is validated on. Seeds don't move the folds, so that every
candidate is judged on the same rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from .dataset import Row, Value
from .errors import DataError
from .schema import Column, Schema

_T = TypeVar("_T")

_SHUFFLE = 20070101


def assign(rows: Sequence[Row], schema: Schema, target: Column, count: int) -> list[int]:
    """Return the fold of each row, 0 to ``count`` - 1, by the way the holdout was split off.

    Rows in time order are cut into runs of neighbours, groups stay together, classes are spread
    evenly over the folds, and anything else is dealt out at random.
    """
    if len(rows) < count:
        raise DataError(f"{len(rows)} training rows can't be cut into {count} folds")
    split = schema.split
    if split.method == "time":
        return [position * count // len(rows) for position in range(len(rows))]
    if split.method == "group" and split.column:
        groups = [row[split.column] for row in rows]
        order = _shuffled(sorted({str(group) for group in groups}))
        fold_of = {group: position % count for position, group in enumerate(order)}
        return [fold_of[str(group)] for group in groups]
    keys: list[Value] = [row[target.name] if target.kind == "categorical" else "" for row in rows]
    result = [0] * len(rows)
    dealt = 0
    for key in sorted({str(key) for key in keys}):
        for row in _shuffled([i for i, other in enumerate(keys) if str(other) == key]):
            result[row] = dealt % count
            dealt += 1
    return result


def _shuffled(values: list[_T]) -> list[_T]:
    random.Random(_SHUFFLE).shuffle(values)
    return values
