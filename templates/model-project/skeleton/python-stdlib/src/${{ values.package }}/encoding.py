"""From the numbers of ``features.matrix`` to numbers an estimator can use: none missing, all of
similar size, categories as one column each."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .features import Input, Matrix


@dataclass(frozen=True)
class Encoder:
    """For each input: the number of categories, the median, the mean and the spread.

    A missing number becomes the median; numbers are centred and scaled to a spread of 1. A
    category becomes one column of 0 and 1 for each category; a missing one is 0 in all of them.
    """

    categories: tuple[int, ...]
    medians: tuple[float, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]

    @staticmethod
    def fit(inputs: Sequence[Input], matrix: Matrix) -> Encoder:
        """Learn medians, means and spreads from training rows only."""
        medians, means, spreads = [], [], []
        for position, column in enumerate(inputs):
            values = [row[position] for row in matrix if not math.isnan(row[position])]
            median = statistics.median(values) if values and not column.categories else 0.0
            filled = [median if math.isnan(row[position]) else row[position] for row in matrix]
            mean = math.fsum(filled) / len(filled)
            spread = math.sqrt(math.fsum((x - mean) ** 2 for x in filled) / len(filled))
            medians.append(median)
            means.append(mean)
            spreads.append(spread or 1.0)
        return Encoder(
            tuple(column.categories for column in inputs),
            tuple(medians),
            tuple(means),
            tuple(spreads),
        )

    def encode(self, matrix: Matrix) -> Matrix:
        """Return the rows for the estimator."""
        plan = list(zip(self.categories, self.medians, self.means, self.spreads, strict=True))
        result: Matrix = []
        for row in matrix:
            encoded: list[float] = []
            for value, (categories, median, mean, spread) in zip(row, plan, strict=True):
                if categories:
                    columns = [0.0] * categories
                    if value == value:  # not missing
                        columns[int(value)] = 1.0
                    encoded += columns
                else:
                    known = value if value == value else median
                    encoded.append((known - mean) / spread)
            result.append(encoded)
        return result

    def to_json(self) -> dict[str, Any]:
        """Return its stored form."""
        return {name: list(values) for name, values in vars(self).items()}

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> Encoder:
        """Read what ``to_json`` wrote."""
        return Encoder(**{name: tuple(values) for name, values in content.items()})
