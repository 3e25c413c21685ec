"""Speed and size of the selected model, beside the champion on the same machine at the same time.

Both run in processes of their own and are timed inside them, in small batches by turns
(ABBA: candidate, champion, champion, candidate), so that whatever else the machine does hits
both alike. Before that the candidate is compared with itself in the same way: where that differs
by more than 10 %, this machine can't tell models apart now, and the answer is unknown.
"""

from __future__ import annotations

import math
import os
import platform
import statistics
import subprocess
import sys
import time
from argparse import Namespace
from contextlib import ExitStack
from dataclasses import dataclass, field

from . import bundle, features, models, reports
from .config import Perf
from .context import Context
from .dataset import Row, load_train
from .errors import GATE_SAID_NO, PASS, ProjectError
from .gates import Gate, decide
from .models import ModelProcess

_ROUNDS = 300
_WARM_UPS = 20
_BATCH = 20
_BATCH_SECONDS = 0.01
_SECONDS = 1.5
"""Of one comparison; a slow model gets fewer rounds rather than a longer job."""

_MIN_ROUNDS = 5
_NOISE = 0.10


@dataclass
class Timings:
    """Seconds for one prediction, one entry for each batch; errors counted over all of them."""

    a: list[float] = field(default_factory=list)
    b: list[float] = field(default_factory=list)
    predictions: int = 0
    errors: int = 0

    @property
    def ratio(self) -> float:
        """p50 of a over p50 of b."""
        return statistics.median(self.a) / statistics.median(self.b)

    @property
    def p95_ratio(self) -> float:
        """p95 of a over p95 of b."""
        return percentile(sorted(self.a), 0.95) / percentile(sorted(self.b), 0.95)

    @property
    def throughput_ratio(self) -> float:
        """Predictions a second of a over those of b, one after the other."""
        return statistics.mean(self.b) / statistics.mean(self.a)

    def ratios(self, parts: int = 10) -> list[float]:
        """Return the ratio in each of ``parts`` stretches of the comparison: how steady it was."""
        size = max(1, len(self.a) // parts)
        stretches = [slice(s, s + size) for s in range(0, len(self.a) - size + 1, size)]
        middle = statistics.median
        return [round(middle(self.a[part]) / middle(self.b[part]), 4) for part in stretches]


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``performance.json``; exit 3 when a limit of ``[perf]`` is broken."""
    perf = context.config.perf
    selected = context.artifacts / "selected"
    digest = bundle.artifact_digest(selected)
    schema, data, _ = load_train(context)
    names = [feature.name for feature in features.chosen(schema, context.config.data)]
    own_rows: list[Row] = [{name: row[name] for name in names} for row in data.rows[:200]]
    cold_start = cold_start_ms(context)
    with ExitStack() as stack:
        candidate = stack.enter_context(models.candidate(context))
        candidate.ask({"op": "rows", "rows": own_rows})
        control = compare(candidate, candidate)
        valid = abs(control.ratio - 1) <= _NOISE
        if not valid:
            control = compare(candidate, candidate)
            valid = abs(control.ratio - 1) <= _NOISE
        champion, version, why_not = None, None, None
        if context.champion is None:
            why_not = "first release: there is no champion yet"
        else:
            try:
                live = stack.enter_context(models.champion(context))
                # The champion may want columns that the candidate no longer uses.
                live.process.ask({"op": "rows", "rows": list(data.rows[:200])})
                champion, version = compare(candidate, live.process), live.version
            except ProjectError as error:
                why_not = f"the champion can't be asked: {error}"
        rss = candidate.ask({"op": "info"})["rssMb"]
    own = sorted([*control.a, *(champion.a if champion else [])])
    predictions = control.predictions + (champion.predictions if champion else 0)
    errors = control.errors + (champion.errors if champion else 0)
    size = models.size_mb(selected / "model")
    p50 = statistics.median(own) * 1000
    judged = [
        speed_gate(perf, champion, control, valid, why_not),
        _limit("error-rate", "errors", errors / predictions, perf.error_rate_max, ""),
        _limit("rss", "memory", rss, perf.max_rss_mb, " MB"),
        _limit("artifact", "artifact size", size, perf.max_artifact_mb, " MB"),
    ]
    decision, reasons = decide(judged)
    reports.write(
        context,
        "performance",
        "fail" if decision == "reject" else "pass",
        {
            "host": {
                "cpus": os.cpu_count(),
                "machine": platform.machine(),
                "system": platform.system(),
                "python": platform.python_version(),
            },
            "latencyMs": {
                "n": predictions,
                "min": round(own[0] * 1000, 6),
                "p50": round(p50, 6),
                "p95": round(percentile(own, 0.95) * 1000, 6),
                "p99": round(percentile(own, 0.99) * 1000, 6),
            },
            "ab": {
                "baselineVersion": version,
                "p50Ratio": round(champion.ratio, 4) if champion else None,
                "p95Ratio": round(champion.p95_ratio, 4) if champion else None,
                "throughputRatio": round(champion.throughput_ratio, 4) if champion else None,
                "ratios": champion.ratios() if champion else [],
                "aaP50Ratio": round(control.ratio, 4),
                **({"reason": why_not} if why_not else {}),
            },
            "throughputRps": round(1000 / p50, 1),
            "errors": errors,
            "rssMb": rss,
            "artifactMb": size,
            "coldStartMs": cold_start,
            "valid": valid,
            "gates": [gate.to_json() for gate in judged],
            "decision": decision,
            "reasons": reasons,
        },
        artifact=digest,
    )
    print(f"p50 {p50:.4f} ms, control {control.ratio:.3f}; {decision}: " + "; ".join(reasons))
    return GATE_SAID_NO if decision == "reject" else PASS


def compare(a: ModelProcess, b: ModelProcess) -> Timings:
    """Time two models by turns, after a warm-up, for 300 rounds or 1.5 s."""
    single = 0.0
    for process in dict.fromkeys((a, b)):
        process.ask({"op": "time", "count": 1})
        warm = process.ask({"op": "time", "count": 3})
        single = max(single, warm["seconds"] / 3)
        if single < _BATCH_SECONDS:
            process.ask({"op": "time", "count": _WARM_UPS})
    batch = max(1, min(_BATCH, math.floor(_BATCH_SECONDS / single)))
    timings = Timings()
    started = time.monotonic()
    for done in range(_ROUNDS):
        if done >= _MIN_ROUNDS and time.monotonic() - started > _SECONDS:
            break
        for process, seconds in ((a, timings.a), (b, timings.b), (b, timings.b), (a, timings.a)):
            answer = process.ask({"op": "time", "count": batch})
            seconds.append(answer["seconds"] / batch)
            if process is a:
                timings.predictions += batch
                timings.errors += answer["errors"]
    return timings


def speed_gate(
    perf: Perf, champion: Timings | None, control: Timings, valid: bool, why_not: str | None
) -> Gate:
    """Return the gate that says no only if p50 grew by both its ratio and its floor."""
    ratio, floor = perf.p50_ratio_max, perf.p50_floor_ms
    rule = f"p50 at most {ratio:g} times the champion's, or {floor:g} ms more"
    if champion is None:
        first = why_not is not None and why_not.startswith("first release")
        reason = why_not or "there is no champion"
        return Gate("p50", rule, None, perf.p50_ratio_max, None, reason, blocking=not first)
    if not valid:
        reason = (
            f"the candidate against itself gave {control.ratio:.2f} instead of 1, twice: "
            "this machine is too busy to compare speeds"
        )
        return Gate("p50", rule, None, perf.p50_ratio_max, None, reason)
    ours, theirs = statistics.median(champion.a) * 1000, statistics.median(champion.b) * 1000
    slower = champion.ratio > perf.p50_ratio_max and ours - theirs > perf.p50_floor_ms
    words = "is too slow against" if slower else "is fast enough against"
    times = f"{champion.ratio:.2f} times"
    reason = f"p50 of {ours:.3f} ms {words} the champion's {theirs:.3f} ms ({times})"
    return Gate("p50", rule, champion.ratio, perf.p50_ratio_max, not slower, reason)


def _limit(identity: str, what: str, observed: float | None, limit: float, unit: str) -> Gate:
    rule = f"{what} at most {limit:g}{unit}"
    if observed is None:
        return Gate(
            identity, rule, None, limit, None, f"{what} can't be measured here", blocking=False
        )
    good = observed <= limit
    reason = f"{what} {observed:g}{unit} {'<=' if good else '>'} {limit:g}{unit}"
    return Gate(identity, rule, observed, limit, good, reason)


def percentile(ordered: list[float], share: float) -> float:
    """Return the smallest value that ``share`` of the sorted values don't exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def cold_start_ms(context: Context) -> float:
    """Return the time from starting the server to its first word that it listens, in ms."""
    folder = context.artifacts / "selected" / "model"
    environment = os.environ | {"PYTHONPATH": str(context.root / "src"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", context.config.model.package, "serve"]
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--model-dir", str(folder), "--host", "127.0.0.1", "--port", "0"],
        cwd=context.root,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        seconds = time.perf_counter() - started
        server.terminate()
    if not line:
        raise ProjectError(f"the server didn't start: it ended with code {server.returncode}")
    return round(seconds * 1000, 1)
