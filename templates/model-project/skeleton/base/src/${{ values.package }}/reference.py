"""``reference.json``: how features and predictions were distributed when the model was trained,
and from which PSI on a window of live traffic counts as drifted."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

from .config import Monitor
from .dataset import Row, Value
from .features import Feature
from .histogram import Histogram, quantile_edges
from .prediction import Prediction
from .psi import psi

_RESAMPLES = 200
_HEADROOM = 1.5


def build(
    rows: Sequence[Row],
    features: Sequence[Feature],
    predictions: Sequence[Prediction],
    classes: Sequence[str],
    monitor: Monitor,
) -> dict[str, Any]:
    """Return the content of ``reference.json``.

    ``predictions`` are those that were made for ``rows`` by models that hadn't seen them;
    ``classes`` is empty for a regression.
    """
    return {
        "schema": "model-delivery/reference/v1",
        "minWindow": monitor.min_window,
        "features": {
            feature.name: _entry(
                [row[feature.name] for row in rows], feature.categories or None, monitor
            )
            for feature in features
        },
        "prediction": _entry([p.value for p in predictions], tuple(classes) or None, monitor),
    }


def _entry(
    values: Sequence[Value], categories: Sequence[str] | None, monitor: Monitor
) -> dict[str, Any]:
    edges = () if categories is not None else quantile_edges(values, len(values))
    histogram = Histogram(edges, categories).of(values)
    return histogram.to_json() | {"limit": limit(values, histogram, monitor)}


def limit(values: Sequence[Value], histogram: Histogram, monitor: Monitor) -> float:
    """Return the PSI that chance hardly reaches: the larger of ``drift_max`` and 1.5 times the
    99th percentile of the PSI between two random halves of the values, the second one drawn
    from until it has the size of a window."""
    source = random.Random(0)
    indexes = list(range(len(values)))
    half = len(values) // 2
    if half == 0:
        return monitor.drift_max
    found = []
    for _ in range(_RESAMPLES):
        source.shuffle(indexes)
        first = histogram.of(values[i] for i in indexes[:half])
        window = source.choices(indexes[half:], k=monitor.min_window)
        second = histogram.of(values[i] for i in window)
        found.append(psi(first.bins(), second.bins()))
    found.sort()
    percentile = found[math.ceil(0.99 * len(found)) - 1]
    return round(max(monitor.drift_max, _HEADROOM * percentile), 4)
