"""The gallery page: what it shows, moving through it, and opening a drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.storage.library import Library, SavedDrawing
from digitnet import Drawing, Stroke, write_drawings
from digitnet.recordings import dump_drawing

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot, SavedFolder, Shown

ARROWS = {"left": pygame.K_LEFT, "right": pygame.K_RIGHT, "up": pygame.K_UP, "down": pygame.K_DOWN}


def pixels(pilot: Pilot) -> bytes:
    """Copy what the window shows."""
    return pygame.image.tobytes(pilot.surface, "RGB")


def text_lines(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Redraw the window, and return all lines of text in it."""
    lines: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
        pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    return lines


def scroll(pilot: Pilot, steps: int) -> None:
    """Turn the wheel."""
    pilot.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=steps, flipped=False, which=0))


def test_an_empty_gallery_says_so(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """All keys are harmless there."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_g)
    assert "No saved drawings yet" in lines
    for key in (*ARROWS.values(), pygame.K_7, pygame.K_n, pygame.K_DELETE, pygame.K_RETURN):
        pilot.key(key)
    pilot.key(pygame.K_z, pygame.KMOD_LCTRL)
    pilot.key(pygame.K_ESCAPE)
    pilot.draw(pilot.SEVEN)
    assert pilot.text == "7"


def test_the_page_shows_each_label(
    pilot: Pilot, filled: SavedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how many drawings there are."""
    pilot.key(pygame.K_g)
    lines = text_lines(pilot, monkeypatch)
    assert "5 saved drawings" in lines
    labels = [line for line in lines if line in ("unlabelled", "not a digit", "1", "7")]
    assert labels == ["unlabelled", "not a digit", "1", "7", "unlabelled"]


UNUSUAL = [
    Drawing((Stroke.of([0, 50], [0, 50]),), word="1"),
    Drawing((Stroke.of([-500, 50], [-900, 50]),), word="1"),
    Drawing((), word=""),
    Drawing((), word="", canvas=(1e6, 1e6)),
    Drawing((Stroke.of([0, 9e5], [0, 9e5]),), word="1", canvas=(1e6, 1e6), pen=0.05),
    Drawing((Stroke.of([0, 1], [0, 1]),), word="1", canvas=(1e-3, 1e-3), pen=0.05),
    Drawing((Stroke.of([5], [5]),), word="one/../1", canvas=(10, 1e5), answer={"text": 3}),
    Drawing((Stroke.of([5], [5]),), word="x" * 999, canvas=(10, 10), answer={}),
]
"""Recordings that other programs may write."""


@pytest.mark.parametrize("drawing", UNUSUAL, ids=range(len(UNUSUAL)))
@pytest.mark.parametrize("size", [(480, 360), (960, 640)], ids=str)
def test_any_recording_can_be_viewed(
    pilot: Pilot, folder: SavedFolder, drawing: Drawing, size: tuple[int, int]
) -> None:
    """Without a canvas, with a huge or a tiny one, or with an answer of another program."""
    pilot.resize(size)
    (folder.path / "recordings").mkdir(parents=True)
    write_drawings(folder.path / "recordings" / "strange [1].ndjson", [drawing])
    for keys in ([pygame.K_RETURN], [pygame.K_3], [pygame.K_DELETE, pygame.K_u]):
        pilot.key(pygame.K_g)
        for key in keys:
            pilot.key(key)
        pilot.key(pygame.K_ESCAPE)
        assert pilot.step() == []
    files = (folder.path / "recordings").iterdir()
    assert [path.name for path in files] == ["strange [1].ndjson"]


def test_a_damaged_recording_is_shown_as_damaged(
    pilot: Pilot, filled: SavedFolder, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be deleted, but not opened or labelled; the others are shown as usual."""
    path = filled.recording(4)
    path.write_bytes(path.read_bytes()[:99])
    pilot.key(pygame.K_g)
    lines = text_lines(pilot, monkeypatch)
    assert lines.count("damaged") == 1
    assert "not a digit" in lines
    for key in (pygame.K_RETURN, pygame.K_7):
        pilot.key(key)
        assert path.name in shown.line("status")
    pilot.key(pygame.K_DELETE)
    assert not path.exists()
    pilot.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert path.stat().st_size == 99


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (960, 640), (1920, 1080)], ids=str)
@pytest.mark.parametrize("path", ["SEVEN", "FOUR", "SEVENTY_FOUR"])
def test_an_opened_drawing_is_read_the_same_in_any_window(
    pilot: Pilot, path: str, size: tuple[int, int]
) -> None:
    """With the same digits and the same pen width relative to the ink; undo removes it again."""
    strokes = getattr(pilot, path)
    pilot.draw(*(strokes if isinstance(strokes[0], list) else [strokes]))
    text, prediction = pilot.text, pilot.app.prediction
    thickness = pilot.app.board.pen_pixels / ink_height(pilot)
    assert pilot.app.save()
    pilot.resize(size)
    pilot.app.clear()
    pilot.draw([(30, 30), (60, 60)])
    pilot.key(pygame.K_g)
    pilot.key(pygame.K_RETURN)
    assert pilot.text == text
    assert pilot.app.prediction is not None
    assert prediction is not None
    for one, two in zip(pilot.app.prediction.digits, prediction.digits, strict=True):
        assert one.strokes == two.strokes
        assert np.abs(one.image.astype(int) - two.image).mean() < 2
    assert list(pilot.app.board.canvas) == list(pilot.app.board_area.size)
    assert pilot.app.board.pen_pixels / ink_height(pilot) == pytest.approx(thickness, rel=0.01)
    for _ in pilot.app.board.strokes:
        pilot.app.undo()
    pilot.app.undo()
    assert pilot.strokes == [[(30, 30), (60, 60)]]


def ink_height(pilot: Pilot) -> float:
    """Return the height of the ink on the board, in canvas pixels."""
    ys = [y for stroke in pilot.strokes for _, y in stroke]
    return max(ys) - min(ys)


def test_arrow_keys_move_the_selection_and_stop_at_the_ends(
    pilot: Pilot, folder: SavedFolder
) -> None:
    """The newest drawing is selected first, and the selected one is always visible."""
    for second in range(32):
        folder.save(folder.SEVEN, second)
    pilot.key(pygame.K_g)
    first = pixels(pilot)
    for key in ("left", "up"):
        pilot.key(ARROWS[key])
        assert pixels(pilot) == first
    pilot.key(ARROWS["down"])
    down = pixels(pilot)
    assert down != first
    pilot.key(ARROWS["up"])
    assert pixels(pilot) == first
    steps = 0
    while pixels(pilot) != down:
        pilot.key(ARROWS["right"])
        steps += 1
    assert steps > 1
    for _ in range(40):
        pilot.key(ARROWS["down"])
    pilot.key(pygame.K_5)
    assert folder.drawing(0).word == "5"
    last = pixels(pilot)
    for key in ("right", "down"):
        pilot.key(ARROWS[key])
        assert pixels(pilot) == last


def test_the_wheel_moves_the_selection_by_rows(pilot: Pilot, folder: SavedFolder) -> None:
    """As the up and down keys do."""
    for second in range(32):
        folder.save(folder.SEVEN, second)
    pilot.key(pygame.K_g)
    first = pixels(pilot)
    pilot.key(ARROWS["down"])
    down = pixels(pilot)
    pilot.key(ARROWS["up"])
    for steps, expected in ((-1, down), (1, first), (1, first)):
        scroll(pilot, steps)
        assert pixels(pilot) == expected


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_a_click_selects_and_a_second_one_opens(
    pilot: Pilot, filled: SavedFolder, device: str
) -> None:
    """A click outside all drawings closes the page and does nothing else."""
    click = pilot.draw if device == "mouse" else pilot.touch
    pilot.key(pygame.K_g)
    cell = (190, 110)
    click([cell])
    pilot.key(pygame.K_9)
    assert [filled.drawing(second).word for second in range(5)] == ["7", "7", "1", "9", "7"]
    click([cell])
    assert pilot.text == "7"
    assert len(pilot.strokes) == 1
    before = pixels(pilot)
    pilot.key(pygame.K_g)
    click([(400, 500)])
    assert pixels(pilot) == before


def test_only_visible_drawings_are_read(
    pilot: Pilot, folder: SavedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of hundreds in the folder."""
    recordings = folder.path / "recordings"
    recordings.mkdir(parents=True)
    line = dump_drawing(replace(folder.SEVEN, tags=())).encode()
    for number in range(700):
        (recordings / f"20260131-{number:06}.ndjson").write_bytes(line)
    read: set[str] = set()
    load = Library.load

    def note_and_load(library: Library, name: str) -> SavedDrawing:
        read.add(name)
        return load(library, name)

    monkeypatch.setattr(Library, "load", note_and_load)
    pilot.key(pygame.K_g)
    assert "700 saved drawings" in text_lines(pilot, monkeypatch)
    assert 0 < len(read) < 100
    for _ in range(20):
        scroll(pilot, -9)
    pilot.key(pygame.K_DELETE)
    assert not (recordings / "20260131-000000.ndjson").exists()


def test_opening_the_gallery_ends_the_stroke(pilot: Pilot) -> None:
    """The stroke stays on the board."""
    pilot.press((100, 100))
    pilot.move((200, 200))
    pilot.key(pygame.K_g)
    pilot.release((300, 300))
    pilot.key(pygame.K_ESCAPE)
    assert pilot.strokes == [[(100, 100), (200, 200)]]
