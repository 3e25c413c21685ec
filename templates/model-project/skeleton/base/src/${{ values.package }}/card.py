"""The model card. Numbers come from the reports of this run, prose from ``docs/model-card.md``."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from . import bundle, features, reports
from .context import Context
from .dataset import load_holdout, load_train, targets
from .errors import PASS, DataError
from .files import read_json, write_text
from .holdout_use import judged

PROSE = "docs/model-card.md"
_TASKS = {"classification": "tabular-classification", "regression": "tabular-regression"}


def run(context: Context, _arguments: Namespace) -> int:
    """Write ``reports/MODEL_CARD.md``."""
    selected = context.artifacts / "selected"
    digest = bundle.artifact_digest(selected)
    sections = [
        _front_matter(context),
        f"# {context.config.model.name} {context.version}",
        _escaped(context.config.model.description),
        _facts(context, digest, read_json(selected / bundle.MANIFEST)),
        (context.root / PROSE).read_text(encoding="utf-8").strip(),
        _data(context),
        _results(context),
        _speed(reports.read(context, "performance")),
        _reproduce(context),
    ]
    write_text(context.reports / "MODEL_CARD.md", "\n\n".join(filter(None, sections)) + "\n")
    print(f"MODEL_CARD.md of {digest}")
    return PASS


def _needed(context: Context, kind: str) -> Mapping[str, Any]:
    report = reports.read(context, kind)
    if report is None or report["status"] == "error":
        raise DataError(f"{kind}.json is needed for the card: run that verb first")
    return report


def _front_matter(context: Context) -> str:
    """Return Hugging Face's front matter; every text in it is quoted as JSON, which is YAML."""
    config = context.config
    task = _TASKS[config.model.task]
    lines = ["---", f"pipeline_tag: {task}", f"library_name: {config.model.framework}"]
    lines += ["model-index:", f"  - name: {config.model.name}", "    results:"]
    lines += ["      - task:", f"          type: {task}", "        dataset:"]
    lines += [f"          name: {config.data.name}", f"          type: {config.data.name}"]
    lines += ["          split: holdout", "        metrics:"]
    for metric in _needed(context, "metrics")["metrics"]:
        if metric["value"] is not None:
            lines += [
                f"          - type: {metric['name']}",
                f"            value: {metric['value']!r}",
            ]
    return "\n".join([*lines, "---"])


def _facts(context: Context, digest: str, manifest: Mapping[str, Any]) -> str:
    source = context.source
    commit = (source.commit or "unknown") + (", with uncommitted changes" if source.dirty else "")
    return table(
        ["", ""],
        [
            ["Owner", _escaped(context.config.model.owner)],
            ["Variant and seed", f"{manifest['variant']}, {manifest['seed']}"],
            ["Commit", commit],
            ["Artifact", f"`{digest}`"],
            ["Training data", f"`{manifest['dataset']['digest']}`"],
            ["Made with", f"Python {manifest['python']} on {manifest['platform']}"],
        ],
    )


def _data(context: Context) -> str:
    schema, train, target = load_train(context)
    holdout = load_holdout(context)
    names = [feature.name for feature in features.chosen(schema, context.config.data)]
    text = f"## Data\n\n{len(train.rows)} rows to train, {len(holdout.rows)} held out "
    text += f"({schema.split.method} split). Where it comes from: `data/SOURCE.md`.\n\n"
    text += "The model sees " + ", ".join(f"`{name}`" for name in names) + "."
    if target.kind != "categorical":
        return text
    ours = Counter(targets(train.rows, target))
    theirs = Counter(targets(holdout.rows, target))
    rows = [[_escaped(name), str(ours[name]), str(theirs[name])] for name in target.categories]
    return f"{text}\n\n{table([target.name, 'train', 'holdout'], rows)}"


def _results(context: Context) -> str:
    evaluation = _needed(context, "evaluation")
    baseline = evaluation["baseline"]
    name = {"champion": f"champion {baseline['version']}", "trivial": "trivial baseline"}
    compared = name.get(baseline["kind"], "baseline")
    trivial = evaluation["trivial"]
    against = {entry["metric"]: entry["baseline"] for entry in evaluation["overall"]}
    rows = [
        [
            metric["name"],
            shown(metric["value"]),
            interval(metric["ci"]),
            str(metric["n"]),
            shown(against[metric["name"]]),
            shown(trivial["metrics"].get(metric["name"])),
        ]
        for metric in _needed(context, "metrics")["metrics"]
    ]
    header = ["metric", "value", "95 % interval", "n", compared, "trivial"]
    if baseline["kind"] == "trivial":  # the last two columns are the same
        header, rows = header[:-1], [row[:-1] for row in rows]
    parts = [
        "## Results on the holdout",
        table(header, rows),
        f"Trivial is {trivial['rule']}. Decision: **{evaluation['decision']}**.",
        "\n".join(f"- {_escaped(reason)}" for reason in evaluation["reasons"]),
    ]
    if evaluation["slices"]:
        slices = [
            [
                _escaped(part["name"]),
                str(part["n"]) + (" (too few)" if part["insufficient"] else ""),
                shown(part["candidate"]),
                shown(part["baseline"]),
            ]
            for part in evaluation["slices"]
        ]
        metric = evaluation["slices"][0]["metric"]
        parts += ["### By slice", table(["slice", "n", metric, compared], slices)]
    use = judged(context)
    parts.append(
        f"At least {use.count} {'version was' if use.count == 1 else 'versions were'} judged on "
        "this holdout (rejected ones aren't counted): the more, the less its numbers say about new "
        "data."
    )
    return "\n\n".join(parts)


def _speed(report: Mapping[str, Any] | None) -> str:
    if report is None or report["status"] == "error":
        return ""
    latency = report["latencyMs"]
    text = f"## Speed and size\n\nOne prediction takes {latency['p50']:.3f} ms (p50) to "
    text += f"{latency['p99']:.3f} ms (p99) in process; the model's files have "
    return text + f"{report['artifactMb']:g} MB, its process {shown(report['rssMb'])} MB."


def _reproduce(context: Context) -> str:
    commit = context.source.commit or "COMMIT"
    return (
        "## To reproduce it\n\n```sh\n"
        f"git checkout {commit}\nmake setup all\n```\n\n"
        "The same Python minor version and platform give the same bytes, others the same "
        "predictions up to rounding."
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def shown(value: float | None) -> str:
    """Return a number as the card shows it; one that isn't known as a dash."""
    return "–" if value is None else f"{value:.4g}"


def interval(value: Sequence[float] | None) -> str:
    """Return an interval as the card shows it."""
    return "–" if value is None else f"{shown(value[0])} to {shown(value[1])}"


def _escaped(text: str) -> str:
    """Return text that Markdown and HTML show as it is, on one line."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for mark in "\\`*_[]|#":
        plain = plain.replace(mark, "\\" + mark)
    return plain
