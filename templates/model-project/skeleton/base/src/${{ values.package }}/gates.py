"""The gates of ``evaluate``: pure functions that decide and say why in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import bootstrap, scores
from .config import Config
from .prediction import Prediction
from .scores import Score, Truth

if TYPE_CHECKING:
    from .evaluation import Holdout


@dataclass(frozen=True)
class Gate:
    """A condition; ``passed`` None is unknown, and ``reason`` says why it passed or not.

    ``undecided`` marks a comparison that the data can't decide: a person has to.
    """

    id: str
    rule: str
    observed: float | None
    limit: float | None
    passed: bool | None
    reason: str
    blocking: bool = True
    undecided: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return its entry in the report."""
        return {
            "id": self.id,
            "rule": self.rule,
            "observed": self.observed,
            "limit": self.limit,
            "pass": self.passed,
            "blocking": self.blocking,
            "reason": self.reason,
        }


def within(score: Score, value: float, config: Config) -> bool:
    """Tell whether ``value`` keeps the limits of ``model.toml`` for this metric."""
    low, high = config.gates.min.get(score.name), config.gates.max.get(score.name)
    return (low is None or value >= low) and (high is None or value <= high)


def limits(
    config: Config,
    primary: Score,
    truth: Sequence[Truth],
    ours: Sequence[Prediction],
    plain: Sequence[Prediction],
) -> list[Gate]:
    """Return the gates that compare a point estimate: ``min``, ``max``, and the trivial one."""
    result = []
    for kind, sign, table in (("min", ">=", config.gates.min), ("max", "<=", config.gates.max)):
        for name, limit in table.items():
            value = scores.SCORES[name].of(truth, ours)
            rule = f"{name} {sign} {limit:g}"
            if value is None:
                reason = f"{name} isn't defined on {len(truth)} holdout rows"
                result.append(Gate(f"{kind}:{name}", rule, None, limit, None, reason))
                continue
            good = value >= limit if kind == "min" else value <= limit
            shown = sign if good else {"min": "<", "max": ">"}[kind]
            reason = f"{name} {value:.3f} {shown} {limit:g} on {len(truth)} holdout rows"
            result.append(Gate(f"{kind}:{name}", rule, value, limit, good, reason))
    value, floor = primary.of(truth, ours), primary.of(truth, plain)
    rule = f"{primary.name} better than the trivial baseline"
    if value is None or floor is None:
        reason = f"{primary.name} isn't defined on {len(truth)} holdout rows"
        return [*result, Gate("beats-trivial", rule, value, floor, None, reason)]
    better = primary.worsening(value, floor) < 0
    words = "better" if better else "not better"
    reason = f"{primary.name} {value:.3f} is {words} than the trivial baseline's {floor:.3f}"
    return [*result, Gate("beats-trivial", rule, value, floor, better, reason)]


def drops(
    config: Config,
    champion: Sequence[Prediction] | None,
    why_not: str | None,
    holdout: Holdout,
    ours: Sequence[Prediction],
) -> list[Gate]:
    """Return the gates that compare with the champion on the same rows.

    The worsening's interval decides: wholly over the limit is a no, wholly under it a yes, and
    across it is for a person.
    """
    result = []
    for name, limit in config.gates.max_drop.items():
        score = scores.SCORES[name]
        identity = f"max-drop:{name}"
        rule = f"{name} at most {limit:g} worse than the champion"
        if champion is None:
            first = why_not is not None and why_not.startswith("first release")
            reason = why_not or "there is no champion"
            result.append(Gate(identity, rule, None, limit, None, reason, blocking=not first))
            continue
        value, theirs = score.of(holdout.truth, ours), score.of(holdout.truth, champion)
        change = bootstrap.paired_interval(score, holdout.truth, ours, champion, holdout.samples)
        if value is None or theirs is None or change is None:
            reason = f"{name} isn't defined on {len(holdout.truth)} holdout rows"
            result.append(Gate(identity, rule, None, limit, None, reason))
            continue
        worse = score.worsening(value, theirs)
        low, high = sorted(score.worsening(edge, 0.0) for edge in change)
        span = f"95 % interval {low:+.3f} to {high:+.3f}"
        compared = f"{name} {value:.3f} against the champion's {theirs:.3f}"
        if low > limit:
            reason = f"{compared} is worse by more than {limit:g} ({span})"
            result.append(Gate(identity, rule, worse, limit, False, reason))
        elif high > limit:
            reason = (
                f"{compared}: whether it is worse by more than {limit:g} can't be told on "
                f"{len(holdout.truth)} rows ({span}), so a person decides"
            )
            result.append(Gate(identity, rule, worse, limit, None, reason, undecided=True))
        else:
            reason = f"{compared} isn't worse by more than {limit:g} ({span})"
            result.append(Gate(identity, rule, worse, limit, True, reason))
    return result


def slices(config: Config, entries: Sequence[Mapping[str, Any]]) -> list[Gate]:
    """Return a gate for each slice that was large enough to be compared with the champion."""
    result = []
    for entry in entries:
        if entry["pass"] is None:
            continue
        limit = config.gates.slice_max_drop
        assert limit is not None
        score = scores.SCORES[entry["metric"]]
        worse = score.worsening(entry["candidate"], entry["baseline"])
        words = "isn't worse" if entry["pass"] else "is worse"
        reason = (
            f"{score.name} {entry['candidate']:.3f} where {entry['name']} {words} by more than "
            f"{limit:g} than the champion's {entry['baseline']:.3f} on {entry['n']} rows"
        )
        rule = f"{score.name} at most {limit:g} worse than the champion where {entry['name']}"
        result.append(Gate(f"slice:{entry['name']}", rule, worse, limit, entry["pass"], reason))
    return result


def decide(gates: Sequence[Gate]) -> tuple[str, list[str]]:
    """Return promote, reject or needs-approval, and the reasons in sentences."""
    failed = [gate.reason for gate in gates if gate.blocking and gate.passed is False]
    if failed:
        return "reject", failed
    unknown = [gate.reason for gate in gates if gate.blocking and gate.passed is None]
    if unknown:
        return "needs-approval", unknown
    return "promote", [gate.reason for gate in gates]
