"""Checking the code without running it: ruff, mypy, and what this project promises about itself."""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from . import features, reports, schema
from .context import Context
from .errors import PASS, TOOL_FAILED, ProjectError
from .files import read_json

_SECONDS = 120
_SHOWN = 4000


@dataclass(frozen=True)
class Result:
    """What one tool said; ``version`` None for our own checks."""

    tool: str
    version: str | None
    status: str
    seconds: float
    findings: str


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``lint.json``; exit 1 when a tool found something."""
    results: list[Result] = []
    not_run: list[dict[str, str]] = []
    for name, arguments in (
        ("ruff", ["check", "--no-cache", "."]),
        ("ruff", ["format", "--no-cache", "--check", "."]),
        ("mypy", ["--python-executable", sys.executable]),
    ):
        command = find(context, name)
        if command is None:
            label = " ".join([name, *arguments[:1]])
            not_run.append({"tool": label, "reason": f"{name} isn't on the path, nor uv to get it"})
        else:
            results.append(_tool(context, name, command, arguments))
    if not_run:
        results.append(_own("compileall", lambda: _compiled(context)))
    results.append(_own("contract", lambda: contract(context)))
    failed = [result for result in results if result.status != "pass"]
    reports.write(
        context,
        "lint",
        "fail" if failed else "pass",
        {
            "checks": [asdict(result) for result in results],
            "notRun": not_run,
            "reasons": [f"{r.tool}: {r.findings}"[:300] for r in failed],
        },
    )
    for result in results:
        print(f"{result.status} {result.tool} ({result.seconds:.1f} s)")
        if result.status != "pass":
            print(result.findings)
    for entry in not_run:
        print(f"not run: {entry['tool']}: {entry['reason']}")
    return TOOL_FAILED if failed else PASS


def find(context: Context, name: str) -> list[str] | None:
    """Return the command of a tool: this Python's, the path's, or uv's at the locked version."""
    beside = Path(sys.executable).parent / name
    if beside.exists():
        return [str(beside)]
    found = shutil.which(name)
    if found and _runs([found]):
        return [found]
    uv = shutil.which("uv")
    if uv is None:
        return None
    lock = (context.root / "requirements-dev.lock").read_text()
    match = re.search(rf"^{name}==([^ ;\\]+)", lock, re.MULTILINE)
    command = [uv, "tool", "run", "--quiet", f"{name}@{match[1] if match else 'latest'}"]
    return command if match and _runs(command) else None


def _runs(command: list[str]) -> bool:
    try:
        return not subprocess.run(
            [*command, "--version"], capture_output=True, timeout=_SECONDS
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def _tool(context: Context, name: str, command: list[str], arguments: list[str]) -> Result:
    version = subprocess.run(
        [*command, "--version"], capture_output=True, text=True, timeout=_SECONDS
    )
    started = time.perf_counter()
    done = subprocess.run(
        [*command, *arguments],
        cwd=context.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
    )
    return Result(
        tool=" ".join([name, *(a for a in arguments if a in ("check", "format"))]),
        version=version.stdout.strip() or None,
        status="fail" if done.returncode else "pass",
        seconds=round(time.perf_counter() - started, 2),
        findings=done.stdout[:_SHOWN] if done.returncode else "",
    )


def _own(name: str, check: Callable[[], list[str]]) -> Result:
    started = time.perf_counter()
    found = check()
    seconds = round(time.perf_counter() - started, 2)
    return Result(name, None, "fail" if found else "pass", seconds, "\n".join(found))


def _compiled(context: Context) -> list[str]:
    folders = [context.root / "src", context.root / "tests"]
    broken = [folder.name for folder in folders if not compileall.compile_dir(folder, quiet=1)]
    return [f"{name} has files that aren't Python: see above" for name in broken]


def contract(context: Context) -> list[str]:
    """Return what this repository breaks of its own promises, in sentences."""
    problems = []
    try:
        config = context.config
        known = schema.load(context.root / config.data.schema)
        features.chosen(known, config.data)
        target = known.column(config.data.target)
        wanted = "categorical" if config.model.task == "classification" else "numeric"
        if target.kind != wanted:
            needs = f"a {config.model.task} needs a {wanted} one"
            problems.append(f"the target {target.name} is {target.kind}; {needs}")
        for name in config.data.slices or ():
            known.column(name)
        if not (context.root / "src" / config.model.package).is_dir():
            problems.append(f"model.toml: [model] package: there is no src/{config.model.package}")
    except ProjectError as error:
        problems.append(str(error))
    try:
        made = read_json(context.root / ".slipway.json")
        if not {"template", "version", "values"} <= set(made):
            problems.append(".slipway.json needs template, version and values")
    except ProjectError as error:
        problems.append(str(error))
    needed = ("requirements.lock", "requirements-dev.lock", "catalog-info.yaml", "Makefile")
    problems += [f"{name} is missing" for name in needed if not (context.root / name).exists()]
    for path in (context.root / ".github" / "workflows").glob("*.y*ml"):
        for line in path.read_text().splitlines():
            used = re.match(r"\s*(?:- )?uses:\s*(\S+)", line)
            if used and not used[1].startswith("./") and not re.search(r"@[0-9a-f]{40}$", used[1]):
                problems.append(f"{path.name}: {used[1]} isn't pinned to a commit")
    return problems
