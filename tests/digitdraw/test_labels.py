"""What the drawing really is: told by key or bar, for one digit, a number's digit, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.model.reader import Reader
from digitdraw.ui.layout import arrange
from digitnet import Drawing, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Hand, NewHand, Shown


def saved(hand: Hand) -> tuple[Drawing, set[str]]:
    """Save; gives the recording, and the pictures' folders with how many are in each."""
    path = hand.app.save()
    assert path is not None
    root = path.parents[2]
    pictures = [*root.glob("pictures/*/*.png"), *root.glob("28x28/*/*.png")]
    folders = {f"{picture.parents[1].name}/{picture.parent.name}" for picture in pictures}
    return next(read_drawings(root / "recordings" / f"{path.stem}.ndjson")), folders


def point_at(hand: Hand, index: int) -> None:
    """Rest the mouse on a digit that was read."""
    assert hand.app.prediction is not None
    left, top, width, height = hand.app.prediction.digits[index].box
    hand.move((left + width / 2, top + height / 2), (0, 0, 0))


def test_nobody_has_said_anything_at_first(hand: Hand) -> None:
    """Then the word is what was read, with a tag that says so, in a folder of its own."""
    hand.draw(hand.SEVEN)
    assert hand.app.truth is None
    drawing, folders = saved(hand)
    assert (drawing.word, drawing.tags) == ("7", ("unlabelled",))
    assert folders == {"pictures/unlabelled", "28x28/unlabelled"}


def test_a_digit_is_what_its_author_says(hand: Hand, shown: Shown) -> None:
    """Not what it was read as; the last word counts."""
    hand.draw(hand.SEVEN)
    hand.key(pygame.K_3)
    hand.key(pygame.K_1)
    assert hand.app.truth == "1"
    assert shown.line("verdict") == "Labelled 1"
    assert shown.line("status") == "S saves it as 1."
    drawing, folders = saved(hand)
    assert (drawing.word, drawing.tags) == ("1", ())
    assert drawing.answer is not None
    assert drawing.answer["text"] == "7"
    assert folders == {"pictures/1", "28x28/1"}


def test_no_digit_is_a_label_too(hand: Hand, shown: Shown) -> None:
    """Its word is empty and its pictures are in a folder of their own."""
    hand.draw(hand.SQUARE)
    hand.key(pygame.K_n)
    assert hand.app.truth == ""
    assert shown.line("verdict") == "Labelled not a digit"
    assert shown.line("status") == "S saves it as not a digit."
    drawing, folders = saved(hand)
    assert (drawing.word, drawing.tags) == ("", ())
    assert folders == {"pictures/none", "28x28/none"}


def test_a_key_labels_the_digit_of_a_number_that_was_drawn_last(hand: Hand, shown: Shown) -> None:
    """The others are what they were read as."""
    hand.draw(*hand.SEVENTY_FOUR)
    hand.key(pygame.K_9)
    assert hand.app.truth == "79"
    assert shown.line("verdict") == "Labelled 79"
    drawing, folders = saved(hand)
    assert drawing.word == "79"
    assert folders == {"pictures/79", "28x28/7", "28x28/9"}


def test_a_key_labels_the_digit_that_is_pointed_at(hand: Hand, shown: Shown) -> None:
    """Each after the other, whichever was first."""
    hand.draw(*hand.SEVENTY_FOUR)
    point_at(hand, 0)
    hand.key(pygame.K_2)
    assert hand.app.truth == "24"
    assert shown.line("verdict") == "Labelled 24"
    point_at(hand, 1)
    assert shown.line("verdict") == "Labelled 24"
    hand.key(pygame.K_5)
    assert hand.app.truth == "25"


def test_a_number_that_is_no_digit_can_be_labelled_again(hand: Hand) -> None:
    """No digit is said of all ink; a digit afterwards is one of the number again."""
    hand.draw(*hand.SEVENTY_FOUR)
    hand.key(pygame.K_n)
    assert hand.app.truth == ""
    hand.key(pygame.K_4)
    assert hand.app.truth == "74"


