"""The bill of materials: the model, its data and its packages, as CycloneDX 1.6."""

from __future__ import annotations

import datetime
import re
import uuid
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import bundle, reports
from .context import Context
from .errors import PASS
from .files import read_json, write_json
from .install import installed, pins

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``reports/bom.cdx.json``."""
    selected = context.artifacts / "selected"
    digest = bundle.artifact_digest(selected)
    document = build(context, read_json(selected / bundle.MANIFEST), digest)
    write_json(context.reports / "bom.cdx.json", document)
    print(f"bom.cdx.json: {len(document['components'])} components")
    return PASS


def build(context: Context, manifest: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """Return the document; the same artifact and version give the same one."""
    config = context.config
    model = {
        "type": "machine-learning-model",
        "bom-ref": "model",
        "name": config.model.name,
        "version": context.version,
        "description": config.model.description,
        "hashes": [{"alg": "SHA-256", "content": digest.removeprefix("sha256:")}],
        "modelCard": _model_card(context, manifest),
    }
    data = {
        "type": "data",
        "bom-ref": "dataset",
        "name": config.data.name,
        "hashes": [
            {"alg": "SHA-256", "content": manifest["dataset"]["digest"].removeprefix("sha256:")}
        ],
    }
    packages = _packages(context.root / bundle.LOCK)
    time = datetime.datetime.fromtimestamp(context.epoch, datetime.UTC)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest + context.version)}",
        "version": 1,
        "metadata": {"timestamp": time.isoformat().replace("+00:00", "Z"), "component": model},
        "components": [data, *packages],
        "dependencies": [
            {"ref": "model", "dependsOn": ["dataset", *(p["bom-ref"] for p in packages)]}
        ],
    }


def _model_card(context: Context, manifest: Mapping[str, Any]) -> dict[str, Any]:
    metrics = reports.read(context, "metrics") or {"metrics": []}
    return {
        "modelParameters": {
            "approach": {"type": "supervised"},
            "task": manifest["task"],
            "modelArchitecture": manifest["variant"],
            "datasets": [{"ref": "dataset"}],
        },
        "quantitativeAnalysis": {
            "performanceMetrics": [
                {
                    "type": metric["name"],
                    "value": repr(metric["value"]),
                    "slice": "holdout",
                    **(
                        {
                            "confidenceInterval": {
                                "lowerBound": repr(metric["ci"][0]),
                                "upperBound": repr(metric["ci"][1]),
                            }
                        }
                        if metric["ci"]
                        else {}
                    ),
                }
                for metric in metrics["metrics"]
                if metric["value"] is not None
            ]
        },
    }


def _packages(lock: Path) -> list[dict[str, Any]]:
    """Return a component for each locked package; of conditional ones, for those that are here.

    A lock has a hash for each file that a package is published in; which one was installed isn't
    known here, so they go into a property rather than being given as the package's own.
    """
    blocks = re.split(r"^(?=\S)", lock.read_text(), flags=re.MULTILINE)
    hashes = {block.partition(" ")[0]: _HASH.findall(block) for block in blocks}
    return [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{pin.name}@{pin.version}",
            "name": pin.name,
            "version": pin.version,
            "purl": f"pkg:pypi/{pin.name}@{pin.version}",
            "properties": [
                {"name": "lock:sha256", "value": value}
                for value in hashes[f"{pin.name}=={pin.version}"]
            ],
        }
        for pin in pins(lock)
        if not pin.conditional or installed(pin.name) == pin.version
    ]
