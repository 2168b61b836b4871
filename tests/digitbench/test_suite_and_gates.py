"""Results: what counts as right, how a run is summed up, and when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digitbench import gates, suite
from digitnet import Drawing, Stroke

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

TAP = Drawing((Stroke([(1, 1)]),))


@pytest.mark.parametrize(
    ("word", "read", "accepted", "outcome"),
    [
        ("7", "7", True, suite.CORRECT),
        ("74", "74", True, suite.CORRECT),
        ("7", "1", True, suite.WRONG),
        ("74", "7", True, suite.WRONG),
        ("7", "74", True, suite.WRONG),
        ("7", "7", False, suite.REJECTED),
        ("7", "1", False, suite.REJECTED),
        ("7", "", True, suite.REJECTED),
        ("7", None, True, suite.REJECTED),
        ("", "7", False, suite.CORRECT),
        ("", "", True, suite.CORRECT),
        ("", None, True, suite.CORRECT),
        ("", "7", True, suite.WRONG),
    ],
)
def test_a_recording_is_judged_by_its_word(
    judged: Judged, word: str, read: str | None, outcome: str, *, accepted: bool
) -> None:
    """Right is the same text; for no digit, that nothing was accepted as one."""
    assert judged("one", word, read, accepted=accepted).outcome == outcome


def test_a_crash_is_never_right(judged: Judged) -> None:
    """Not even where nothing was to be read."""
    assert judged("one", "", None, error="Traceback: boom").outcome == suite.CRASHED


def test_a_result_tells_what_the_app_answered(judged: Judged) -> None:
    """Text, confidence and whether all was accepted."""
    right, rejected, nothing = (
        judged("a", "7", "7", confidence=0.75),
        judged("b", "7", "7", confidence=0.5, accepted=False),
        judged("c", "7", None),
    )
    assert (right.key_id, right.word, right.answer) == ("a", "7", "7")
    assert (right.confidence, right.accepted) == (0.75, True)
    assert (rejected.answer, rejected.confidence, rejected.accepted) == ("", 0.5, False)
    assert (nothing.answer, nothing.confidence, nothing.accepted) == ("", 0.0, False)


def test_a_run_is_summed_up(judged: Judged) -> None:
    """Each outcome is counted, and accuracy is what is correct of all."""
    results = [
        judged("a", "7", "7"),
        judged("b", "", "7", accepted=False),
        judged("c", "7", "1"),
        judged("d", "7", "7", accepted=False),
        judged("e", "7", None, error="Traceback: boom"),
    ]
    summary = suite.summarize(results, seconds=2.5)
    assert (summary.recordings, summary.correct, summary.wrong) == (5, 2, 1)
    assert (summary.rejected, summary.crashed) == (1, 1)
    assert summary.accuracy == pytest.approx(0.4)
    assert summary.seconds == 2.5


@pytest.mark.parametrize(
    ("latencies", "p50", "p99"),
    [
        ([], 0.0, 0.0),
        ([4.0], 4.0, 4.0),
        ([1.0, 9.0], 5.0, 9.0),
        ([3.0, 1.0, 2.0], 2.0, 3.0),
        (list(range(1, 101)), 50.5, 99),
        (list(range(1, 1001)), 500.5, 990),
    ],
    ids=["none", "one", "two", "three", "hundred", "thousand"],
)
def test_latencies_are_summed_up_as_percentiles(
    judged: Judged, latencies: list[float], p50: float, p99: float
) -> None:
    """The median, and the least latency that is not exceeded by 99 of 100 (nearest rank)."""
    half = len(latencies) // 2
    results = [
        judged("a", "7", "7", latency_ms=tuple(latencies[:half])),
        judged("b", "7", "7", latency_ms=tuple(latencies[half:])),
    ]
    summary = suite.summarize(results, seconds=1.0)
    assert (summary.latency_p50, summary.latency_p99) == (p50, p99)


def test_a_good_run_passes_its_gates(judged: Judged) -> None:
    """Exactly as accurate as asked for is accurate enough."""
    results = [judged("a", "7", "7"), judged("b", "7", "1")]
    assert gates.check(suite.summarize(results, 1.0)) == []
    assert gates.check(suite.summarize(results, 1.0), min_accuracy=0.5) == []


def test_a_gate_that_fails_answers_with_a_sentence(judged: Judged) -> None:
    """With what was found and what is asked for."""
    results = [judged("a", "7", "7"), judged("b", "7", "1"), judged("c", "7", "7")]
    assert gates.check(suite.summarize(results, 1.0), min_accuracy=0.99) == [
        "2 of 3 recordings are right, 66.67%, and at least 99.00% are asked for"
    ]


def test_a_crash_always_fails(judged: Judged) -> None:
    """Whatever accuracy is asked for, or none."""
    results = [judged("a", "7", "7"), judged("b", "7", None, error="Traceback: boom")]
    assert gates.check(suite.summarize(results, 1.0)) == ["the app crashed on 1 of 2 recordings"]


def test_a_run_of_nothing_fails() -> None:
    """An empty run proves nothing."""
    assert gates.check(suite.summarize([], 1.0)) == [
        "nothing was replayed: there are no recordings to judge by"
    ]
