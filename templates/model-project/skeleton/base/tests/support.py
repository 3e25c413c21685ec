"""What the tests share: small data with a known rule, and a project folder to work in."""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from ${{ values.package }} import (
    config,
    context,
)

ROOT = Path(__file__).resolve().parent.parent


def project_context(folder: Path, **environment: str) -> context.Context:
    """Return the context of this repository with artifacts and reports in ``folder``."""
    folders = {"ARTIFACTS_DIR": str(folder / "artifacts"), "REPORTS_DIR": str(folder / "reports")}
    return context.Context(ROOT, folders | environment)


def here() -> context.Context:
    """Return the context that the tests themselves run in."""
    return context.Context(ROOT, os.environ)


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="model-test-")


def arguments(**values: object) -> Namespace:
    """Return parsed arguments of a verb."""
    return Namespace(**values)


def copied_project(into: Path) -> Path:
    """Copy what a verb needs of this repository into ``into`` and return it."""
    shutil.copytree(ROOT / "data", into / "data")
    shutil.copytree(ROOT / "src", into / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("model.toml", "requirements.lock"):
        shutil.copy(ROOT / name, into / name)
    return into


def settings() -> config.Config:
    """Return this repository's ``model.toml``."""
    return config.load(ROOT / "model.toml")


def blobs(classes: int, rows: int = 60, seed: int = 3) -> tuple[list[list[float]], list[float]]:
    """Return points around one centre for each class, and their classes."""
    draw = random.Random(seed)
    matrix, targets = [], []
    for row in range(rows):
        k = row % classes
        matrix.append([draw.gauss(4.0 * k, 0.5), draw.gauss(-3.0 * k, 0.5), draw.gauss(0, 1)])
        targets.append(float(k))
    return matrix, targets


def line(rows: int = 80, seed: int = 5) -> tuple[list[list[float]], list[float]]:
    """Return points and 3 · first - 2 · second + 1 with a little noise."""
    draw = random.Random(seed)
    matrix = [[draw.uniform(-2, 2), draw.uniform(-2, 2)] for _ in range(rows)]
    return matrix, [3 * a - 2 * b + 1 + draw.gauss(0, 0.01) for a, b in matrix]


def environment(**values: str) -> Mapping[str, str]:
    """Return this process's environment with ``values`` set and nothing else of the pipeline."""
    ours = ("ARTIFACTS_DIR", "REPORTS_DIR", "MODEL_DIR", "MODEL_VERSION", "GIT_SHA", "CHAMPION_URI")
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PYTHONPATH": str(ROOT / "src")} | values


_SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def samples(scrape: str) -> dict[str, float]:
    """Return every number of a scrape by its name and labels.

    Labels are in the order of the alphabet and edges are written as Python does, since both are
    the writer's choice: ``h_bucket{f="x",le="inf"}``.
    """
    found = {}
    for match in filter(None, map(_SAMPLE.fullmatch, scrape.splitlines())):
        labels = dict(_LABEL.findall(match[2] or ""))
        if "le" in labels:
            labels["le"] = repr(float(labels["le"]))
        pairs = ",".join(f'{name}="{labels[name]}"' for name in sorted(labels))
        found[f"{match[1]}{{{pairs}}}"] = float(match[3])
    return found
