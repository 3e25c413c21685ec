"""The candidates that ``train`` is to be run for, for CI systems that make jobs of them."""

from __future__ import annotations

import json
from argparse import Namespace

from .context import Context
from .errors import PASS


def run(context: Context, _arguments: Namespace) -> int:
    """Print one line of JSON: a job matrix with variant and seed of every candidate."""
    train = context.config.train
    jobs = [{"variant": v, "seed": seed} for v in train.variants for seed in train.seeds]
    print(json.dumps({"include": jobs}))
    return PASS
