"""What a model says about one row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Prediction:
    """A class with the probability of every class, or a number and no probabilities."""

    value: str | float
    probabilities: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the form in which it is stored and handed between processes."""
        return {"value": self.value, "probabilities": dict(self.probabilities)}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Prediction:
        """Read what ``to_json`` wrote."""
        return Prediction(value["value"], value["probabilities"])
