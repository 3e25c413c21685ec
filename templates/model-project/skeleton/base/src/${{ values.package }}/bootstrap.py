"""Bootstrap intervals: how sure a number is that was measured on these few rows."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from .prediction import Prediction
from .scores import Columns, Score, Truth

Draws = list[list[int]]
"""Row numbers of each resample."""

Interval = tuple[float, float]


def draws(n: int, *, resamples: int, block: int = 1, seed: int = 0) -> Draws:
    """Draw ``resamples`` samples of row numbers with replacement.

    Neighbouring rows that depend on each other are drawn together, in blocks of ``block`` rows;
    then a sample has about ``n`` rows rather than exactly ``n``.
    """
    blocks = [range(start, min(start + block, n)) for start in range(0, n, block)]
    source = random.Random(seed)
    return [
        [row for chosen in source.choices(blocks, k=len(blocks)) for row in chosen]
        for _ in range(resamples)
    ]


def _values(score: Score, columns: Columns, samples: Draws) -> list[float | None]:
    return [
        score.finish([math.fsum(map(column.__getitem__, rows)) for column in columns])
        for rows in samples
    ]


def _central(values: list[float]) -> Interval | None:
    """Return the 2.5th and the 97.5th percentile, or None for fewer than 40 values."""
    if len(values) < 40:
        return None
    values.sort()
    low = values[math.floor(0.025 * (len(values) - 1))]
    high = values[math.ceil(0.975 * (len(values) - 1))]
    return low, high


def interval(
    score: Score, truth: Sequence[Truth], predictions: Sequence[Prediction], samples: Draws
) -> Interval | None:
    """Return the 95 % interval of ``score``, or None where it can't be told."""
    values = _values(score, score.columns(truth, predictions), samples)
    return _central([value for value in values if value is not None])


def paired_interval(
    score: Score,
    truth: Sequence[Truth],
    candidate: Sequence[Prediction],
    baseline: Sequence[Prediction],
    samples: Draws,
) -> Interval | None:
    """Return the 95 % interval of candidate minus baseline, both on the same rows each time."""
    ours = _values(score, score.columns(truth, candidate), samples)
    theirs = _values(score, score.columns(truth, baseline), samples)
    pairs = zip(ours, theirs, strict=True)
    return _central([a - b for a, b in pairs if a is not None and b is not None])
