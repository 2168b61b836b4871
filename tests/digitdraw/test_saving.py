"""Saving from the app: what is told, what is kept, and what the saved line holds."""

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
    from tests.digitdraw.conftest import Hand, NewHand, Shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where hands' apps save; it is made by the first drawing that is saved."""
    return tmp_path / "saved"


def saved(folder: Path) -> list[Drawing]:
    return [
        drawing
        for file in sorted(folder.glob("recordings/*.ndjson"))
        for drawing in read_drawings(file)
    ]


@pytest.mark.parametrize("way", ["S", "Ctrl+S", "button"])
def test_saving_keeps_the_ink_and_tells_where(
    hand: Hand, shown: Shown, folder: Path, way: str
) -> None:
    """Pictures and recording lie in the folder, and the window names the picture."""
    hand.draw(hand.SEVEN)
    if way == "button":
        hand.click("save")
    else:
        hand.key(pygame.K_s, pygame.KMOD_LCTRL if way == "Ctrl+S" else pygame.KMOD_NONE)
    assert sorted(path.name for path in folder.iterdir()) == ["28x28", "pictures", "recordings"]
    assert str(next(folder.glob("pictures/unlabelled/*.png"))) in shown.line("status")
    assert hand.strokes == [hand.SEVEN]


def test_the_saved_line_is_a_recording_of_what_was_seen(hand: Hand, folder: Path) -> None:
    """Strokes from time 0, canvas, pen, device, and the answer; nobody has labelled it yet."""
    hand.touch(hand.SEVEN)
    hand.app.save()
    [drawing] = saved(folder)
    assert [stroke.xy.tolist() for stroke in drawing.strokes] == [
        [list(place) for place in stroke] for stroke in hand.strokes
    ]
    assert [point.t for point in drawing.strokes[0].points] == [0, 8, 16, 24, 32, 40]
    assert drawing.tags == ("unlabelled",)
    assert drawing.canvas is not None
    assert list(drawing.canvas) == list(hand.app.board_area.size)
    assert drawing.pen == hand.app.board.pen
    assert drawing.device == "touch"
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"
    assert 0.5 < drawing.answer["confidence"] <= 1
    assert len(drawing.answer["probabilities"]) == 10


def test_the_answer_names_the_model_that_gave_it(
    hand: Hand, folder: Path, recognizer: Recognizer
) -> None:
    """By its hash."""
    hand.draw(hand.SEVEN)
    hand.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["model"] == recognizer.model_hash


def test_the_answer_to_a_number_tells_its_digits(hand: Hand, folder: Path) -> None:
    """Of each, its label, its strokes and its probabilities."""
    hand.draw(*hand.SEVENTY_FOUR)
    hand.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == "74"
    digits = drawing.answer["digits"]
    assert [(digit["label"], digit["strokes"]) for digit in digits] == [(7, [0]), (4, [1, 2])]
    assert all(len(digit["probabilities"]) == 10 for digit in digits)


@pytest.mark.parametrize("rejected", [True, False], ids=["rejected", "accepted"])
def test_the_answer_is_the_one_that_was_given(hand: Hand, folder: Path, *, rejected: bool) -> None:
    """What was not accepted as a digit is saved as read as nothing."""
    hand.draw(hand.SQUARE if rejected else hand.SEVEN)
    hand.app.save()
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == ("" if rejected else "7")


def test_the_answer_belongs_to_the_ink_that_is_saved(hand: Hand, folder: Path) -> None:
    """Even where the release and the key come in one frame, the whole ink is read before."""
    hand.press(hand.SEVEN[0])
    for place in hand.SEVEN[1:]:
        hand.move(place)
    hand.step(
        hand.mouse_event(pygame.MOUSEBUTTONUP, hand.SEVEN[-1], button=1),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_s, mod=0, unicode="s"),
    )
    [drawing] = saved(folder)
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"


def test_an_undone_stroke_is_not_part_of_the_saved_answer(hand: Hand, folder: Path) -> None:
    """Undo and save in one frame give the answer to what is left."""
    hatching = [[(x, 60), (x, 560)] for x in range(40, 600, 40)]
    hand.draw(hand.SEVEN, *hatching)
    undo = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_u, mod=0, unicode="u")
    save = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_s, mod=0, unicode="s")
    hand.step(*[undo] * len(hatching), save)
    [drawing] = saved(folder)
    assert len(drawing.strokes) == 1
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"


def test_without_ink_nothing_is_saved(hand: Hand, shown: Shown, folder: Path) -> None:
    """The window says why, and not even the folder is made."""
    hand.click("save")
    assert "nothing to save" in shown.line("status")
    assert not folder.exists()


def test_a_stroke_that_is_still_drawn_is_not_saved(hand: Hand, folder: Path) -> None:
    """Only finished strokes are, and the one at hand goes on."""
    hand.draw(hand.SEVEN)
    hand.press((50, 50))
    hand.key(pygame.K_s)
    hand.release((60, 60))
    [drawing] = saved(folder)
    assert len(drawing.strokes) == 1
    assert len(hand.strokes) == 2


def test_a_place_that_cannot_be_written_loses_nothing(
    hand: Hand, shown: Shown, folder: Path
) -> None:
    """The window says so in one line; ink, answer and undo are as they were."""
    folder.write_text("a file where the folder should be")
    hand.draw(*hand.FOUR)
    hand.key(pygame.K_s)
    assert shown.line("status").startswith("Not saved: ")
    assert str(folder) in shown.line("status")
    assert "\n" not in shown.line("status")
    assert hand.strokes == hand.FOUR
    assert hand.text == "4"
    folder.unlink()
    hand.key(pygame.K_s)
    assert len(saved(folder)) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are not UTF-8")
def test_a_folder_whose_name_is_not_utf8_is_shown(
    surface: pygame.Surface, recognizer: Recognizer, tmp_path: Path, new_hand: NewHand
) -> None:
    """The window shows what it can of the name instead of crashing."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    hand = new_hand()
    hand.app = App(surface.get_size(), Reader(recognizer), Store(folder))
    hand.draw(hand.SEVEN)
    hand.key(pygame.K_s)
    assert len(saved(folder)) == 1


def test_the_next_stroke_takes_the_message_away(hand: Hand, shown: Shown) -> None:
    """What was told of an older state of the board is not told of a newer one."""
    hand.draw(hand.SEVEN)
    hand.app.save()
    hand.draw([(50, 50), (90, 90)])
    assert "Saved" not in shown.line("status")
