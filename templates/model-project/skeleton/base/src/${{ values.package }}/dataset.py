"""Rows of the CSV files, typed by the schema."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .context import Context
from .errors import DataError
from .files import canonical, digest_bytes, shown
from .schema import Column, Schema
from .schema import load as load_schema

Value = float | str | None
"""A number, a category or date, or None for missing."""

Row = Mapping[str, Value]


@dataclass(frozen=True)
class Dataset:
    """Rows in the file's order; row numbers in reports count from 1, the header not counted."""

    rows: list[Row]
    digest: str

    def column(self, name: str) -> list[Value]:
        """Return one column."""
        return [row[name] for row in self.rows]


class Typed(Protocol):
    """What says how a text is read: a column of the schema, or an input of a model."""

    @property
    def kind(self) -> str:
        """``numeric``, ``categorical`` or ``date``."""

    @property
    def datatype(self) -> str:
        """As in ``schema.DATATYPES``."""


def parse(text: str, column: Typed, missing: frozenset[str]) -> Value:
    """Return the value that ``text`` stands for; raise ValueError where it stands for none."""
    text = text.strip()
    if text in missing:
        return None
    if column.kind != "numeric":
        return text
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} isn't a finite number")
    if column.datatype == "INT64" and value != int(value):
        raise ValueError(f"{text} isn't a whole number")
    return value


def read_raw(path: Path) -> tuple[list[str], list[list[str]], str]:
    """Return header, rows and digest of a CSV file, as texts; raise DataError if it is no CSV."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{shown(path)} doesn't exist") from None
    try:
        lines = list(csv.reader(content.decode("utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{shown(path)} isn't a CSV file in UTF-8: {error}") from None
    lines = [line for line in lines if line]
    if not lines:
        raise DataError(f"{shown(path)} is empty")
    return lines[0], lines[1:], digest_bytes(content)


def read(path: Path, schema: Schema) -> Dataset:
    """Read a CSV file by ``schema``; columns that the schema doesn't know are left out."""
    header, lines, digest = read_raw(path)
    absent = [name for name in schema.columns if name not in header]
    if absent:
        raise DataError(f"{shown(path)} lacks the columns {', '.join(absent)}")
    positions = {name: header.index(name) for name in schema.columns}
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if len(line) != len(header):
            raise DataError(
                f"{shown(path)}: row {number} has {len(line)} fields, the header {len(header)}"
            )
        row: dict[str, Value] = {}
        for name, position in positions.items():
            try:
                row[name] = parse(line[position], schema.columns[name], schema.missing)
            except ValueError as error:
                raise DataError(f"{shown(path)}: row {number}, column {name}: {error}") from None
        rows.append(row)
    return Dataset(rows, digest)


def targets(rows: Sequence[Row], target: Column) -> list[str | float]:
    """Return the target of each row: a text for a class, else a number."""
    result: list[str | float] = []
    for number, row in enumerate(rows, start=1):
        value = row[target.name]
        if value is None:
            raise DataError(f"row {number} has no {target.name}, which is the target")
        result.append(value)
    return result


def row_hash(row: Row) -> str:
    """Return 16 hexadecimal digits that stand for the content of a row."""
    return digest_bytes(canonical(dict(row)))[7:23]


def load_train(context: Context) -> tuple[Schema, Dataset, Column]:
    """Return schema, training rows and target. Training and selecting read nothing else."""
    data = context.config.data
    schema = load_schema(context.root / data.schema)
    return schema, read(context.root / data.locator, schema), schema.column(data.target)


def load_holdout(context: Context) -> Dataset:
    """Return the held-out rows: for judging a model, never for making or choosing one."""
    data = context.config.data
    return read(context.root / data.holdout, load_schema(context.root / data.schema))
