"""What the server answers, apart from sockets: paths, bodies, feedback and metrics."""

from __future__ import annotations

import json
import threading
import time
import traceback
import urllib.parse
import uuid
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from . import bundle, protocol
from .context import Context
from .files import read_json
from .inference import Predictor
from .metric_store import CONTENT_TYPE
from .prediction import Prediction
from .protocol import RejectedError
from .server_metrics import ServerMetrics

_REMEMBERED = 10_000
"""How many predictions wait for their label; the oldest are forgotten first."""

_LONGEST_ID = 200


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, and the endpoint that it is counted under."""

    endpoint: str
    status: int
    body: bytes
    content_type: str = "application/json"

    @staticmethod
    def json(endpoint: str, status: int, content: Mapping[str, Any]) -> Answer:
        """Return an answer with a JSON body."""
        return Answer(endpoint, status, json.dumps(content, allow_nan=False).encode())


class Service:
    """A verified model behind the protocol."""

    def __init__(
        self,
        predictor: Predictor,
        manifest: Mapping[str, Any],
        reference: Mapping[str, Any],
        version: str,
        commit: str,
        tolerance: float,
    ) -> None:
        self._predictor = predictor
        self._model: str = manifest["model"]
        self._framework: str = manifest["framework"]
        self._version = version
        self._tolerance = tolerance
        self._awaited: OrderedDict[str, list[Prediction]] = OrderedDict()
        self._lock = threading.Lock()
        info = {
            "model": self._model,
            "version": version,
            "commit": commit,
            "dataset_digest": str(manifest["dataset"]["digest"]),
        }
        self.metrics = ServerMetrics(info, predictor.signature, reference)

    @staticmethod
    def load(model_dir: Path, manifest: Mapping[str, Any], context: Context) -> Service:
        """Load a model whose digests were checked.

        Version and commit come from the environment, else from the bundle's ``release.json``.
        """
        release = bundle.release_of(model_dir)
        return Service(
            predictor=Predictor.load(model_dir),
            manifest=manifest,
            reference=read_json(model_dir / "reference.json"),
            version=context.given_version or release.get("version") or context.version,
            commit=context.given_commit or release.get("commit") or "unknown",
            tolerance=read_json(model_dir / "params.json").get("feedbackTolerance", 0.0),
        )

    def get(self, path: str) -> Answer:
        """Answer a GET request."""
        match urllib.parse.urlsplit(path).path.strip("/").split("/"):
            case ["metrics"]:
                text = self.metrics.text()
                return Answer("metrics", 200, text.encode(), CONTENT_TYPE)
            case ["v2", "health", "live"]:
                return Answer.json("live", 200, {"live": True})
            case ["v2", "health", "ready"]:
                return Answer.json("ready", 200, {"ready": True})
            case ["v2"]:
                server = {"name": self._model, "version": self._version, "extensions": ["feedback"]}
                return Answer.json("metadata", 200, server)
            case ["v2", "models", *rest] if self._named(rest):
                if rest[-1] == "ready":
                    return Answer.json("ready", 200, {"name": self._model, "ready": True})
                if rest[-1] != "infer":
                    content = protocol.metadata(
                        self._model, self._version, self._framework, self._predictor.signature
                    )
                    return Answer.json("metadata", 200, content)
        return self._not_found(path)

    def post(self, path: str, body: bytes) -> Answer:
        """Answer a POST request."""
        try:
            match urllib.parse.urlsplit(path).path.strip("/").split("/"):
                case ["v2", "models", *rest] if self._named(rest) and rest[-1] == "infer":
                    return self._infer(_parsed(body))
                case ["feedback"]:
                    return self._label(_parsed(body))
        except RejectedError as error:
            return self.refuse(path, error)
        except Exception:  # the model's own mistake; the input was checked before
            traceback.print_exc()
            endpoint = "feedback" if path.startswith("/feedback") else "infer"
            return Answer.json(endpoint, 500, {"error": "the model failed; its log says why"})
        return self._not_found(path)

    def refuse(self, path: str, error: RejectedError) -> Answer:
        """Return the answer to a request that can't be answered."""
        self.metrics.rejected(error.reason)
        name = path.rstrip("/").rpartition("/")[2]
        endpoint = name if name in ("infer", "feedback") else "other"
        if endpoint == "feedback":
            self.metrics.feedback("malformed")
        return Answer.json(endpoint, error.status, {"error": str(error), "reason": error.reason})

    def _named(self, rest: list[str]) -> bool:
        """Tell whether ``[model, "versions", version, verb]`` or a part of it names this model."""
        if not rest or urllib.parse.unquote(rest[0]) != self._model:
            return False
        rest = rest[1:]
        if rest[:1] == ["versions"]:
            if len(rest) < 2 or urllib.parse.unquote(rest[1]) != self._version:
                return False
            rest = rest[2:]
        return rest in ([], ["ready"], ["infer"])

    def _not_found(self, path: str) -> Answer:
        sentence = f"there is nothing at {path[:200]}; the model is /v2/models/{self._model}"
        return Answer.json("other", 404, {"error": sentence})

    def _infer(self, request: Any) -> Answer:
        signature = self._predictor.signature
        rows = protocol.rows_of(request, signature)
        identity = request.get("id")
        if identity is None or identity == "":
            identity = str(uuid.uuid4())
        if not isinstance(identity, str) or len(identity) > _LONGEST_ID:
            raise RejectedError(
                "bad-request", f"id has to be a text of up to {_LONGEST_ID} letters"
            )
        started = time.perf_counter()
        found = self._predictor.predict(rows)
        self.metrics.predicted(rows, found, time.perf_counter() - started)
        with self._lock:
            self._awaited[identity] = found
            while len(self._awaited) > _REMEMBERED:
                self._awaited.popitem(last=False)
        content = protocol.answer(self._model, self._version, identity, signature, found)
        return Answer.json("infer", 200, content)

    def _label(self, request: Any) -> Answer:
        """Compare a label that came back with what was predicted under its id.

        ``row`` says which row of a request with several, counted from 0. A prediction that this
        process did not make, or has forgotten, is not found.
        """
        if not isinstance(request, dict) or not isinstance(request.get("id"), str):
            raise RejectedError("bad-request", "feedback is {id, label}, with the id of an answer")
        row = request.get("row", 0)
        label = request.get("label")
        classes = self._predictor.signature.classes
        number = isinstance(label, int | float) and not isinstance(label, bool)
        if not (label in classes if classes else number):
            kind = "one of " + ", ".join(classes) if classes else "a number"
            raise RejectedError("bad-value", f"label has to be {kind}")
        with self._lock:
            found = self._awaited.get(request["id"])
        if found is None or not isinstance(row, int) or not 0 <= row < len(found):
            self.metrics.feedback("unknown-id")
            sentence = "no prediction of this server has this id and row; it keeps the last"
            return Answer.json("feedback", 404, {"error": f"{sentence} {_REMEMBERED} requests"})
        if classes:
            outcome = "correct" if found[row].value == label else "incorrect"
        else:
            close = abs(float(found[row].value) - float(cast(float, label))) <= self._tolerance
            outcome = "close" if close else "far"
        self.metrics.feedback(outcome)
        return Answer.json("feedback", 200, {"id": request["id"], "outcome": outcome})


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RejectedError("bad-json", f"the body isn't JSON: {error}") from None
