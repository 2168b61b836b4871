"""Labels: given by key or bar, for a digit, a digit of a number, or ink that is not a digit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import arrange
from digitnet import Drawing, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown


def saved(pilot: Pilot) -> tuple[Drawing, set[str]]:
    """Save; return the recording and the folders that hold its pictures."""
    path = pilot.app.save()
    assert path is not None
    root = path.parents[2]
    pictures = [*root.glob("pictures/*/*.png"), *root.glob("28x28/*/*.png")]
    folders = {f"{picture.parents[1].name}/{picture.parent.name}" for picture in pictures}
    return next(read_drawings(root / "recordings" / f"{path.stem}.ndjson")), folders


def point_at(pilot: Pilot, index: int) -> None:
    """Move the mouse over a digit that was read."""
    assert pilot.app.prediction is not None
    left, top, width, height = pilot.app.prediction.digits[index].box
    pilot.move((left + width / 2, top + height / 2), (0, 0, 0))


def test_a_new_drawing_has_no_label(pilot: Pilot) -> None:
    """Its word is what was read, its tag is "unlabelled", and it has a separate folder."""
    pilot.draw(pilot.SEVEN)
    assert pilot.app.truth is None
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags) == ("7", ("unlabelled",))
    assert folders == {"pictures/unlabelled", "28x28/unlabelled"}


def test_the_label_is_what_the_user_says(pilot: Pilot, shown: Shown) -> None:
    """Whatever it was read as; the last label counts."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_3)
    pilot.key(pygame.K_1)
    assert pilot.app.truth == "1"
    assert shown.line("verdict") == "Labelled 1"
    assert shown.line("status") == "S saves it as 1."
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags) == ("1", ())
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"
    assert folders == {"pictures/1", "28x28/1"}


def test_not_a_digit_is_a_label_too(pilot: Pilot, shown: Shown) -> None:
    """Its word is empty, and its pictures are in a separate folder."""
    pilot.draw(pilot.SQUARE)
    pilot.key(pygame.K_n)
    assert pilot.app.truth == ""
    assert shown.line("verdict") == "Labelled not a digit"
    assert shown.line("status") == "S saves it as not a digit."
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags) == ("", ())
    assert folders == {"pictures/none", "28x28/none"}


def test_a_key_labels_the_newest_digit_of_a_number(pilot: Pilot, shown: Shown) -> None:
    """The others keep what they were read as."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.key(pygame.K_9)
    assert pilot.app.truth == "79"
    assert shown.line("verdict") == "Labelled 79"
    drawing, folders = saved(pilot)
    assert drawing.word == "79"
    assert folders == {"pictures/79", "28x28/7", "28x28/9"}


def test_ink_beside_a_digit_that_is_none_is_shown_and_kept(pilot: Pilot, shown: Shown) -> None:
    """It is "?" in the answer and in the label until somebody labels it, and never a digit."""
    pilot.draw(pilot.SEVENTY_FOUR[0], *pilot.CROSS)
    assert shown.line("answer") == "7?"
    assert shown.line("verdict") == "? is not a digit"
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags) == ("7?", ("unlabelled",))
    assert folders == {"pictures/unlabelled", "28x28/unlabelled"}
    point_at(pilot, 0)
    pilot.key(pygame.K_1)
    assert pilot.app.truth == "1?"
    assert shown.line("status") == "S saves it as 1?."
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags) == ("1?", ())
    assert folders >= {"pictures/1_", "28x28/1", "28x28/unlabelled"}
    point_at(pilot, 1)
    pilot.key(pygame.K_4)
    assert pilot.app.truth == "14"


def test_a_key_labels_the_last_digit_that_a_stroke_joins(pilot: Pilot) -> None:
    """Of two zeros drawn without lifting the pen, each has its own box and label."""
    turn = [math.radians(-90 - degrees) for degrees in range(0, 361, 10)]
    circles = [[(x + 70 * math.cos(a), 250 + 100 * math.sin(a)) for a in turn] for x in (150, 370)]
    pilot.draw(circles[0] + circles[1])
    assert pilot.text == "00"
    pilot.key(pygame.K_6)
    assert pilot.app.truth == "06"
    point_at(pilot, 0)
    pilot.key(pygame.K_8)
    assert pilot.app.truth == "86"
    drawing, folders = saved(pilot)
    assert (len(drawing.strokes), drawing.word) == (1, "86")
    assert folders == {"pictures/86", "28x28/8", "28x28/6"}


def test_a_key_labels_the_digit_under_the_mouse(pilot: Pilot, shown: Shown) -> None:
    """In any order."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    point_at(pilot, 0)
    pilot.key(pygame.K_2)
    assert pilot.app.truth == "24"
    assert shown.line("verdict") == "Labelled 24"
    point_at(pilot, 1)
    assert shown.line("verdict") == "Labelled 24"
    pilot.key(pygame.K_5)
    assert pilot.app.truth == "25"


