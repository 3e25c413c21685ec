"""The bundle that is delivered: ``artifacts/model.tar.gz``."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from . import bundle, reports
from .context import Context
from .errors import PASS
from .files import digest_bytes, write_bytes
from .holdout_use import judged


def run(context: Context, _arguments: Namespace) -> int:
    """Write the bundle, a copy of the manifest and ``reports/package.json``."""
    selected = context.artifacts / "selected"
    digest = bundle.artifact_digest(selected)
    content = bundle.pack(context.root, selected, _release(context, digest), context.epoch)
    write_bytes(context.artifacts / "model.tar.gz", content)
    manifest = (selected / bundle.MANIFEST).read_bytes()
    write_bytes(context.artifacts / bundle.MANIFEST, manifest)
    reports.write(
        context,
        "package",
        "pass",
        {
            "bundle": {
                "file": "model.tar.gz",
                "digest": digest_bytes(content),
                "bytes": len(content),
                "files": len(json.loads(manifest)["files"]),
            }
        },
        artifact=digest,
    )
    print(f"model.tar.gz: {len(content)} bytes, {digest_bytes(content)}; artifact {digest}")
    return PASS


def _release(context: Context, digest: str) -> dict[str, Any]:
    """Return what the archive says about this packing; not part of the artifact's digest."""
    use = judged(context)
    return {
        "schema": "model-delivery/release/v1",
        "version": context.version,
        "commit": context.source.commit,
        "artifactDigest": digest,
        "holdoutDigest": use.digest,
        "judged": use.count,
    }
