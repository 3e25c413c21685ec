"""Counters, gauges and histograms in the text format that Prometheus reads.

Families are declared before the first request, with every label that is known by then, so that
the first scrape already shows them all, at zero. The registry's lock makes a scrape consistent.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[str, ...]


class Family:
    """A counter or a gauge: one number for each combination of label values."""

    def __init__(self, kind: str, name: str, text: str, labels: Sequence[str] = ()) -> None:
        self.kind, self.name, self.text, self.labels = kind, name, text, tuple(labels)
        self.values: dict[Labels, float] = {} if labels else {(): 0.0}

    def declare(self, *values: str) -> None:
        """Show this combination at zero until something is counted."""
        self.values.setdefault(values, 0.0)

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Count."""
        self.values[values] = self.values.get(values, 0.0) + amount

    def set(self, amount: float, *values: str) -> None:
        """Set a gauge."""
        self.values[values] = amount

    def lines(self) -> Iterator[str]:
        """Return its samples."""
        for values, amount in self.values.items():
            yield _sample(self.name, self.labels, values, amount)


class HistogramFamily:
    """Cumulative buckets, a count and a sum for each combination of label values.

    Each combination has inner edges of its own: those it was declared with. A bucket holds the
    values up to and including its edge.
    """

    kind = "histogram"

    def __init__(self, name: str, text: str, labels: Sequence[str]) -> None:
        self.name, self.text, self.labels = name, text, tuple(labels)
        self._edges: dict[Labels, Sequence[float]] = {}
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def declare(self, edges: Sequence[float], *values: str) -> None:
        """Show this combination with these edges, at zero."""
        self._edges[values] = edges
        self._counts[values] = [0] * (len(edges) + 1)
        self._sums[values] = 0.0

    def observe(self, value: float, *values: str) -> None:
        """Count one value of a declared combination."""
        self._counts[values][bisect_left(self._edges[values], value)] += 1
        self._sums[values] += value

    def lines(self) -> Iterator[str]:
        """Return its samples."""
        labels = (*self.labels, "le")
        for values, edges in self._edges.items():
            total = 0
            for edge, count in zip([*edges, None], self._counts[values], strict=True):
                total += count
                bound = "+Inf" if edge is None else number(edge)
                yield _sample(f"{self.name}_bucket", labels, (*values, bound), total)
            yield _sample(f"{self.name}_count", self.labels, values, total)
            yield _sample(f"{self.name}_sum", self.labels, values, self._sums[values])


class Registry:
    """All families of a server. Hold ``lock`` while counting."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._families: list[Family | HistogramFamily] = []

    def counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Family:
        """Add a counter."""
        return self._add(Family("counter", name, text, labels))

    def gauge(self, name: str, text: str, labels: Sequence[str] = ()) -> Family:
        """Add a gauge."""
        return self._add(Family("gauge", name, text, labels))

    def histogram(self, name: str, text: str, labels: Sequence[str] = ()) -> HistogramFamily:
        """Add a histogram."""
        family = HistogramFamily(name, text, labels)
        self._families.append(family)
        return family

    def _add(self, family: Family) -> Family:
        self._families.append(family)
        return family

    def text(self) -> str:
        """Return all samples."""
        with self.lock:
            lines = []
            for family in self._families:
                lines.append(f"# HELP {family.name} {family.text}")
                lines.append(f"# TYPE {family.name} {family.kind}")
                lines.extend(family.lines())
        return "\n".join(lines) + "\n"


def number(value: float) -> str:
    """Return a number as Prometheus writes it; whole ones without a fraction."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _sample(name: str, labels: Sequence[str], values: Labels, amount: float) -> str:
    pairs = ",".join(f'{a}="{_escape(b)}"' for a, b in zip(labels, values, strict=True))
    return f"{name}{{{pairs}}} {number(amount)}" if pairs else f"{name} {number(amount)}"
