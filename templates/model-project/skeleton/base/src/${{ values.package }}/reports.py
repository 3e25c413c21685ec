"""The envelope that every report has."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from .context import Context
from .files import canonical, digest_bytes, digest_file, read_json, write_json


def write(
    context: Context,
    kind: str,
    status: str,
    body: Mapping[str, Any],
    *,
    file: str | None = None,
    artifact: str | None = None,
    seed: int | None = None,
) -> None:
    """Write ``reports/<kind>.json``.

    ``status`` is pass, fail, error or skipped; ``artifact`` is the digest of the model that the
    report is about, None for a report that is about none.
    """
    report = {
        "schema": f"model-delivery/{kind}/v1",
        "status": status,
        "created": now(),
        "subject": {
            "model": context.config.model.name,
            "version": context.version,
            "artifactDigest": artifact,
        },
        "source": vars(context.source),
        "run": vars(context.run),
        "inputs": _inputs(context, seed),
        **body,
    }
    write_json(context.reports / (file or f"{kind}.json"), report)


def read(context: Context, kind: str) -> Mapping[str, Any] | None:
    """Return the report of this kind, or None where it wasn't written."""
    path = context.reports / f"{kind}.json"
    if not path.exists():
        return None
    report: Mapping[str, Any] = read_json(path)
    return report


def now() -> str:
    """Return the time in UTC as RFC 3339, to the millisecond."""
    time = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
    return time.replace("+00:00", "Z")


def params_digest(context: Context) -> str:
    """Return one digest of the hyperparameters of all variants."""
    return digest_bytes(canonical(context.config.params))


def lock_digest(context: Context) -> str:
    """Return the digest of the lock of the packages that the model runs with."""
    return digest_file(context.root / "requirements.lock")


def _inputs(context: Context, seed: int | None) -> dict[str, Any]:
    data = context.root / context.config.data.locator
    dataset: dict[str, Any] = {"name": context.config.data.name, "digest": None, "rows": None}
    if data.exists():
        content = data.read_bytes()
        rows = max(0, content.rstrip(b"\n").count(b"\n"))
        dataset |= {"digest": digest_bytes(content), "rows": rows}
    else:
        dataset["reason"] = f"{context.config.data.locator} doesn't exist"
    return {
        "dataset": dataset,
        "paramsDigest": params_digest(context),
        "lockDigest": lock_digest(context),
        "seed": seed,
    }
