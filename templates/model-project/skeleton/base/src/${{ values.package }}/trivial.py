"""The trivial baseline: what anybody could say without a model."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

from .config import Config
from .dataset import Row
from .prediction import Prediction
from .schema import Column
from .scores import Truth


def rule(config: Config) -> str:
    """Return the rule in words."""
    if config.evaluation.trivial_column:
        return f"the value of {config.evaluation.trivial_column}"
    if config.model.task == "classification":
        return "the most frequent class of the training data"
    return "the median of the training data"


def predict(
    config: Config, train: Sequence[Truth], target: Column, rows: Sequence[Row]
) -> list[Prediction]:
    """Return the rule's answer for each row."""
    if config.model.task == "classification":
        counts = Counter(str(value) for value in train)
        shares = {name: counts[name] / len(train) for name in target.categories}
        return [Prediction(counts.most_common(1)[0][0], shares)] * len(rows)
    median = statistics.median(float(value) for value in train)
    column = config.evaluation.trivial_column
    if column is None:
        return [Prediction(median)] * len(rows)
    values = [row[column] for row in rows]
    return [Prediction(median if value is None else float(value)) for value in values]
