"""The smallest model that keeps the contract: it says on which side of a threshold a number is.

``behaviour.json`` beside ``model.toml`` makes verbs misbehave, for the tests of the runner.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

NOW = "2025-01-01T00:00:00Z"
ARTIFACTS = Path(os.environ.get("ARTIFACTS_DIR", "artifacts"))
REPORTS = Path(os.environ.get("REPORTS_DIR", "reports"))
INPUTS = [{"name": "x", "datatype": "FP64", "kind": "numeric", "shape": [-1], "optional": False}]
OUTPUTS = [{"name": "side", "datatype": "BYTES", "shape": [-1]}]
EDGES = [0.25, 0.5, 0.75]


def behaviour():
    path = Path("behaviour.json")
    return json.loads(path.read_text()) if path.exists() else {}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def report(kind, status="pass", **body):
    head = {"schema": f"model-delivery/{kind}/v1", "status": status, "created": NOW}
    write(REPORTS / f"{kind}.json", head | body)


def junit(suite, failed=0):
    cases = '<testcase classname="tiny" name="works" time="0.1"/>'
    cases += '<testcase name="fails"><failure message="it is broken"/></testcase>' * failed
    write(REPORTS / f"junit/{suite}.xml", f"<testsuites><testsuite>{cases}</testsuite></testsuites>")


def select(options):
    folder = ARTIFACTS / "selected"
    model = folder / "model"
    write(model / "model.json", {"threshold": options.get("threshold", 0.5)})
    write(model / "params.json", {"threshold": options.get("threshold", 0.5)})
    write(model / "signature.json", {"inputs": INPUTS, "outputs": OUTPUTS})
    feature = {"kind": "numeric", "edges": EDGES, "counts": [25] * 4, "missing": 0, "limit": 0.3}
    prediction = {"kind": "categorical", "categories": ["low", "high"], "counts": [50, 50]}
    prediction |= {"missing": 0, "limit": 0.3}
    reference = {"features": {"x": feature}, "prediction": prediction, "minWindow": 20}
    write(model / "reference.json", reference)
    wrong = options.get("wrongGolden", False)
    golden = [{"row": {"x": -9}, "prediction": {"value": "high" if wrong else "low"}}]
    write(model / "golden.json", golden)
    write(folder / "training.json", {"seconds": 1})
    names = [f"model/{path.name}" for path in sorted(model.iterdir())]
    files = {name: digest((folder / name).read_bytes()) for name in names}
    code = "src/tiny/__main__.py"
    files |= {name: digest(Path(name).read_bytes()) for name in (code, "requirements.lock")}
    if options.get("serve"):
        write(model / "serve.json", options["serve"])
        files["model/serve.json"] = digest((model / "serve.json").read_bytes())
    manifest = {"schema": "model-delivery/manifest/v1", "model": "tiny", "package": "tiny"}
    data = digest(Path("data/train.csv").read_bytes())
    manifest |= {"files": files, "dataset": {"name": "numbers", "digest": data, "rows": 3}}
    write(folder / "manifest.json", manifest)


def evaluate(options):
    assert (ARTIFACTS / "selected/training.json").exists()
    value = options.get("accuracy", 0.95)
    champion = os.environ.get("CHAMPION_VERSION") or None
    metrics = {"name": "accuracy", "value": value, "unit": None, "direction": "max"}
    metrics |= {"ci": [value - 0.01, value + 0.01], "n": 100, "split": "holdout"}
    report("metrics", metrics=[metrics])
    good = value >= 0.92
    reason = f"accuracy {value} {'>=' if good else '<'} 0.92 on 100 holdout rows"
    gate = {"id": "min:accuracy", "rule": "accuracy >= 0.92", "observed": value, "limit": 0.92}
    baseline = {"kind": "champion" if champion else "none", "version": champion, "digest": None}
    overall = {"metric": "accuracy", "candidate": value, "baseline": None}
    report(
        "evaluation",
        "pass" if good else "fail",
        holdout={"digest": digest(b"holdout"), "rows": 100},
        baseline=baseline,
        overall=[overall],
        slices=[],
        gates=[gate | {"pass": good, "blocking": True, "reason": reason}],
        decision="promote" if good else "reject",
        reasons=[reason],
    )
    return 0 if good else 3


def package():
    selected = ARTIFACTS / "selected"
    manifest = json.loads((selected / "manifest.json").read_text())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ["manifest.json", *manifest["files"]]:
            inside = name.startswith("model") or name == "manifest.json"
            archive.add((selected if inside else Path()) / name, name)
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    (ARTIFACTS / "model.tar.gz").write_bytes(gzip.compress(buffer.getvalue()))


class State:
    lock = threading.Lock()
    asked = 0
    buckets = [0] * (len(EDGES) + 1)
    classes = {"low": 0, "high": 0}
    codes = {"200": 0}
    seconds = 0.0


def handler(model, version, threshold, options):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def log_message(self, *_):
            pass

        def answer(self, code, body, kind="application/json"):
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            if self.path.startswith("/v2/health/"):
                self.answer(503 if options.get("unhealthy") else 200, {})
            elif self.path == "/v2/models/tiny":
                self.answer(200, {"name": model, "inputs": INPUTS, "outputs": OUTPUTS})
            elif self.path == "/metrics":
                self.answer(200, metrics(version), "text/plain")
            elif self.path == "/crash":
                os._exit(1)
            else:
                self.answer(404, {"error": "there is nothing here"})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(float(self.headers.get("X-Delay", "0")))
            with State.lock:
                State.asked += 1
                fails = options.get("failEvery") and State.asked % options["failEvery"] == 0
            time.sleep(options.get("delay", 0))
            if fails:
                self.answer(500, {"error": "it fails now and then"})
                return
            x = body["inputs"][0]["data"][0]
            if not isinstance(x, int | float):
                self.answer(400, {"error": "x has to be a number"})
                return
            side = "high" if x > threshold else "low"
            with State.lock:
                State.buckets[sum(x > edge for edge in EDGES)] += 1
                State.classes[side] += 1
                State.codes["200"] += 1
            output = {"name": "side", "datatype": "BYTES", "shape": [1], "data": [side]}
            answer = {"model_name": "tiny", "model_version": version, "outputs": [output]}
            answer["id"] = body.get("id") or str(uuid.uuid4())
            self.answer(200, answer)

    return Handler


def metrics(version):
    with State.lock:
        lines = [f'model_info{{model="tiny",version="{version}"}} 1']
        total = 0
        for edge, count in zip([*EDGES, "+Inf"], State.buckets):
            total += count
            lines.append(f'model_feature_value_bucket{{feature="x",le="{edge}"}} {total}')
        lines.append('model_feature_missing_total{feature="x"} 0')
        lines += [f'model_predictions_total{{class="{k}"}} {v}' for k, v in State.classes.items()]
        for code, count in State.codes.items():
            lines.append(f'model_requests_total{{endpoint="infer",code="{code}"}} {count}')
            for edge in ("0.1", "0.5", "+Inf"):
                labels = f'endpoint="infer",le="{edge}"'
                lines.append(f"model_request_duration_seconds_bucket{{{labels}}} {count}")
    return "\n".join(lines) + "\n"


def serve(arguments):
    folder = Path(arguments.model_dir)
    threshold = json.loads((folder / "model.json").read_text())["threshold"]
    path = folder / "serve.json"
    options = json.loads(path.read_text()) if path.exists() else {}
    if options.get("exit"):
        print("cannot load the model", flush=True)
        sys.exit(options["exit"])
    version = os.environ["MODEL_VERSION"]
    kind = handler("tiny", version, threshold, options)
    server = ThreadingHTTPServer((arguments.host, arguments.port), kind)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(json.dumps({"listening": f"http://{arguments.host}:{server.server_port}"}), flush=True)
    server.serve_forever()


def predict(arguments):
    threshold = json.loads((Path(arguments.model_dir) / "model.json").read_text())["threshold"]
    source, target = Path(arguments.input), Path(arguments.output)
    files = [source] if source.is_file() else sorted(source.glob("*.csv"))
    rows_in = rows_out = 0
    target.mkdir(parents=True)
    for path in files:
        with path.open(newline="") as file:
            lines = list(csv.reader(file))
        if "x" not in lines[0]:
            print(f"predict: {path.name} lacks the columns x", file=sys.stderr)
            return 4
        written = [[*lines[0], "predicted_side"]]
        for line in lines[1:]:
            rows_in += 1
            text = line[lines[0].index("x")]
            if text == "sleep":
                (Path(os.environ["HOME"]) / "sleeping").touch()
                time.sleep(600)
            if not text.lstrip("-").replace(".", "", 1).isdigit():
                print(f"rejected {path.name}: {text}")
                continue
            rows_out += 1
            written.append([*line, "high" if float(text) > threshold else "low"])
        with (target / path.name).open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(written)
    counts = {"rowsIn": rows_in, "rowsOut": rows_out, "rejected": {"count": rows_in - rows_out}}
    write(target / "predictions.json", {"schema": "model-delivery/predictions/v1"} | counts)
    print(f"{rows_out} of {rows_in} rows were predicted")
    return 0


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("verb")
    parser.add_argument("--variant")
    parser.add_argument("--seed")
    parser.add_argument("--model-dir")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--input")
    parser.add_argument("--output")
    arguments = parser.parse_args()
    verb, options = arguments.verb, behaviour()
    special = options.get(verb, {})
    if "print" in special:
        print(special["print"], flush=True)
    if "megabytes" in special:
        for _ in range(special["megabytes"]):
            sys.stdout.buffer.write((b"0123456789abcde\n") * 65536)
    if "bytes" in special:
        sys.stdout.buffer.write(bytes(special["bytes"]))
        sys.stdout.flush()
    if "environment" in special:
        print("ENVIRONMENT " + json.dumps(dict(os.environ)), flush=True)
    if special.get("child"):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(f"CHILD {child.pid}", flush=True)
    time.sleep(special.get("sleep", 0))
    if "report" in special:
        for name, content in special["report"].items():
            write(REPORTS / name, content)
    if "exit" in special:
        return special["exit"]
    if verb == "lint":
        report("lint")
    elif verb == "data-validate":
        check = {"id": "rows", "column": None, "observed": 3, "expected": 3, "pass": True}
        report("data-validation", checks=[check | {"severity": "error"}])
    elif verb.startswith("test-"):
        failed = special.get("failed", 0)
        junit(verb.removeprefix("test-"), failed)
        return 1 if failed else 0
    elif verb == "train":
        write(ARTIFACTS / f"candidates/{arguments.variant}-{arguments.seed}/model.json", {})
    elif verb == "select":
        select(options)
        report("selection", reasons=["only one"])
    elif verb == "evaluate":
        return evaluate(options)
    elif verb == "perf":
        latency = {"n": 100, "min": 0.1, "p50": 0.2, "p95": 0.3, "p99": 0.4}
        report("performance", latencyMs=latency, valid=True, rssMb=20, artifactMb=0.1)
    elif verb == "card":
        write(REPORTS / "MODEL_CARD.md", "# tiny\n")
    elif verb == "sbom":
        write(REPORTS / "bom.cdx.json", {"bomFormat": "CycloneDX", "components": []})
    elif verb == "package":
        package()
    elif verb == "predict":
        return predict(arguments)
    elif verb == "serve":
        serve(arguments)
    if special.get("fill"):
        fill(ARTIFACTS)
    return 0


sys.exit(main())
