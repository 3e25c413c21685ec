"""Running the tests of one kind with pytest, which writes what CI systems read."""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from pathlib import Path

from .context import Context
from .errors import PASS, TOOL_FAILED, MissingToolError
from .files import write_bytes

LOCKS = ("requirements.lock", "requirements-dev.lock")
"""What has to be installed for training and for running the tests."""


def run(context: Context, arguments: Namespace) -> int:
    """Run ``tests/<kind>`` and write ``reports/junit/<kind>.xml``; exit 1 when one failed."""
    try:
        import pytest
    except ImportError:
        raise MissingToolError("pytest isn't installed: run the verb setup") from None
    kind = arguments.verb.removeprefix("test-")
    handle, name = tempfile.mkstemp(suffix=".xml")
    os.close(handle)
    results = Path(name)
    try:
        code = pytest.main(
            [
                "-q",
                "-p",
                "no:cacheprovider",
                f"--rootdir={context.root}",
                f"--junitxml={results}",
                "-o",
                f"junit_suite_name={kind}",
                str(context.root / "tests" / kind),
            ]
        )
        write_bytes(context.reports / "junit" / f"{kind}.xml", results.read_bytes())
    finally:
        results.unlink()
    return PASS if code == 0 else TOOL_FAILED
