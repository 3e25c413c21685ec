"""Comparing a window of rows with the reference of the model that answered them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import bundle, reports
from .context import Context
from .dataset import parse, read_raw
from .errors import GATE_SAID_NO, PASS, DataError
from .files import digest_file, read_json
from .histogram import Histogram
from .inference import Predictor
from .psi import psi
from .schema import load as load_schema


def run(context: Context, arguments: Namespace) -> int:
    """Write ``drift.json``; exit 3 when the window drifted so far that retraining is due."""
    folder = Path(arguments.model_dir).resolve() if arguments.model_dir else context.model_dir
    bundle.verify(folder)
    reference = read_json(folder / "reference.json")
    predictor = Predictor.load(folder)
    names = [feature.name for feature in predictor.signature.features]
    schema = load_schema(context.root / context.config.data.schema)
    header, lines, _ = read_raw(Path(arguments.window))
    absent = [name for name in names if name not in header]
    if absent:
        raise DataError(f"{arguments.window} lacks the columns {', '.join(absent)}")
    rows = []
    for number, line in enumerate(lines, start=1):
        texts = dict(zip(header, line, strict=False))
        try:
            rows.append(
                {n: parse(texts.get(n, ""), schema.column(n), schema.missing) for n in names}
            )
        except ValueError as error:
            raise DataError(f"{arguments.window}: row {number}: {error}") from None
    entries = [
        {"name": name, **judge(entry, [row[name] for row in rows])}
        for name, entry in reference["features"].items()
    ]
    prediction = judge(reference["prediction"], [p.value for p in predictor.predict(rows)])
    decision, reason = decide(entries, prediction, len(rows), reference["minWindow"])
    reports.write(
        context,
        "drift",
        {"ok": "pass", "insufficient": "skipped"}.get(decision, "fail"),
        {
            "window": {"from": None, "to": None, "n": len(rows)},
            "features": entries,
            "prediction": prediction,
            "decision": decision,
            "reasons": [reason],
        },
        artifact=digest_file(folder.parent / bundle.MANIFEST),
    )
    print(f"{decision}: {reason}")
    return GATE_SAID_NO if decision == "retrain" else PASS


def judge(reference: Mapping[str, Any], values: list[Any]) -> dict[str, Any]:
    """Return the PSI of ``values`` against an entry of ``reference.json``, and its limit."""
    histogram = Histogram.from_json(reference)
    value = psi(histogram.bins(), histogram.of(values).bins())
    limit = reference["limit"]
    return {"metric": "psi", "value": round(value, 6), "limit": limit, "drifted": value > limit}


def decide(
    features: list[dict[str, Any]], prediction: Mapping[str, Any], rows: int, least: int
) -> tuple[str, str]:
    """Return ok, warn, retrain or insufficient, and why.

    Features that drift alone are a warning; once the predictions drift too, retraining is due.
    """
    if rows < least:
        return "insufficient", f"{rows} rows are fewer than {least}"
    drifted = [
        f"{f['name']} (PSI {f['value']:.2f} > {f['limit']:g})" for f in features if f["drifted"]
    ]
    if prediction["drifted"]:
        drifted.append(f"the prediction (PSI {prediction['value']:.2f} > {prediction['limit']:g})")
        return "retrain", "drifted: " + ", ".join(drifted)
    if drifted:
        return "warn", "drifted: " + ", ".join(drifted) + "; the predictions haven't"
    return "ok", f"nothing drifted in {rows} rows"
