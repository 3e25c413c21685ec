from __future__ import annotations

import dataclasses
import unittest
from collections.abc import Mapping

from ${{ values.package }} import (
    bootstrap,
    config,
    dataset,
    evaluation,
    gates,
    performance,
    prediction,
    scores,
)

from ..support import settings

ACCURACY = scores.SCORES["accuracy"]


def answers(right: int, n: int = 100) -> list[prediction.Prediction]:
    """Return answers of which the first ``right`` are right where the truth is always a."""
    return [prediction.Prediction("a" if i < right else "b") for i in range(n)]


def limits(**values: object) -> config.Config:
    empty: Mapping[str, float] = {}
    plain = config.Gates(min=empty, max=empty, max_drop=empty, slice_max_drop=None, min_slice_n=30)
    return dataclasses.replace(settings(), gates=dataclasses.replace(plain, **values))  # type: ignore[arg-type]


def holdout(n: int = 100) -> evaluation.Holdout:
    truth: list[scores.Truth] = ["a"] * n
    return evaluation.Holdout(dataset.Dataset([], ""), truth, bootstrap.draws(n, resamples=400))


class Limits(unittest.TestCase):
    def judge(self, right: int, plain: int) -> list[gates.Gate]:
        truth: list[scores.Truth] = ["a"] * 100
        rules = limits(min={"accuracy": 0.92})
        return gates.limits(rules, ACCURACY, truth, answers(right), answers(plain))

    def test_a_good_model_passes(self) -> None:
        self.assertEqual([gate.passed for gate in self.judge(97, plain=40)], [True, True])

    def test_a_worse_model_is_refused_with_the_reason_in_a_sentence(self) -> None:
        judged = self.judge(83, plain=40)
        decision, reasons = gates.decide(judged)
        self.assertEqual(decision, "reject")
        self.assertEqual(reasons, ["accuracy 0.830 < 0.92 on 100 holdout rows"])

    def test_no_better_than_trivial_is_refused(self) -> None:
        decision, reasons = gates.decide(self.judge(95, plain=95))
        self.assertEqual(decision, "reject")
        self.assertIn("not better than the trivial baseline", reasons[0])


class Drops(unittest.TestCase):
    def judge(self, ours: int, theirs: int | None, why_not: str | None = None) -> gates.Gate:
        champion = None if theirs is None else answers(theirs)
        rules = limits(max_drop={"accuracy": 0.03})
        return gates.drops(rules, champion, why_not, holdout(), answers(ours))[0]

    def test_the_same_passes(self) -> None:
        self.assertIs(self.judge(96, 96).passed, True)

    def test_far_worse_is_refused(self) -> None:
        self.assertIs(self.judge(60, 96).passed, False)

    def test_what_the_rows_cannot_tell_is_for_a_person(self) -> None:
        gate = self.judge(93, 96)
        self.assertIsNone(gate.passed)
        self.assertIn("a person decides", gate.reason)
        self.assertEqual(gates.decide([gate])[0], "needs-approval")

    def test_a_champion_that_cannot_be_asked_is_unknown(self) -> None:
        gate = self.judge(96, None, "the champion can't be asked: it is broken")
        self.assertEqual((gate.passed, gate.blocking), (None, True))
        self.assertEqual(gates.decide([gate])[0], "needs-approval")

    def test_a_first_release_has_nothing_to_be_compared_with(self) -> None:
        gate = self.judge(96, None, "first release: there is no champion yet")
        self.assertEqual(gates.decide([gate])[0], "promote")


class Speed(unittest.TestCase):
    def judge(self, ours: float, theirs: float, *, valid: bool = True) -> bool | None:
        timings = performance.Timings(a=[ours] * 20, b=[theirs] * 20, predictions=20)
        control = performance.Timings(a=[1.0], b=[1.0])
        return performance.speed_gate(settings().perf, timings, control, valid, None).passed

    def test_slower_by_ratio_and_by_floor_is_refused(self) -> None:
        self.assertIs(self.judge(0.005, 0.001), False)

    def test_slower_by_microseconds_passes(self) -> None:
        self.assertIs(self.judge(0.000_050, 0.000_010), True)

    def test_a_noisy_machine_cannot_tell(self) -> None:
        self.assertIsNone(self.judge(0.005, 0.001, valid=False))
