"""Gradient boosting with stumps: many trees of one question each, every one correcting the sum
of those before it."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .features import Matrix
from .linear import softmax

_BINS = 32


@dataclass(frozen=True)
class Stump:
    """Adds ``below`` where column ``column`` is at most ``threshold``, else ``above``."""

    column: int
    threshold: float
    below: float
    above: float


@dataclass(frozen=True)
class BoostedStumps:
    """For each output (a class, or the one number) a start and a sum of stumps."""

    start: list[float]
    stumps: list[list[Stump]]
    classes: int

    @staticmethod
    def fit(
        matrix: Matrix,
        targets: Sequence[float],
        classes: int,
        seed: int,
        *,
        rounds: int = 60,
        learning_rate: float = 0.2,
        subsample: float = 0.8,
        l2: float = 1.0,
        min_leaf: int = 5,
    ) -> BoostedStumps:
        """Boost for ``rounds`` rounds on log loss (classes) or squared error (a number).

        Every round sees a random ``subsample`` of the rows, which is what the seed decides. A
        leaf's value is -gradient / (curvature + ``l2``), times ``learning_rate``; a leaf has at
        least ``min_leaf`` rows.
        """
        source = random.Random(seed)
        n = len(matrix)
        grid = _Grid.of(matrix)
        outputs = classes or 1
        if classes:
            counts = [sum(1 for target in targets if target == k) for k in range(classes)]
            start = [math.log((count + 0.5) / (n + 0.5 * classes)) for count in counts]
        else:
            start = [math.fsum(targets) / n]
        scores = [[value] * n for value in start]
        stumps: list[list[Stump]] = [[] for _ in range(outputs)]
        for _ in range(int(rounds)):
            rows = sorted(source.sample(range(n), max(1, round(subsample * n))))
            gradients, curvatures = _derivatives(scores, targets, rows, classes)
            for k in range(outputs):
                stump = grid.best(rows, gradients[k], curvatures[k], l2, int(min_leaf))
                if stump is None:
                    continue
                scaled = Stump(
                    stump.column,
                    stump.threshold,
                    stump.below * learning_rate,
                    stump.above * learning_rate,
                )
                stumps[k].append(scaled)
                score = scores[k]
                for i, row in enumerate(matrix):
                    score[i] += (
                        scaled.below if row[scaled.column] <= scaled.threshold else scaled.above
                    )
        return BoostedStumps(start, stumps, classes)

    def predict(self, matrix: Matrix) -> Matrix:
        """Return the probability of each class, or one number, for each row."""
        sums = [
            [
                start
                + math.fsum([s.below if row[s.column] <= s.threshold else s.above for s in stumps])
                for start, stumps in zip(self.start, self.stumps, strict=True)
            ]
            for row in matrix
        ]
        return [softmax(row) for row in sums] if self.classes else sums

    def to_json(self) -> dict[str, Any]:
        """Return its stored form."""
        return {
            "start": self.start,
            "classes": self.classes,
            "stumps": [
                [[s.column, s.threshold, s.below, s.above] for s in stumps]
                for stumps in self.stumps
            ],
        }

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> BoostedStumps:
        """Read what ``to_json`` wrote."""
        stumps = [[Stump(*values) for values in entries] for entries in content["stumps"]]
        return BoostedStumps(content["start"], stumps, content["classes"])


def _derivatives(
    scores: list[list[float]], targets: Sequence[float], rows: list[int], classes: int
) -> tuple[list[list[float]], list[list[float]]]:
    """Return, for each output, the loss's first and second derivative by score at ``rows``."""
    if not classes:
        only = scores[0]
        return [[only[i] - targets[i] for i in rows]], [[1.0] * len(rows)]
    shares = [softmax([score[i] for score in scores]) for i in rows]
    gradients = [
        [share[k] - (targets[i] == k) for i, share in zip(rows, shares, strict=True)]
        for k in range(classes)
    ]
    curvatures = [
        [max(share[k] * (1 - share[k]), 1e-12) for share in shares] for k in range(classes)
    ]
    return gradients, curvatures


@dataclass(frozen=True)
class _Grid:
    """Every column cut into at most 32 bins, so that a threshold is found in one pass."""

    edges: list[list[float]]
    bins: list[list[int]]

    @staticmethod
    def of(matrix: Matrix) -> _Grid:
        edges, bins = [], []
        for column in zip(*matrix, strict=True):
            values = sorted(set(column))
            cuts = sorted({values[len(values) * i // _BINS] for i in range(_BINS)} - {values[-1]})
            if len(values) > 1:
                places = [bisect_left(values, cut) for cut in cuts]
                cuts = [(values[p] + values[p + 1]) / 2 for p in places]
            edges.append(cuts)
            bins.append([bisect_left(cuts, value) for value in column])
        return _Grid(edges, bins)

    def best(
        self,
        rows: list[int],
        gradients: list[float],
        curvatures: list[float],
        l2: float,
        min_leaf: int,
    ) -> Stump | None:
        """Return the stump that lowers the loss most, or None where none lowers it."""
        total_gradient, total_curvature = math.fsum(gradients), math.fsum(curvatures)
        best_gain, best = 1e-12, None
        for column, (edges, bins) in enumerate(zip(self.edges, self.bins, strict=True)):
            size = len(edges) + 1
            counts, g_sums, h_sums = [0] * size, [0.0] * size, [0.0] * size
            for i, g, h in zip(rows, gradients, curvatures, strict=True):
                b = bins[i]
                counts[b] += 1
                g_sums[b] += g
                h_sums[b] += h
            count, g, h = 0, 0.0, 0.0
            for edge, (n, g_bin, h_bin) in enumerate(
                zip(counts[:-1], g_sums[:-1], h_sums[:-1], strict=True)
            ):
                count, g, h = count + n, g + g_bin, h + h_bin
                if count < min_leaf or len(rows) - count < min_leaf:
                    continue
                g_rest, h_rest = total_gradient - g, total_curvature - h
                gain = (
                    g * g / (h + l2)
                    + g_rest * g_rest / (h_rest + l2)
                    - total_gradient * total_gradient / (total_curvature + l2)
                )
                if gain > best_gain:
                    best_gain = gain
                    best = Stump(column, edges[edge], -g / (h + l2), -g_rest / (h_rest + l2))
        return best
