"""The estimators of this project: scikit-learn pipelines, and how they are stored.

A variant of ``model.toml`` is the name of one of them, and its ``[params.<variant>]`` are the
keyword arguments of its estimator. To add one, put its class into ``VARIANTS``; when loading it
names a type that isn't in ``TRUSTED``, look at what that type is, then add it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from threadpoolctl import threadpool_limits

from .config import Params
from .errors import DataError, UsageError
from .features import Input, Matrix
from .stable import normalised

# Candidates are trained in parallel, one process each, and a server answers in many threads: more
# threads inside of each would only wait for each other. In force as long as the process lives.
_ONE_THREAD = threadpool_limits(limits=1)

MODEL_FILE = "model.skops"

VARIANTS: Mapping[tuple[str, str], Any] = {
    ("classification", "logistic"): LogisticRegression,
    ("classification", "boosting"): GradientBoostingClassifier,
    ("regression", "ridge"): Ridge,
    ("regression", "boosting"): GradientBoostingRegressor,
}
"""Each takes ``random_state``: the seed."""

TRUSTED = ("numpy.dtype", "sklearn.tree._tree.Tree")
"""Types that a model file may hold beyond those that skops trusts by itself. A file with any other
type isn't loaded: unlike pickle, nothing in it can run code."""


@dataclass(frozen=True)
class Estimator:
    """A pipeline from the numbers of ``features.matrix`` to answers."""

    pipeline: Any

    def predict(self, matrix: Matrix) -> Matrix:
        """Return, for each row, the probability of each class, or one number."""
        rows = np.asarray(matrix, dtype=np.float64)
        if hasattr(self.pipeline, "predict_proba"):
            answers: Matrix = self.pipeline.predict_proba(rows).tolist()
        else:
            answers = self.pipeline.predict(rows).reshape(-1, 1).tolist()
        return answers


def fit(
    variant: str,
    params: Params,
    seed: int,
    inputs: Sequence[Input],
    matrix: Matrix,
    targets: Sequence[float],
    classes: int,
) -> Estimator:
    """Train ``variant``; ``targets`` are class numbers, or values where ``classes`` is 0."""
    task = "classification" if classes else "regression"
    if (task, variant) not in VARIANTS:
        known = ", ".join(name for kind, name in VARIANTS if kind == task)
        raise UsageError(f"there is no variant {variant!r} for a {task}, only {known}")
    if classes and set(targets) != set(map(float, range(classes))):
        raise DataError("a class has no row among those that are trained on")
    try:
        estimator = VARIANTS[task, variant](random_state=seed, **params)
        pipeline = Pipeline([("columns", _columns(inputs)), ("estimator", estimator)])
        pipeline.fit(np.asarray(matrix, dtype=np.float64), np.asarray(targets))
    except (TypeError, ValueError) as error:
        raise UsageError(f"model.toml: [params.{variant}]: {error}") from error
    return Estimator(pipeline)


def _columns(inputs: Sequence[Input]) -> ColumnTransformer:
    """Return what fills in and scales numbers, and gives every category a column of its own.

    A missing number becomes the median; a missing or unknown category is 0 in all its columns.
    """
    numbers = [i for i, column in enumerate(inputs) if not column.categories]
    categories = [i for i, column in enumerate(inputs) if column.categories]
    known = [[float(k) for k in range(inputs[i].categories)] for i in categories]
    scale = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    spread = Pipeline(
        [
            ("fill", SimpleImputer(strategy="constant", fill_value=-1.0)),
            (
                "spread",
                OneHotEncoder(categories=known, handle_unknown="ignore", sparse_output=False),
            ),
        ]
    )
    steps = [("numbers", scale, numbers), ("categories", spread, categories)]
    return ColumnTransformer([step for step in steps if step[2]])


def save(estimator: Estimator, folder: Path) -> None:
    """Write the pipeline into ``folder`` in the format of skops."""
    (folder / MODEL_FILE).write_bytes(normalised(skops.io.dumps(estimator.pipeline)))


def load(folder: Path) -> Estimator:
    """Read what ``save`` wrote; raise DataError for a type that isn't trusted."""
    path = folder / MODEL_FILE
    unknown = sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED))
    if unknown:
        raise DataError(f"{MODEL_FILE} holds types that aren't trusted: {', '.join(unknown)}")
    return Estimator(skops.io.load(path, trusted=list(TRUSTED)))
