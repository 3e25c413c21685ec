"""``signature.json``: what the model takes and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .features import Feature


@dataclass(frozen=True)
class Signature:
    """Inputs and target; ``classes`` is empty for a regression."""

    features: tuple[Feature, ...]
    target: str
    classes: tuple[str, ...]
    unit: str | None

    @property
    def task(self) -> str:
        """``classification`` or ``regression``."""
        return "classification" if self.classes else "regression"

    def outputs(self) -> list[dict[str, Any]]:
        """Return the output tensors: the answer and, for classes, the probability of each."""
        if not self.classes:
            unit = {"unit": self.unit} if self.unit else {}
            return [{"name": self.target, "datatype": "FP64", "shape": [-1], **unit}]
        categories = list(self.classes)
        return [
            {"name": self.target, "datatype": "BYTES", "shape": [-1], "categories": categories},
            {
                "name": "probabilities",
                "datatype": "FP64",
                "shape": [-1, len(categories)],
                "categories": categories,
            },
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``signature.json``."""
        return {
            "schema": "model-delivery/signature/v1",
            "inputs": [feature.to_json() for feature in self.features],
            "outputs": self.outputs(),
        }

    @staticmethod
    def from_json(content: Mapping[str, Any]) -> Signature:
        """Read what ``to_json`` wrote."""
        answer = content["outputs"][0]
        return Signature(
            features=tuple(Feature.from_json(entry) for entry in content["inputs"]),
            target=answer["name"],
            classes=tuple(answer.get("categories", ())),
            unit=answer.get("unit"),
        )
