"""The estimators of this project, in plain Python: which there are, and how they are stored.

A variant of ``model.toml`` is the name of one of them. To add one, write a class with ``fit``,
``predict``, ``to_json`` and ``from_json``, and put it into ``VARIANTS``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .boosting import BoostedStumps
from .config import Params
from .encoding import Encoder
from .errors import UsageError
from .features import Input, Matrix
from .files import read_json, write_json
from .linear import Logistic, Ridge

MODEL_FILE = "model.json"


class Algorithm(Protocol):
    """What an estimator has to do. Its matrix has no missing values and only numbers."""

    def predict(self, matrix: Matrix) -> Matrix:
        """Return the probabilities of the classes, or one number, for each row."""

    def to_json(self) -> dict[str, Any]:
        """Return all that ``predict`` needs, as JSON."""


@dataclass(frozen=True)
class Estimator:
    """An encoder and what was trained on its output."""

    variant: str
    encoder: Encoder
    algorithm: Algorithm

    def predict(self, matrix: Matrix) -> Matrix:
        """Return, for each row of ``features.matrix``, probabilities or one number."""
        return self.algorithm.predict(self.encoder.encode(matrix))


VARIANTS: Mapping[str, Any] = {"logistic": Logistic, "ridge": Ridge, "boosting": BoostedStumps}


def _algorithm(variant: str) -> Any:
    if variant not in VARIANTS:
        raise UsageError(f"there is no variant {variant!r}, only {', '.join(VARIANTS)}")
    return VARIANTS[variant]


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
    algorithm = _algorithm(variant)
    encoder = Encoder.fit(inputs, matrix)
    try:
        trained = algorithm.fit(encoder.encode(matrix), targets, classes, seed, **params)
    except TypeError as error:
        raise UsageError(f"model.toml: [params.{variant}]: {error}") from error
    return Estimator(variant, encoder, trained)


def save(estimator: Estimator, folder: Path) -> None:
    """Write the estimator as JSON into ``folder``."""
    content = {
        "variant": estimator.variant,
        "encoder": estimator.encoder.to_json(),
        "algorithm": estimator.algorithm.to_json(),
    }
    write_json(folder / MODEL_FILE, content)


def load(folder: Path) -> Estimator:
    """Read what ``save`` wrote."""
    content = read_json(folder / MODEL_FILE)
    variant = content["variant"]
    algorithm = _algorithm(variant).from_json(content["algorithm"])
    return Estimator(variant, Encoder.from_json(content["encoder"]), algorithm)
