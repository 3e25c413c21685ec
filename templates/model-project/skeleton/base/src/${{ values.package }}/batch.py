"""Predicting the rows of CSV files with the model: the verb ``predict``.

Works in a checkout and in an unpacked bundle. The output is a folder that is there as a whole or
not at all: one CSV file for each input file, with the columns of the input and the prediction;
``rejected.jsonl``, each row that could not be predicted, with the reason; ``predictions.json``,
the report.
"""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from . import bundle
from .context import Context
from .dataset import Row, Value, parse
from .errors import PASS, DataError
from .features import Feature
from .files import new_folder, shown, write_json
from .inference import Predictor
from .prediction import Prediction
from .protocol import RejectedError
from .signature import Signature

REPORT = "predictions.json"
REJECTED = "rejected.jsonl"

_AT_ONCE = 1000
"""Rows that are predicted together, so that the size of a file does not matter."""

_NAMED = 20
"""Rejected rows that the report names; ``rejected.jsonl`` has all."""


@dataclass
class Tally:
    """Rows that came in and went out, and why the others did not."""

    rows_in: int = 0
    rows_out: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows could not be predicted."""
        return self.reasons.total()

    def reject(self, file: str, row: int, error: RejectedError) -> dict[str, Any]:
        """Count a rejected row and return its entry."""
        entry = {"file": file, "row": row, "reason": error.reason, "sentence": str(error)}
        self.reasons[error.reason] += 1
        if len(self.first) < _NAMED:
            self.first.append(entry)
        return entry


def run(context: Context, arguments: Namespace) -> int:
    """Predict every row of ``--input`` into the folder ``--output``.

    Exits 4 where a file is no CSV file with the model's columns, and where no row of all could be
    predicted; nothing is written then.
    """
    folder = Path(arguments.model_dir).resolve() if arguments.model_dir else context.model_dir
    manifest = bundle.verify(folder)
    predictor = Predictor.load(folder)
    missing = frozenset(manifest.get("missing", [""]))
    tally = Tally()
    with new_folder(Path(arguments.output).resolve()) as into:
        with (into / REJECTED).open("w", encoding="utf-8") as rejected:
            for path in input_files(Path(arguments.input)):
                predict_file(path, into / path.name, predictor, missing, tally, rejected)
        if tally.rows_in and not tally.rows_out:
            why = tally.first[0]
            raise DataError(
                f"none of {tally.rows_in} rows could be predicted; "
                f"{why['file']}, row {why['row']}: {why['sentence']}"
            )
        write_json(
            into / REPORT,
            {
                "schema": "model-delivery/predictions/v1",
                "model": manifest["model"],
                "version": context.given_version or bundle.release_of(folder).get("version"),
                "rowsIn": tally.rows_in,
                "rowsOut": tally.rows_out,
                "rejected": {
                    "count": tally.rejected,
                    "reasons": dict(tally.reasons),
                    "first": tally.first,
                },
            },
        )
    for entry in tally.first:
        print(f"rejected {entry['file']}, row {entry['row']}: {entry['sentence']}")
    print(f"{tally.rows_out} of {tally.rows_in} rows were predicted, {tally.rejected} rejected")
    return PASS


def input_files(source: Path) -> list[Path]:
    """Return the file, or the CSV files of the folder by name; raise DataError where none is."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise DataError(f"{shown(source)} doesn't exist")
    found = sorted(path for path in source.iterdir() if _is_csv(path))
    if not found:
        raise DataError(f"{shown(source)} has no CSV file")
    return found


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv" and path.is_file() and not path.is_symlink()


def predict_file(
    source: Path,
    target: Path,
    predictor: Predictor,
    missing: frozenset[str],
    tally: Tally,
    rejected: TextIO,
) -> None:
    """Write the rows of ``source`` with their predictions to ``target``; count what happened."""
    signature = predictor.signature
    lines = _lines(source)
    header = next(lines, None)
    if header is None:
        raise DataError(f"{shown(source)} is empty")
    columns = _columns(source, header, signature)
    names = output_names(signature)
    if taken := sorted(set(names) & set(header)):
        raise DataError(f"{shown(source)} has the columns {', '.join(taken)} already")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, *names])
        for chunk in _chunks(enumerate(lines, start=1)):
            good: list[tuple[list[str], Row]] = []
            for number, line in chunk:
                tally.rows_in += 1
                try:
                    good.append((line, row_of(line, header, columns, missing)))
                except RejectedError as error:
                    entry = tally.reject(source.name, number, error)
                    print(json.dumps(entry | {"values": line}), file=rejected)
            answers = predictor.predict([row for _, row in good])
            for (line, _), answer in zip(good, answers, strict=True):
                writer.writerow([*line, *_cells(answer, signature)])
            tally.rows_out += len(answers)


def output_names(signature: Signature) -> list[str]:
    """Return the columns that a prediction adds: the answer and the probability of each class."""
    answer = f"predicted_{signature.target}"
    return [answer, *(f"probability_{name}" for name in signature.classes)]


def row_of(
    line: Sequence[str],
    header: Sequence[str],
    columns: Sequence[tuple[Feature, int | None]],
    missing: frozenset[str],
) -> Row:
    """Return the row that a line stands for; raise RejectedError with the reason.

    Numbers outside of the signature's range and unknown categories are let through, as by the
    server: they are what drift looks like.
    """
    if len(line) != len(header):
        sentence = f"it has {len(line)} fields, the header {len(header)}"
        raise RejectedError("bad-shape", sentence)
    return {
        feature.name: None if at is None else _value(line[at], feature, missing)
        for feature, at in columns
    }


def _value(text: str, feature: Feature, missing: frozenset[str]) -> Value:
    try:
        value = parse(text, feature, missing)
    except ValueError:
        shortened = repr(text.strip()[:40])
        sentence = f"{feature.name}: {shortened} isn't {feature.datatype}"
        raise RejectedError("bad-value", sentence) from None
    if value is None and not feature.optional:
        raise RejectedError("missing-input", f"{feature.name} is missing")
    if feature.datatype == "BOOL" and isinstance(value, str):
        if value.lower() not in ("true", "false"):
            raise RejectedError("bad-value", f"{feature.name}: {value[:40]!r} isn't BOOL")
        return value.lower()
    return value


def _columns(
    source: Path, header: Sequence[str], signature: Signature
) -> list[tuple[Feature, int | None]]:
    if len(set(header)) != len(header):
        raise DataError(f"{shown(source)} has a column twice")
    absent = [f.name for f in signature.features if f.name not in header and not f.optional]
    if absent:
        raise DataError(f"{shown(source)} lacks the columns {', '.join(absent)}")
    return [
        (feature, header.index(feature.name) if feature.name in header else None)
        for feature in signature.features
    ]


def _cells(answer: Prediction, signature: Signature) -> list[str | float]:
    return [answer.value, *(answer.probabilities[name] for name in signature.classes)]


def _lines(path: Path) -> Iterator[list[str]]:
    """Read a file as it is needed; lines without a field are left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from (line for line in csv.reader(file, strict=True) if line)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{shown(path)} isn't a CSV file in UTF-8: {error}") from None


def _chunks(
    lines: Iterable[tuple[int, list[str]]],
) -> Iterator[list[tuple[int, list[str]]]]:
    chunk: list[tuple[int, list[str]]] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == _AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
