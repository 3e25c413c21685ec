"""The population stability index: how far a window of values is from a reference.

Under 0.1 is usually read as no change, over 0.2 as a change, but on few rows chance alone gives
more than that: see ``reference.py``, which works out a limit for each feature.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def psi(reference: Sequence[float], window: Sequence[float]) -> float:
    """Return the index of two histograms with the same bins; half a count is added to each bin.

    With p and q as the shares of a bin in reference and window, it is the sum over the bins of
    (q - p) · ln(q / p): 0 for equal shares, never negative, without a unit.
    """
    if len(reference) != len(window):
        raise ValueError(f"{len(reference)} bins can't be compared with {len(window)}")
    bins = len(reference)
    reference_total = math.fsum(reference) + 0.5 * bins
    window_total = math.fsum(window) + 0.5 * bins
    terms = []
    for expected, found in zip(reference, window, strict=True):
        p = (expected + 0.5) / reference_total
        q = (found + 0.5) / window_total
        terms.append((q - p) * math.log(q / p))
    return math.fsum(terms)
