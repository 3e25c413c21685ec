"""Registers what a pipeline run made as a version in MLflow, with MLflow's own client.

Reads one JSON object from standard input: ``tracking_uri``, ``model``, ``run_id``, ``commit``,
``rejected``, ``reasons``, ``bundle`` (model.tar.gz) and ``reports`` (a folder). Prints the number
of the version. A run that is registered already is not registered again.
"""

import hashlib
import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

RUN_TAG = "slipway.run"


def read_bundle(bundle: Path) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The digest of an unpacked bundle, its manifest and the parameters of its model."""
    manifest = (bundle / "manifest.json").read_bytes()
    params = json.loads((bundle / "model/params.json").read_text())
    digest = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
    return digest, json.loads(manifest), params


def read_metrics(reports: Path) -> dict[str, float]:
    """The metrics that the evaluation measured."""
    file = reports / "metrics.json"
    if not file.exists():
        return {}
    measured = json.loads(file.read_text())["metrics"]
    return {m["name"]: m["value"] for m in measured if m["value"] is not None}


def registered(client: MlflowClient, model: str, run_id: str) -> str | None:
    """The version that a pipeline run became, if it did."""
    try:
        client.create_registered_model(model)
    except MlflowException:
        pass  # It is there.
    for version in client.search_model_versions(f"name = '{model}'"):
        if version.tags.get(RUN_TAG) == run_id:
            return str(version.version)
    return None


def register(wanted: dict[str, Any]) -> str:
    """Registers a version and answers its number."""
    client = MlflowClient(wanted["tracking_uri"])
    model, run_id = wanted["model"], wanted["run_id"]
    known = registered(client, model, run_id)
    if known:
        return known
    reports = Path(wanted["reports"])
    with tempfile.TemporaryDirectory() as scratch:
        bundle = Path(scratch) / "bundle"
        with tarfile.open(wanted["bundle"]) as archive:
            unpack(archive, bundle)
        return register_bundle(client, wanted, bundle, reports)


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpacks the regular files of an archive into a folder and nothing beside it.

    `tarfile` has its own filters only since Python 3.11.4.
    """
    root = folder.resolve()
    for member in archive.getmembers():
        target = (root / member.name).resolve()
        if not target.is_relative_to(root):
            raise ValueError(f"{member.name} leads out of the bundle")
        content = archive.extractfile(member) if member.isfile() else None
        if content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def register_bundle(
    client: MlflowClient, wanted: dict[str, Any], bundle: Path, reports: Path
) -> str:
    """Logs a run with everything that is known of the version, and registers it."""
    model = wanted["model"]
    digest, manifest, params = read_bundle(bundle)
    experiment = client.get_experiment_by_name(model)
    experiment_id = experiment.experiment_id if experiment else client.create_experiment(model)
    run = client.create_run(experiment_id, tags={"mlflow.source.git.commit": wanted["commit"]})
    for name, value in params.items():
        client.log_param(run.info.run_id, name, value)
    for name, value in read_metrics(reports).items():
        client.log_metric(run.info.run_id, name, value)
    client.log_artifacts(run.info.run_id, str(bundle), "bundle")
    client.log_artifacts(run.info.run_id, str(reports), "reports")
    client.set_terminated(run.info.run_id)

    tags = {
        RUN_TAG: wanted["run_id"],
        "slipway.digest": digest,
        "slipway.commit": wanted["commit"],
        "slipway.card": str((reports / "MODEL_CARD.md").exists()).lower(),
        "slipway.model": manifest["model"],
    }
    if wanted["rejected"]:
        tags["slipway.status"] = "rejected"
        tags["slipway.reasons"] = "\n".join(wanted["reasons"])
    source = f"{run.info.artifact_uri}/bundle"
    version = client.create_model_version(model, source, run.info.run_id, tags=tags)
    return str(version.version)


if __name__ == "__main__":
    print(register(json.load(sys.stdin)))
