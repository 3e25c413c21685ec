"""Counters, gauges and histograms, kept and written by the Prometheus client library.

Families are declared before the first request, with every label that is known by then, so that
the first scrape already shows them all, at zero. ``server_metrics.py`` lets one count or read at a
time, so that a scrape is consistent across families too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import prometheus_client
from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from . import histogram

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# In this format each would be a gauge of its own, with the time at which counting began.
disable_created_metrics()  # type: ignore[no-untyped-call]

Labels = tuple[str, ...]


class Counter:
    """A number that only grows, for each combination of label values."""

    def __init__(self, metric: prometheus_client.Counter) -> None:
        self._metric = metric

    def declare(self, *values: str) -> None:
        """Show this combination at zero until something is counted."""
        self._metric.labels(*values)

    def add(self, *values: str) -> None:
        """Count."""
        self._metric.labels(*values).inc()


class Gauge:
    """A number that goes up and down, for each combination of label values."""

    def __init__(self, metric: prometheus_client.Gauge) -> None:
        self._metric = metric

    def add(self, *values: str, amount: float = 1.0) -> None:
        """Change it."""
        (self._metric.labels(*values) if values else self._metric).inc(amount)

    def set(self, amount: float, *values: str) -> None:
        """Set it."""
        (self._metric.labels(*values) if values else self._metric).set(amount)


class Histogram:
    """Buckets with the same edges for every combination of label values."""

    def __init__(self, metric: prometheus_client.Histogram) -> None:
        self._metric = metric

    def declare(self, *values: str) -> None:
        """Show this combination at zero until something is counted."""
        self._metric.labels(*values)

    def observe(self, value: float, *values: str) -> None:
        """Count one value."""
        (self._metric.labels(*values) if values else self._metric).observe(value)


class Distribution(Collector):
    """Buckets with edges of its own for each combination of label values.

    The library's histogram has the same edges for all of them, needs at least one, and leaves out
    the sum where one is negative.
    """

    def __init__(self, name: str, text: str, labels: Sequence[str]) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._counted: dict[Labels, histogram.Histogram] = {}
        self._sums: dict[Labels, float] = {}

    def declare(self, *values: str, edges: Sequence[float]) -> None:
        """Show this combination at zero, with these inner edges."""
        self._counted[values] = histogram.Histogram(edges)
        self._sums[values] = 0.0

    def observe(self, value: float, *values: str) -> None:
        """Count one value of a declared combination."""
        self._counted[values].add(value)
        self._sums[values] += value

    def describe(self) -> list[Metric]:
        """Return the family without samples, which is how the registry learns its names."""
        return [HistogramMetricFamily(self._name, self._text, labels=self._labels)]

    def collect(self) -> Iterator[Metric]:
        """Return the family with its samples."""
        family = HistogramMetricFamily(self._name, self._text, labels=self._labels)
        for values, counted in self._counted.items():
            totals = list(accumulate(counted.counts))
            buckets = list(zip(bounds(counted.edges), map(float, totals), strict=True))
            family.add_metric(values, buckets, None)
            labels = dict(zip(self._labels, values, strict=True))
            family.samples.append(Sample(f"{self._name}_count", labels, totals[-1]))
            family.samples.append(Sample(f"{self._name}_sum", labels, self._sums[values]))
        yield family


class MetricStore:
    """All families of a server, in a registry of its own: nothing about the process is in it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()

    def counter(self, name: str, text: str, labels: Sequence[str]) -> Counter:
        """Add a counter."""
        return Counter(prometheus_client.Counter(name, text, labels, registry=self._registry))

    def gauge(self, name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
        """Add a gauge."""
        return Gauge(prometheus_client.Gauge(name, text, labels, registry=self._registry))

    def histogram(
        self, name: str, text: str, edges: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        """Add a histogram with the same edges for every combination."""
        return Histogram(
            prometheus_client.Histogram(name, text, labels, registry=self._registry, buckets=edges)
        )

    def distribution(self, name: str, text: str, labels: Sequence[str]) -> Distribution:
        """Add a histogram with edges of its own for each combination."""
        family = Distribution(name, text, labels)
        self._registry.register(family)
        return family

    def text(self) -> str:
        """Return all samples."""
        return generate_latest(self._registry).decode()


def bounds(edges: Sequence[float]) -> list[str]:
    """Return the labels of the buckets between and beyond inner ``edges``."""
    return [*(repr(float(edge)) for edge in edges), "+Inf"]
