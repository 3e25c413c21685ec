"""Quality metrics, each as a sum over rows and a function of the sums.

Written this way, the metric of any subset of rows (a slice, a bootstrap sample) comes from
adding up numbers that were worked out once per row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from .prediction import Prediction

Truth = str | float
Columns = list[list[float]]
"""One list per summand, each with one number per row."""

_TINY = 1e-15
"""Probabilities are clipped to [1e-15, 1] before their logarithm is taken."""


@dataclass(frozen=True)
class Score:
    """A metric: ``columns`` gives the summands of each row, ``finish`` turns sums into the value.

    ``finish`` returns None where the metric isn't defined, for example R² of a constant target.
    """

    name: str
    task: str
    direction: str
    columns: Callable[[Sequence[Truth], Sequence[Prediction]], Columns]
    finish: Callable[[Sequence[float]], float | None]

    def of(self, truth: Sequence[Truth], predictions: Sequence[Prediction]) -> float | None:
        """Return the metric over all rows, or None where it isn't defined."""
        if not truth:
            return None
        return self.finish([math.fsum(column) for column in self.columns(truth, predictions)])

    def worsening(self, value: float, baseline: float) -> float:
        """Return by how much ``value`` is worse than ``baseline``, in the metric's own unit."""
        return baseline - value if self.direction == "max" else value - baseline


def _ratio(sums: Sequence[float]) -> float | None:
    return sums[0] / sums[1] if sums[1] else None


def _accuracy(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    hits = [float(p.value == t) for t, p in zip(truth, predictions, strict=True)]
    return [hits, [1.0] * len(hits)]


def _log_loss(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    losses = [
        -math.log(min(1.0, max(_TINY, p.probabilities.get(str(t), 0.0))))
        for t, p in zip(truth, predictions, strict=True)
    ]
    return [losses, [1.0] * len(losses)]


def _f1_columns(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    """Three columns for each class that occurs: hits, predicted, actual."""
    classes = sorted({str(t) for t in truth} | {str(p.value) for p in predictions})
    columns: Columns = []
    for name in classes:
        actual = [float(t == name) for t in truth]
        predicted = [float(p.value == name) for p in predictions]
        columns += [[a * p for a, p in zip(actual, predicted, strict=True)], predicted, actual]
    return columns


def _macro_f1(sums: Sequence[float]) -> float | None:
    """F1 averaged over the classes that are present or predicted."""
    scores = [
        2 * sums[i] / (sums[i + 1] + sums[i + 2])
        for i in range(0, len(sums), 3)
        if sums[i + 1] + sums[i + 2] > 0
    ]
    return math.fsum(scores) / len(scores) if scores else None


def _errors(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> list[float]:
    pairs = zip(truth, predictions, strict=True)
    return [cast(float, p.value) - cast(float, t) for t, p in pairs]


def _absolute(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    errors = _errors(truth, predictions)
    return [[abs(e) for e in errors], [1.0] * len(errors)]


def _squared(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    errors = _errors(truth, predictions)
    return [[e * e for e in errors], [1.0] * len(errors)]


def _rmse(sums: Sequence[float]) -> float | None:
    mean = _ratio(sums)
    return None if mean is None else math.sqrt(mean)


def _r2_columns(truth: Sequence[Truth], predictions: Sequence[Prediction]) -> Columns:
    numbers = [cast(float, t) for t in truth]
    return [*_squared(truth, predictions), numbers, [t * t for t in numbers]]


def _r2(sums: Sequence[float]) -> float | None:
    residual, n, total, squares = sums
    spread = squares - total * total / n if n else 0.0
    return 1 - residual / spread if spread > 0 else None


SCORES: dict[str, Score] = {
    score.name: score
    for score in (
        Score("accuracy", "classification", "max", _accuracy, _ratio),
        Score("macro_f1", "classification", "max", _f1_columns, _macro_f1),
        Score("log_loss", "classification", "min", _log_loss, _ratio),
        Score("mae", "regression", "min", _absolute, _ratio),
        Score("rmse", "regression", "min", _squared, _rmse),
        Score("r2", "regression", "max", _r2_columns, _r2),
    )
}


def names(task: str) -> tuple[str, ...]:
    """Return the names of the metrics that fit ``task``."""
    return tuple(score.name for score in SCORES.values() if score.task == task)


def for_task(task: str) -> list[Score]:
    """Return the metrics that fit ``task``, in the order in which reports list them."""
    return [score for score in SCORES.values() if score.task == task]
