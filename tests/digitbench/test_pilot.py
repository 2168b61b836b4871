"""The pilot's verbs and the app's answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from digitbench.replay.pilot import Pilot
from digitbench.run.suite import bundled_recordings
from digitdraw.app import App
from digitnet import Drawing, Recognizer, read_drawings

SEVEN = [[(0.3, 0.2), (0.65, 0.2), (0.42, 0.8)]]
FOUR = [[(0.5, 0.15), (0.3, 0.55), (0.72, 0.55)], [(0.58, 0.38), (0.58, 0.85)]]


@pytest.fixture(params=["mouse", "touch"])
def any_pilot(request: pytest.FixtureRequest, recognizer: Recognizer, tmp_path: Path) -> Pilot:
    """A pilot with a mouse, and one with a finger."""
    return Pilot(recognizer, save_dir=tmp_path, input=request.param)


def test_a_person_draws_undoes_and_clears(any_pilot: Pilot) -> None:
    """By the pen, by keys, and by buttons."""
    any_pilot.draw(FOUR)
    assert any_pilot.answer == "4"
    any_pilot.press("ctrl+z")
    assert len(any_pilot.app.board.strokes) == 1
    any_pilot.click("redo")
    assert any_pilot.answer == "4"
    any_pilot.press("c")
    assert any_pilot.prediction is None


@pytest.fixture
def bundled() -> Drawing:
    """A recorded digit."""
    return next(iter(read_drawings(bundled_recordings()[0])))


def test_a_recording_is_drawn_in_any_window(any_pilot: Pilot, bundled: Drawing) -> None:
    """As large as fits."""
    for size in ((480, 360), (500, 900)):
        any_pilot.resize(*size)
        any_pilot.press("c")
        any_pilot.draw(bundled)
        assert any_pilot.answer == bundled.word


def test_a_person_labels_and_saves(any_pilot: Pilot, tmp_path: Path) -> None:
    """A click on a bar labels the drawing."""
    any_pilot.draw(SEVEN)
    any_pilot.click("1")
    any_pilot.click("save")
    assert [path.parent.name for path in tmp_path.glob("pictures/*/*")] == ["1"]


def test_a_screenshot_is_what_the_window_shows(any_pilot: Pilot, tmp_path: Path) -> None:
    """In its size."""
    any_pilot.draw(SEVEN)
    any_pilot.screenshot(tmp_path / "shot.png")
    with Image.open(tmp_path / "shot.png") as shot:
        assert shot.size == (960, 640)
        assert len(shot.getcolors(10**6) or ()) > 50


def test_the_mouse_wipes_and_points(recognizer: Recognizer, tmp_path: Path) -> None:
    """What only a mouse can do."""
    pilot = Pilot(recognizer, save_dir=tmp_path)
    pilot.draw([*SEVEN, [(0.8, 0.9), (0.95, 0.9)]])
    pilot.wipe([[(0.9, 0.85), (0.9, 0.95)]])
    assert pilot.answer == "7"
    pilot.point_at(pilot.app.board_area.center)
    before = pilot.app.board.pen
    pilot.step()
    pilot.turn_wheel(1)
    assert pilot.app.board.pen == before


def test_an_error_in_the_app_is_raised_by_the_verb(
    any_pilot: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Immediately, and not swallowed."""

    def fail(_app: App) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(App, "_ink_has_changed", fail)
    with pytest.raises(RuntimeError, match="broken"):
        any_pilot.draw(SEVEN)
