"""Bodies and metrics of the server, without a socket; the real one is in the integration tests."""

from __future__ import annotations

import unittest

from ${{ values.package }} import (
    dataset,
    exposition,
    features,
    protocol,
    signature,
)

SIZE = features.Feature("size", "FP64", "numeric", optional=False)
COUNT = features.Feature("count", "INT64", "numeric", optional=True)
COLOUR = features.Feature("colour", "BYTES", "categorical", True, categories=("blue", "red"))
FLAG = features.Feature("flag", "BOOL", "categorical", True, categories=("false", "true"))
SIGNATURE = signature.Signature((SIZE, COUNT, COLOUR, FLAG), "kind", ("a", "b"), None)


def tensor(name: str, datatype: str, *data: object) -> dict[str, object]:
    return {"name": name, "datatype": datatype, "shape": [len(data)], "data": list(data)}


class Requests(unittest.TestCase):
    def test_rows_are_read(self) -> None:
        request = {
            "inputs": [
                tensor("size", "FP64", 1.5, 2),
                tensor("colour", "BYTES", "green", None),
                tensor("flag", "BOOL", True, False),
            ]
        }
        self.assertEqual(
            protocol.rows_of(request, SIGNATURE),
            [
                {"size": 1.5, "colour": "green", "flag": "true", "count": None},
                {"size": 2.0, "colour": None, "flag": "false", "count": None},
            ],
        )

    def test_what_is_asked_comes_back_the_same(self) -> None:
        row: dataset.Row = {"size": 1.0, "count": 3.0, "colour": "red", "flag": "true"}
        rows = [row]
        request = protocol.request_of(rows, SIGNATURE, "x")
        self.assertEqual(protocol.rows_of(request, SIGNATURE), rows)

    def test_bad_input_has_a_reason(self) -> None:
        size = tensor("size", "FP64", 1.0)
        for reason, inputs in (
            ("bad-request", None),
            ("bad-request", [size, size]),
            ("unknown-input", [tensor("weight", "FP64", 1.0)]),
            ("unknown-input", ["size"]),
            ("missing-input", [tensor("count", "INT64", 1)]),
            ("bad-datatype", [tensor("size", "INT64", 1)]),
            ("bad-shape", [size | {"shape": [2]}]),
            ("bad-shape", [size, tensor("count", "INT64", 1, 2)]),
            ("bad-shape", [tensor("size", "FP64", *[1.0] * 1001)]),
            ("bad-value", [tensor("size", "FP64", "1")]),
            ("bad-value", [tensor("size", "FP64", True)]),
            ("bad-value", [tensor("size", "FP64", None)]),
            ("bad-value", [tensor("size", "FP64", float("inf"))]),
            ("bad-value", [tensor("size", "FP64", 10**400)]),
            ("bad-value", [size, tensor("count", "INT64", 1.5)]),
            ("bad-value", [size, tensor("flag", "BOOL", "true")]),
        ):
            with (
                self.subTest(reason, inputs=str(inputs)[:60]),
                self.assertRaises(protocol.RejectedError) as raised,
            ):
                protocol.rows_of({"inputs": inputs}, SIGNATURE)
            self.assertEqual(raised.exception.reason, reason)


class Exposition(unittest.TestCase):
    def test_a_histogram_is_cumulative_and_an_edge_belongs_below(self) -> None:
        registry = exposition.Registry()
        family = registry.histogram("h", "Text.", ["f"])
        family.declare([1.0, 2.5], "x")
        for value in (0.5, 1.0, 2.0, 9.0):
            family.observe(value, "x")
        self.assertEqual(
            registry.text().splitlines(),
            [
                "# HELP h Text.",
                "# TYPE h histogram",
                'h_bucket{f="x",le="1"} 2',
                'h_bucket{f="x",le="2.5"} 3',
                'h_bucket{f="x",le="+Inf"} 4',
                'h_count{f="x"} 4',
                'h_sum{f="x"} 12.5',
            ],
        )

    def test_hostile_labels_are_escaped(self) -> None:
        registry = exposition.Registry()
        registry.counter("c", "Text.", ["l"]).add('"}\n\\')
        self.assertIn('c{l="\\"}\\n\\\\"} 1', registry.text())
