"""Bodies and metrics of the server, without a socket; the real one is in the integration tests."""

from __future__ import annotations

import json
import unittest
from typing import Any, cast

from ${{ values.package }} import (
    dataset,
    features,
    inference,
    prediction,
    protocol,
    server_metrics,
    service,
    signature,
)

from ..support import samples

SIZE = features.Feature("size", "FP64", "numeric", optional=False)
COUNT = features.Feature("count", "INT64", "numeric", optional=True)
COLOUR = features.Feature("colour", "BYTES", "categorical", True, categories=("blue", "red"))
FLAG = features.Feature("flag", "BOOL", "categorical", True, categories=("false", "true"))
SIGNATURE = signature.Signature((SIZE, COUNT, COLOUR, FLAG), "kind", ("a", "b"), None)
REFERENCE = {
    "features": {
        "size": {"edges": [-1.5, 2.0], "counts": [3, 4, 5], "missing": 0},
        "count": {"edges": [], "counts": [12], "missing": 1},
        "colour": {"categories": ["blue", "red"], "counts": [6, 6], "missing": 0, "other": 0},
        "flag": {"categories": ["false", "true"], "counts": [2, 10], "missing": 0, "other": 0},
    },
    "prediction": {"categories": ["a", "b"], "counts": [6, 6], "missing": 0, "other": 0},
}


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


class Labels(unittest.TestCase):
    """Of predictions that were never made; those that were are in the integration tests."""

    def setUp(self) -> None:
        manifest = {"model": "m", "framework": "f", "dataset": {"digest": "d"}}
        predictor = inference.Predictor(SIGNATURE, cast(Any, None))
        self.service = service.Service(predictor, manifest, REFERENCE, "1", "c", 0.0)

    def label(self, content: object) -> tuple[int, dict[str, str]]:
        answer = self.service.post("/feedback", json.dumps(content).encode())
        return answer.status, json.loads(answer.body)

    def test_an_unknown_prediction_is_not_found(self) -> None:
        status, answer = self.label({"id": "never", "label": "a"})
        self.assertEqual(status, 404)
        self.assertIn("no prediction of this server has this id", answer["error"])
        shown = samples(self.service.metrics.text())
        self.assertEqual(shown['model_feedback_total{outcome="unknown-id"}'], 1)

    def test_a_label_that_is_none_is_refused(self) -> None:
        contents: list[object] = [{"id": "x", "label": "c"}, {"label": "a"}, [], {"id": "x"}]
        for content in contents:
            self.assertEqual(self.label(content)[0], 400, content)
        shown = samples(self.service.metrics.text())
        self.assertEqual(shown['model_feedback_total{outcome="malformed"}'], 4)


class Metrics(unittest.TestCase):
    def setUp(self) -> None:
        self.metrics = server_metrics.ServerMetrics({"model": "m"}, SIGNATURE, REFERENCE)

    def test_every_label_that_is_known_is_there_before_the_first_request(self) -> None:
        shown = samples(self.metrics.text())
        for name in (
            'model_requests_total{code="200",endpoint="infer"}',
            'model_request_duration_seconds_bucket{endpoint="infer",le="0.005"}',
            'model_inference_duration_seconds_bucket{le="inf"}',
            'model_input_rejected_total{reason="bad-value"}',
            'model_feedback_total{outcome="correct"}',
            'model_predictions_total{class="b"}',
            'model_feature_missing_total{feature="colour"}',
            'model_feature_value_bucket{feature="size",le="-1.5"}',
            'model_feature_category_total{category="__other__",feature="flag"}',
            "model_requests_in_flight{}",
        ):
            self.assertEqual(shown[name], 0, name)
        self.assertEqual(shown['model_info{model="m"}'], 1)

    def test_features_are_counted_into_the_bins_of_the_reference(self) -> None:
        before = set(samples(self.metrics.text()))
        row: dataset.Row = {"size": -1.5, "count": None, "colour": "green", "flag": "true"}
        other: dataset.Row = {"size": 9.0, "count": 3.0, "colour": "red", "flag": None}
        answers = [prediction.Prediction(name, {"a": 0.5, "b": 0.5}) for name in "ab"]
        self.metrics.predicted([row, other], answers, 0.002)
        shown = samples(self.metrics.text())
        self.assertEqual(set(shown), before)
        for name, value in {
            'model_feature_value_bucket{feature="size",le="-1.5"}': 1,
            'model_feature_value_bucket{feature="size",le="2.0"}': 1,
            'model_feature_value_bucket{feature="size",le="inf"}': 2,
            'model_feature_value_sum{feature="size"}': 7.5,
            'model_feature_value_bucket{feature="count",le="inf"}': 1,
            'model_feature_missing_total{feature="count"}': 1,
            'model_feature_category_total{category="__other__",feature="colour"}': 1,
            'model_feature_category_total{category="red",feature="colour"}': 1,
            'model_feature_missing_total{feature="flag"}': 1,
            'model_predictions_total{class="a"}': 1,
            "model_inference_duration_seconds_count{}": 1,
        }.items():
            self.assertEqual(shown[name], value, name)

    def test_the_reference_is_in_the_same_buckets(self) -> None:
        lines = self.metrics.text().splitlines()
        bounds = [
            {line.partition('le="')[2].partition('"')[0] for line in lines if line.startswith(name)}
            for name in ("model_feature_value_bucket", "model_feature_reference_bucket")
        ]
        self.assertEqual(len(bounds[0]), 3)
        self.assertEqual(*bounds)
