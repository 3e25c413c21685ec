"""Linear models: multinomial logistic regression for classes, ridge regression for numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

from .errors import UsageError
from .features import Matrix
from .optimise import minimise, solve

Weights = list[list[float]]
"""Outputs × (columns + 1); the last one of each is the intercept."""


def _linear(weights: Sequence[float], row: Sequence[float]) -> float:
    return math.fsum(map(mul, weights, row)) + weights[-1]


def softmax(scores: Sequence[float]) -> list[float]:
    """Return shares that are proportional to the exponentials of ``scores`` and add up to 1."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


@dataclass(frozen=True)
class Logistic:
    """Multinomial logistic regression with an L2 penalty on all but the intercepts."""

    weights: Weights

    @staticmethod
    def fit(
        matrix: Matrix,
        targets: Sequence[float],
        classes: int,
        seed: int,
        *,
        l2: float = 0.01,
        max_iterations: int = 200,
    ) -> Logistic:
        """Minimise mean log loss + ``l2`` / 2 · |weights|².

        There is one minimum; the seed only says where the search begins. Seeds that differ by
        more than rounding show that ``max_iterations`` is too small.
        """
        if classes < 2:
            raise UsageError("logistic needs a classification with two classes or more")
        rows = [[*row, 1.0] for row in matrix]
        width = len(rows[0])
        columns = list(zip(*rows, strict=True))
        source = random.Random(seed)
        start = [source.gauss(0, 0.01) for _ in range(classes * width)]
        n = len(rows)

        def loss(flat: list[float]) -> tuple[float, list[float]]:
            weights = [flat[k * width : (k + 1) * width] for k in range(classes)]
            losses = []
            residuals: list[list[float]] = [[] for _ in range(classes)]
            for row, target in zip(rows, targets, strict=True):
                shares = softmax([math.fsum(map(mul, w, row)) for w in weights])
                losses.append(-math.log(max(shares[int(target)], 1e-300)))
                for k, share in enumerate(shares):
                    residuals[k].append(share - (k == target))
            value = math.fsum(losses) / n
            gradient = []
            for residual, w in zip(residuals, weights, strict=True):
                penalised = [*w[:-1], 0.0]
                value += 0.5 * l2 * math.fsum(x * x for x in penalised)
                gradient += [
                    math.fsum(map(mul, residual, column)) / n + l2 * x
                    for column, x in zip(columns, penalised, strict=True)
                ]
            return value, gradient

        flat = minimise(loss, start, max_iterations=int(max_iterations))
        return Logistic([flat[k * width : (k + 1) * width] for k in range(classes)])

    def predict(self, matrix: Matrix) -> Matrix:
        """Return the probability of each class for each row."""
        return [softmax([_linear(w, row) for w in self.weights]) for row in matrix]

    def to_json(self) -> dict[str, Any]:
        """Return its stored form."""
        return {"weights": self.weights}

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> Logistic:
        """Read what ``to_json`` wrote."""
        return Logistic(content["weights"])


@dataclass(frozen=True)
class Ridge:
    """Least squares with an L2 penalty on all but the intercept."""

    weights: list[float]

    @staticmethod
    def fit(
        matrix: Matrix,
        targets: Sequence[float],
        classes: int,
        seed: int,
        *,
        l2: float = 1.0,
    ) -> Ridge:
        """Minimise |residuals|² + ``l2`` · |weights|²; exact, so the seed changes nothing."""
        if classes:
            raise UsageError("ridge needs a regression")
        del seed
        columns = list(zip(*([*row, 1.0] for row in matrix), strict=True))
        last = len(columns) - 1
        gram = [
            [
                math.fsum(map(mul, a, b)) + (l2 if i == j and i < last else 0.0)
                for j, b in enumerate(columns)
            ]
            for i, a in enumerate(columns)
        ]
        return Ridge(solve(gram, [math.fsum(map(mul, a, targets)) for a in columns]))

    def predict(self, matrix: Matrix) -> Matrix:
        """Return one number for each row, in the target's unit."""
        return [[_linear(self.weights, row)] for row in matrix]

    def to_json(self) -> dict[str, Any]:
        """Return its stored form."""
        return {"weights": self.weights}

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> Ridge:
        """Read what ``to_json`` wrote."""
        return Ridge(content["weights"])
