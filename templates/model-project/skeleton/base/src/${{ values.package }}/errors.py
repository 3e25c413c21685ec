"""Exit codes of the verbs, and the errors that end a verb with a sentence instead of a trace."""

from __future__ import annotations

PASS = 0
TOOL_FAILED = 1
BAD_USAGE = 2
GATE_SAID_NO = 3
DATA_INVALID = 4
ENVIRONMENT_LACKS = 5
TRY_AGAIN = 75


class ProjectError(Exception):
    """Something a person can act on; its text is shown as it is."""

    code = TOOL_FAILED


class UsageError(ProjectError):
    """The command line or ``model.toml`` says something that makes no sense."""

    code = BAD_USAGE


class DataError(ProjectError):
    """The data, or a stored artifact, isn't what it has to be."""

    code = DATA_INVALID


class MissingToolError(ProjectError):
    """The machine lacks something that the verb needs."""

    code = ENVIRONMENT_LACKS


class TryAgainError(ProjectError):
    """It failed for a passing reason."""

    code = TRY_AGAIN
