from __future__ import annotations

import math
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

from ${{ values.package }} import (
    errors,
    estimators,
    features,
)

from ..support import ROOT, blobs, environment, line, temporary_folder

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
        found = estimators.fit("ridge", {"alpha": 0.001}, 1, INPUTS[:2], matrix, targets, 0)
        self.assertAlmostEqual(found.predict([[1.0, 1.0]])[0][0], 2, places=1)

    def test_missing_and_unknown_values_are_answered(self) -> None:
        inputs = [features.Input("x"), features.Input("colour", 2)]
        matrix = [[float(i), float(i % 2)] for i in range(20)]
        targets = [float(i % 2) for i in range(20)]
        found = estimators.fit("logistic", {}, 1, inputs, matrix, targets, 2)
        answers = found.predict([[math.nan, math.nan], [3.0, math.nan]])
        self.assertTrue(all(0 <= share <= 1 for row in answers for share in row))

    def test_saved_and_loaded_it_answers_the_same(self) -> None:
        matrix, targets = blobs(classes=2)
        numbers = line()[1][: len(matrix)]
        for variant, wanted, classes in (
            ("logistic", targets, 2),
            ("boosting", targets, 2),
            ("ridge", numbers, 0),
            ("boosting", numbers, 0),
        ):
            found = estimators.fit(variant, {}, 1, INPUTS, matrix, wanted, classes)
            with self.subTest(variant, classes=classes), temporary_folder() as folder:
                estimators.save(found, Path(folder))
                self.assertEqual(
                    estimators.load(Path(folder)).predict(matrix), found.predict(matrix)
                )

    def test_a_type_that_is_not_trusted_is_not_loaded(self) -> None:
        matrix, targets = blobs(classes=2)
        found = estimators.fit("boosting", {}, 1, INPUTS, matrix, targets, 2)
        with temporary_folder() as folder:
            estimators.save(found, Path(folder))
            with (
                mock.patch.object(estimators, "TRUSTED", ()),
                self.assertRaisesRegex(errors.DataError, "aren't trusted"),
            ):
                estimators.load(Path(folder))

    def test_another_process_writes_the_same_bytes(self) -> None:
        package = estimators.__name__.partition(".")[0]
        code = (
            "import hashlib\n"
            f"from {package} import estimators, features\n"
            "inputs = [features.Input('x'), features.Input('colour', 2)]\n"
            "matrix = [[i / 7, i % 2] for i in range(40)]\n"
            "targets = [i // 20 for i in range(40)]\n"
            "for variant in ('logistic', 'boosting'):\n"
            "    model = estimators.fit(variant, {}, 3, inputs, matrix, targets, 2)\n"
            "    estimators.save(model, folder)\n"
            "    content = (folder / estimators.MODEL_FILE).read_bytes()\n"
            "    digests.append(hashlib.sha256(content).hexdigest())\n"
        )
        with temporary_folder() as name:
            here: dict[str, Any] = {"folder": Path(name), "digests": []}
            exec(code, here)
            prefix = f"import pathlib\nfolder, digests = pathlib.Path({name!r}), []\n"
            there = subprocess.run(
                [sys.executable, "-c", f"{prefix}{code}print(digests)"],
                cwd=ROOT,
                env=environment(PYTHONHASHSEED="1"),
                capture_output=True,
                text=True,
                check=True,
            )
        self.assertEqual(there.stdout.strip(), str(here["digests"]))

    def test_an_unknown_hyperparameter_is_named(self) -> None:
        matrix, targets = blobs(classes=2)
        with self.assertRaisesRegex(errors.UsageError, "params.logistic.*depth"):
            estimators.fit("logistic", {"depth": 3}, 1, INPUTS, matrix, targets, 2)
