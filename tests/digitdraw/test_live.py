"""Reading while drawing: an answer before the pen is lifted, and the same one after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pygame
import pytest

from digitdraw.model import reader
from digitdraw.storage.settings import Settings
from digitnet import Recognizer, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown, Trace

LIVE = Settings(live=True)


@pytest.fixture
def live(new_pilot: NewPilot) -> Pilot:
    """A pilot whose app reads while it draws."""
    return new_pilot(settings=LIVE)


def draw_but_hold(pilot: Pilot, path: Trace) -> Iterator[str]:
    """Draw a stroke and keep the button down; yield what is read at each position."""
    pilot.press(path[0])
    for place in path[1:]:
        pilot.move(place)
        yield pilot.text


def test_there_is_an_answer_before_the_release(live: Pilot, shown: Shown) -> None:
    """The window shows it before any stroke is finished."""
    assert list(draw_but_hold(live, live.SEVEN))[-1] == "7"
    assert live.strokes == []
    assert shown.line("answer") == "7"


@pytest.mark.parametrize("paths", ["SEVEN", "FOUR", "SEVENTY_FOUR", "SQUARE"])
def test_the_last_answer_is_that_of_release_only(
    live: Pilot, new_pilot: NewPilot, paths: str
) -> None:
    """Earlier live answers do not affect it."""
    strokes = getattr(live, paths)
    strokes = strokes if isinstance(strokes[0], list) else [strokes]
    live.draw(*strokes)
    there = live.app.prediction
    other = new_pilot()
    other.draw(*strokes)
    here = other.app.prediction
    assert there is not None
    assert here is not None
    assert (there.text, there.confidence) == (here.text, here.confidence)
    for one, two in zip(there.digits, here.digits, strict=True):
        assert one.strokes == two.strokes
        assert (one.image == two.image).all()


def test_a_pen_that_rests_is_not_read_again(live: Pilot) -> None:
    """Frames without a new point draw nothing and keep the answer."""
    list(draw_but_hold(live, live.SEVEN))
    answer = live.app.prediction
    for _ in range(3):
        assert live.step() == []
    assert live.app.prediction is answer


def test_a_dot_is_read_on_release(live: Pilot) -> None:
    """A press alone cannot be a digit."""
    live.press((300, 300))
    assert live.app.prediction is None
    live.release((300, 300))
    assert live.app.prediction is not None


def test_l_switches_it_off_and_on(live: Pilot, shown: Shown) -> None:
    """The window says which, and the setting is remembered."""
    live.key(pygame.K_l)
    assert shown.line("status") == "Reads when the pen is lifted."
    assert set(draw_but_hold(live, live.SEVEN)) == {""}
    live.release(live.SEVEN[-1])
    assert live.text == "7"
    live.app.clear()
    live.key(pygame.K_l)
    assert shown.line("status") == "Reads while you draw."
    assert list(draw_but_hold(live, live.SEVEN))[-1] == "7"


def test_much_ink_is_not_read_until_the_release(
    live: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the limit ink is read live; beyond it, the answer is that of finished strokes."""
    monkeypatch.setattr(reader, "_MAX_LIVE_POINTS", 4)
    answers = list(draw_but_hold(live, live.SEVEN))
    assert answers[-1] == answers[2]
    seen = live.app.prediction
    live.release(live.SEVEN[-1])
    assert live.app.prediction is not seen
    assert live.text == "7"
    live.press((500, 500))
    live.move((510, 510))
    live.key(pygame.K_RIGHTBRACKET)
    assert live.text == "7"


def test_undo_while_drawing_drops_the_live_answer(live: Pilot) -> None:
    """The answer is that of the finished strokes again."""
    live.draw(live.FOUR[0])
    before = live.text
    list(draw_but_hold(live, live.FOUR[1]))
    live.app.undo()
    live.step()
    assert live.text == before
    assert live.app.prediction is not None
    assert live.app.prediction.digits[0].strokes == (0,)


