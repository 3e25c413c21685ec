"""Judging the selected model on the holdout, beside the champion and a trivial baseline."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import bootstrap, bundle, gates, models, reports, scores, trivial
from .config import Config
from .context import Context
from .dataset import Dataset, load_holdout, load_train, row_hash, targets
from .errors import GATE_SAID_NO, PASS, ProjectError
from .files import read_json, write_json
from .prediction import Prediction
from .scores import Score, Truth
from .slices import Slice, find


@dataclass(frozen=True)
class Baseline:
    """What the candidate is compared with; ``predictions`` None where there is none, and why."""

    kind: str
    version: str | None
    digest: str | None
    predictions: list[Prediction] | None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return its entry in the report."""
        entry = {"kind": self.kind, "version": self.version, "digest": self.digest}
        return entry | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True)
class Holdout:
    """The held-out rows with what is true of them, and the resamples that all intervals share."""

    data: Dataset
    truth: Sequence[Truth]
    samples: bootstrap.Draws


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``metrics.json`` and ``evaluation.json``; exit 3 when the decision is *reject*."""
    config = context.config
    selected = context.artifacts / "selected"
    digest = bundle.artifact_digest(selected)
    bundle.verify(selected / "model")
    schema, train, target = load_train(context)
    data = load_holdout(context)
    holdout = Holdout(
        data,
        targets(data.rows, target),
        bootstrap.draws(
            len(data.rows), resamples=config.evaluation.resamples, block=config.evaluation.block
        ),
    )
    with models.candidate(context) as process:
        ours = process.predict(data.rows)
    plain = trivial.predict(config, targets(train.rows, target), target, data.rows)
    champion = _champion(context, data)
    baseline = champion if champion.predictions else Baseline("trivial", None, None, plain)
    if champion.kind == "champion" and not champion.predictions:
        baseline = champion
    overall = [_overall(score, holdout, ours, baseline, config) for score in _scores(config)]
    primary = scores.SCORES[config.model.primary_metric]
    slices = [
        _slice(part, primary, holdout, ours, baseline, config)
        for part in find(config, schema, data.rows)
    ]
    judged = [
        *gates.limits(config, primary, holdout.truth, ours, plain),
        *gates.drops(config, champion.predictions, champion.reason, holdout, ours),
        *gates.slices(config, slices),
    ]
    decision, reasons = gates.decide(judged)
    status = "fail" if decision == "reject" else "pass"
    training = read_json(selected / "training.json")
    reports.write(
        context,
        "metrics",
        "pass",
        {
            "metrics": [_metric(score, holdout, ours) for score in _scores(config)],
            "training": {"seconds": training["seconds"], "peakRssMb": training["peakRssMb"]},
        },
        artifact=digest,
    )
    reports.write(
        context,
        "evaluation",
        status,
        {
            "holdout": {"digest": data.digest, "rows": len(data.rows)},
            "baseline": baseline.to_json(),
            "trivial": {
                "rule": trivial.rule(config),
                "metrics": {s.name: s.of(holdout.truth, plain) for s in _scores(config)},
            },
            "overall": overall,
            "slices": slices,
            "gates": [gate.to_json() for gate in judged],
            "decision": decision,
            "reasons": reasons,
        },
        artifact=digest,
    )
    write_json(
        context.artifacts / "holdout-predictions.json",
        {row_hash(row): p.value for row, p in zip(data.rows, ours, strict=True)},
    )
    for line in [f"{gate.id}: {gate.reason}" for gate in judged]:
        print(line)
    print(f"{decision}: " + "; ".join(reasons))
    return GATE_SAID_NO if decision == "reject" else PASS


def _scores(config: Config) -> list[Score]:
    """Return the metrics of the task, the primary one first."""
    primary = config.model.primary_metric
    return sorted(scores.for_task(config.model.task), key=lambda score: score.name != primary)


def _champion(context: Context, data: Dataset) -> Baseline:
    if context.champion is None:
        return Baseline("none", None, None, None, "first release: there is no champion yet")
    try:
        with models.champion(context) as champion:
            if champion.target != context.config.data.target:
                raise ProjectError(f"it predicts {champion.target}")
            answers = champion.process.predict(data.rows)
            return Baseline("champion", champion.version, champion.digest, answers)
    except ProjectError as error:
        return Baseline("champion", None, None, None, f"the champion can't be asked: {error}")


def _metric(score: Score, holdout: Holdout, ours: list[Prediction]) -> dict[str, Any]:
    value = score.of(holdout.truth, ours)
    entry = {
        "name": score.name,
        "value": value,
        "unit": None,
        "direction": score.direction,
        "ci": bootstrap.interval(score, holdout.truth, ours, holdout.samples),
        "n": len(holdout.truth),
        "split": "holdout",
    }
    return entry | ({"reason": "not defined on these rows"} if value is None else {})


def _overall(
    score: Score, holdout: Holdout, ours: list[Prediction], baseline: Baseline, config: Config
) -> dict[str, Any]:
    value = score.of(holdout.truth, ours)
    limit = config.gates.min.get(score.name, config.gates.max.get(score.name))
    entry: dict[str, Any] = {"metric": score.name, "candidate": value, "baseline": None}
    entry |= {"delta": None, "pairedCi": None, "threshold": limit}
    entry["pass"] = None if limit is None or value is None else gates.within(score, value, config)
    if baseline.predictions is None:
        return entry | {"reason": baseline.reason}
    theirs = score.of(holdout.truth, baseline.predictions)
    if value is None or theirs is None:
        return entry | {"reason": "not defined on these rows"}
    entry |= {
        "baseline": theirs,
        "delta": value - theirs,
        "pairedCi": bootstrap.paired_interval(
            score, holdout.truth, ours, baseline.predictions, holdout.samples
        ),
    }
    return entry


def _slice(
    part: Slice,
    score: Score,
    holdout: Holdout,
    ours: list[Prediction],
    baseline: Baseline,
    config: Config,
) -> dict[str, Any]:
    truth = [holdout.truth[i] for i in part.rows]
    value = score.of(truth, [ours[i] for i in part.rows])
    few = len(part.rows) < config.gates.min_slice_n
    entry: dict[str, Any] = {
        "name": part.name,
        "where": {part.column: part.value},
        "n": len(part.rows),
        "metric": score.name,
        "candidate": value,
        "baseline": None,
        "delta": None,
        "pass": None,
        "insufficient": few,
    }
    if baseline.predictions is None:
        return entry | {"reason": baseline.reason}
    theirs = score.of(truth, [baseline.predictions[i] for i in part.rows])
    if value is None or theirs is None:
        return entry | {"reason": "not defined on these rows"}
    entry |= {"baseline": theirs, "delta": value - theirs}
    allowed = config.gates.slice_max_drop
    if few:
        entry["reason"] = f"{len(part.rows)} rows are fewer than {config.gates.min_slice_n}"
    elif baseline.kind != "champion":
        entry["reason"] = "first release: there is no champion yet"
    elif allowed is None:
        entry["reason"] = "model.toml sets no slice_max_drop"
    else:
        entry["pass"] = score.worsening(value, theirs) <= allowed
    return entry
