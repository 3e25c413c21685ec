"""Counting values into the bins of ``reference.json``: the same bins in training, in the server's
metrics and in the portal."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .dataset import Value


@dataclass
class Histogram:
    """Counts of one feature or of the prediction.

    A numeric one has inner ``edges``; bin i holds edges[i-1] < value <= edges[i], and the first
    and the last bin are open. A categorical one has ``categories`` and counts any other value in
    ``other``. Missing values are counted apart.
    """

    edges: Sequence[float] = ()
    categories: Sequence[str] | None = None
    counts: list[int] = field(default_factory=list)
    missing: int = 0
    other: int = 0

    def __post_init__(self) -> None:
        if not self.counts:
            bins = len(self.edges) + 1 if self.categories is None else len(self.categories)
            self.counts = [0] * bins

    def add(self, value: Value) -> None:
        """Count one value."""
        if value is None:
            self.missing += 1
        elif self.categories is None:
            self.counts[bisect_left(self.edges, float(value))] += 1
        elif value in self.categories:
            self.counts[self.categories.index(str(value))] += 1
        else:
            self.other += 1

    def empty(self) -> Histogram:
        """Return a histogram with the same bins and nothing in them."""
        return Histogram(self.edges, self.categories)

    def of(self, values: Iterable[Value]) -> Histogram:
        """Return a histogram of ``values`` with the bins of this one."""
        result = self.empty()
        for value in values:
            result.add(value)
        return result

    def bins(self) -> list[int]:
        """Return all counts in the order in which they are compared, missing last."""
        other = [] if self.categories is None else [self.other]
        return [*self.counts, *other, self.missing]

    def to_json(self) -> dict[str, Any]:
        """Return its form in ``reference.json``."""
        if self.categories is None:
            head = {"kind": "numeric", "edges": list(self.edges), "counts": self.counts}
            return head | {"missing": self.missing}
        head = {"kind": "categorical", "categories": list(self.categories), "counts": self.counts}
        return head | {"other": self.other, "missing": self.missing}

    @staticmethod
    def from_json(entry: Mapping[str, Any]) -> Histogram:
        """Read what ``to_json`` wrote."""
        return Histogram(
            edges=entry.get("edges", ()),
            categories=entry.get("categories"),
            counts=list(entry["counts"]),
            missing=entry["missing"],
            other=entry.get("other", 0),
        )


def quantile_edges(values: Sequence[Value], rows: int) -> list[float]:
    """Return inner edges that put about as many values into each bin, without repetitions.

    The number of bins follows the rows of the reference: about one for 50 rows, from 4 to 10.
    The largest value is never an edge, since the bin above it would be empty by construction.
    """
    numbers = sorted(float(value) for value in values if value is not None)
    if not numbers:
        return []
    bins = max(4, min(10, rows // 50))
    edges = {numbers[math.ceil(len(numbers) * i / bins) - 1] for i in range(1, bins)}
    return sorted(edges - {numbers[-1]})
