"""What the server's numbers look like to whoever scrapes them."""

from __future__ import annotations

import unittest

from ${{ values.package }} import metric_store

from ..support import samples


class MetricStore(unittest.TestCase):
    def setUp(self) -> None:
        self.store = metric_store.MetricStore()

    def test_a_histogram_is_cumulative_and_an_edge_belongs_below(self) -> None:
        family = self.store.histogram("h", "Text.", [1.0, 2.5], ["f"])
        family.declare("x")
        for value in (0.5, 1.0, 2.0, 9.0):
            family.observe(value, "x")
        text = self.store.text()
        self.assertEqual(text.splitlines()[:2], ["# HELP h Text.", "# TYPE h histogram"])
        self.assertEqual(
            samples(text),
            {
                'h_bucket{f="x",le="1.0"}': 2,
                'h_bucket{f="x",le="2.5"}': 3,
                'h_bucket{f="x",le="inf"}': 4,
                'h_count{f="x"}': 4,
                'h_sum{f="x"}': 12.5,
            },
        )

    def test_a_distribution_has_edges_of_its_own_for_each_combination(self) -> None:
        family = self.store.distribution("d", "Text.", ["f"])
        family.declare("below", edges=[-2.0, 0.5])
        family.declare("constant", edges=[])
        for value in (-2.0, -1.0):
            family.observe(value, "below")
        family.observe(7.0, "constant")
        text = self.store.text()
        self.assertIn("# TYPE d histogram", text)
        self.assertEqual(
            samples(text),
            {
                'd_bucket{f="below",le="-2.0"}': 1,
                'd_bucket{f="below",le="0.5"}': 2,
                'd_bucket{f="below",le="inf"}': 2,
                'd_count{f="below"}': 2,
                'd_sum{f="below"}': -3,
                'd_bucket{f="constant",le="inf"}': 1,
                'd_count{f="constant"}': 1,
                'd_sum{f="constant"}': 7,
            },
        )

    def test_what_is_declared_is_shown_at_zero(self) -> None:
        self.store.counter("c_total", "Text.", ["l"]).declare("x")
        self.store.gauge("g", "Text.")
        self.store.histogram("h", "Text.", [1.0])
        self.assertEqual(
            samples(self.store.text()),
            {
                'c_total{l="x"}': 0,
                "g{}": 0,
                'h_bucket{le="1.0"}': 0,
                'h_bucket{le="inf"}': 0,
                "h_count{}": 0,
                "h_sum{}": 0,
            },
        )

    def test_a_gauge_goes_down_too(self) -> None:
        gauge = self.store.gauge("g", "Text.")
        gauge.add()
        gauge.add(amount=-1)
        self.assertEqual(samples(self.store.text()), {"g{}": 0})

    def test_hostile_labels_are_escaped(self) -> None:
        self.store.counter("c_total", "Text.", ["l"]).add('"}\n\\')
        self.assertIn('c_total{l="\\"}\\n\\\\"} 1', self.store.text())

    def test_two_stores_share_nothing(self) -> None:
        self.store.gauge("g", "Text.").set(1)
        self.assertEqual(metric_store.MetricStore().text().strip(), "")
