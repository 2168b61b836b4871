"""Recordings through the real app give the same ink, on every device."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.replay.events import Device
from digitbench.replay.pilot import Pilot
from digitbench.replay.replayer import Replayed, Replayer
from digitbench.strategies import drawings
from digitdraw.ui.layout import arrange
from digitnet import Drawing, Prediction, Recognizer, Stroke, read_drawings

BOARD = arrange(960, 640).board.size
"""The board's size in the replayers' window; canvas pixels of such a canvas are window pixels."""

FIRST = Stroke.of([200, 400, 300], [120, 120, 480], [0, 50, 100])
SECOND = Stroke.of([250, 380], [300, 300], [500, 550])
DEVICES: tuple[Device, ...] = ("mouse", "touch")


def read(replayed: Replayed) -> Prediction:
    """Return what the app read; a crash fails the test with its traceback."""
    assert not replayed.error, replayed.error
    return replayed.prediction or Prediction(())


def same_pictures(one: Prediction, other: Prediction) -> bool:
    """Whether both have the same digits, up to one grey level."""
    return len(one.digits) == len(other.digits) and all(
        np.abs(a.image.astype(int) - b.image).max() <= 1
        for a, b in zip(one.digits, other.digits, strict=True)
    )


def strokes_of(prediction: Prediction) -> set[int]:
    return {index for digit in prediction.digits for index in digit.strokes or ()}


@settings(max_examples=50)
@given(drawing=drawings(side=min(BOARD) - 1))
def test_mouse_and_touch_show_the_network_the_same(
    replayers: dict[Device, Replayer], drawing: Drawing
) -> None:
    """If points are at whole pixels of the window, as those of a mouse always are."""
    drawing = replace(drawing, canvas=BOARD)
    by_mouse, by_touch = (read(replayers[device].replay(drawing)) for device in DEVICES)
    assert same_pictures(by_mouse, by_touch)


def is_large(drawing: Drawing) -> bool:
    """Whether each stroke is so large that a hundredth of a pixel does not show in the 28x28.

    The app records positions to that precision.
    """
    return all(np.ptp(stroke.xy, axis=0).max() >= 60 for stroke in drawing.strokes)


@settings(max_examples=50)
@given(drawing=drawings(side=500, min_points=2).filter(is_large))
def test_the_app_shows_the_network_what_framing_makes(
    replayers: dict[Device, Replayer], recognizer: Recognizer, drawing: Drawing
) -> None:
    """Neither the scale of the window nor the events change the 28x28 of a drawing."""
    through_app = read(replayers["touch"].replay(drawing))
    assert same_pictures(through_app, recognizer.predict(drawing))


@settings(max_examples=50)
@given(
    drawing=drawings(side=500),
    canvas=st.sampled_from([None, (500, 500), (500, 900)]),
    device=st.sampled_from(DEVICES),
)
def test_every_stroke_arrives(
    replayers: dict[Device, Replayer],
    drawing: Drawing,
    canvas: tuple[int, int] | None,
    device: Device,
) -> None:
    """Wherever on the canvas it begins, including its edge."""
    drawing = replace(drawing, canvas=canvas)
    through_app = read(replayers[device].replay(drawing))
    assert strokes_of(through_app) == set(range(len(drawing.strokes)))


@pytest.mark.parametrize(
    "stroke", [FIRST, SECOND, Stroke([(0, 0)]), Stroke([(599, 599)])], ids=["7", "-", "dot", "edge"]
)
def test_replaying_again_gives_the_same(replayer: Replayer, stroke: Stroke) -> None:
    """To the last bit: nothing is left of earlier replays."""
    drawing = Drawing((stroke,), canvas=(600, 600))
    one, _, other = (read(replayer.replay(d)) for d in (drawing, Drawing((FIRST,)), drawing))
    assert one.text == other.text
    assert (one.digits[0].image == other.digits[0].image).all()
    assert (one.digits[0].probabilities == other.digits[0].probabilities).all()


@pytest.mark.parametrize(
    "changes",
    [{"canvas": None}, {"pen": None}, {"canvas": None, "pen": None}, {"device": ""}],
    ids=str,
)
@pytest.mark.parametrize("device", DEVICES)
def test_a_recording_may_leave_things_out(
    replayers: dict[Device, Replayer], seven: Drawing, device: Device, changes: dict[str, Any]
) -> None:
    """Without canvas, pen or device, a digit is still that digit."""
    assert read(replayers[device].replay(replace(seven, **changes))).text == "7"


@pytest.mark.parametrize(
    ("scale", "shift"),
    [(1, 0), (0.002, 0), (100, 0), (1, 2000), (1, -300), (0.002, -1)],
    ids=["as is", "unit square", "large", "far off", "around 0", "negative"],
)
def test_without_a_canvas_ink_may_be_anywhere(
    replayers: dict[Device, Replayer], seven: Drawing, scale: float, shift: float
) -> None:
    """In any unit and at any position; all of it is visible."""
    points = [(x * scale + shift, y * scale + shift, t) for x, y, t in seven.strokes[0].points]
    moved = replace(seven, strokes=(Stroke(points),), canvas=None)
    assert read(replayers["touch"].replay(moved)).text == "7"


@pytest.mark.parametrize("window", [(480, 360), (1920, 1080), (600, 1000)], ids=str)
def test_the_window_may_have_any_size(
    recognizer: Recognizer, tmp_path: Path, seven: Drawing, window: tuple[int, int]
) -> None:
    """The canvas is shown as large as fits."""
    replayer = Replayer(recognizer, window=window, save_dir=tmp_path)
    assert read(replayer.replay(seven)).text == "7"


@pytest.mark.parametrize("pen", [0.002, 0.03, 0.15, 0.5])
def test_all_can_be_drawn_with_one_pen(
    recognizer: Recognizer, tmp_path: Path, seven: Drawing, pen: float
) -> None:
    """Whatever pens the recording has, or none."""
    replayer = Replayer(recognizer, pen=pen, save_dir=tmp_path)
    for recorded in (None, 0.07):
        drawing = replace(seven, pen=recorded, events=((1, "pen", 0.04), (900, "save")))
        read(replayer.replay(drawing))
    saved = [
        drawing
        for file in sorted(tmp_path.glob("recordings/*.ndjson"))
        for drawing in read_drawings(file)
    ]
    assert [drawing.pen for drawing in saved] == [pen, pen]


@pytest.mark.parametrize(
    ("events", "kept"),
    [
        ([], (FIRST, SECOND)),
        ([(0, "undo")], (FIRST, SECOND)),
        ([(300, "undo")], (SECOND,)),
        ([(900, "undo")], (FIRST,)),
        ([(900, "undo"), (950, "redo")], (FIRST, SECOND)),
        ([(950, "redo"), (900, "undo")], (FIRST, SECOND)),
        ([(300, "clear")], (SECOND,)),
        ([(900, "clear")], ()),
        ([(300, "clear"), (900, "undo"), (901, "undo")], (FIRST,)),
    ],
    ids=str,
)
def test_a_session_is_replayed_in_the_order_of_its_times(
    replayer: Replayer,
    recognizer: Recognizer,
    events: list[tuple[float, str]],
    kept: tuple[Stroke, ...],
) -> None:
    """Undo, redo and clear do what they did when it was recorded."""
    session = Drawing((FIRST, SECOND), canvas=(600, 600), pen=0.05, device="touch")
    expected = recognizer.predict(replace(session, strokes=kept))
    through_app = read(replayer.replay(replace(session, events=tuple(events))))
    assert same_pictures(through_app, expected)


def test_a_session_can_save(replayer: Replayer, seven: Drawing, tmp_path: Path) -> None:
    """The app saves where the replayer says, with its answer."""
    read(replayer.replay(replace(seven, events=((900, "save"),))))
    [file] = tmp_path.glob("recordings/*.ndjson")
    [saved] = read_drawings(file)
    assert len(saved.strokes) == 1
    assert saved.answer is not None
    assert saved.answer["text"] == "7"


@pytest.mark.parametrize("event", [(50, "no such thing"), (50, "resize", 800, 600), (50, "down")])
def test_an_unknown_event_does_not_crash_the_app(
    replayer: Replayer, seven: Drawing, event: tuple[Any, ...]
) -> None:
    """A recording of a newer program is replayed without the events it adds."""
    assert read(replayer.replay(replace(seven, events=(event,)))).text == "7"


def test_each_release_has_a_latency(replayer: Replayer) -> None:
    """In real milliseconds, as many as there are strokes."""
    replayed = replayer.replay(Drawing((FIRST, SECOND), canvas=(600, 600)))
    assert len(replayed.latency_ms) == 2
    assert all(latency > 0 for latency in replayed.latency_ms)


def test_a_blank_recording_has_no_answer(replayer: Replayer) -> None:
    """A recording without strokes has no answer, and does not crash."""
    assert read(replayer.replay(Drawing(()))).text == ""


def test_the_app_never_asks_for_the_state_of_a_device(
    replayer: Replayer, seven: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads positions and buttons from events, which can be replayed."""

    def fail() -> None:
        raise AssertionError("the state of a device was asked for")

    for module, name in [
        (pygame.mouse, "get_pos"),
        (pygame.mouse, "get_pressed"),
        (pygame.key, "get_pressed"),
        (pygame.key, "get_mods"),
    ]:
        monkeypatch.setattr(module, name, fail)
    session = replace(seven, events=((200, "undo"), (300, "redo"), (400, "save")))
    assert read(replayer.replay(session)).text == "7"


def test_a_finger_at_the_edge_of_a_resized_board_draws(
    replayer: Replayer, recognizer: Recognizer, tmp_path: Path
) -> None:
    """Its position, rounded in the recording, may miss the board by an invisible amount."""
    pilot = Pilot(recognizer, save_dir=tmp_path / "saved", window=(480, 360), input="touch")
    pilot.resize(360, 480)
    left, top = pilot.app.board_area.topleft
    pilot.click((left, top))
    assert len(pilot.app.board.strokes) == 1
    replayed = read(replayer.replay(pilot.app.recording()))
    assert strokes_of(replayed) == {0}
