"""The verbs of this repository: ``python -m <package> <verb>``. Nothing but their dispatch.

Exit codes: 0 pass, 1 a tool or test failed, 2 bad usage, 3 a gate said no, 4 the data or the
artifact is invalid, 5 the environment lacks something, 75 try again.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback

from . import reports
from .context import Context
from .errors import TOOL_FAILED, ProjectError

VERBS: dict[str, tuple[str, str, str | None]] = {
    "setup": ("install", "install the locked packages", None),
    "lint": ("lint", "check code, types and contract", "lint"),
    "test-unit": ("suites", "run the unit tests", None),
    "test-integration": ("suites", "run the integration tests", None),
    "test-behaviour": ("suites", "run the behaviour tests on the selected model", None),
    "data-validate": ("data_validation", "check the data against its schema", "data-validation"),
    "plan": ("plan", "print the candidates to train, as a job matrix", None),
    "train": ("training", "train one candidate", None),
    "select": ("selection", "choose a candidate by validation", "selection"),
    "evaluate": ("evaluation", "judge the selected model on the holdout", "evaluation"),
    "perf": ("performance", "measure speed and size", "performance"),
    "card": ("card", "write the model card", None),
    "sbom": ("sbom", "write the bill of materials", None),
    "package": ("packaging", "write the bundle", "package"),
    "serve": ("server", "serve a model until SIGTERM", None),
    "smoke": ("smoke", "check a running server", "smoke"),
    "load": ("load", "put a bounded load on a running server", "load"),
    "predict": ("batch", "predict the rows of CSV files", None),
    "drift": ("drift", "compare a window of rows with the reference", "drift"),
    "worker": ("worker", "answer commands on standard input (used by evaluate and perf)", None),
}
"""Each verb with its module, what it does, and the report to write when it fails early."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    result = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    verbs = result.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (_, text, _) in VERBS.items():
        verb = verbs.add_parser(name, help=text, description=text)
        if name == "train":
            which = verb.add_mutually_exclusive_group(required=True)
            which.add_argument("--variant", help="one of model.toml's variants")
            which.add_argument("--all", action="store_true", help="every variant and seed, in turn")
            verb.add_argument(
                "--seed", type=int, default=None, help="default: SEED, else the first"
            )
        if name in ("serve", "worker", "smoke", "drift", "predict"):
            verb.add_argument("--model-dir", default=None, help="default: MODEL_DIR or selected")
        if name == "serve":
            verb.add_argument("--host", default="127.0.0.1")
            verb.add_argument("--port", type=int, default=8080, help="0: any free one")
        if name in ("smoke", "load"):
            verb.add_argument("--url", required=True)
        if name == "load":
            verb.add_argument("--seconds", type=float, default=3.0)
            verb.add_argument("--clients", type=int, default=2)
        if name == "predict":
            verb.add_argument("--input", required=True, help="a CSV file, or a folder of them")
            verb.add_argument("--output", required=True, help="the folder that is written")
        if name == "drift":
            verb.add_argument("--window", required=True, help="a CSV file of rows")
    return result


def main() -> int:
    """Run one verb and return its exit code."""
    arguments = parser().parse_args()
    module, _, report = VERBS[arguments.verb]
    context = Context.here()
    try:
        code: int = importlib.import_module(f".{module}", __package__).run(context, arguments)
        return code
    except ProjectError as error:
        print(f"{arguments.verb}: {error}", file=sys.stderr)
        _report_error(context, report, str(error))
        return error.code
    except Exception as error:
        traceback.print_exc()
        _report_error(context, report, f"{type(error).__name__}: {error}")
        return TOOL_FAILED


def _report_error(context: Context, report: str | None, reason: str) -> None:
    """Leave a report of a verb that ended before it could write its own."""
    if report is None:
        return
    try:
        reports.write(context, report, "error", {"reasons": [reason]})
    except (ProjectError, OSError) as error:
        print(f"no {report} report could be written: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
