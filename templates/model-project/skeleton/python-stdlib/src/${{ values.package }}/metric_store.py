"""Counters, gauges and histograms in the text format that Prometheus reads.

Families are declared before the first request, with every label that is known by then, so that
the first scrape already shows them all, at zero. Not safe to use from several threads by itself:
``server_metrics.py`` lets one count or read at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[str, ...]


class Family:
    """A counter or a gauge: one number for each combination of label values."""

    def __init__(self, kind: str, name: str, text: str, labels: Sequence[str]) -> None:
        self.kind, self.name, self.text, self.labels = kind, name, text, tuple(labels)
        self._values: dict[Labels, float] = {} if labels else {(): 0.0}

    def declare(self, *values: str) -> None:
        """Show this combination at zero until something is counted."""
        self._values.setdefault(values, 0.0)

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Count."""
        self._values[values] = self._values.get(values, 0.0) + amount

    def set(self, amount: float, *values: str) -> None:
        """Set a gauge."""
        self._values[values] = amount

    def lines(self) -> Iterator[str]:
        """Return its samples."""
        for values, amount in self._values.items():
            yield _sample(self.name, self.labels, values, amount)


class Histogram:
    """Cumulative buckets, a count and a sum for each combination of label values.

    A bucket holds the values up to and including its edge.
    """

    kind = "histogram"

    def __init__(self, name: str, text: str, labels: Sequence[str], edges: Sequence[float]) -> None:
        self.name, self.text, self.labels = name, text, tuple(labels)
        self._common = edges
        self._edges: dict[Labels, Sequence[float]] = {}
        self._counts: dict[Labels, list[int]] = {}
        self._sums: dict[Labels, float] = {}

    def declare(self, *values: str, edges: Sequence[float] | None = None) -> None:
        """Show this combination at zero, with inner edges of its own where they are given."""
        self._edges[values] = self._common if edges is None else edges
        self._counts[values] = [0] * (len(self._edges[values]) + 1)
        self._sums[values] = 0.0

    def observe(self, value: float, *values: str) -> None:
        """Count one value of a declared combination."""
        self._counts[values][bisect_left(self._edges[values], value)] += 1
        self._sums[values] += value

    def lines(self) -> Iterator[str]:
        """Return its samples."""
        labels = (*self.labels, "le")
        for values, edges in self._edges.items():
            totals = list(accumulate(self._counts[values]))
            for bound, total in zip(bounds(edges), totals, strict=True):
                yield _sample(f"{self.name}_bucket", labels, (*values, bound), total)
            yield _sample(f"{self.name}_count", self.labels, values, totals[-1])
            yield _sample(f"{self.name}_sum", self.labels, values, self._sums[values])


class MetricStore:
    """All families of a server."""

    def __init__(self) -> None:
        self._families: list[Family | Histogram] = []

    def counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Family:
        """Add a counter."""
        return self._family("counter", name, text, labels)

    def gauge(self, name: str, text: str, labels: Sequence[str] = ()) -> Family:
        """Add a gauge."""
        return self._family("gauge", name, text, labels)

    def histogram(
        self, name: str, text: str, edges: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        """Add a histogram with the same edges for every combination."""
        family = Histogram(name, text, labels, edges)
        if not labels:
            family.declare()
        self._families.append(family)
        return family

    def distribution(self, name: str, text: str, labels: Sequence[str]) -> Histogram:
        """Add a histogram with edges of its own for each combination."""
        family = Histogram(name, text, labels, ())
        self._families.append(family)
        return family

    def _family(self, kind: str, name: str, text: str, labels: Sequence[str]) -> Family:
        family = Family(kind, name, text, labels)
        self._families.append(family)
        return family

    def text(self) -> str:
        """Return all samples."""
        lines = []
        for family in self._families:
            lines.append(f"# HELP {family.name} {family.text}")
            lines.append(f"# TYPE {family.name} {family.kind}")
            lines.extend(family.lines())
        return "\n".join(lines) + "\n"


def bounds(edges: Sequence[float]) -> list[str]:
    """Return the labels of the buckets between and beyond inner ``edges``."""
    return [*map(_number, edges), "+Inf"]


def _number(value: float) -> str:
    """Return a number as Prometheus writes it; whole ones without a fraction."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _sample(name: str, labels: Sequence[str], values: Labels, amount: float) -> str:
    pairs = ",".join(f'{a}="{_escape(b)}"' for a, b in zip(labels, values, strict=True))
    return f"{name}{{{pairs}}} {_number(amount)}" if pairs else f"{name} {_number(amount)}"
