"""Whether a running server is the one that it should be: health, metadata, golden answers."""

from __future__ import annotations

import re
import urllib.parse
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import golden, protocol, reports
from .client import Client
from .context import Context
from .errors import PASS, TOOL_FAILED
from .files import digest_file, read_json
from .signature import Signature


@dataclass(frozen=True)
class Step:
    """One thing that was checked, and what was found."""

    id: str
    passed: bool
    reason: str


def run(context: Context, arguments: Namespace) -> int:
    """Write ``smoke.json``; exit 1 when the server isn't what the model's files say."""
    folder = Path(arguments.model_dir).resolve() if arguments.model_dir else context.model_dir
    with Client(arguments.url) as client:
        steps = check(client, context.config.model.name, folder)
    passed = all(step.passed for step in steps)
    reports.write(
        context,
        "smoke",
        "pass" if passed else "fail",
        {
            "url": arguments.url,
            "checks": [{"id": s.id, "pass": s.passed, "reason": s.reason} for s in steps],
            "reasons": [step.reason for step in steps if not step.passed],
        },
        artifact=digest_file(folder.parent / "manifest.json"),
    )
    for step in steps:
        print(f"{'pass' if step.passed else 'FAIL'} {step.id}: {step.reason}")
    return PASS if passed else TOOL_FAILED


def check(client: Client, model: str, folder: Path) -> list[Step]:
    """Return what was found at the server, compared with the model's files in ``folder``."""
    content = read_json(folder / "signature.json")
    signature = Signature.from_json(content)
    path = f"/v2/models/{urllib.parse.quote(model)}"
    steps = []
    for name in ("live", "ready"):
        status, _ = client.json("GET", f"/v2/health/{name}")
        steps.append(Step(name, status == 200, f"answers {status}"))
    status, found = client.json("GET", path)
    same = status == 200 and all(found.get(k) == content[k] for k in ("inputs", "outputs"))
    words = "is the signature" if same else f"isn't the signature (status {status})"
    steps.append(Step("metadata", same, f"the metadata {words}"))
    steps.append(_golden(client, path, signature, read_json(folder / "golden.json")))
    status, text = client.text("GET", "/metrics")
    # Labels come in any order.
    named = re.search(rf'^model_info{{(.*,)?model="{re.escape(model)}"', text, re.MULTILINE)
    shown = status == 200 and named is not None
    steps.append(Step("metrics", shown, "metrics name the model" if shown else f"answers {status}"))
    return steps


def _golden(client: Client, path: str, signature: Signature, entries: list[Any]) -> Step:
    rows = [entry["row"] for entry in entries]
    request = protocol.request_of(rows, signature, "golden")
    status, response = client.json("POST", f"{path}/infer", request)
    if status != 200:
        return Step("golden", False, f"answers {status}: {response}")
    wrong = golden.differences(entries, protocol.predictions_of(response, signature))
    return Step("golden", not wrong, "; ".join(wrong) or f"{len(entries)} golden answers agree")
