"""Choosing among the candidates, by validation only: nothing here reads the holdout."""

from __future__ import annotations

import shutil
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import bootstrap, bundle, golden, reference, reports, scores
from .context import Context
from .dataset import Dataset, load_train, targets
from .errors import PASS, DataError
from .files import digest_bytes, new_folder, read_json, write_bytes, write_json
from .inference import Predictor
from .prediction import Prediction
from .schema import Column, Schema

_MODEL_ONLY = ("validation.json", "training.json")
"""What a candidate's folder holds that isn't part of the model."""


@dataclass(frozen=True)
class Candidate:
    """A trained candidate and what it predicted for the folds that it hadn't seen."""

    variant: str
    seed: int
    folder: Path
    unseen: list[Prediction]
    training: dict[str, Any]
    validation: float
    interval: bootstrap.Interval | None

    @property
    def name(self) -> str:
        """``<variant>-<seed>``."""
        return f"{self.variant}-{self.seed}"


def run(context: Context, _arguments: Namespace) -> int:
    """Choose a candidate; write ``artifacts/selected`` and ``reports/selection.json``."""
    schema, data, target = load_train(context)
    candidates = read_candidates(context, data, target)
    score = scores.SCORES[context.config.model.primary_metric]
    sign = 1 if score.direction == "max" else -1
    # max() keeps the first of equals: model.toml lists the simplest variant first.
    chosen = max(candidates, key=lambda candidate: sign * candidate.validation)
    digest = compose(context, schema, data, chosen)
    others = len(candidates) - 1
    reason = (
        f"{chosen.name} has the best {score.name} in validation, {chosen.validation:.4g}, "
        f"of {len(candidates)} candidates"
        if others
        else f"{chosen.name} is the only candidate"
    )
    reports.write(
        context,
        "selection",
        "pass",
        {
            "metric": score.name,
            "direction": score.direction,
            "validation": {
                "method": f"{context.config.train.folds} folds, {schema.split.method}",
                "rows": len(data.rows),
            },
            "chosen": chosen.name,
            "candidates": [
                {
                    "name": candidate.name,
                    "variant": candidate.variant,
                    "seed": candidate.seed,
                    "score": candidate.validation,
                    "ci": candidate.interval,
                    "n": len(data.rows),
                    "split": "validation",
                    "params": dict(context.config.params[candidate.variant]),
                    "seconds": candidate.training["seconds"],
                    "peakRssMb": candidate.training["peakRssMb"],
                    "chosen": candidate is chosen,
                }
                for candidate in candidates
            ],
            "reasons": [reason],
        },
        artifact=digest,
        seed=chosen.seed,
    )
    print(f"{reason}; artifact {digest}")
    return PASS


def read_candidates(context: Context, data: Dataset, target: Column) -> list[Candidate]:
    """Return every candidate that ``model.toml`` asks for; raise DataError if one isn't there."""
    config = context.config
    score = scores.SCORES[config.model.primary_metric]
    truth = targets(data.rows, target)
    samples = bootstrap.draws(
        len(truth), resamples=config.evaluation.resamples, block=config.evaluation.block
    )
    result = []
    for variant in config.train.variants:
        for seed in config.train.seeds:
            folder = context.artifacts / "candidates" / f"{variant}-{seed}"
            training = read_json(folder / "training.json")
            if training["dataset"] != data.digest:
                raise DataError(f"{folder.name} was trained on other data: train it again")
            unseen = [Prediction.from_json(p) for p in read_json(folder / "validation.json")]
            value = score.of(truth, unseen)
            if value is None:
                raise DataError(f"{score.name} isn't defined for {folder.name}")
            interval = bootstrap.interval(score, truth, unseen, samples)
            result.append(Candidate(variant, seed, folder, unseen, training, value, interval))
    return result


def compose(context: Context, schema: Schema, data: Dataset, chosen: Candidate) -> str:
    """Write ``artifacts/selected``: the model, its reference, its golden answers, its manifest.

    Returns the digest of the artifact.
    """
    config = context.config
    predictor = Predictor.load(chosen.folder)
    signature = predictor.signature
    with new_folder(context.artifacts / "selected") as folder:
        model = folder / "model"
        shutil.copytree(chosen.folder, model, ignore=shutil.ignore_patterns(*_MODEL_ONLY))
        write_json(
            model / "reference.json",
            reference.build(
                data.rows, signature.features, chosen.unseen, signature.classes, config.monitor
            ),
        )
        write_json(model / "golden.json", golden.build(predictor, data.rows))
        manifest = bundle.make_manifest(
            context.root,
            config.model.package,
            model,
            {
                "model": config.model.name,
                "task": config.model.task,
                "framework": config.model.framework,
                "variant": chosen.variant,
                "seed": chosen.seed,
                "dataset": {
                    "name": config.data.name,
                    "digest": data.digest,
                    "rows": len(data.rows),
                },
                "missing": sorted(schema.missing),
            },
        )
        write_bytes(folder / bundle.MANIFEST, manifest)
        write_json(folder / "training.json", chosen.training)
    return digest_bytes(manifest)
