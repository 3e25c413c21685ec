from __future__ import annotations

import math
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

from ${{ values.package }} import (
    encoding,
    errors,
    estimators,
    features,
    junit,
    linear,
    optimise,
    suites,
)

from ..support import blobs, line, temporary_folder

INPUTS = [features.Input("x"), features.Input("y"), features.Input("z")]


class Estimators(unittest.TestCase):
    def test_classes_that_are_apart_are_told_apart(self) -> None:
        matrix, targets = blobs(classes=3)
        for variant in ("logistic", "boosting"):
            with self.subTest(variant):
                found = estimators.fit(variant, {}, 1, INPUTS, matrix, targets, 3)
                best = [row.index(max(row)) for row in found.predict(matrix)]
                self.assertEqual(best, targets)
                for row in found.predict(matrix):
                    self.assertAlmostEqual(math.fsum(row), 1)

    def test_ridge_finds_the_line(self) -> None:
        matrix, targets = line()
        found = estimators.fit("ridge", {"l2": 0.001}, 1, INPUTS[:2], matrix, targets, 0)
        self.assertAlmostEqual(found.predict([[1.0, 1.0]])[0][0], 2, places=1)

    def test_boosting_is_far_better_than_the_mean(self) -> None:
        matrix, targets = line()
        found = estimators.fit("boosting", {}, 1, INPUTS[:2], matrix, targets, 0)
        errors_of = [abs(p[0] - t) for p, t in zip(found.predict(matrix), targets, strict=True)]
        self.assertLess(sum(errors_of) / len(errors_of), 1.0)

    def test_the_same_seed_gives_the_same_model_and_another_one_another(self) -> None:
        matrix, targets = blobs(classes=2)
        first, again, other = (
            estimators.fit("boosting", {}, seed, INPUTS, matrix, targets, 2) for seed in (1, 1, 2)
        )
        self.assertEqual(first.algorithm.to_json(), again.algorithm.to_json())
        self.assertNotEqual(first.algorithm.to_json(), other.algorithm.to_json())

    def test_saved_and_loaded_it_answers_the_same(self) -> None:
        matrix, targets = blobs(classes=2)
        for variant in ("logistic", "boosting"):
            found = estimators.fit(variant, {}, 1, INPUTS, matrix, targets, 2)
            with self.subTest(variant), temporary_folder() as folder:
                estimators.save(found, Path(folder))
                self.assertEqual(
                    estimators.load(Path(folder)).predict(matrix), found.predict(matrix)
                )

    def test_an_unknown_hyperparameter_is_named(self) -> None:
        matrix, targets = blobs(classes=2)
        with self.assertRaisesRegex(errors.UsageError, "params.logistic.*depth"):
            estimators.fit("logistic", {"depth": 3}, 1, INPUTS, matrix, targets, 2)


class Encoding(unittest.TestCase):
    def test_numbers_are_centred_and_categories_spread(self) -> None:
        inputs = [features.Input("x"), features.Input("colour", 2)]
        encoder = encoding.Encoder.fit(inputs, [[1.0, 0.0], [3.0, 1.0]])
        self.assertEqual(encoder.encode([[3.0, 1.0]]), [[1.0, 0.0, 1.0]])

    def test_missing_is_the_median_and_no_category(self) -> None:
        inputs = [features.Input("x"), features.Input("colour", 2)]
        encoder = encoding.Encoder.fit(inputs, [[1.0, 0.0], [2.0, 1.0], [9.0, 1.0]])
        filled = encoder.encode([[2.0, math.nan]])
        self.assertEqual(encoder.encode([[math.nan, math.nan]]), filled)
        self.assertEqual(filled[0][1:], [0.0, 0.0])

    def test_a_constant_column_does_no_harm(self) -> None:
        encoder = encoding.Encoder.fit([features.Input("x")], [[5.0], [5.0]])
        self.assertEqual(encoder.encode([[5.0], [6.0]]), [[0.0], [1.0]])


class Mathematics(unittest.TestCase):
    def test_softmax_of_large_numbers(self) -> None:
        self.assertEqual(linear.softmax([1000.0, 1000.0]), [0.5, 0.5])
        self.assertEqual(linear.softmax([-2000.0, 0.0]), [0.0, 1.0])

    def test_minimise_finds_the_lowest_point(self) -> None:
        def bowl(point: list[float]) -> tuple[float, list[float]]:
            x, y = point
            return (x - 3) ** 2 + 10 * (y + 1) ** 2, [2 * (x - 3), 20 * (y + 1)]

        x, y = optimise.minimise(bowl, [0.0, 0.0], max_iterations=50)
        self.assertAlmostEqual(x, 3, places=6)
        self.assertAlmostEqual(y, -1, places=6)

    def test_solve(self) -> None:
        found = optimise.solve([[4.0, 2.0], [2.0, 3.0]], [10.0, 8.0])
        self.assertAlmostEqual(found[0], 1.75)
        self.assertAlmostEqual(found[1], 1.5)
        with self.assertRaises(errors.ProjectError):
            optimise.solve([[1.0, 1.0], [1.0, 1.0]], [1.0, 1.0])


class Recording(unittest.TestCase):
    def test_every_outcome_is_written(self) -> None:
        class Sample(unittest.TestCase):
            def test_passes(self) -> None:
                pass

            def test_fails(self) -> None:
                self.fail("no \x00 <good>")

            def test_breaks(self) -> None:
                raise KeyError("gone")

            def test_is_skipped(self) -> None:
                self.skipTest("not here")

            def test_parts(self) -> None:
                for part in (1, 2):
                    with self.subTest(part=part):
                        self.assertEqual(part, 1)

        recorder = suites.Recorder()
        unittest.TestLoader().loadTestsFromTestCase(Sample).run(recorder)
        outcomes = sorted(case.outcome for case in recorder.cases)
        self.assertEqual(outcomes, ["error", "failure", "failure", "pass", "skipped"])
        suite = ET.fromstring(junit.document("unit", recorder.cases, 0.1))[0]
        self.assertEqual(
            [suite.get(name) for name in ("tests", "failures", "errors", "skipped")],
            ["5", "2", "1", "1"],
        )
        messages = [element.get("message") for element in suite.iter("failure")]
        self.assertIn("AssertionError: no \ufffd <good>", messages)
