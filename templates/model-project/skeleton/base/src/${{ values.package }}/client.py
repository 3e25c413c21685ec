"""Talking to a running server, for ``smoke`` and ``load``."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from types import TracebackType
from typing import Any

from .errors import TryAgainError, UsageError

SECONDS = 10.0
"""How long one answer may take."""


class Client:
    """One keep-alive connection to the server at ``url``, which may have a path of its own."""

    def __init__(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"--url is {url!r}; it has to begin with http:// or https://")
        self._path = parts.path.rstrip("/")
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=SECONDS)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; the next request would open another."""
        self._connection.close()

    def text(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Return status and body of an answer; raise TryAgainError where there is none."""
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {"Content-Type": "application/json"} if content else {}
        try:
            self._connection.request(method, self._path + path, content, headers)
            response = self._connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            kind = type(error).__name__
            raise TryAgainError(f"{method} {path}: no answer ({kind}: {error})") from None

    def json(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and body as JSON; None for a body that is none."""
        status, text = self.text(method, path, body)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, None
