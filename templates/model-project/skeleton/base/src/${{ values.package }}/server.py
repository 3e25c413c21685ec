"""The server: the Open Inference Protocol, feedback and metrics over HTTP, from the standard
library alone. What it answers is in ``service.py``; here is how connections live and end."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import sys
import threading
import time
from argparse import Namespace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from . import bundle
from .context import Context
from .errors import PASS
from .protocol import RejectedError
from .service import Answer, Service

MAX_BODY = 1024 * 1024
"""Bytes of a request's body."""

MOST_DISCARDED = 16 * MAX_BODY
"""Bytes of a too large body that are read before it is refused."""

IDLE_SECONDS = 75.0
"""How long a connection may wait for its next request, or for the rest of one."""

DRAIN_SECONDS = 4.5
"""How long requests may take to end once the server was told to stop."""


def run(context: Context, arguments: Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C. Refuses an artifact that isn't what its manifest says."""
    folder = Path(arguments.model_dir).resolve() if arguments.model_dir else context.model_dir
    manifest = bundle.verify(folder)
    service = Service.load(folder, manifest, context)
    server = Server((arguments.host, arguments.port), service)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    host, port = server.server_address[:2]
    name = f"[{host!s}]" if ":" in str(host) else str(host)
    print(json.dumps({"listening": f"http://{name}:{port}"}), flush=True)
    server.run()
    return PASS


class Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1 with keep-alive."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    # Together these save 40 ms a request: one segment for an answer, sent at once.
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.busy = False

    def handle_one_request(self) -> None:
        """Handle one request; in between, the connection counts as idle and may be closed."""
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        finally:
            self.server.finished(self)

    def parse_request(self) -> bool:
        self.started = time.perf_counter()
        self.server.begun(self)
        return super().parse_request()

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer(self.server.service.get(self.path))

    def do_POST(self) -> None:
        """Answer a POST; only these count as in flight."""
        metrics = self.server.service.metrics
        metrics.enter()
        try:
            try:
                body = self._body()
            except RejectedError as error:
                # What is left of the body can't be told from a next request.
                self.close_connection = True
                self._answer(self.server.service.refuse(self.path, error))
            else:
                self._answer(self.server.service.post(self.path, body))
        finally:
            metrics.leave()

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            raise RejectedError("no-length", "a Content-Length is needed", 411)
        if int(length) > MAX_BODY:
            self._discard(min(int(length), MOST_DISCARDED))
            raise RejectedError("too-large", f"a body may have {MAX_BODY} bytes", 413)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionError("the request ended early")
        return body

    def _discard(self, length: int) -> None:
        """Read what is refused: a client that is still sending wouldn't read why it is."""
        while length > 0 and (chunk := self.rfile.read(min(length, 65536))):
            length -= len(chunk)

    def _answer(self, answer: Answer) -> None:
        seconds = time.perf_counter() - self.started
        self.server.service.metrics.answered(answer.endpoint, answer.status, seconds)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.server.stopping or self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what isn't HTTP, or a method that there isn't, as JSON too."""
        del explain
        self.close_connection = True
        text = message or "this isn't a request"
        self._answer(Answer.json("other", int(code), {"error": text}))

    def version_string(self) -> str:
        """Return the Server header without the versions of what runs here."""
        return "model"

    def log_message(self, *_: Any) -> None:
        """Keep quiet: requests are counted, and an access log would hold inputs' paths only."""


class Server(ThreadingHTTPServer):
    """A thread for each connection, and an orderly end."""

    # Threads are waited for by ``run``, with a limit, rather than for ever or not at all.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        self.stopping = False
        self._state = threading.Condition()
        self._idle: set[socket.socket] = set()
        self._busy: set[socket.socket] = set()
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def stop(self) -> None:
        """Begin to stop; returns at once, so that a signal handler can call it."""
        self.stopping = True
        threading.Thread(target=self.shutdown, daemon=True).start()

    def run(self) -> None:
        """Serve until ``stop``; then answer what is in flight, close what is idle, and return."""
        self.serve_forever(poll_interval=0.05)
        # Connections that the kernel has accepted and we haven't are answered too.
        self.socket.setblocking(False)
        self._accept_waiting()
        self.server_close()
        deadline = time.monotonic() + DRAIN_SECONDS
        with self._state:
            for connection in self._idle:
                _no_more_requests(connection)
            while (self._busy or self._idle) and time.monotonic() < deadline:
                self._state.wait(deadline - time.monotonic())
            left = len(self._busy)
        if left:
            print(f"{left} requests were cut off after {DRAIN_SECONDS} s", file=sys.stderr)

    def _accept_waiting(self) -> None:
        for _ in range(self.request_queue_size):
            try:
                request, address = self.get_request()
            except OSError:
                return
            request.setblocking(True)
            self.process_request(request, address)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._state:
            self._idle.add(request)
        super().process_request(request, client_address)

    def begun(self, handler: Handler) -> None:
        """A request's first line was read on this connection."""
        with self._state:
            self._idle.discard(handler.connection)
            self._busy.add(handler.connection)

    def finished(self, handler: Handler) -> None:
        """It was answered, or the connection has ended."""
        with self._state:
            self._busy.discard(handler.connection)
            if self.stopping:
                handler.close_connection = True
            if not handler.close_connection:
                self._idle.add(handler.connection)
            self._state.notify_all()

    def shutdown_request(self, request: Any) -> None:
        with self._state:
            self._idle.discard(request)
            self._busy.discard(request)
            self._state.notify_all()
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong with a connection, without what it sent."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            print(f"a connection failed: {type(error).__name__}: {error}", file=sys.stderr)


def _no_more_requests(connection: socket.socket) -> None:
    """End the reading side: a request that has arrived is still read and answered."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
