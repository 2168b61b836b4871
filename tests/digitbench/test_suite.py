"""Results: what counts as right, and how a run is summed up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digitbench.run import suite
from digitbench.run.intervals import wilson_interval
from digitbench.run.tally import Tally

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged


def tagged(result: suite.Result, *tags: str) -> suite.Result:
    return replace(result, drawing=replace(result.drawing, tags=tags))


@pytest.mark.parametrize(
    ("word", "read", "accepted", "outcome"),
    [
        ("7", "7", True, suite.CORRECT),
        ("74", "74", True, suite.CORRECT),
        ("3?50", "3?50", True, suite.CORRECT),
        ("3?50", "350", True, suite.WRONG),
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
    """The same text is right; if no digit is meant, that nothing was accepted as one."""
    assert judged("one", word, read, accepted=accepted).outcome == outcome


def test_a_crash_is_never_right(judged: Judged) -> None:
    """Not even if nothing should be read."""
    assert judged("one", "", None, error="Traceback: boom").outcome == suite.CRASHED


def test_a_result_has_the_answer_of_the_app(judged: Judged) -> None:
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
    """Each outcome is counted, and accuracy is the correct share of all."""
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


def test_a_run_is_summed_up_by_digit_and_by_tag(judged: Judged) -> None:
    """Digits in order, then numbers and no digit; a recording counts for each of its tags."""
    results = [
        tagged(judged("a", "7", "7"), "small", "crossed", "small"),
        tagged(judged("b", "", None), "small"),
        tagged(judged("c", "7", "1"), "crossed"),
        tagged(judged("d", "2026", "2026")),
        tagged(judged("e", "0", "0", accepted=False)),
    ]
    summary = suite.summarize(results, 1.0)
    assert list(summary.digits) == ["0", "7", "numbers", "none"]
    assert summary.digits["0"] == Tally(correct=0, wrong=0, rejected=1, crashed=0)
    assert summary.digits["7"] == Tally(correct=1, wrong=1, rejected=0, crashed=0)
    assert summary.digits["7"].accuracy == 0.5
    assert summary.tags == {"crossed": Tally(1, 1, 0, 0), "small": Tally(2, 0, 0, 0)}
    assert summary.interval == wilson_interval(3, 5)


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
    """The median, and the least latency that 99 of 100 do not exceed (nearest rank)."""
    half = len(latencies) // 2
    results = [
        judged("a", "7", "7", latency_ms=tuple(latencies[:half])),
        judged("b", "7", "7", latency_ms=tuple(latencies[half:])),
    ]
    summary = suite.summarize(results, seconds=1.0)
    assert (summary.latency_p50, summary.latency_p99) == (p50, p99)
