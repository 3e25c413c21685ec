"""Running the tests of one kind with the standard library, and writing what CI systems read."""

from __future__ import annotations

import time
import unittest
from argparse import Namespace
from types import TracebackType
from typing import Any

from .context import Context
from .errors import PASS, TOOL_FAILED
from .files import write_bytes
from .junit import Case, document

LOCKS = ("requirements.lock",)
"""What has to be installed for training and for running the tests."""


def run(context: Context, arguments: Namespace) -> int:
    """Run ``tests/<kind>`` and write ``reports/junit/<kind>.xml``; exit 1 when one failed."""
    kind = arguments.verb.removeprefix("test-")
    suite = unittest.TestLoader().discover(
        str(context.root / "tests" / kind), top_level_dir=str(context.root)
    )
    result = Recorder()
    started = time.perf_counter()
    suite.run(result)
    seconds = time.perf_counter() - started
    if not result.cases:
        result.cases.append(Case(kind, "discovery", 0.0, "error", f"tests/{kind} has no tests"))
    write_bytes(context.reports / "junit" / f"{kind}.xml", document(kind, result.cases, seconds))
    bad = [case for case in result.cases if case.outcome in ("failure", "error")]
    for case in bad:
        print(f"{case.outcome.upper()} {case.suite}.{case.name}\n{case.message}\n")
    skipped = sum(case.outcome == "skipped" for case in result.cases)
    passed = len(result.cases) - len(bad) - skipped
    print(f"{kind}: {passed} passed, {len(bad)} failed, {skipped} skipped in {seconds:.1f} s")
    return TOOL_FAILED if bad else PASS


Failure = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Recorder(unittest.TestResult):
    """Keeps the outcome and the time of every test; a failed subtest is a case of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[Case] = []
        self._started = 0.0
        self._subtests_failed = False

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self._started = time.perf_counter()
        self._subtests_failed = False

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        if not self._subtests_failed:
            self._add(test, "pass", "")

    def addFailure(self, test: unittest.TestCase, err: Failure) -> None:
        super().addFailure(test, err)
        self._add(test, "failure", self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: Failure) -> None:
        super().addError(test, err)
        self._add(test, "error", self.errors[-1][1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._add(test, "skipped", reason)

    def addSubTest(
        self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any | None
    ) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._subtests_failed = True
            list_of = self.failures if issubclass(err[0], test.failureException) else self.errors
            kind = "failure" if list_of is self.failures else "error"
            self._add(subtest, kind, list_of[-1][1])

    def _add(self, test: unittest.TestCase, outcome: str, message: str) -> None:
        suite, _, name = test.id().rpartition(".") if "(" not in test.id() else ("", "", test.id())
        if not suite:
            head, _, rest = test.id().partition(" (")
            suite, _, name = head.rpartition(".")
            name = f"{name} ({rest}"
        seconds = time.perf_counter() - self._started
        self.cases.append(Case(suite, name, seconds, outcome, message))
