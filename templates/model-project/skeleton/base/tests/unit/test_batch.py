"""Rows of files: what is predicted, what is rejected and why, and that nothing is half written."""

from __future__ import annotations

import io
import json
import unittest
from collections.abc import Sequence
from pathlib import Path

from ${{ values.package }} import (
    batch,
    dataset,
    errors,
    features,
    inference,
    prediction,
    signature,
)

from ..support import temporary_folder

SIZE = features.Feature("size", "FP64", "numeric", optional=False)
COUNT = features.Feature("count", "INT64", "numeric", optional=True)
FLAG = features.Feature("flag", "BOOL", "categorical", True, categories=("false", "true"))
SIGNATURE = signature.Signature((SIZE, COUNT, FLAG), "kind", ("a", "b"), None)


class Signs(inference.Predictor):
    """Says a for sizes above zero, and b for all others."""

    def __init__(self) -> None:
        self.signature = SIGNATURE

    def predict(self, rows: Sequence[dataset.Row]) -> list[prediction.Prediction]:
        """Return one prediction for each row."""
        sure = {"a": 0.75, "b": 0.25}
        return [
            prediction.Prediction("a" if float(row["size"] or 0) > 0 else "b", sure) for row in rows
        ]


class Batch(unittest.TestCase):
    def setUp(self) -> None:
        temporary = temporary_folder()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.tally = batch.Tally()
        self.rejected = io.StringIO()

    def predict(self, text: str, *missing: str) -> str:
        source = self.folder / "rows.csv"
        source.write_text(text)
        target = self.folder / "out.csv"
        known = frozenset(missing or ("",))
        batch.predict_file(source, target, Signs(), known, self.tally, self.rejected)
        return target.read_text()

    def test_rows_keep_their_columns_and_gain_the_prediction(self) -> None:
        written = self.predict('id,size,count,flag\n"x, y",1.5,2,True\n2,-1,,\n')
        self.assertEqual(
            written.splitlines(),
            [
                "id,size,count,flag,predicted_kind,probability_a,probability_b",
                '"x, y",1.5,2,True,a,0.75,0.25',
                "2,-1,,,b,0.75,0.25",
            ],
        )
        self.assertEqual((self.tally.rows_in, self.tally.rows_out), (2, 2))

    def test_rejected_rows_are_counted_and_named_with_the_reason(self) -> None:
        written = self.predict("size,count,flag\n1,2,x\n,1,\n2\nx,1,\n3,1.5,\n4,1,true\n")
        self.assertEqual(len(written.splitlines()), 2)
        self.assertEqual((self.tally.rows_in, self.tally.rows_out), (6, 1))
        entries = [json.loads(line) for line in self.rejected.getvalue().splitlines()]
        self.assertEqual(
            [(entry["row"], entry["reason"]) for entry in entries],
            [
                (1, "bad-value"),
                (2, "missing-input"),
                (3, "bad-shape"),
                (4, "bad-value"),
                (5, "bad-value"),
            ],
        )
        self.assertEqual(entries[1]["sentence"], "size is missing")
        self.assertEqual(entries[2]["values"], ["2"])
        self.assertEqual(self.tally.rejected, 5)

    def test_texts_that_mean_missing_are_those_of_the_schema(self) -> None:
        self.predict("size,count\n1,NA\n2,\n", "NA")
        self.assertEqual(dict(self.tally.reasons), {"bad-value": 1})

    def test_optional_columns_may_be_absent(self) -> None:
        self.assertEqual(len(self.predict("size\n1\n").splitlines()), 2)

    def test_more_rows_than_are_predicted_together_keep_their_order(self) -> None:
        sizes = [str(number % 7 - 3) for number in range(2501)]
        written = self.predict("size\n" + "\n".join(sizes) + "\n").splitlines()[1:]
        self.assertEqual([line.split(",")[0] for line in written], sizes)

    def test_a_file_that_cannot_be_read_says_why(self) -> None:
        for text, words in (
            ("", "is empty"),
            ("count\n1\n", "lacks the columns size"),
            ("size,size\n1,1\n", "has a column twice"),
            ("size,predicted_kind\n1,a\n", "has the columns predicted_kind already"),
            ('size\n"1\n', "isn't a CSV file"),
        ):
            with (
                self.subTest(words),
                self.assertRaisesRegex(errors.DataError, words),
            ):
                self.predict(text)

    def test_a_folder_is_its_csv_files_by_name(self) -> None:
        for name in ("b.csv", "a.CSV", "notes.txt"):
            (self.folder / name).write_text("size\n")
        (self.folder / "link.csv").symlink_to("/etc/hostname")
        found = [path.name for path in batch.input_files(self.folder)]
        self.assertEqual(found, ["a.CSV", "b.csv"])
        with self.assertRaisesRegex(errors.DataError, "doesn't exist"):
            batch.input_files(self.folder / "none")
        (self.folder / "empty").mkdir()
        with self.assertRaisesRegex(errors.DataError, "has no CSV file"):
            batch.input_files(self.folder / "empty")
