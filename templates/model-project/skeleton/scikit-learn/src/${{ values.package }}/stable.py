"""The same bytes for the same model: skops writes memory addresses and the time of day."""

from __future__ import annotations

import io
import re
import zipfile

_SCHEMA = "schema.json"
_ADDRESS = re.compile(r'("__id__": |"file": ")(\d+)')
_TIME = (1980, 1, 1, 0, 0, 0)


def normalised(model: bytes) -> bytes:
    """Return a skops file with addresses replaced by numbers in order, and without times.

    Objects that were one stay one: each address becomes the same number wherever it stands.
    """
    with zipfile.ZipFile(io.BytesIO(model)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return match[1] + numbers.setdefault(match[2], str(len(numbers) + 1))

    schema = _ADDRESS.sub(number, contents.pop(_SCHEMA).decode())
    renamed = {_SCHEMA: schema.encode()}
    for name, content in contents.items():
        address, _, suffix = name.partition(".")
        renamed[f"{numbers.get(address, address)}.{suffix}"] = content
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(renamed.items()):
            archive.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
