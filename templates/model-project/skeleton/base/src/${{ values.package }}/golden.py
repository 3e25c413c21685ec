"""Golden answers: a few rows and what the model said about them when it was made."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .dataset import Row
from .inference import Predictor
from .prediction import Prediction

_ROWS = 5
TOLERANCE = 1e-9
"""Other machines give the same numbers up to this, relative or absolute."""


def build(predictor: Predictor, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows spread over ``rows`` with their answers."""
    step = max(1, len(rows) // _ROWS)
    names = [feature.name for feature in predictor.signature.features]
    picked = [{name: row[name] for name in names} for row in rows[::step][:_ROWS]]
    answers = predictor.predict(picked)
    return [
        {"row": row, "prediction": answer.to_json()}
        for row, answer in zip(picked, answers, strict=True)
    ]


def same(expected: Prediction, found: Prediction) -> bool:
    """Tell whether two answers are the same, up to rounding on another machine."""
    if isinstance(expected.value, str) or isinstance(found.value, str):
        if expected.value != found.value:
            return False
    elif not _close(expected.value, found.value):
        return False
    return expected.probabilities.keys() == found.probabilities.keys() and all(
        _close(share, found.probabilities[name]) for name, share in expected.probabilities.items()
    )


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def differences(entries: Sequence[Mapping[str, Any]], answers: Sequence[Prediction]) -> list[str]:
    """Return a sentence for each golden row whose answer has changed."""
    result = []
    for number, (entry, answer) in enumerate(zip(entries, answers, strict=True), start=1):
        expected = Prediction.from_json(entry["prediction"])
        if not same(expected, answer):
            result.append(f"golden row {number}: expected {expected.value}, got {answer.value}")
    return result
