"""The JSON of the Open Inference Protocol, version 2: one tensor for each feature."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .dataset import Row, Value
from .features import Feature
from .prediction import Prediction
from .signature import Signature

MAX_ROWS = 1000
REASONS = (
    "bad-json",
    "too-large",
    "no-length",
    "bad-request",
    "unknown-input",
    "missing-input",
    "bad-datatype",
    "bad-shape",
    "bad-value",
)


class RejectedError(Exception):
    """A request that can't be answered: why, in a word for the metrics and in a sentence."""

    def __init__(self, reason: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.status = status


def rows_of(request: Any, signature: Signature) -> list[Row]:
    """Return the rows that an inference request holds; raise RejectedError with the reason.

    An optional input may be left out, and null is a missing value in it. Numbers outside of the
    signature's range and unknown categories are let through: they are what drift looks like.
    """
    if not isinstance(request, dict):
        raise RejectedError("bad-request", "the body has to be a JSON object")
    tensors = request.get("inputs")
    if not isinstance(tensors, list) or not tensors:
        raise RejectedError("bad-request", "inputs has to be a list of tensors")
    known = {feature.name: feature for feature in signature.features}
    columns: dict[str, list[Value]] = {}
    for tensor in tensors:
        name = tensor.get("name") if isinstance(tensor, dict) else None
        if not isinstance(name, str) or name not in known:
            inputs = ", ".join(known)
            raise RejectedError("unknown-input", f"there is no input {name!r}, only {inputs}")
        if name in columns:
            raise RejectedError("bad-request", f"{name} is there twice")
        columns[name] = _values(tensor, known[name])
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise RejectedError("bad-shape", "the inputs have different lengths")
    count = lengths.pop()
    for feature in signature.features:
        if feature.name not in columns:
            if not feature.optional:
                raise RejectedError("missing-input", f"{feature.name} is missing")
            columns[feature.name] = [None] * count
    return [{name: values[i] for name, values in columns.items()} for i in range(count)]


def _values(tensor: Mapping[str, Any], feature: Feature) -> list[Value]:
    name = feature.name
    if tensor.get("datatype") != feature.datatype:
        sentence = f"{name}: datatype is {tensor.get('datatype')!r}, expected {feature.datatype}"
        raise RejectedError("bad-datatype", sentence)
    data, shape = tensor.get("data"), tensor.get("shape")
    if not isinstance(data, list) or not 1 <= len(data) <= MAX_ROWS:
        raise RejectedError("bad-shape", f"{name}: data has to be a list of 1 to {MAX_ROWS} values")
    if shape not in ([len(data)], [len(data), 1]):
        raise RejectedError("bad-shape", f"{name}: shape is {shape!r}, data has {len(data)} values")
    return [_value(value, feature) for value in data]


def _value(value: Any, feature: Feature) -> Value:
    name = feature.name
    if value is None:
        if feature.optional:
            return None
        raise RejectedError("bad-value", f"{name} must not be null")
    if feature.datatype == "BYTES" and isinstance(value, str):
        return value
    if feature.datatype == "BOOL" and isinstance(value, bool):
        return str(value).lower()
    if feature.kind == "numeric" and isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number) and (feature.datatype == "FP64" or number == int(number)):
            return number
    raise RejectedError("bad-value", f"{name}: {str(value)[:40]!r} isn't {feature.datatype}")


def answer(
    model: str, version: str, identity: str, signature: Signature, found: Sequence[Prediction]
) -> dict[str, Any]:
    """Return the answer to an inference request."""
    count = len(found)
    outputs = []
    for output in signature.outputs():
        shape = [count, *output["shape"][1:]]
        if output["name"] == "probabilities" and signature.classes:
            data: list[Any] = [p.probabilities[name] for p in found for name in signature.classes]
        else:
            data = [p.value for p in found]
        entry = {"name": output["name"], "datatype": output["datatype"], "shape": shape}
        outputs.append(entry | {"data": data})
    return {"model_name": model, "model_version": version, "id": identity, "outputs": outputs}


def request_of(rows: Sequence[Row], signature: Signature, identity: str) -> dict[str, Any]:
    """Return an inference request for ``rows``."""
    tensors = []
    for feature in signature.features:
        data: list[Any] = [row.get(feature.name) for row in rows]
        if feature.datatype == "BOOL":
            data = [None if value is None else value == "true" for value in data]
        elif feature.datatype == "INT64":
            data = [None if value is None else int(value) for value in data]
        tensors.append(
            {"name": feature.name, "datatype": feature.datatype, "shape": [len(rows)], "data": data}
        )
    return {"id": identity, "inputs": tensors}


def predictions_of(response: Mapping[str, Any], signature: Signature) -> list[Prediction]:
    """Read an answer back into predictions."""
    tensors = {output["name"]: output["data"] for output in response["outputs"]}
    values = tensors[signature.target]
    if not signature.classes:
        return [Prediction(value) for value in values]
    width = len(signature.classes)
    shares = tensors["probabilities"]
    return [
        Prediction(
            value, dict(zip(signature.classes, shares[i * width : (i + 1) * width], strict=True))
        )
        for i, value in enumerate(values)
    ]


def metadata(model: str, version: str, framework: str, signature: Signature) -> dict[str, Any]:
    """Return what the server says about its model."""
    return {
        "name": model,
        "versions": [version],
        "platform": framework,
        "inputs": [feature.to_json() for feature in signature.features],
        "outputs": signature.outputs(),
    }