def test_a_number_labelled_as_not_a_digit_can_be_relabelled(pilot: Pilot) -> None:
    """N labels all ink; a digit key after it labels one digit of the number again."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.key(pygame.K_n)
    assert pilot.app.truth == ""
    pilot.key(pygame.K_4)
    assert pilot.app.truth == "74"


def test_a_label_marks_its_bar(pilot: Pilot) -> None:
    """No other bar changes."""
    pilot.draw(pilot.SEVEN)
    before = pygame.surfarray.array3d(pilot.surface)
    pilot.key(pygame.K_3)
    after = pygame.surfarray.array3d(pilot.surface)
    changed = (after != before).any(axis=-1)
    bars = arrange(*pilot.surface.get_size()).bars
    rows = [row for row in bars if changed[row.left : row.right, row.top : row.bottom].any()]
    assert rows == [bars[3]]


def test_a_stroke_of_the_same_digit_keeps_the_label(pilot: Pilot) -> None:
    """A digit of two strokes can be labelled after the first one."""
    pilot.draw(pilot.FOUR[0])
    pilot.key(pygame.K_4)
    pilot.draw(pilot.FOUR[1])
    assert pilot.app.truth == "4"
    pilot.app.undo()
    pilot.step()
    assert pilot.app.truth == "4"


@pytest.mark.parametrize("way", ["draw", "undo", "wipe"])
def test_another_number_of_digits_drops_the_label(pilot: Pilot, way: str) -> None:
    """It was given to other ink."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.key(pygame.K_4)
    assert pilot.app.truth == "74"
    if way == "draw":
        pilot.draw([(300, 450), (300, 560)])
        pilot.draw([(50, 350), (50, 560)])
    elif way == "undo":
        pilot.app.undo()
        pilot.app.undo()
        pilot.step()
    else:
        pilot.press((150, 60), 3)
        pilot.release((150, 60), 3)
    assert pilot.app.truth is None


@pytest.mark.parametrize("truth", [pygame.K_7, pygame.K_n], ids=["7", "N"])
def test_a_cleared_board_has_no_label(pilot: Pilot, truth: int) -> None:
    """Neither has what is drawn next."""
    pilot.draw(pilot.SEVEN)
    pilot.key(truth)
    pilot.key(pygame.K_c)
    assert pilot.app.truth is None
    pilot.draw(pilot.SEVEN)
    assert pilot.app.truth is None


def test_a_blank_board_cannot_be_labelled(pilot: Pilot, shown: Shown) -> None:
    """The window says what to do instead."""
    for key in (pygame.K_7, pygame.K_n):
        pilot.key(key)
        assert pilot.app.truth is None
        assert shown.line("status") == "Draw something first, then label it."


def test_a_label_in_the_frame_of_the_release_is_for_the_whole_number(pilot: Pilot) -> None:
    """The ink is read before the label is recorded."""
    pilot.draw(pilot.SEVEN)
    pilot.app.clear()
    pilot.draw(*pilot.SEVENTY_FOUR[:2])
    pilot.press(pilot.SEVENTY_FOUR[2][0])
    for place in pilot.SEVENTY_FOUR[2][1:]:
        pilot.move(place)
    pilot.step(
        pilot.mouse_event(pygame.MOUSEBUTTONUP, pilot.SEVENTY_FOUR[2][-1], button=1),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_9, mod=0, unicode="9"),
    )
    assert pilot.app.truth == "79"


def test_a_label_given_before_the_model_is_loaded_stays(new_pilot: NewPilot) -> None:
    """It is kept when the answer comes, and saved if none does."""
    reader = Reader()
    pilot = new_pilot(reader)
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_7)
    drawing, folders = saved(pilot)
    assert (drawing.word, drawing.tags, drawing.answer) == ("7", (), None)
    assert folders == {"pictures/7"}
    reader.load(None).join(60)
    pilot.step()
    assert pilot.text == pilot.app.truth == "7"


def test_saving_without_a_label_says_how_to_add_one(pilot: Pilot, shown: Shown) -> None:
    """Saving with one does not."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    assert "press 0 to 9 before" in shown.line("status")
    pilot.key(pygame.K_7)
    pilot.key(pygame.K_s)
    assert shown.line("status").endswith(".png")
