"""When the app reads the ink of a recording."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from digitbench.replay.playback import Frame, Observer
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitnet import Drawing, Prediction, Recognizer, Stroke

FIRST = Stroke.of([100, 200, 200], [60, 60, 160], [0, 50, 100])
SECOND = Stroke.of([300, 380], [300, 300], [500, 550])
INK = Drawing((FIRST, SECOND), canvas=(600, 560), pen=0.05)
LONG = replace(
    INK,
    strokes=(Stroke.of([100, 150, 200, 250, 300], [60, 90, 160, 90, 60], [0, 25, 50, 75, 100]),),
)


def look(_app: App, _frame: Frame) -> None:
    """Observe, and note nothing."""


def read_in(
    replayer: Replayer,
    recognizer: Recognizer,
    monkeypatch: pytest.MonkeyPatch,
    drawing: Drawing,
    observe: Observer | None = None,
) -> list[list[int]]:
    """Replay a drawing; return how many points each stroke had whenever the app read."""
    predict, read = recognizer.predict, []

    def note(drawing: Drawing, **options: Any) -> Prediction:
        read.append([len(stroke.points) for stroke in drawing.strokes])
        return predict(drawing, **options)

    monkeypatch.setattr(recognizer, "predict", note)
    assert not replayer.replay(drawing, observe).error
    return read


@pytest.mark.parametrize("every_frame", [True, False])
def test_without_live_reading_ink_is_read_when_the_pen_is_lifted(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, *, every_frame: bool
) -> None:
    """Once for each stroke: a half-drawn stroke is not answered."""
    replayer = Replayer(recognizer, live=False, every_frame=every_frame)
    assert read_in(replayer, recognizer, monkeypatch, INK) == [[3], [3, 2]]


@pytest.mark.parametrize("observe", [None, look], ids=["unobserved", "observed"])
def test_ink_is_read_while_it_is_drawn(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, observe: Observer | None
) -> None:
    """As users have it, at every moment."""
    replayer = Replayer(recognizer, every_frame=True)
    read = read_in(replayer, recognizer, monkeypatch, LONG, observe)
    assert read == [[2], [3], [4], [5]]


@pytest.mark.parametrize("observe", [None, look], ids=["unobserved", "observed"])
def test_with_fewer_frames_ink_is_read_before_the_last_point(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, observe: Observer | None
) -> None:
    """So an answer that lags behind is seen, and whoever looks changes nothing."""
    assert read_in(Replayer(recognizer), recognizer, monkeypatch, LONG, observe) == [[4], [5]]


def test_a_recording_says_whether_ink_is_read_while_it_is_drawn(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its event on; the setup may say otherwise for all recordings."""
    session = replace(LONG, events=((10, "live", False),))
    for live, before in ((None, []), (False, []), (True, [[2], [3], [4]])):
        with monkeypatch.context() as patch:
            replayer = Replayer(recognizer, live=live, every_frame=True)
            assert read_in(replayer, recognizer, patch, session) == [*before, [5]]
