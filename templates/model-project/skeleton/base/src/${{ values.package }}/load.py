"""A small, bounded load on a running server: does it answer all, and how fast?"""

from __future__ import annotations

import threading
import time
import urllib.parse
from argparse import Namespace
from dataclasses import dataclass, field
from itertools import cycle

from . import protocol, reports
from .client import Client
from .context import Context
from .dataset import load_train
from .errors import GATE_SAID_NO, PASS, ProjectError, UsageError
from .performance import percentile
from .signature import Signature

_MOST_SECONDS = 60.0
_MOST_CLIENTS = 16
_MOST_REQUESTS = 50_000


@dataclass
class Tally:
    """Seconds of every answer, and how many were none or not 200."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(context: Context, arguments: Namespace) -> int:
    """Write ``load.json``; exit 3 when the share of errors is over ``error_rate_max``."""
    if not (0 < arguments.seconds <= _MOST_SECONDS and 1 <= arguments.clients <= _MOST_CLIENTS):
        limits = f"{_MOST_SECONDS:g} seconds and {_MOST_CLIENTS} clients"
        raise UsageError(f"a load may have up to {limits}")
    with Client(arguments.url) as client:
        path = f"/v2/models/{urllib.parse.quote(context.config.model.name)}"
        status, metadata = client.json("GET", path)
    if status != 200:
        raise ProjectError(f"{path} answers {status}")
    signature = Signature.from_json(metadata)
    _, data, _ = load_train(context)
    requests = [protocol.request_of([row], signature, "") for row in data.rows[:200]]
    tally = Tally()
    began = time.perf_counter()
    until = time.monotonic() + arguments.seconds
    threads = [
        threading.Thread(
            target=_client, args=(arguments.url, f"{path}/infer", requests, until, tally)
        )
        for _ in range(arguments.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    total = len(tally.seconds) + tally.errors
    rate = tally.errors / total if total else 1.0
    good = rate <= context.config.perf.error_rate_max
    ordered = sorted(tally.seconds)
    reason = f"{tally.errors} of {total} requests failed"
    quantiles = {
        name: round(percentile(ordered, share) * 1000, 3) if ordered else None
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    reports.write(
        context,
        "load",
        "pass" if good else "fail",
        {
            "url": arguments.url,
            "clients": arguments.clients,
            "seconds": round(elapsed, 3),
            "requests": total,
            "errors": tally.errors,
            "throughputRps": round(len(ordered) / elapsed, 1),
            "latencyMs": {"n": len(ordered), **quantiles},
            "reasons": [reason],
        },
    )
    print(f"{reason}; {len(ordered) / elapsed:.0f} answers a second, p95 {quantiles['p95']} ms")
    return PASS if good else GATE_SAID_NO


def _client(
    url: str, path: str, requests: list[dict[str, object]], until: float, tally: Tally
) -> None:
    with Client(url) as client:
        for count, request in enumerate(cycle(requests)):
            if time.monotonic() > until or count > _MOST_REQUESTS:
                return
            started = time.perf_counter()
            try:
                status, _ = client.text("POST", path, request)
            except ProjectError:
                status = 0
            seconds = time.perf_counter() - started
            with tally.lock:
                if status == 200:
                    tally.seconds.append(seconds)
                else:
                    tally.errors += 1
