"""Installing exactly the locked packages into the Python that runs this."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from . import suites
from .context import Context
from .errors import PASS, MissingToolError, TryAgainError

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ ;\\]+)")


def run(context: Context, _arguments: Namespace) -> int:
    """Install what the locks pin; do nothing where all of it is there already."""
    locks = [context.root / name for name in suites.LOCKS]
    wanted = [pin for lock in locks for pin in pins(lock)]
    if all(pin.kept() for pin in wanted):
        print("all locked packages are installed" if wanted else "nothing to install")
        return PASS
    own = sys.prefix != sys.base_prefix
    if not own and context.run.ci == "local":
        raise MissingToolError(
            "this Python isn't a virtual environment's: make one with "
            '"python3 -m venv .venv" and run this with ".venv/bin/python"'
        )
    uv = shutil.which("uv")
    if uv and own:
        # Compiled once here rather than at the start of every process that can't write it.
        command = [uv, "pip", "install", "--compile-bytecode", "--python", sys.executable]
    else:
        command = [sys.executable, "-m", "pip", "install"]
    command.append("--require-hashes")
    for lock in locks:
        command += ["-r", str(lock)]
    if subprocess.run(command, check=False).returncode:
        raise TryAgainError("the locked packages couldn't be installed: see above")
    return PASS


@dataclass(frozen=True)
class Pin:
    """A line of a lock; a conditional one holds on some platforms or Python versions only."""

    name: str
    version: str
    conditional: bool

    def kept(self) -> bool:
        """Tell whether this Python has what is pinned."""
        return self.conditional or installed(self.name) == self.version


def pins(lock: Path) -> list[Pin]:
    """Return what a lock file pins."""
    found = [(line, _PINNED.match(line)) for line in lock.read_text().splitlines()]
    return [Pin(match[1], match[2], ";" in line) for line, match in found if match]


def installed(name: str) -> str | None:
    """Return the version of an installed package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
