"""What the selected model has to get right whatever its metrics say.

The cases are in ``cases.toml``: rows whose answer is beyond doubt, changes that must not matter,
and changes that must move the answer in a known direction. Run ``select`` first.
"""

from __future__ import annotations

import random
import tomllib
import unittest
from pathlib import Path
from typing import Any

from ${{ values.package }} import (
    bundle,
    dataset,
    files,
    golden,
    inference,
    prediction,
    protocol,
)

from ..support import ROOT, here, temporary_folder

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (ROOT / "tests" / "behaviour" / "cases.toml").read_text()
)


class Behaviour(unittest.TestCase):
    folder: Path
    predictor: inference.Predictor
    rows: list[dataset.Row]

    @classmethod
    def setUpClass(cls) -> None:
        context = here()
        cls.folder = context.artifacts / "selected" / "model"
        bundle.verify(cls.folder)
        cls.predictor = inference.Predictor.load(cls.folder)
        _, data, _ = dataset.load_train(context)
        cls.rows = list(random.Random(1).sample(data.rows, min(50, len(data.rows))))

    def predict(self, row: dataset.Row) -> prediction.Prediction:
        return self.predictor.predict([row])[0]

    def needs(self, case: dict[str, Any]) -> None:
        """Skip a case about features that this model doesn't use."""
        used = {feature.name for feature in self.predictor.signature.features}
        lacks = sorted(set(case.get("needs", [])) - used)
        if lacks:
            self.skipTest(f"the model doesn't use {', '.join(lacks)}")

    def test_minimum_functionality(self) -> None:
        for case in CASES.get("minimum", []):
            with self.subTest(case["name"]):
                self.needs(case)
                value = self.predict(case["row"]).value
                if isinstance(value, str):
                    self.assertEqual(value, case["expect"])
                else:
                    self.assertGreaterEqual(value, case["at_least"])
                    self.assertLessEqual(value, case["at_most"])

    def test_invariance(self) -> None:
        for case in CASES.get("invariance", []):
            with self.subTest(case["name"]):
                self.needs(case)
                before = self.predict(case["row"])
                after = self.predict(case["row"] | case["change"])
                self.assertTrue(golden.same(before, after), (before, after))

    def test_directional_expectation(self) -> None:
        for case in CASES.get("directional", []):
            with self.subTest(case["name"]):
                self.needs(case)
                low, high = (
                    self.predict(row) for row in (case["row"], case["row"] | case["change"])
                )
                if "class" in case:
                    change = high.probabilities[case["class"]] - low.probabilities[case["class"]]
                else:
                    change = float(high.value) - float(low.value)
                sign = {"rises": 1, "falls": -1}[case["then"]]
                self.assertGreater(sign * change, 0, (low, high))

    def test_a_batch_gives_what_single_rows_give(self) -> None:
        for row, together in zip(self.rows, self.predictor.predict(self.rows), strict=True):
            self.assertTrue(golden.same(self.predict(row), together))

    def test_the_order_of_rows_does_not_matter(self) -> None:
        forward = self.predictor.predict(self.rows)
        backward = self.predictor.predict(self.rows[::-1])
        for a, b in zip(forward, backward[::-1], strict=True):
            self.assertTrue(golden.same(a, b))

    def test_columns_that_are_no_features_do_not_matter(self) -> None:
        names = {feature.name for feature in self.predictor.signature.features}
        for row in self.rows[:10]:
            only = {name: value for name, value in row.items() if name in names}
            self.assertTrue(golden.same(self.predict(row), self.predict(only)))

    def test_golden_answers(self) -> None:
        entries = files.read_json(self.folder / "golden.json")
        answers = self.predictor.predict([entry["row"] for entry in entries])
        self.assertEqual(golden.differences(entries, answers), [])

    def test_what_was_saved_and_loaded_answers_the_same(self) -> None:
        with temporary_folder() as folder:
            self.predictor.save(Path(folder))
            loaded = inference.Predictor.load(Path(folder))
            pairs = zip(self.predictor.predict(self.rows), loaded.predict(self.rows), strict=True)
            for before, after in pairs:
                self.assertTrue(golden.same(before, after))

    def test_probabilities_add_up(self) -> None:
        for found in self.predictor.predict(self.rows):
            if found.probabilities:
                self.assertAlmostEqual(sum(found.probabilities.values()), 1)
                self.assertTrue(all(0 <= share <= 1 for share in found.probabilities.values()))
                shares = found.probabilities
                self.assertEqual(found.value, max(shares, key=lambda name: shares[name]))

    def test_a_missing_optional_value_is_answered(self) -> None:
        for feature in self.predictor.signature.features:
            if feature.optional:
                with self.subTest(feature.name):
                    self.predict(dict(self.rows[0]) | {feature.name: None})

    def test_serving_sees_what_training_saw(self) -> None:
        """A row through the server's JSON is answered as the same row from the data file."""
        signature = self.predictor.signature
        request = protocol.request_of(self.rows, signature, "skew")
        served = self.predictor.predict(protocol.rows_of(request, signature))
        for direct, through in zip(self.predictor.predict(self.rows), served, strict=True):
            self.assertTrue(golden.same(direct, through))
