"""Train tiny, package, start the real server, ask it, stop it, break it, go back to an older."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ${{ values.package }} import (
    bundle,
    client,
    packaging,
    protocol,
    selection,
    signature,
    smoke,
    training,
)

from ..support import (
    arguments,
    copied_project,
    environment,
    project_context,
    samples,
    temporary_folder,
)


def tiny_bundle(folder: Path, version: str, seed: int) -> Path:
    """Train one candidate on this repository's data, choose it, pack it, and return the bundle."""
    root = copied_project(folder / version)
    text = (root / "model.toml").read_text()
    lines = [f"seeds = [{seed}]" if line.startswith("seeds") else line for line in text.split("\n")]
    lines = ["folds = 2" if line.startswith("folds") else line for line in lines]
    (root / "model.toml").write_text("\n".join(lines))
    context = project_context(folder / version, MODEL_VERSION=version, GIT_SHA="0" * 40)
    context.root = root
    training.run(context, arguments(all=True))
    selection.run(context, arguments())
    packaging.run(context, arguments())
    return context.artifacts / "model.tar.gz"


class Running:
    """A server of an unpacked bundle, as it is started in production."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        package = json.loads((folder / "manifest.json").read_text())["package"]
        self.model: str = json.loads((folder / "manifest.json").read_text())["model"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", package, "serve", "--model-dir", "model", "--port", "0"],
            cwd=folder,
            env=environment(PYTHONPATH=str(folder / "src")),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        self.url: str = json.loads(line)["listening"] if line else ""

    def stop(self) -> int:
        """Send SIGTERM and return the exit code; fail if an idle connection holds the server."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@contextmanager
def serving(folder: Path) -> Iterator[Running]:
    running = Running(folder)
    try:
        yield running
    finally:
        running.close()


def sample(http: client.Client, name: str) -> float:
    """Return the value of one sample of the server's metrics."""
    return samples(http.text("GET", "/metrics")[1])[name]