def test_a_label_is_seen_on_its_bar(hand: Hand) -> None:
    """That bar alone looks otherwise."""
    hand.draw(hand.SEVEN)
    before = pygame.surfarray.array3d(hand.surface)
    hand.key(pygame.K_3)
    after = pygame.surfarray.array3d(hand.surface)
    changed = (after != before).any(axis=-1)
    bars = arrange(*hand.surface.get_size()).bars
    rows = [row for row in bars if changed[row.left : row.right, row.top : row.bottom].any()]
    assert rows == [bars[3]]


def test_a_stroke_that_makes_no_other_digit_keeps_the_label(hand: Hand) -> None:
    """Of a digit of two strokes, it may be told after the first one."""
    hand.draw(hand.FOUR[0])
    hand.key(pygame.K_4)
    hand.draw(hand.FOUR[1])
    assert hand.app.truth == "4"
    hand.app.undo()
    hand.step()
    assert hand.app.truth == "4"


@pytest.mark.parametrize("way", ["draw", "undo", "wipe"])
def test_another_number_of_digits_drops_the_label(hand: Hand, way: str) -> None:
    """It was told of other ink."""
    hand.draw(*hand.SEVENTY_FOUR)
    hand.key(pygame.K_4)
    assert hand.app.truth == "74"
    if way == "draw":
        hand.draw([(300, 450), (300, 560)])
        hand.draw([(50, 350), (50, 560)])
    elif way == "undo":
        hand.app.undo()
        hand.app.undo()
        hand.step()
    else:
        hand.press((150, 60), 3)
        hand.release((150, 60), 3)
    assert hand.app.truth is None


@pytest.mark.parametrize("truth", [pygame.K_7, pygame.K_n], ids=["7", "N"])
def test_a_cleared_board_has_no_label(hand: Hand, truth: int) -> None:
    """Nor has what is drawn next."""
    hand.draw(hand.SEVEN)
    hand.key(truth)
    hand.key(pygame.K_c)
    assert hand.app.truth is None
    hand.draw(hand.SEVEN)
    assert hand.app.truth is None


def test_a_blank_board_cannot_be_labelled(hand: Hand, shown: Shown) -> None:
    """The window says what to do first."""
    for key in (pygame.K_7, pygame.K_n):
        hand.key(key)
        assert hand.app.truth is None
        assert shown.line("status") == "Draw something first, then label it."


def test_a_label_in_the_frame_of_the_release_is_of_the_whole_number(hand: Hand) -> None:
    """The ink is read before it is taken down."""
    hand.draw(hand.SEVEN)
    hand.app.clear()
    hand.draw(*hand.SEVENTY_FOUR[:2])
    hand.press(hand.SEVENTY_FOUR[2][0])
    for place in hand.SEVENTY_FOUR[2][1:]:
        hand.move(place)
    hand.step(
        hand.mouse_event(pygame.MOUSEBUTTONUP, hand.SEVENTY_FOUR[2][-1], button=1),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_9, mod=0, unicode="9"),
    )
    assert hand.app.truth == "79"


def test_a_label_told_before_the_model_is_there_stays(new_hand: NewHand) -> None:
    """It is kept when the answer comes, and saved where none does."""
    reader = Reader()
    hand = new_hand(reader)
    hand.draw(hand.SEVEN)
    hand.key(pygame.K_7)
    drawing, folders = saved(hand)
    assert (drawing.word, drawing.tags, drawing.answer) == ("7", (), None)
    assert folders == {"pictures/7"}
    reader.load(None).join(60)
    hand.step()
    assert hand.text == hand.app.truth == "7"


def test_saving_without_a_label_tells_how_to_give_one(hand: Hand, shown: Shown) -> None:
    """And saving with one does not."""
    hand.draw(hand.SEVEN)
    hand.key(pygame.K_s)
    assert "press 0 to 9 before" in shown.line("status")
    hand.key(pygame.K_7)
    hand.key(pygame.K_s)
    assert shown.line("status").endswith(".png")
