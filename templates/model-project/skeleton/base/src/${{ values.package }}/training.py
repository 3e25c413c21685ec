"""One candidate: a variant trained with a seed, judged on folds of the training data."""

from __future__ import annotations

import resource
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from . import estimators, features, folds, scores
from .config import Config
from .context import Context
from .dataset import Row, load_train, targets
from .errors import PASS, ProjectError, UsageError
from .features import Feature
from .files import new_folder, write_json
from .inference import Predictor
from .prediction import Prediction
from .schema import Column, Schema
from .signature import Signature


def run(context: Context, arguments: Namespace) -> int:
    """Train one candidate, or with ``--all`` every one, into ``artifacts/candidates``."""
    train_config = context.config.train
    if arguments.all:
        for variant in train_config.variants:
            for seed in train_config.seeds:
                train(context, variant, seed)
        return PASS
    if arguments.variant not in train_config.variants:
        known = ", ".join(train_config.variants)
        raise UsageError(f"--variant is {arguments.variant!r}; model.toml has {known}")
    given = arguments.seed if arguments.seed is not None else _default_seed(context)
    train(context, arguments.variant, given)
    return PASS


def train(context: Context, variant: str, seed: int) -> None:
    """Train one candidate and write it to ``artifacts/candidates/<variant>-<seed>``."""
    config = context.config
    schema, data, target = load_train(context)
    chosen = features.chosen(schema, config.data)
    started = time.perf_counter()
    with _time_limit(config.train.budget_seconds):
        unseen = validate(data.rows, schema, target, chosen, config, variant, seed)
        predictor = fit(data.rows, target, chosen, config, variant, seed)
    seconds = time.perf_counter() - started
    name = f"{variant}-{seed}"
    with new_folder(context.artifacts / "candidates" / name) as folder:
        predictor.save(folder)
        write_json(
            folder / "params.json",
            {
                "variant": variant,
                "seed": seed,
                "params": dict(config.params[variant]),
                # For a number: feedback within it counts as close.
                "feedbackTolerance": config.gates.max.get("mae", 0.0),
            },
        )
        write_json(folder / "validation.json", [p.to_json() for p in unseen])
        write_json(
            folder / "training.json",
            {"seconds": round(seconds, 3), "peakRssMb": peak_rss_mb(), "dataset": data.digest},
        )
    score = scores.SCORES[config.model.primary_metric]
    value = score.of(targets(data.rows, target), unseen)
    shown = "isn't defined" if value is None else f"{value:.4f}"
    print(
        f"{name}: {score.name} {shown} in {config.train.folds}-fold validation on "
        f"{len(data.rows)} rows with {len(chosen)} features, {seconds:.2f} s"
    )


def _default_seed(context: Context) -> int:
    given = context.seed
    if given is None:
        return context.config.train.seeds[0]
    try:
        return int(given)
    except ValueError:
        raise UsageError(f"SEED is {given!r}; it has to be a whole number") from None


def fit(
    rows: Sequence[Row],
    target: Column,
    chosen: Sequence[Feature],
    config: Config,
    variant: str,
    seed: int,
) -> Predictor:
    """Return a model that was trained on ``rows``."""
    classes = target.categories if config.model.task == "classification" else ()
    truth = targets(rows, target)
    wanted = [classes.index(str(t)) for t in truth] if classes else [cast(float, t) for t in truth]
    estimator = estimators.fit(
        variant,
        config.params[variant],
        seed,
        features.inputs(chosen),
        features.matrix(rows, chosen),
        wanted,
        len(classes),
    )
    return Predictor(Signature(tuple(chosen), target.name, classes, target.unit), estimator)


def validate(
    rows: Sequence[Row],
    schema: Schema,
    target: Column,
    chosen: Sequence[Feature],
    config: Config,
    variant: str,
    seed: int,
) -> list[Prediction]:
    """Return a prediction for each row, each by a model that was trained on the other folds."""
    fold_of = folds.assign(rows, schema, target, config.train.folds)
    result: dict[int, Prediction] = {}
    for fold in sorted(set(fold_of)):
        others = [row for row, f in zip(rows, fold_of, strict=True) if f != fold]
        inside = [i for i, f in enumerate(fold_of) if f == fold]
        predictor = fit(others, target, chosen, config, variant, seed)
        result.update(zip(inside, predictor.predict([rows[i] for i in inside]), strict=True))
    return [result[i] for i in range(len(rows))]


def peak_rss_mb() -> float:
    """Return the most memory that this process has used so far, in MB."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raise a ProjectError when the block takes longer than ``seconds``."""

    def expired(_number: int, _frame: object) -> None:
        raise ProjectError(f"training took longer than its budget of {seconds:g} s")

    previous = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
