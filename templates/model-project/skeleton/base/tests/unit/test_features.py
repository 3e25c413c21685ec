from __future__ import annotations

import math
import unittest

from ${{ values.package }} import (
    dataset,
    features,
)

NUMBER = features.Feature("size", "FP64", "numeric", optional=True)
DAY = features.Feature("day", "INT64", "numeric", optional=False, period=365.25)
COLOUR = features.Feature("colour", "BYTES", "categorical", True, categories=("blue", "red"))


class Matrix(unittest.TestCase):
    def test_numbers_stay_what_they_are(self) -> None:
        rows: list[dataset.Row] = [{"size": 3.5}, {"size": -1}]
        self.assertEqual(features.matrix(rows, [NUMBER]), [[3.5], [-1.0]])

    def test_missing_is_nan(self) -> None:
        rows: list[dataset.Row] = [{"size": None}, {}]
        for row in rows:
            self.assertTrue(math.isnan(features.matrix([row], [NUMBER])[0][0]))

    def test_a_category_is_its_place_and_an_unknown_one_is_missing(self) -> None:
        rows: list[dataset.Row] = [
            {"colour": "red"},
            {"colour": "blue"},
            {"colour": "green"},
            {"colour": None},
        ]
        found = [row[0] for row in features.matrix(rows, [COLOUR])]
        self.assertEqual(found[:2], [1.0, 0.0])
        self.assertTrue(math.isnan(found[2]))
        self.assertTrue(math.isnan(found[3]))

    def test_a_year_is_a_circle(self) -> None:
        last, first = features.matrix([{"day": 365}, {"day": 365 + 366}], [DAY])
        self.assertLess(math.dist(last, first), 0.02)
        self.assertAlmostEqual(math.hypot(*last), 1)

    def test_columns_stand_where_inputs_says(self) -> None:
        names = [column.name for column in features.inputs([COLOUR, DAY, NUMBER])]
        self.assertEqual(names, ["colour", "sin(day)", "cos(day)", "size"])
        row = features.matrix([{"size": 7, "day": 0, "colour": "red"}], [COLOUR, DAY, NUMBER])[0]
        self.assertEqual(row, [1.0, 0.0, 1.0, 7.0])

    def test_a_feature_survives_its_signature(self) -> None:
        for feature in (NUMBER, DAY, COLOUR):
            self.assertEqual(features.Feature.from_json(feature.to_json()), feature)
