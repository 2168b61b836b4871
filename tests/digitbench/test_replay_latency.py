"""How long a replay took, and how long the app took to answer, also if it crashes or hangs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from digitbench.replay.replayer import Replayer
from digitnet import Drawing, Prediction, Recognizer, Stroke

FIRST = Stroke.of([100, 200, 200], [60, 60, 160], [0, 50, 100])
SECOND = Stroke.of([300, 380], [300, 300], [500, 550])
INK = Drawing((FIRST, SECOND), canvas=(600, 560), pen=0.05)


def test_latencies_are_parts_of_the_time_that_a_replay_takes(replayer: Replayer) -> None:
    """In milliseconds and seconds; a crash keeps the latencies of the strokes before it."""
    began = time.perf_counter()
    replayed = replayer.replay(INK)
    elapsed = time.perf_counter() - began
    assert len(replayed.latency_ms) == 2
    assert 0 < sum(replayed.latency_ms) <= 1000 * replayed.seconds
    assert 0 < replayed.seconds <= elapsed
    # A frame in which ink is read takes more than a hundredth of a millisecond.
    assert min(replayed.latency_ms) > 0.01


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("every_frame", [True, False])
def test_a_latency_includes_the_time_to_read(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, *, live: bool, every_frame: bool
) -> None:
    """Also if the ink is read before the pen is lifted, at its last point."""
    predict = recognizer.predict

    def slow(drawing: Drawing, **options: Any) -> Prediction:
        time.sleep(0.05)
        return predict(drawing, **options)

    monkeypatch.setattr(recognizer, "predict", slow)
    replayed = Replayer(recognizer, live=live, every_frame=every_frame).replay(INK)
    assert len(replayed.latency_ms) == 2
    assert min(replayed.latency_ms) >= 50


def test_a_crash_keeps_what_was_measured_before(
    replayer: Replayer, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strokes before it have latencies, and its time is how long it took."""
    predict = recognizer.predict

    def fail_at_two(drawing: Drawing, **options: Any) -> Prediction:
        if len(drawing.strokes) == 2:
            raise RuntimeError("boom")
        return predict(drawing, **options)

    monkeypatch.setattr(recognizer, "predict", fail_at_two)
    began = time.perf_counter()
    crashed = replayer.replay(INK)
    elapsed = time.perf_counter() - began
    assert crashed.prediction is None
    assert len(crashed.latency_ms) == 1
    assert crashed.latency_ms[0] / 1000 < crashed.seconds <= elapsed
    assert not crashed.killed


def test_an_app_that_hangs_is_not_replayed_again(
    recognizer: Recognizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is interrupted at the time limit, and marked."""
    monkeypatch.setattr(recognizer, "predict", lambda *_, **__: time.sleep(600))
    hung = Replayer(recognizer, timeout=0.2, save_dir=tmp_path).replay(INK)
    assert hung.killed
    assert hung.prediction is None
    assert hung.error.endswith("TimedOut: not done after 0.2 seconds\n")
