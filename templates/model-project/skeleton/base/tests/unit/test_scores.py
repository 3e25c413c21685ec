from __future__ import annotations

import math
import unittest

from ${{ values.package }} import (
    bootstrap,
    prediction,
    scores,
)

P = prediction.Prediction


def classes(*names: str) -> list[prediction.Prediction]:
    return [P(name, {"a": float(name == "a"), "b": float(name == "b")}) for name in names]


def score(name: str) -> scores.Score:
    return scores.SCORES[name]


class Scores(unittest.TestCase):
    def test_accuracy(self) -> None:
        self.assertEqual(score("accuracy").of(list("aabb"), classes(*"abbb")), 0.75)

    def test_macro_f1_weighs_classes_alike(self) -> None:
        found = score("macro_f1").of(list("aaab"), classes(*"aaaa"))
        self.assertAlmostEqual(found or 0, (6 / 7 + 0) / 2)

    def test_log_loss_of_a_sure_mistake_is_finite(self) -> None:
        found = score("log_loss").of(["a"], classes("b"))
        self.assertAlmostEqual(found or 0, -math.log(1e-15))

    def test_errors_of_numbers(self) -> None:
        truth: list[scores.Truth] = [1.0, 2.0, 3.0]
        found = [P(2.0), P(2.0), P(1.0)]
        self.assertAlmostEqual(score("mae").of(truth, found) or 0, 1)
        self.assertAlmostEqual(score("rmse").of(truth, found) or 0, math.sqrt(5 / 3))
        self.assertAlmostEqual(score("r2").of(truth, found) or 0, 1 - 5 / 2)

    def test_what_is_not_defined_is_none(self) -> None:
        self.assertIsNone(score("r2").of([2.0, 2.0], [P(1.0), P(2.0)]))
        self.assertIsNone(score("accuracy").of([], []))

    def test_worsening_has_the_direction_of_the_metric(self) -> None:
        self.assertAlmostEqual(score("accuracy").worsening(0.8, 0.9), 0.1)
        self.assertAlmostEqual(score("mae").worsening(2.2, 2.0), 0.2)


class Bootstrap(unittest.TestCase):
    def test_the_interval_holds_the_value_and_narrows_with_rows(self) -> None:
        widths = []
        for n in (40, 400):
            truth: list[scores.Truth] = ["a", "b"] * (n // 2)
            found = classes(*(["a"] * n))
            samples = bootstrap.draws(n, resamples=500)
            low, high = bootstrap.interval(score("accuracy"), truth, found, samples) or (0, 0)
            self.assertLess(low, 0.5)
            self.assertGreater(high, 0.5)
            widths.append(high - low)
        self.assertLess(widths[1], widths[0] / 2)

    def test_equal_models_do_not_differ(self) -> None:
        truth: list[scores.Truth] = list("ab" * 30)
        found = classes(*("a" * 60))
        samples = bootstrap.draws(60, resamples=200)
        same = bootstrap.paired_interval(score("accuracy"), truth, found, found, samples)
        self.assertEqual(same, (0, 0))

    def test_blocks_keep_neighbours_together(self) -> None:
        for rows in bootstrap.draws(21, resamples=50, block=7):
            self.assertEqual(len(rows), 21)
            for start in range(0, 21, 7):
                week = rows[start : start + 7]
                self.assertEqual(week, list(range(week[0], week[0] + 7)))
                self.assertEqual(week[0] % 7, 0)
