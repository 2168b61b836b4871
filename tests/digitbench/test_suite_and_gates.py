"""Results: what counts as right, how a run is summed up, and when it fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench import gates, suite
from digitnet import Drawing, RecordingError, Stroke, write_drawings

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


def test_files_and_folders_are_found(tmp_path: Path) -> None:
    """Files in the order given, folders' recordings sorted, those in folders within too."""
    for name in ("b.ndjson", "a.ndjson", "deep/er/c.ndjson", "notes.txt", "single.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = suite.find_recordings([tmp_path / "single.json", tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "single.json",
        "a.ndjson",
        "b.ndjson",
        "deep/er/c.ndjson",
    ]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """With its name, be it a file or a folder without any recording."""
    with pytest.raises(RecordingError, match=r"gone: there is no such file or folder"):
        suite.find_recordings([tmp_path / "gone"])
    with pytest.raises(RecordingError, match=r"holds no \.ndjson file"):
        suite.find_recordings([tmp_path])


def test_recordings_without_a_name_are_named_after_their_place(tmp_path: Path) -> None:
    """So that every failure can be found again."""
    file = tmp_path / "mine.ndjson"
    write_drawings(file, [TAP, Drawing(TAP.strokes, key_id="named"), TAP])
    names = [drawing.key_id for drawing in suite.read_all([file])]
    assert names == ["mine.ndjson:1", "named", "mine.ndjson:3"]


@pytest.mark.parametrize(("limit", "count"), [(None, 4), (3, 3), (1, 1), (9, 4)])
def test_a_limit_holds_for_all_files_together(
    tmp_path: Path, limit: int | None, count: int
) -> None:
    """The first so many recordings, wherever they are from."""
    files = [tmp_path / "one.ndjson", tmp_path / "two.ndjson"]
    for file in files:
        write_drawings(file, [TAP, TAP])
    assert len(suite.read_all(files, limit)) == count
