"""A session as a recording: every step in order, as `RecordingSnapshot` describes it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitdraw.model.board import Board
from digitdraw.model.document import Recorder
from digitdraw.model.placement import Area, Placement
from digitdraw.model.snapshots import DrawingSnapshot
from digitdraw.ui.layout import arrange
from digitnet import read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot

AREA = Area(10, 20, 600, 400)


START = (("resize", 960, 640), ("live", False))
"""The window, and what the fixture has changed of the settings."""


def events_of(pilot: Pilot) -> list[tuple[Any, ...]]:
    """Return the events of the session's recording, without times."""
    return [event[1:] for event in pilot.app.recording().events]


def test_a_session_begins_with_the_window(pilot: Pilot) -> None:
    """The window's size at time 0, unusual settings, and the initial canvas and pen."""
    recording = pilot.app.recording()
    assert recording.events == ((0, "resize", 960, 640), (1, "live", False))
    assert list(recording.canvas or ()) == list(pilot.app.board_area.size)
    assert recording.pen == 0.05
    assert not recording.strokes


def test_every_step_is_recorded(pilot: Pilot) -> None:
    """Events have the names and values that the docstring lists."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_7)
    pilot.key(pygame.K_n)
    pilot.key(pygame.K_RIGHTBRACKET)
    pilot.key(pygame.K_s)
    pilot.app.undo()
    pilot.app.redo()
    pilot.press((300, 120), 3)
    pilot.release((300, 120), 3)
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_l)
    pilot.key(pygame.K_t)
    pilot.resize((480, 360))
    pilot.app.clear()
    assert events_of(pilot) == [
        *START,
        ("label", "7"),
        ("label", ""),
        ("pen", 0.0575),
        ("save",),
        ("undo",),
        ("redo",),
        ("erase", 300, 120),
        ("live", True),
        ("theme", "dark"),
        ("resize", 480, 360),
        ("clear",),
    ]


def test_what_changed_nothing_is_not_recorded(pilot: Pilot) -> None:
    """Undo, redo, clear and erasing on a blank board, or the same pen again."""
    pilot.app.undo()
    pilot.app.redo()
    pilot.app.clear()
    pilot.app.set_pen(0.05)
    pilot.press((300, 120), 3)
    pilot.release((300, 120), 3)
    pilot.key(pygame.K_7)
    pilot.key(pygame.K_s)
    assert events_of(pilot) == [*START]


def test_all_strokes_ever_drawn_are_kept(pilot: Pilot) -> None:
    """Even those that were undone, erased or cleared."""
    for path in pilot.FOUR:
        pilot.draw(path)
        pilot.app.undo()
    pilot.draw(pilot.SEVEN)
    pilot.app.clear()
    paths = [[(x, y) for x, y, _ in stroke.points] for stroke in pilot.app.recording().strokes]
    assert paths == [*pilot.FOUR, pilot.SEVEN]


def test_a_dropped_stroke_was_never_there(pilot: Pilot) -> None:
    """Undo while the pen is down leaves nothing to replay."""
    pilot.press((100, 100))
    pilot.move((200, 200))
    pilot.app.undo()
    pilot.release((200, 200))
    assert pilot.app.recording().strokes == ()
    assert events_of(pilot) == [*START]


def test_word_and_answer_are_those_of_the_end(pilot: Pilot) -> None:
    """With the label if there is one."""
    pilot.draw(*pilot.FOUR)
    pilot.app.clear()
    pilot.draw(pilot.SEVEN)
    recording = pilot.app.recording()
    assert (recording.word, recording.tags) == ("7", ("unlabelled",))
    assert recording.answer is not None
    assert recording.answer["text"] == "7"
    pilot.key(pygame.K_1)
    assert (pilot.app.recording().word, pilot.app.recording().tags) == ("1", ())


def test_ink_in_a_resized_window_is_recorded_where_it_was_shown(pilot: Pilot) -> None:
    """Positions are those in the window, on the initial canvas."""
    pilot.resize((480, 360))
    board = arrange(480, 360).board
    pilot.draw([(0, 0), (board.width, board.height)])
    width, height = arrange(960, 640).board.size
    scale = min(board.width / width, board.height / height)
    first, last = pilot.app.recording().strokes[0].points
    assert last.x - first.x == pytest.approx(board.width / scale, abs=0.1)
    assert last.y - first.y == pytest.approx(board.height / scale, abs=0.1)


def test_a_resize_within_a_stroke_is_recorded_there(pilot: Pilot) -> None:
    """It comes between two points, each placed as it was shown in the window at that time."""
    pilot.press((200, 150))
    pilot.move((300, 250))
    pilot.resize((480, 360))
    pilot.move((150, 150))
    pilot.release((150, 150))
    recording = pilot.app.recording()
    first, second, third = recording.strokes[0].points
    (time, *event) = recording.events[-1]
    assert event == ["resize", 480, 360]
    assert second.t < time < third.t
    areas = [arrange(*size).board for size in ((960, 640), (480, 360))]
    assert recording.canvas is not None
    for point, area, seen in (
        (first, areas[0], (200, 150)),
        (second, areas[0], (300, 250)),
        (third, areas[1], (150, 150)),
    ):
        place = Placement.fit(recording.canvas, area).to_window(point.x, point.y)
        on_board = (place[0] - area.left, place[1] - area.top)
        assert on_board == pytest.approx(seen, abs=0.02)


def test_what_was_done_within_a_dropped_stroke_is_recorded(pilot: Pilot) -> None:
    """It stays in effect, and the next stroke comes after it."""
    pilot.press((100, 100))
    pilot.key(pygame.K_RIGHTBRACKET)
    pilot.app.undo()
    pilot.release((100, 100))
    pilot.draw(pilot.SEVEN)
    recording = pilot.app.recording()
    assert events_of(pilot) == [*START, ("pen", 0.0575)]
    assert [len(stroke.points) for stroke in recording.strokes] == [len(pilot.SEVEN)]
    assert recording.events[-1][0] < recording.strokes[0].points[0].t


STEPS = st.lists(
    st.tuples(st.sampled_from(["stroke", "undo", "erase", "pen", "resize"]), st.integers(-50, 50)),
    max_size=12,
)


@settings(max_examples=60)
@given(steps=STEPS)
def test_no_two_things_happen_at_once(steps: list[tuple[str, int]]) -> None:
    """Whatever the clock does, each step is later than the one before, to keep the order."""
    board, now = Board((600.0, 400.0)), 1000
    recorder = Recorder(board, (800, 500), AREA, now)
    order = ["resize"]
    for name, milliseconds in steps:
        if name == "stroke":
            recorder.begin_stroke()
            board.begin(1, 1, now)
            now += milliseconds
            board.extend(5, 5, now)
            board.end()
            recorder.end_stroke()
        elif name == "erase":
            recorder.erase(now, 1, 1)
        elif name == "resize":
            recorder.resize(now, (800, 500), AREA)
        else:
            recorder.note(now, name)
        order.append(name)
        now += milliseconds
    end = DrawingSnapshot(board.strokes, board.canvas, board.pen, "mouse", None, None, "")
    recording = recorder.snapshot(end).drawing()
    moments = [(float(event[0]), float(event[0]), event[1]) for event in recording.events]
    for stroke in recording.strokes:
        ts = [point.t for point in stroke.points]
        moments.append((min(ts), max(ts), "stroke"))
    moments.sort()
    assert [moment[2] for moment in moments] == order
    assert moments[0][0] == 0
    for one, other in pairwise(moments):
        assert one[1] < other[0]


def test_steps_of_one_frame_keep_their_order(pilot: Pilot) -> None:
    """Strokes and keys in one frame are replayed one after the other."""
    down, up = (
        pilot.mouse_event(type_, (100, 100), button=1)
        for type_ in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
    )
    key = [
        pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode="")
        for code in (pygame.K_u, pygame.K_7)
    ]
    pilot.step(down, up, key[0], down, up, key[1])
    recording = pilot.app.recording()
    (first,), (second,) = (stroke.points for stroke in recording.strokes)
    (*_, undo, label) = recording.events
    assert first.t < undo[0] < second.t < label[0]


def test_a_report_is_the_session(pilot: Pilot) -> None:
    """R saves it next to the drawings, and it reads back unchanged."""
    pilot.draw(pilot.SEVEN)
    path = pilot.app.report()
    assert path is not None
    (saved,) = read_drawings(path)
    now = pilot.app.recording()
    assert (saved.strokes, saved.events, saved.answer) == (now.strokes, now.events, now.answer)
    assert saved.key_id == path.stem
    assert path.parent.name == "reports"