def test_an_answer_that_is_saved_belongs_to_the_ink_that_is_saved(live: Pilot) -> None:
    """The unfinished stroke is neither saved nor part of the answer; then it is read again."""
    live.draw(live.SEVEN)
    list(draw_but_hold(live, [(500, 60), (470, 130), (440, 200), (440, 240)]))
    assert live.app.prediction is not None
    assert len(live.app.prediction.digits) == 2
    path = live.app.save()
    assert path is not None
    saved = next(read_drawings(path.parents[2] / "recordings" / f"{path.stem}.ndjson"))
    assert len(saved.strokes) == 1
    assert saved.answer is not None
    assert saved.answer["text"] == saved.word == "7"
    recording = live.app.recording()
    assert recording.answer is not None
    assert recording.answer["text"] == "7"
    live.move((440, 260))
    assert len(live.app.prediction.digits) == 2
    live.release((440, 260))
    assert len(live.strokes) == 2


def test_a_label_outlives_what_is_read_for_a_moment(live: Pilot) -> None:
    """Half a stroke may look like a second digit; the label is judged on release."""
    live.draw(live.FOUR[0])
    live.key(pygame.K_4)
    counts = []
    for _ in draw_but_hold(live, [(560, 100), (560, 300), (340, 220), (340, 480)]):
        assert live.app.prediction is not None
        counts.append(len(live.app.prediction.digits))
    assert counts[0] == 2
    assert counts[-1] == 1
    live.release((340, 480))
    assert live.app.truth == "4"


@pytest.mark.parametrize("key", [pygame.K_4, pygame.K_n], ids=["4", "N"])
def test_a_label_while_drawing_is_of_the_finished_digits(live: Pilot, key: int) -> None:
    """Even if the stroke being drawn looks like another digit."""
    live.draw(live.SEVEN)
    live.key(pygame.K_7)
    list(draw_but_hold(live, [(500, 60), (470, 130), (440, 200), (440, 240)]))
    live.key(key)
    assert live.app.truth == ("4" if key == pygame.K_4 else "")


def test_another_pen_while_drawing_keeps_the_live_answer(live: Pilot) -> None:
    """The ink is read again with the unfinished stroke, not without it."""
    list(draw_but_hold(live, live.SEVEN))
    live.key(pygame.K_RIGHTBRACKET)
    assert live.text == "7"


def test_erasing_is_read_as_it_goes(live: Pilot) -> None:
    """The rest is read after each touch, before the button is released."""
    live.draw(live.SEVEN, [(20, 20), (560, 560)])
    live.press((500, 560), 3)
    live.move((500, 500), (0, 0, 1))
    assert live.text == "7"
    live.release((500, 500), 3)
    assert live.text == "7"


def test_nothing_is_read_once_the_only_stroke_was_dropped(live: Pilot) -> None:
    """Undo while the pen is down leaves a blank board, and asking for an answer changes nothing."""
    live.press((100, 100))
    live.move((200, 200))
    assert live.app.prediction is not None
    live.app.undo()
    live.key(pygame.K_s)
    assert live.app.prediction is None


def test_ink_that_was_read_before_the_release_is_not_read_by_the_network_again(
    live: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pen that is lifted where it was seen last leaves the same ink; elsewhere it adds to it."""
    runs = []
    answer = Recognizer.answer

    def noted(*arguments: Any) -> Any:
        runs.append(arguments)
        return answer(*arguments)

    monkeypatch.setattr(Recognizer, "answer", noted)
    list(draw_but_hold(live, live.SEVEN))
    count, seen = len(runs), live.app.prediction
    live.release(live.SEVEN[-1])
    assert (live.text, len(runs)) == ("7", count)
    assert live.app.prediction is seen
    list(draw_but_hold(live, live.SEVEN[:-1]))
    count = len(runs)
    live.release(live.SEVEN[-1])
    assert len(runs) == count + 1
