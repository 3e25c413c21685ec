"""``data/schema.json``: what each column of the data holds and may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import DataError
from .files import read_json

ROLES = ("feature", "target", "time", "group", "extra")
KINDS = ("numeric", "categorical", "date")
DATATYPES = {
    "numeric": ("FP64", "INT64"),
    "categorical": ("BYTES", "BOOL"),
    "date": ("BYTES",),
}


@dataclass(frozen=True)
class Column:
    """One column. ``minimum`` and ``maximum`` are in ``unit``; a value outside is a data error.

    ``period`` makes a numeric feature a position on a circle (day 366 is next to day 1).
    ``missing_max`` is the largest share of missing values that is still right.
    """

    name: str
    role: str
    kind: str
    datatype: str
    categories: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    unit: str | None
    example: float | str | None
    period: float | None
    missing_max: float
    description: str | None

    @property
    def optional(self) -> bool:
        """Whether a row may lack it."""
        return self.missing_max > 0


@dataclass(frozen=True)
class Split:
    """How the holdout was split off: random, stratified, time or group, and by which column."""

    method: str
    column: str | None


@dataclass(frozen=True)
class Schema:
    """The columns, which texts mean *missing*, and what the files as a whole have to keep.

    ``fresh_days`` is how old the newest row may be, None where age doesn't matter.
    """

    columns: Mapping[str, Column]
    missing: frozenset[str]
    split: Split
    min_rows: int
    fresh_days: float | None

    def column(self, name: str) -> Column:
        """Return the column ``name``; raise DataError where the schema has none."""
        try:
            return self.columns[name]
        except KeyError:
            known = ", ".join(self.columns)
            raise DataError(f"schema.json has no column {name!r}; it has {known}") from None

    def with_role(self, role: str) -> list[Column]:
        """Return the columns with this role, in the file's order."""
        return [column for column in self.columns.values() if column.role == role]


def load(path: Path) -> Schema:
    """Read and check a schema; raise DataError that names the column and what is wrong."""
    content = read_json(path)
    if not isinstance(content, dict) or content.get("schema") != "model-delivery/dataset/v1":
        raise DataError(f'{path.name}: "schema" has to be "model-delivery/dataset/v1"')
    columns = [_column(path, entry) for entry in content.get("columns", [])]
    if len({column.name for column in columns}) != len(columns):
        raise DataError(f"{path.name}: two columns have the same name")
    split = content.get("split") or {}
    return Schema(
        columns={column.name: column for column in columns},
        missing=frozenset(content.get("missing", [""])),
        split=Split(split.get("method", "random"), split.get("column")),
        min_rows=int(content.get("minRows", 1)),
        fresh_days=content.get("freshDays"),
    )


def _column(path: Path, entry: Mapping[str, Any]) -> Column:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise DataError(f"{path.name}: a column has no name")
    role, kind = entry.get("role"), entry.get("kind")
    if role not in ROLES:
        raise DataError(
            f"{path.name}: {name}: role is {role!r}; it has to be one of {', '.join(ROLES)}"
        )
    if kind not in KINDS:
        raise DataError(
            f"{path.name}: {name}: kind is {kind!r}; it has to be one of {', '.join(KINDS)}"
        )
    datatype = entry.get("datatype", DATATYPES[kind][0])
    if datatype not in DATATYPES[kind]:
        right = " or ".join(DATATYPES[kind])
        raise DataError(f"{path.name}: {name}: datatype is {datatype!r}; {kind} has {right}")
    categories = tuple(str(category) for category in entry.get("categories", []))
    if kind == "categorical" and not categories:
        raise DataError(f"{path.name}: {name}: a categorical column needs categories")
    return Column(
        name=name,
        role=role,
        kind=kind,
        datatype=datatype,
        categories=categories,
        minimum=entry.get("min"),
        maximum=entry.get("max"),
        unit=entry.get("unit"),
        example=entry.get("example"),
        period=entry.get("period"),
        missing_max=float(entry.get("missingMax", 0.0)),
        description=entry.get("description"),
    )
