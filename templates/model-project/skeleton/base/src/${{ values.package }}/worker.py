"""A model in a process of its own, answering commands on standard input.

This is how the champion is asked: its bundle brings its own code, so that what it says is what
it says in production, whatever has changed here since. The protocol (one JSON object a line each
way) therefore has to stay what it is:

    {"op": "info"}                    → {"protocol": 1, "signature": …, "rssMb": …}
    {"op": "predict", "rows": [{…}]}  → {"predictions": [{"value": …, "probabilities": {…}}]}
    {"op": "rows", "rows": [{…}]}     → {"rows": n}    what "time" goes through, in turn
    {"op": "time", "count": n}        → {"seconds": s, "errors": e}   n single predictions
"""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import IO, Any

from . import bundle
from .context import Context
from .dataset import Row
from .errors import PASS
from .inference import Predictor

PROTOCOL = 1


def run(_context: Context, arguments: Namespace) -> int:
    """Serve commands until standard input ends."""
    folder = Path(arguments.model_dir)
    bundle.verify(folder)
    worker = Worker(Predictor.load(folder))
    # Answers have a channel of their own: whatever else prints must not be read as an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(worker, sys.stdin, answers)
    return PASS


def serve(worker: Worker, commands: IO[str], answers: IO[str]) -> None:
    """Answer each line; a command that fails is answered with its error."""
    for line in commands:
        try:
            answer = worker.answer(json.loads(line))
        except Exception as error:  # a broken model is an answer, not a crash
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer, allow_nan=False) + "\n")
        answers.flush()


class Worker:
    """What the commands do."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor
        self._rows: Iterator[Row] = cycle([{}])

    def answer(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one command."""
        match command["op"]:
            case "info":
                signature = self._predictor.signature.to_json()
                return {"protocol": PROTOCOL, "signature": signature, "rssMb": resident_mb()}
            case "predict":
                answers = self._predictor.predict(command["rows"])
                return {"predictions": [answer.to_json() for answer in answers]}
            case "rows":
                rows: list[Row] = command["rows"]
                self._rows = cycle(rows)
                return {"rows": len(rows)}
            case "time":
                return self._time(command["count"])
        raise ValueError(f"unknown command {command['op']!r}")

    def _time(self, count: int) -> Mapping[str, Any]:
        rows = [[row] for row in islice(self._rows, count)]
        predict = self._predictor.predict
        errors = 0
        started = time.perf_counter()
        for row in rows:
            try:
                predict(row)
            except Exception:  # counted: performance.py compares it with its limit
                errors += 1
        return {"seconds": time.perf_counter() - started, "errors": errors}


def resident_mb() -> float | None:
    """Return the memory that this process holds now, in MB, or None where it can't be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1024**2, 1)
