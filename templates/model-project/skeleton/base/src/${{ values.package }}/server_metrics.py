"""What the server counts. Feature values are counted into the bins of ``reference.json``, so that
drift can be computed from two scrapes and no input has to be stored. How numbers are kept and
written is in ``metric_store.py``."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from .dataset import Row, Value
from .histogram import Histogram
from .metric_store import MetricStore, bounds
from .prediction import Prediction
from .protocol import REASONS
from .signature import Signature

OTHER = "__other__"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
CODES = {
    "infer": (200, 400, 411, 413, 500),
    "feedback": (200, 400, 404, 411, 413, 500),
    "metadata": (200,),
    "live": (200,),
    "ready": (200,),
    "metrics": (200,),
    "other": (400, 404, 411, 413, 501),
}
"""Endpoints, each with the status codes that it answers with."""

OUTCOMES = {
    True: ("correct", "incorrect", "unknown-id", "malformed"),
    False: ("close", "far", "unknown-id", "malformed"),
}


class ServerMetrics:
    """The families of a server; every method is safe to call from several threads."""

    def __init__(
        self, info: Mapping[str, str], signature: Signature, reference: Mapping[str, Any]
    ) -> None:
        self._store = MetricStore()
        # One at a time counts or reads: all families of a scrape are of the same moment.
        self._lock = threading.Lock()
        self._signature = signature
        self._reference = {
            name: Histogram.from_json(entry) for name, entry in reference["features"].items()
        }
        counter, gauge = self._store.counter, self._store.gauge
        gauge("model_info", "What is served.", list(info)).set(1, *info.values())
        self._requests = counter("model_requests_total", "Answers.", ["endpoint", "code"])
        self._duration = self._store.histogram(
            "model_request_duration_seconds",
            "From its first line to its answer.",
            SECONDS,
            ["endpoint"],
        )
        for endpoint, codes in CODES.items():
            for code in codes:
                self._requests.declare(endpoint, str(code))
            self._duration.declare(endpoint)
        self._inference = self._store.histogram(
            "model_inference_duration_seconds", "What the model itself took.", SECONDS
        )
        self._in_flight = gauge("model_requests_in_flight", "Requests being answered.")
        self._rejected = counter("model_input_rejected_total", "Inputs refused.", ["reason"])
        for reason in REASONS:
            self._rejected.declare(reason)
        self._feedback = counter("model_feedback_total", "Labels that came back.", ["outcome"])
        for outcome in OUTCOMES[bool(signature.classes)]:
            self._feedback.declare(outcome)
        self._predictions = counter("model_predictions_total", "Predictions.", ["class"])
        for name in signature.classes:
            self._predictions.declare(name)
        self._values = self._store.distribution(
            "model_prediction_value", "Predicted numbers.", ["output"]
        )
        if not signature.classes:
            self._values.declare(signature.target, edges=reference["prediction"]["edges"])
            self._predictions.declare(signature.target)
        self._features()

    def _features(self) -> None:
        counter, gauge = self._store.counter, self._store.gauge
        self._value = self._store.distribution(
            "model_feature_value", "Numbers that came in.", ["feature"]
        )
        self._category = counter(
            "model_feature_category_total", "Categories that came in.", ["feature", "category"]
        )
        self._missing = counter("model_feature_missing_total", "Missing values.", ["feature"])
        bucket = gauge(
            "model_feature_reference_bucket",
            "The training data in the same buckets, cumulative.",
            ["feature", "le"],
        )
        category = gauge(
            "model_feature_reference_category", "The training data.", ["feature", "category"]
        )
        missing = gauge("model_feature_reference_missing", "The training data.", ["feature"])
        for name, histogram_of in self._reference.items():
            self._missing.declare(name)
            missing.set(histogram_of.missing, name)
            if histogram_of.categories is None:
                self._value.declare(name, edges=histogram_of.edges)
                totals = accumulate(histogram_of.counts)
                for bound, total in zip(bounds(histogram_of.edges), totals, strict=True):
                    bucket.set(total, name, bound)
            else:
                for value, count in zip(
                    [*histogram_of.categories, OTHER],
                    [*histogram_of.counts, histogram_of.other],
                    strict=True,
                ):
                    self._category.declare(name, value)
                    category.set(count, name, value)

    def text(self) -> str:
        """Return all samples, as Prometheus reads them."""
        with self._lock:
            return self._store.text()

    def enter(self) -> None:
        """A request has begun."""
        with self._lock:
            self._in_flight.add()

    def leave(self) -> None:
        """Its answer is written."""
        with self._lock:
            self._in_flight.add(amount=-1)

    def answered(self, endpoint: str, code: int, seconds: float) -> None:
        """Count an answer, before it is written, so that who has read it finds it counted."""
        with self._lock:
            self._requests.add(endpoint, str(code))
            self._duration.observe(seconds, endpoint)

    def rejected(self, reason: str) -> None:
        """Count an input that was refused."""
        with self._lock:
            self._rejected.add(reason)

    def feedback(self, outcome: str) -> None:
        """Count a label that came back."""
        with self._lock:
            self._feedback.add(outcome)

    def predicted(self, rows: Sequence[Row], found: Sequence[Prediction], seconds: float) -> None:
        """Count inputs and answers of one request."""
        with self._lock:
            self._inference.observe(seconds)
            for row in rows:
                for name, reference in self._reference.items():
                    self._count(name, row[name], reference)
            for prediction in found:
                if isinstance(prediction.value, str):
                    self._predictions.add(prediction.value)
                else:
                    self._predictions.add(self._signature.target)
                    self._values.observe(prediction.value, self._signature.target)

    def _count(self, name: str, value: Value, reference: Histogram) -> None:
        if value is None:
            self._missing.add(name)
        elif reference.categories is None:
            self._value.observe(float(value), name)
        else:
            self._category.add(name, str(value) if value in reference.categories else OTHER)
