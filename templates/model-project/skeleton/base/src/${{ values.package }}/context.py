"""What a verb is told by its surroundings: folders, source, run. The only reader of the
environment, and the one place where the names of CI systems are mapped to ours."""

from __future__ import annotations

import os
import subprocess
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import config as configuration
from .errors import UsageError


@dataclass(frozen=True)
class Source:
    """Where the code came from; None is unknown."""

    repo: str | None
    commit: str | None
    dirty: bool | None
    ref: str | None


@dataclass(frozen=True)
class Run:
    """The pipeline run that this is part of; all None at a desk."""

    id: str | None
    url: str | None
    attempt: int | None
    ci: str


class Context:
    """Folders, source and run, read once; ``model.toml`` is read when first asked for."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self.root = root
        self._environment = _mapped(environment)

    @staticmethod
    def here() -> Context:
        """Return the context of this process in its working folder."""
        return Context(Path.cwd(), os.environ)

    def _get(self, name: str) -> str | None:
        return self._environment.get(name) or None

    @cached_property
    def config(self) -> configuration.Config:
        """``model.toml``, checked."""
        return configuration.load(self.root / "model.toml")

    @cached_property
    def artifacts(self) -> Path:
        """Where candidates, the selected model and the bundle go; shared by the jobs of a run."""
        return (self.root / (self._get("ARTIFACTS_DIR") or "artifacts")).resolve()

    @cached_property
    def reports(self) -> Path:
        """Where reports go; shared by the jobs of a run."""
        return (self.root / (self._get("REPORTS_DIR") or "reports")).resolve()

    @cached_property
    def model_dir(self) -> Path:
        """The folder of the model that is served or asked."""
        given = self._get("MODEL_DIR")
        return (self.root / given).resolve() if given else self.artifacts / "selected" / "model"

    @cached_property
    def source(self) -> Source:
        """What was checked out: from the environment, else from Git, else unknown."""
        commit = self._get("GIT_SHA") or self._git("rev-parse", "HEAD")
        changes = self._git("status", "--porcelain", "--untracked-files=no")
        return Source(
            repo=self._get("GIT_REPOSITORY") or _public(self._git("remote", "get-url", "origin")),
            commit=commit,
            dirty=None if changes is None else bool(changes),
            ref=self._get("GIT_REF") or self._git("symbolic-ref", "--quiet", "HEAD"),
        )

    @cached_property
    def run(self) -> Run:
        """The run that this is part of."""
        attempt = self._get("RUN_ATTEMPT")
        return Run(
            id=self._get("RUN_ID"),
            url=self._get("RUN_URL"),
            attempt=int(attempt) if attempt and attempt.isdigit() else None,
            ci=self._environment["CI_SYSTEM"],
        )

    @cached_property
    def version(self) -> str:
        """The version being built, from MODEL_VERSION, else one that says it has none."""
        commit = self.source.commit
        return self.given_version or f"0.0.0+{'g' + commit[:7] if commit else 'local'}"

    @property
    def given_version(self) -> str | None:
        """MODEL_VERSION where it is set: the version that is being served."""
        return self._get("MODEL_VERSION")

    @property
    def given_commit(self) -> str | None:
        """GIT_SHA where it is set: the commit of what is being served."""
        return self._get("GIT_SHA")

    @cached_property
    def champion(self) -> Path | None:
        """The bundle of the version that is live now, or None for a first release."""
        return _path_of(self._get("CHAMPION_URI"), self.root)

    @cached_property
    def champion_python(self) -> str | None:
        """A Python that has the champion's locked packages, where it needs others than ours."""
        return self._get("CHAMPION_PYTHON")

    @cached_property
    def epoch(self) -> int:
        """The time stamp of everything that is packed, in seconds since 1970."""
        value = self._get("SOURCE_DATE_EPOCH") or "0"
        if not value.isdigit():
            raise UsageError(f"SOURCE_DATE_EPOCH is {value!r}; it has to be a whole number")
        return int(value)

    @cached_property
    def seed(self) -> str | None:
        """The default of ``train --seed``."""
        return self._get("SEED")

    def _git(self, *arguments: str) -> str | None:
        """Return what Git answers, or None where there is no Git or no repository."""
        if not (self.root / ".git").exists():
            return None
        try:
            answer = subprocess.run(
                ["git", *arguments], cwd=self.root, capture_output=True, text=True, timeout=20
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return answer.stdout.strip() if answer.returncode == 0 else None


def _mapped(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with ours filled in from GitHub's or GitLab's where not set."""
    result = dict(environment)
    given = environment.get
    theirs: dict[str, str | None] = {}
    if given("GITHUB_ACTIONS") == "true":
        repository = f"{given('GITHUB_SERVER_URL')}/{given('GITHUB_REPOSITORY')}"
        theirs = {
            "GIT_SHA": given("GITHUB_SHA"),
            "GIT_REF": given("GITHUB_REF"),
            "GIT_REPOSITORY": repository,
            "RUN_ID": given("GITHUB_RUN_ID"),
            "RUN_ATTEMPT": given("GITHUB_RUN_ATTEMPT"),
            "RUN_URL": f"{repository}/actions/runs/{given('GITHUB_RUN_ID')}",
            "CI_SYSTEM": "github",
        }
    elif given("GITLAB_CI") == "true":
        theirs = {
            "GIT_SHA": given("CI_COMMIT_SHA"),
            "GIT_REF": given("CI_COMMIT_REF_NAME"),
            "GIT_REPOSITORY": given("CI_PROJECT_URL"),
            "RUN_ID": given("CI_PIPELINE_ID"),
            "RUN_URL": given("CI_PIPELINE_URL"),
            "CI_SYSTEM": "gitlab",
        }
    for name, value in theirs.items():
        if value and not result.get(name):
            result[name] = value
    result["CI_SYSTEM"] = result.get("CI_SYSTEM") or "local"
    return result


def _public(remote: str | None) -> str | None:
    """Return a remote without the user and password that it may hold."""
    if not remote or "://" not in remote:
        return remote or None
    parts = urllib.parse.urlsplit(remote)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _path_of(uri: str | None, root: Path) -> Path | None:
    """Return the file that a path or a ``file://`` URI names; other schemes are refused."""
    if uri is None:
        return None
    if "://" not in uri:
        return (root / uri).resolve()
    parts = urllib.parse.urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise UsageError(f"CHAMPION_URI is {uri!r}; it has to be a path or a file:// URI")
    return Path(urllib.parse.unquote(parts.path))
