"""How often the holdout was used: the more versions are judged on it, the less its numbers mean."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass

from . import bundle
from .context import Context
from .files import digest_file


@dataclass(frozen=True)
class Use:
    """Digest of the holdout, and how many delivered versions were judged on it, this one too.

    Versions that were rejected aren't in the chain of champions, so ``count`` is a lower bound.
    """

    digest: str
    count: int


def judged(context: Context) -> Use:
    """Return the use of this repository's holdout, counted along the chain of champions."""
    digest = digest_file(context.root / context.config.data.holdout)
    before = 0
    if context.champion is not None:
        try:
            with tarfile.open(context.champion, "r:gz") as archive:
                member = archive.extractfile(bundle.RELEASE)
                release = json.load(member) if member else {}
        except (OSError, tarfile.TarError, KeyError, ValueError):
            release = {}
        if release.get("holdoutDigest") == digest:
            before = int(release.get("judged") or 0)
    return Use(digest, before + 1)
