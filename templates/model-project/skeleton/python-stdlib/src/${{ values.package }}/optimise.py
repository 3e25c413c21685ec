"""Two small pieces of numerical mathematics: minimising a smooth function, and solving a positive
definite system. Sums are exact (``math.fsum``), so the same input gives the same bytes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from operator import mul

from .errors import ProjectError

Vector = list[float]

_HISTORY = 10
_TOLERANCE = 1e-7


def dot(a: Vector, b: Vector) -> float:
    """Return the inner product."""
    return math.fsum(map(mul, a, b))


def minimise(
    function: Callable[[Vector], tuple[float, Vector]], start: Vector, *, max_iterations: int
) -> Vector:
    """Return where a smooth convex ``function`` is smallest, by the L-BFGS method.

    ``function`` returns value and gradient. It ends where no part of the gradient is over 1e-7,
    where no step gets lower, or after ``max_iterations``.
    """
    point = start
    value, gradient = function(point)
    history: deque[tuple[Vector, Vector, float]] = deque(maxlen=_HISTORY)
    for _ in range(max_iterations):
        if max(map(abs, gradient)) < _TOLERANCE:
            break
        direction = _direction(gradient, history)
        slope = dot(direction, gradient)
        step = 1.0 if history else min(1.0, 1.0 / math.sqrt(dot(gradient, gradient)))
        while True:
            moved = [x + step * d for x, d in zip(point, direction, strict=True)]
            new_value, new_gradient = function(moved)
            if new_value <= value + 1e-4 * step * slope:
                break
            step *= 0.5
            if step < 1e-12:
                return point
        shift = [a - b for a, b in zip(moved, point, strict=True)]
        change = [a - b for a, b in zip(new_gradient, gradient, strict=True)]
        curvature = dot(shift, change)
        if curvature > 1e-14:
            history.append((shift, change, curvature))
        point, value, gradient = moved, new_value, new_gradient
    return point


def _direction(gradient: Vector, history: deque[tuple[Vector, Vector, float]]) -> Vector:
    """Return the way down that the last steps suggest (the two-loop recursion of L-BFGS)."""
    direction = [-g for g in gradient]
    weights: list[float] = []
    for shift, change, curvature in reversed(history):
        weight = dot(shift, direction) / curvature
        weights.append(weight)
        direction = [d - weight * c for d, c in zip(direction, change, strict=True)]
    if history:
        _, change, curvature = history[-1]
        scale = curvature / dot(change, change)
        direction = [d * scale for d in direction]
    for (shift, change, curvature), weight in zip(history, reversed(weights), strict=True):
        correction = weight - dot(change, direction) / curvature
        direction = [d + correction * s for d, s in zip(direction, shift, strict=True)]
    return direction


def solve(matrix: list[Vector], right: Vector) -> Vector:
    """Solve ``matrix`` · x = ``right`` for a symmetric positive definite matrix (Cholesky)."""
    n = len(right)
    lower: list[Vector] = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i][j] - math.fsum(map(mul, lower[i][:j], lower[j][:j]))
            if i != j:
                lower[i][j] = rest / lower[j][j]
            elif rest > 0:
                lower[i][i] = math.sqrt(rest)
            else:
                raise ProjectError("the features depend on each other: raise l2")
    forward: Vector = []
    for i in range(n):
        forward.append((right[i] - math.fsum(map(mul, lower[i][:i], forward))) / lower[i][i])
    result = [0.0] * n
    for i in reversed(range(n)):
        known = math.fsum(lower[j][i] * result[j] for j in range(i + 1, n))
        result[i] = (forward[i] - known) / lower[i][i]
    return result
