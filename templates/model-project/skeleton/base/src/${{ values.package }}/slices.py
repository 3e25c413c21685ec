"""Parts of the holdout that are looked at on their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .config import Config
from .dataset import Row
from .schema import Schema

_MOST_CATEGORIES = 8


@dataclass(frozen=True)
class Slice:
    """The rows (by position) in which ``column`` is ``value``."""

    column: str
    value: str
    rows: list[int]

    @property
    def name(self) -> str:
        """``column=value``."""
        return f"{self.column}={self.value}"


def find(config: Config, schema: Schema, rows: Sequence[Row]) -> list[Slice]:
    """Return a slice for each category of the columns that ``model.toml`` names.

    Where it names none: of every categorical column but the target with at most 8 categories.
    """
    if config.data.slices is None:
        columns = [
            column
            for column in schema.columns.values()
            if column.kind == "categorical"
            and column.role in ("feature", "extra")
            and len(column.categories) <= _MOST_CATEGORIES
        ]
    else:
        columns = [schema.column(name) for name in config.data.slices]
    found = [
        Slice(column.name, value, [i for i, row in enumerate(rows) if row[column.name] == value])
        for column in columns
        for value in column.categories
    ]
    return [part for part in found if part.rows]
