"""A trained model that answers: features, estimator and signature together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import estimators, features
from .dataset import Row
from .files import read_json, write_json
from .prediction import Prediction
from .signature import Signature


class Predictor:
    """Answers rows. Safe to use from several threads: predicting changes nothing."""

    def __init__(self, signature: Signature, estimator: estimators.Estimator) -> None:
        self.signature = signature
        self.estimator = estimator

    def predict(self, rows: Sequence[Row]) -> list[Prediction]:
        """Return one prediction for each row."""
        if not rows:
            return []
        matrix = features.matrix(rows, self.signature.features)
        classes = self.signature.classes
        outputs = self.estimator.predict(matrix)
        if not classes:
            return [Prediction(output[0]) for output in outputs]
        return [
            Prediction(
                value=classes[max(range(len(classes)), key=shares.__getitem__)],
                probabilities=dict(zip(classes, shares, strict=True)),
            )
            for shares in outputs
        ]

    def save(self, folder: Path) -> None:
        """Write the model and its signature into ``folder``."""
        estimators.save(self.estimator, folder)
        write_json(folder / "signature.json", self.signature.to_json())

    @staticmethod
    def load(folder: Path) -> Predictor:
        """Read what ``save`` wrote. Check the folder's digests first: see ``bundle.verify``."""
        signature = Signature.from_json(read_json(folder / "signature.json"))
        return Predictor(signature, estimators.load(folder))