class Delivery(unittest.TestCase):
    temporary = temporary_folder()
    folder: Path
    first: Path
    second: Path
    server: Running
    first_scrape: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(cls.temporary.name)
        archives = [tiny_bundle(cls.folder, f"1.{n}.0", seed=n) for n in (1, 2)]
        for name, archive in zip(("first", "second"), archives, strict=True):
            setattr(cls, name, cls.folder / name)
            bundle.unpack(archive, cls.folder / name)
        # One server for all tests that leave it as it is; starting one takes a while.
        cls.server = Running(cls.first)
        with client.Client(cls.server.url) as http:
            cls.first_scrape = http.text("GET", "/metrics")[1]

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.close()
        cls.temporary.cleanup()

    def setUp(self) -> None:
        self.http = client.Client(self.server.url)
        self.addCleanup(self.http.close)

    def request(self) -> dict[str, object]:
        content = json.loads((self.first / "model" / "signature.json").read_text())
        golden = json.loads((self.first / "model" / "golden.json").read_text())
        inputs = signature.Signature.from_json(content)
        return protocol.request_of([golden[0]["row"]], inputs, "one")

    def infer(self, body: object) -> tuple[int, dict[str, Any]]:
        return self.http.json("POST", f"/v2/models/{self.server.model}/infer", body)

    def test_server_is_what_the_bundle_says(self) -> None:
        steps = smoke.check(self.http, self.server.model, self.first / "model")
        self.assertEqual([step for step in steps if not step.passed], [])

    def predict(self, source: Path, target: Path) -> subprocess.CompletedProcess[str]:
        package = json.loads((self.first / "manifest.json").read_text())["package"]
        paths = ["--model-dir", "model", "--input", str(source), "--output", str(target)]
        return subprocess.run(
            [sys.executable, "-m", package, "predict", *paths],
            cwd=self.first,
            env=environment(PYTHONPATH=str(self.first / "src"), MODEL_VERSION="1.1.0"),
            capture_output=True,
            text=True,
        )

    def test_files_are_predicted_from_the_bundle_alone(self) -> None:
        source = self.folder / "rows.csv"
        golden = json.loads((self.first / "model" / "golden.json").read_text())
        names = list(golden[0]["row"])
        with source.open("w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(entry["row"] for entry in golden)
        done = self.predict(source, self.folder / "predictions")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads((self.folder / "predictions" / "predictions.json").read_text())
        self.assertEqual((report["rowsIn"], report["rowsOut"]), (len(golden), len(golden)))
        self.assertEqual(report["version"], "1.1.0")
        content = json.loads((self.first / "model" / "signature.json").read_text())
        answer = f"predicted_{signature.Signature.from_json(content).target}"
        with (self.folder / "predictions" / "rows.csv").open(newline="") as file:
            found = [row[answer] for row in csv.DictReader(file)]
        for entry, text in zip(golden, found, strict=True):
            expected = entry["prediction"]["value"]
            if isinstance(expected, str):
                self.assertEqual(text, expected)
            else:
                self.assertAlmostEqual(float(text), expected)

    def test_files_without_one_row_that_can_be_predicted_leave_nothing_behind(self) -> None:
        golden = json.loads((self.first / "model" / "golden.json").read_text())
        source = self.folder / "bad.csv"
        source.write_text(",".join(golden[0]["row"]) + "\nx\n")
        done = self.predict(source, self.folder / "nothing")
        self.assertEqual(done.returncode, 4)
        self.assertIn("none of 1 rows could be predicted; bad.csv, row 1", done.stderr)
        self.assertFalse((self.folder / "nothing").exists())

    def test_metrics_are_complete_before_the_first_request_and_move_after_it(self) -> None:
        first = samples(self.first_scrape)
        self.assertEqual(first['model_requests_total{code="200",endpoint="infer"}'], 0)
        self.assertIn('version="1.1.0"', self.first_scrape)
        before = sample(self.http, 'model_request_duration_seconds_count{endpoint="infer"}')
        status, answer = self.infer(self.request())
        self.assertEqual(status, 200, answer)
        after = sample(self.http, 'model_request_duration_seconds_count{endpoint="infer"}')
        self.assertEqual(after - before, 1)
        self.assertEqual(set(samples(self.http.text("GET", "/metrics")[1])), set(first))

    def test_bad_input_is_refused_with_a_reason(self) -> None:
        tensors: Any = self.request()["inputs"]
        broken: list[tuple[str, object]] = [
            ("bad-request", []),
            ("bad-request", {"inputs": []}),
            ("unknown-input", {"inputs": [{"name": "nobody"}]}),
            ("bad-datatype", {"inputs": [tensors[0] | {"datatype": "UINT8"}]}),
            ("bad-shape", {"inputs": [tensors[0] | {"shape": [2]}]}),
            ("bad-value", {"inputs": [tensors[0] | {"data": [[1]], "shape": [1]}]}),
        ]
        for reason, body in broken:
            with self.subTest(reason):
                status, answer = self.infer(body)
                self.assertEqual((status, answer["reason"]), (400, reason))
        self.assertEqual(self.infer(self.request())[0], 200)
        self.assertEqual(self.http.json("GET", "/nothing")[0], 404)
        self.assertEqual(self.http.json("PUT", "/v2")[0], 501)

    def test_a_body_that_is_too_large_or_no_json_is_refused(self) -> None:
        path = f"/v2/models/{self.server.model}/infer"
        status, answer = self.http.json("POST", path, "x" * (1024 * 1024))
        self.assertEqual((status, answer["reason"]), (413, "too-large"))
        host, _, port = self.server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n[1,".encode())
            self.assertIn(b" 400 ", raw.recv(65536).splitlines()[0])

    def test_feedback_is_counted_by_outcome(self) -> None:
        _, answer = self.infer(self.request())
        label = answer["outputs"][0]["data"][0]
        status, outcome = self.http.json("POST", "/feedback", {"id": "one", "label": label})
        self.assertEqual(status, 200)
        self.assertIn(outcome["outcome"], ("correct", "close"))
        status, answer = self.http.json("POST", "/feedback", {"id": "other", "label": label})
        self.assertEqual(status, 404)
        self.assertIn("no prediction", answer["error"])
        self.assertEqual(self.http.json("POST", "/feedback", {"id": "one"})[0], 400)
        for outcome in ("unknown-id", "malformed"):
            name = f'model_feedback_total{{outcome="{outcome}"}}'
            self.assertEqual(sample(self.http, name), 1, outcome)

    def test_sigterm_answers_what_is_in_flight_and_leaves_idle_connections(self) -> None:
        with serving(self.first) as server:
            host, _, port = server.url.removeprefix("http://").partition(":")
            idle = socket.create_connection((host, int(port)))
            body = json.dumps(self.request()).encode()
            slow = socket.create_connection((host, int(port)))
            head = f"POST /v2/models/{server.model}/infer HTTP/1.1\r\nHost: x\r\n"
            slow.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])
            time.sleep(0.2)
            stopped: list[int] = []
            stopper = threading.Thread(target=lambda: stopped.append(server.stop()))
            stopper.start()
            time.sleep(0.3)
            slow.sendall(body[10:])
            answer = b""
            while chunk := slow.recv(65536):
                answer += chunk
            stopper.join()
            self.assertIn(b" 200 ", answer.splitlines()[0])
            self.assertIn(b"Connection: close", answer)
            self.assertEqual(idle.recv(1), b"")
            self.assertEqual(stopped, [0])
            idle.close()
            slow.close()

    def test_a_corrupt_artifact_is_refused(self) -> None:
        corrupt = self.folder / "corrupt"
        shutil.copytree(self.first, corrupt)
        path = next((corrupt / "model").glob("model.*"))
        path.write_bytes(path.read_bytes() + b" ")
        with serving(corrupt) as server:
            _, errors = server.process.communicate(timeout=20)
            self.assertEqual(server.process.returncode, 4)
            self.assertIn("the artifact is corrupt", errors)

    def test_rollback_serves_the_version_before(self) -> None:
        for folder, version in ((self.second, "1.2.0"), (self.first, "1.1.0")):
            with serving(folder) as server, client.Client(server.url) as http:
                _, found = http.json("GET", f"/v2/models/{server.model}")
                self.assertEqual(found["versions"], [version])
                self.assertEqual(server.stop(), 0)

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        again = tiny_bundle(self.folder / "again", "1.1.0", seed=1)
        before = self.folder / "1.1.0" / "artifacts" / "model.tar.gz"
        self.assertEqual(again.read_bytes(), before.read_bytes())
