"""Models in processes of their own: the candidate and the champion, asked in the same way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from . import bundle
from .context import Context
from .dataset import Row
from .errors import ProjectError
from .files import digest_file
from .prediction import Prediction


class ModelProcess:
    """A running ``worker`` of this package or of another version of it."""

    def __init__(self, python: str, package: str, source: Path, model_dir: Path) -> None:
        environment = {
            # The same hashing in every process: a comparison of speed shall not depend on it.
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(source),
            "PYTHONDONTWRITEBYTECODE": "1",
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            **{name: os.environ[name] for name in os.environ if name.endswith("_NUM_THREADS")},
        }
        self._process = subprocess.Popen(
            [python, "-m", package, "worker", "--model-dir", str(model_dir)],
            cwd=model_dir.parent,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> ModelProcess:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            self._process.communicate(timeout=5)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self._process.kill()
            self._process.wait()

    def ask(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the worker's answer; raise ProjectError where it has none or failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(command, allow_nan=False) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise ProjectError(f"the model's process ended with code {self._process.wait()}")
        answer: Mapping[str, Any] = json.loads(line)
        if "error" in answer:
            raise ProjectError(f"the model failed: {answer['error']}")
        return answer

    def predict(self, rows: Sequence[Row]) -> list[Prediction]:
        """Return one prediction for each row."""
        answer = self.ask({"op": "predict", "rows": list(rows)})
        return [Prediction.from_json(p) for p in answer["predictions"]]


@dataclass(frozen=True)
class Champion:
    """The version that is live now: its running process and what is known about it."""

    process: ModelProcess
    version: str | None
    digest: str
    target: str


def candidate(context: Context) -> ModelProcess:
    """Start the selected model with the code of this checkout."""
    folder = context.artifacts / "selected" / "model"
    package = context.config.model.package
    return ModelProcess(sys.executable, package, context.root / "src", folder)


@contextmanager
def champion(context: Context) -> Iterator[Champion]:
    """Unpack the champion's bundle and start it with its own code.

    Raises ProjectError with the reason where it can't be unpacked or doesn't start. There has to
    be one: ask ``context.champion`` first.
    """
    assert context.champion is not None
    with tempfile.TemporaryDirectory(prefix="champion-") as temporary:
        root = Path(temporary)
        model_dir = bundle.unpack(context.champion, root)
        manifest = bundle.verify(model_dir)
        release = bundle.release_of(model_dir)
        python = context.champion_python or sys.executable
        with ModelProcess(python, manifest["package"], root / "src", model_dir) as process:
            info = process.ask({"op": "info"})
            yield Champion(
                process=process,
                version=release.get("version"),
                digest=digest_file(root / bundle.MANIFEST),
                target=info["signature"]["outputs"][0]["name"],
            )


def size_mb(model_dir: Path) -> float:
    """Return the size of a model's files in MB."""
    return round(sum(path.stat().st_size for path in model_dir.iterdir()) / 1024**2, 3)
