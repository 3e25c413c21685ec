"""The artifact: its manifest, its digests, and the deterministic archive that is delivered.

``artifacts/selected`` holds ``manifest.json`` and ``model/``; the archive adds the code that the
manifest already names, and ``release.json``, which says which release this packing is and isn't
part of the artifact. The digest of an artifact is the digest of its manifest's bytes.
"""

from __future__ import annotations

import io
import json
import platform
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from .errors import DataError
from .files import canonical, digest_bytes, digest_file, read_json, shown

SCHEMA = "model-delivery/manifest/v1"
MANIFEST = "manifest.json"
RELEASE = "release.json"
LOCK = "requirements.lock"
_MAX_UNPACKED = 2 * 1024**3


def code_files(root: Path, package: str) -> dict[str, Path]:
    """Return the package's own Python files by their path in the bundle."""
    source = root / "src" / package
    return {
        path.relative_to(root).as_posix(): path
        for path in sorted(source.rglob("*.py"))
        if "__pycache__" not in path.parts
    }


def make_manifest(root: Path, package: str, model: Path, facts: Mapping[str, Any]) -> bytes:
    """Return the manifest of the model files in ``model`` and the code and lock in ``root``.

    ``facts`` is what else it records; it holds no time, so that the same input gives the same
    digest.
    """
    files = {f"model/{path.name}": digest_file(path) for path in sorted(model.iterdir())}
    files |= {name: digest_file(path) for name, path in code_files(root, package).items()}
    files[LOCK] = digest_file(root / LOCK)
    version = ".".join(platform.python_version_tuple()[:2])
    machine = f"{platform.system()}-{platform.machine()}".lower()
    return canonical(
        {
            "schema": SCHEMA,
            "package": package,
            "files": files,
            "python": version,
            "platform": machine,
            "lockDigest": files[LOCK],
            **facts,
        }
    )


def artifact_digest(folder: Path) -> str:
    """Return the digest of the artifact in ``folder``, which has a manifest."""
    path = folder / MANIFEST
    if not path.exists():
        raise DataError(f"{shown(path)} doesn't exist: run the verb select first")
    return digest_file(path)


def verify(model_dir: Path) -> Mapping[str, Any]:
    """Check every file beside the manifest of ``model_dir`` against it, and return it.

    In an unpacked bundle that is the code too; in ``artifacts/selected`` there is only the model.
    Raises DataError with a sentence for what is missing, changed or not named.
    """
    root = model_dir.parent
    manifest = read_json(root / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise DataError(f"{shown(root / MANIFEST)} isn't a manifest of {SCHEMA}")
    whole = (root / "src").exists()
    expected = {
        name: digest
        for name, digest in manifest["files"].items()
        if whole or name.startswith("model/")
    }
    for name, digest in expected.items():
        path = root / _inside(name)
        if not path.is_file():
            raise DataError(f"the artifact is corrupt: {name} is missing")
        if digest_file(path) != digest:
            raise DataError(f"the artifact is corrupt: {name} isn't what its manifest says")
    for path in model_dir.iterdir():
        if f"model/{path.name}" not in expected:
            raise DataError(f"the artifact is corrupt: its manifest doesn't name {path.name}")
    return manifest


def release_of(model_dir: Path) -> Mapping[str, Any]:
    """Return ``release.json`` of the bundle around ``model_dir``; empty where there is none."""
    path = model_dir.parent / RELEASE
    content: Mapping[str, Any] = read_json(path) if path.exists() else {}
    return content


def _contents(
    root: Path, selected: Path, release: Mapping[str, Any]
) -> Iterator[tuple[str, bytes]]:
    manifest = (selected / MANIFEST).read_bytes()
    for name, digest in json.loads(manifest)["files"].items():
        place = selected if name.startswith("model/") else root
        content = (place / name).read_bytes()
        if digest_bytes(content) != digest:
            raise DataError(f"{name} has changed since the model was selected: run select again")
        yield name, content
    yield MANIFEST, manifest
    yield RELEASE, canonical(release)


def pack(root: Path, selected: Path, release: Mapping[str, Any], epoch: int) -> bytes:
    """Return the archive: a tar of sorted members with fixed owners, modes and times, in gzip."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in sorted(_contents(root, selected, release)):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mtime = epoch
            member.mode = 0o644
            archive.addfile(member, io.BytesIO(content))
    return _gzip(buffer.getvalue(), epoch)


def _gzip(content: bytes, epoch: int) -> bytes:
    """Compress with a header of our own: the library's names the platform and the file."""
    header = b"\x1f\x8b\x08\x00" + (epoch & 0xFFFFFFFF).to_bytes(4, "little") + b"\x02\xff"
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = deflate.compress(content) + deflate.flush()
    size = len(content) & 0xFFFFFFFF
    return header + body + zlib.crc32(content).to_bytes(4, "little") + size.to_bytes(4, "little")


def unpack(archive: Path, into: Path) -> Path:
    """Unpack a bundle into the folder ``into`` and return the folder of its model, verified.

    Only plain files with names inside the folder are accepted.
    """
    total = 0
    try:
        with tarfile.open(archive, "r:gz") as bundle:
            for member in bundle:
                if not member.isfile():
                    raise DataError(f"{archive.name}: {member.name} isn't a plain file")
                total += member.size
                if total > _MAX_UNPACKED:
                    raise DataError(f"{archive.name} is larger than {_MAX_UNPACKED} bytes")
                file = bundle.extractfile(member)
                assert file is not None
                path = into / _inside(member.name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.read())
    except FileNotFoundError:
        raise DataError(f"{archive.name} doesn't exist") from None
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{archive.name} isn't a bundle: {error}") from None
    verify(into / "model")
    return into / "model"


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise DataError(f"the artifact is corrupt: {name!r} isn't a name inside it")
    return path
