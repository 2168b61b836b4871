"""Saving from the app: what the window reports, and what is in the files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.app import App
from digitdraw.model.reader import Reader
from digitdraw.storage.store import Store
from digitnet import Drawing, Recognizer, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder that the pilots' apps save to; the first saved drawing creates it."""
    return tmp_path / "saved"


def saved(folder: Path) -> list[Drawing]:
    return [
        drawing
        for file in sorted(folder.glob("recordings/*.ndjson"))
        for drawing in read_drawings(file)
    ]


@pytest.mark.parametrize("way", ["S", "Ctrl+S", "button"])
def test_saving_keeps_the_ink_and_reports_the_path(
    pilot: Pilot, shown: Shown, folder: Path, way: str
) -> None:
    """Pictures and recording are in the folder, and the window names the picture."""
    pilot.draw(pilot.SEVEN)
    if way == "button":
        pilot.click("save")
    else:
        pilot.key(pygame.K_s, pygame.KMOD_LCTRL if way == "Ctrl+S" else pygame.KMOD_NONE)
    assert sorted(path.name for path in folder.iterdir()) == ["28x28", "pictures", "recordings"]
    assert str(next(folder.glob("pictures/unlabelled/*.png"))) in shown.line("status")
    assert pilot.strokes == [pilot.SEVEN]


def test_the_saved_line_is_a_recording_of_the_drawing(pilot: Pilot, folder: Path) -> None:
    """With strokes from time 0, canvas, pen, device and the answer; it has no label yet."""
    pilot.touch(pilot.SEVEN)
    pilot.app.save()
    [drawing] = saved(folder)
    assert [stroke.xy.tolist() for stroke in drawing.strokes] == [
        [list(place) for place in stroke] for stroke in pilot.strokes
    ]
    assert [point.t for point in drawing.strokes[0].points] == [0, 8, 16, 24, 32, 40]
    assert drawing.tags == ("unlabelled",)
    assert drawing.canvas is not None
    assert list(drawing.canvas) == list(pilot.app.board_area.size)
    assert drawing.pen == pilot.app.board.pen
    assert drawing.device == "touch"
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"
    assert 0.5 < drawing.answer["confidence"] <= 1
    assert len(drawing.answer["probabilities"]) == 10


def test_the_answer_names_the_model_that_gave_it(
    pilot: Pilot, folder: Path, recognizer: Recognizer
) -> None:
    """By its hash."""
    pilot.draw(pilot.SEVEN)
    pilot.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["model"] == recognizer.model_hash


def test_the_answer_to_a_number_lists_its_digits(pilot: Pilot, folder: Path) -> None:
    """Each with its label, strokes and probabilities."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == "74"
    digits = drawing.answer["digits"]
    assert [(digit["label"], digit["strokes"]) for digit in digits] == [(7, [0]), (4, [1, 2])]
    assert all(len(digit["probabilities"]) == 10 for digit in digits)


@pytest.mark.parametrize("rejected", [True, False], ids=["rejected", "accepted"])
def test_the_saved_answer_is_the_given_one(pilot: Pilot, folder: Path, *, rejected: bool) -> None:
    """Ink that was not accepted as a digit has the answer ""."""
    pilot.draw(pilot.SQUARE if rejected else pilot.SEVEN)
    pilot.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == ("" if rejected else "7")


def test_the_answer_belongs_to_the_ink_that_is_saved(pilot: Pilot, folder: Path) -> None:
    """If the release and the key come in the same frame, all ink is read first."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:]:
        pilot.move(place)
    pilot.step(
        pilot.mouse_event(pygame.MOUSEBUTTONUP, pilot.SEVEN[-1], button=1),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_s, mod=0, unicode="s"),
    )
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"


def test_an_undone_stroke_is_not_part_of_the_saved_answer(pilot: Pilot, folder: Path) -> None:
    """Undo and save in one frame save the answer to the remaining ink."""
    hatching = [[(x, 60), (x, 560)] for x in range(40, 600, 40)]
    pilot.draw(pilot.SEVEN, *hatching)
    undo = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_u, mod=0, unicode="u")
    save = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_s, mod=0, unicode="s")
    pilot.step(*[undo] * len(hatching), save)
    [drawing] = saved(folder)
    assert len(drawing.strokes) == 1
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"


def test_without_ink_nothing_is_saved(pilot: Pilot, shown: Shown, folder: Path) -> None:
    """The window says why, and the folder is not created."""
    pilot.click("save")
    assert "nothing to save" in shown.line("status")
    assert not folder.exists()


def test_an_unfinished_stroke_is_not_saved(pilot: Pilot, folder: Path) -> None:
    """It continues while the finished strokes are saved."""
    pilot.draw(pilot.SEVEN)
    pilot.press((50, 50))
    pilot.key(pygame.K_s)
    pilot.release((60, 60))
    [drawing] = saved(folder)
    assert len(drawing.strokes) == 1
    assert len(pilot.strokes) == 2


def test_a_folder_that_cannot_be_written_loses_nothing(
    pilot: Pilot, shown: Shown, folder: Path
) -> None:
    """The window says so in one line, and ink and answer are unchanged."""
    folder.write_text("a file where the folder should be")
    pilot.draw(*pilot.FOUR)
    pilot.key(pygame.K_s)
    assert shown.line("status").startswith("Not saved: ")
    assert str(folder) in shown.line("status")
    assert "\n" not in shown.line("status")
    assert pilot.strokes == pilot.FOUR
    assert pilot.text == "4"
    folder.unlink()
    pilot.key(pygame.K_s)
    assert len(saved(folder)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are not UTF-8")
def test_a_folder_whose_name_is_not_utf8_is_shown(
    surface: pygame.Surface, recognizer: Recognizer, tmp_path: Path, new_pilot: NewPilot
) -> None:
    """The window shows as much of the name as possible instead of crashing."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    pilot = new_pilot()
    pilot.app = App(surface.get_size(), Reader(recognizer), Store(folder))
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    assert len(saved(folder)) == 1


def test_the_next_stroke_removes_the_message(pilot: Pilot, shown: Shown) -> None:
    """It was about an older state of the board."""
    pilot.draw(pilot.SEVEN)
    pilot.app.save()
    pilot.draw([(50, 50), (90, 90)])
    assert "Saved" not in shown.line("status")
