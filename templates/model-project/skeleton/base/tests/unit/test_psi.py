"""The same golden vectors are read by the portal's tests: both sides compute the same PSI."""

from __future__ import annotations

import json
import unittest

from ${{ values.package }} import (
    histogram,
    psi,
)

from ..support import ROOT

GOLDEN = json.loads((ROOT / "tests" / "golden" / "psi.json").read_text())


class Psi(unittest.TestCase):
    def test_golden_vectors(self) -> None:
        self.assertGreater(len(GOLDEN), 5)
        for case in GOLDEN:
            with self.subTest(case["name"]):
                reference = histogram.Histogram.from_json(case["reference"])
                window = histogram.Histogram.from_json(case["reference"] | case["window"])
                found = psi.psi(reference.bins(), window.bins())
                self.assertAlmostEqual(found, case["psi"], delta=1e-12)

    def test_is_never_negative_and_zero_only_for_equal_shares(self) -> None:
        self.assertEqual(psi.psi([3, 4, 5], [3, 4, 5]), 0)
        self.assertGreater(psi.psi([3, 4, 5], [5, 4, 3]), 0)

    def test_refuses_different_bins(self) -> None:
        with self.assertRaises(ValueError):
            psi.psi([1, 2], [1, 2, 3])


class Bins(unittest.TestCase):
    def test_a_bin_holds_its_upper_edge(self) -> None:
        found = histogram.Histogram(edges=[1.0, 2.0]).of([1.0, 1.5, 2.0, 2.5, None])
        self.assertEqual(found.bins(), [1, 2, 1, 1])

    def test_other_and_missing_are_bins(self) -> None:
        found = histogram.Histogram(categories=["a", "b"]).of(["a", "z", None, "b", "a"])
        self.assertEqual(found.bins(), [2, 1, 1, 1])

    def test_edges_are_not_repeated_where_a_value_is_frequent(self) -> None:
        edges = histogram.quantile_edges([0.0] * 90 + [1.0, 2.0, 3.0] * 10, 120)
        self.assertEqual(edges, sorted(set(edges)))
        self.assertEqual(edges[0], 0.0)

    def test_a_constant_has_one_bin(self) -> None:
        self.assertEqual(histogram.quantile_edges([5.0] * 100, 100), [])
