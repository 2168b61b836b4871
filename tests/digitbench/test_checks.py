"""What is checked besides the answer: a right app stands it, each planted bug is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from digitbench.checks.check import CheckContext, FinishedReplay
from digitbench.checks.inspector import Inspector
from digitbench.checks.invariants import Invariants
from digitbench.checks.registry import CHECKS
from digitbench.replay.replayer import Replayed, Setup
from digitbench.run import suite
from digitdraw.input.pointer import Pointer
from digitdraw.model.board import Board
from digitdraw.model.document import Desk
from digitdraw.model.pen_tool import Hand
from digitdraw.model.reader import Reader
from digitdraw.model.reading import Session
from digitnet import Drawing, Prediction, Recognizer, Stroke
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.framing import frame_strokes

Patch: TypeAlias = pytest.MonkeyPatch
Paths: TypeAlias = list[Any]

BUNDLED = {each.key_id: each for each in suite.read_all(suite.bundled_recordings())}
FOUR = next(each for each in BUNDLED.values() if each.word == "4" and len(each.strokes) == 2)
NUMBER = next(each for each in BUNDLED.values() if len(each.word) == 2)


def after(drawing: Drawing, *events: tuple[Any, ...]) -> Drawing:
    """Add events, each (name, …), a tenth of a second after another, once all is drawn."""
    end = drawing.strokes[-1].points[-1].t
    timed = tuple((end + 100 * number, *event) for number, event in enumerate(events, 1))
    return replace(drawing, events=(*drawing.events, *timed))


def crossing(drawing: Drawing) -> tuple[float, float]:
    """Give a place on the last stroke."""
    x, y, _ = drawing.strokes[-1].points[len(drawing.strokes[-1].points) // 2]
    return x, y


SESSION = after(
    FOUR,
    ("undo",),
    ("redo",),
    ("erase", *crossing(FOUR)),
    ("undo",),
    ("label", "4"),
    ("pen", 0.09),
    ("resize", 480, 800),
    ("save",),
    ("clear",),
    ("undo",),
    ("resize", 1200, 700),
)
"""Everything that a recording can tell."""


def told(drawing: Drawing, recognizer: Recognizer, *checks: str, **setup: Any) -> list[str]:
    """Replay a recording and check it; gives what does not hold, each with its check's name."""
    replayed = Inspector(recognizer, Setup(**setup), checks).inspect(drawing)
    assert not replayed.error, replayed.error
    result = suite.judge(drawing, replayed)
    assert {checked.name for checked in replayed.checks} == {*checks} | (
        {"expect"} if any(event[1] == "expect" for event in drawing.events) else set()
    )
    assert all(checked.count for checked in replayed.checks)
    return [f"{name}: {broken}" for name, broken in result.violations]


def test_all_holds_of_the_bundled_recordings(recognizer: Recognizer) -> None:
    """Each moment of each, however its ink is drawn, with either device."""
    inspector = Inspector(recognizer, Setup(), CHECKS)
    broken = {
        key_id: checked.violations
        for key_id, drawing in BUNDLED.items()
        for checked in inspector.inspect(drawing).checks
        if checked.violations
    }
    assert broken == {}


@pytest.mark.parametrize("device", ["mouse", "touch"])
@pytest.mark.parametrize("window", [(960, 640), (400, 700)], ids=str)
def test_all_holds_of_a_session(
    recognizer: Recognizer, device: str, window: tuple[int, int]
) -> None:
    """With undo, eraser, pens, labels and other windows, whatever it is drawn with."""
    drawing = replace(SESSION, device=device)
    assert told(drawing, recognizer, *CHECKS, window=window) == []
    assert told(drawing, recognizer, *CHECKS, window=window, pen=0.02) == []


def test_more_ink_than_the_app_reads_is_followed_all_the_same(recognizer: Recognizer) -> None:
    """There is no answer, and nothing to compare it with."""
    points = [(100 + step % 400, 100 + step // 400, step) for step in range(10_001)]
    drawing = Drawing((Stroke(points),), canvas=(600, 600), pen=0.02, device="touch")
    assert told(drawing, recognizer, "moments") == []


def test_ink_beside_the_board_is_followed_until_it_opens_the_gallery(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    """What lies off the canvas presses whatever is there."""
    strokes = tuple(
        Stroke([(x, y, 10 * x + y)]) for x in range(-130, 0, 13) for y in range(0, 600, 20)
    )
    drawing = Drawing(strokes, canvas=(600, 600), pen=0.02)
    assert told(drawing, recognizer, "moments", save_dir=tmp_path) == []


# What may be wrong with the app at some moment.


def undo_takes_all(patch: Patch) -> None:
    """All that was done is taken back at once."""
    undo = Board.undo

    def take(board: Board) -> None:
        while board.can_undo:
            undo(board)

    patch.setattr(Board, "undo", take)


def redo_doubles(patch: Patch) -> None:
    """A stroke comes back twice."""
    redo = Board.redo

    def double(board: Board) -> None:
        before = len(board.strokes)
        redo(board)
        board._strokes += board._strokes[before:]

    patch.setattr(Board, "redo", double)


def answers_are_late(patch: Patch) -> None:
    """The answer is that of the ink before."""
    read, last = Reader.read, list[Prediction | None]()

    def late(reader: Reader, source: Drawing) -> Prediction | None:
        last.append(read(reader, source))
        return last[-2] if len(last) > 1 else last[-1]

    patch.setattr(Reader, "read", late)


def clear_keeps_the_answer(patch: Patch) -> None:
    """A blank board is what it was before."""
    change = Session.ink_has_changed

    def keep(session: Session) -> None:
        prediction = session.prediction
        change(session)
        session.prediction = prediction

    patch.setattr(Session, "ink_has_changed", keep)


def memory_mixes_strokes_up(patch: Patch) -> None:
    """Strokes are known again by how many they are."""

    def frame(
        cache: RecognitionCache, strokes: tuple[Stroke, ...], pen: float, smallest: float
    ) -> Any:
        image = frame_strokes([s.xy for s in strokes], pen=pen, smallest=smallest)
        known = cache._last.get((len(strokes),), (strokes, image))
        cache._framed[len(strokes),] = known
        return known[1]

    patch.setattr(RecognitionCache, "frame", frame)


def eraser_does_nothing(patch: Patch) -> None:
    """What it meets stays."""
    patch.setattr(Board, "erase", lambda *_: [])


def resize_takes_the_canvas(patch: Patch) -> None:
    """Ink stands elsewhere once the window has another size."""

    def resize(board: Board, canvas: tuple[float, float]) -> None:
        board.canvas = canvas

    patch.setattr(Board, "resize", resize)


def pen_stays(patch: Patch) -> None:
    """No other pen is taken."""
    patch.setattr(Desk, "take_pen", lambda *_: None)


def labels_are_lost(patch: Patch) -> None:
    """What it is told to be is forgotten."""
    patch.setattr(Desk, "label", lambda *_: None)


MOMENTS: dict[Callable[[Patch], None], tuple[Drawing, str]] = {
    undo_takes_all: (
        FOUR,
        "at the end, after undo by digitbench: the board holds 0 strokes, not 1",
    ),
    redo_doubles: (
        after(FOUR, ("undo",), ("redo",)),
        "at 0.65 s, after redo: the board holds 3 strokes, not 2",
    ),
    answers_are_late: (FOUR, "at 0.45 s, after stroke 2: the answer is "),
    clear_keeps_the_answer: (
        after(FOUR, ("clear",)),
        "at 0.55 s, after clear: a blank board is read as 4 (1.000) of 2 strokes",
    ),
    memory_mixes_strokes_up: (NUMBER, "after stroke 2: the answer is "),
    eraser_does_nothing: (
        after(FOUR, ("erase", *crossing(FOUR))),
        "at 0.55 s, after erase: the eraser was 0 pixels from stroke 2, and left it",
    ),
    resize_takes_the_canvas: (
        FOUR,
        "at the end, after window 640x960 by digitbench: the canvas is ",
    ),
    pen_stays: (after(FOUR, ("pen", 0.1)), "at 0.55 s, after pen 10.0%: the pen is "),
    labels_are_lost: (
        after(FOUR, ("label", "4")),
        "at 0.55 s, after label 4: the label is None, not '4'",
    ),
}
"""Each with a recording at which it is found, and what is said of it."""


@pytest.mark.parametrize("plant", MOMENTS, ids=lambda plant: plant.__name__)
def test_a_bug_of_a_moment_is_found(
    plant: Callable[[Patch], None], recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """At the first moment at which it shows, of which there is one report."""
    drawing, message = MOMENTS[plant]
    assert told(drawing, recognizer, "moments") == []
    plant(monkeypatch)
    [broken] = told(drawing, recognizer, "moments")
    assert message in broken


def test_what_is_wrong_with_one_recording_is_not_with_the_next(
    recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """An inspector begins anew with each."""
    inspector = Inspector(recognizer, Setup())
    labels_are_lost(monkeypatch)
    first, second = (inspector.inspect(d) for d in (after(FOUR, ("label", "4")), FOUR))
    assert [bool(checked.violations) for checked in first.checks] == [True, False]
    assert [bool(checked.violations) for checked in second.checks] == [False, False]


# What may be wrong with the 28x28.


def place_is_seen(paths: Paths, **options: Any) -> Any:
    """Points are put on a grid of 10 pixels."""
    return frame_strokes([np.round(path / 10) * 10 for path in paths], **options)


def size_is_seen(paths: Paths, **options: Any) -> Any:
    """Lines are as wide as they were drawn."""
    extent = np.ptp(np.concatenate(paths), axis=0).max()
    return frame_strokes(paths, **options | {"radius": 25 / max(extent, 10)})


def order_is_seen(paths: Paths, **options: Any) -> Any:
    """The first stroke alone is drawn."""
    return frame_strokes(paths[:1], **options)


def direction_is_seen(paths: Paths, **options: Any) -> Any:
    """The last third of each stroke is left out."""
    return frame_strokes([path[: 1 + 2 * len(path) // 3] for path in paths], **options)


def points_are_seen(paths: Paths, **options: Any) -> Any:
    """Points are drawn, and no lines between them."""
    dots = [point[None] for path in paths for point in path]
    return frame_strokes(dots, **options | {"radius": 0.8})


def mass_is_off(paths: Paths, **options: Any) -> Any:
    """The picture is moved."""
    return np.roll(frame_strokes(paths, **options), 2, axis=1)


def ink_is_small(paths: Paths, **options: Any) -> Any:
    """It fills half of the box."""
    extent = np.ptp(np.concatenate(paths), axis=0).max()
    return frame_strokes(paths, **options | {"smallest": 2 * extent})


def ink_is_pale(paths: Paths, **options: Any) -> Any:
    """There is no black."""
    return frame_strokes(paths, **options) // 2


FRAMING: dict[Callable[..., Any], str] = {
    place_is_seen: "invariants: moved by (137, -41) pixels, it shows the network another digit 1 ",
    size_is_seen: "invariants: 0.37 times as large, it shows the network another digit 1 by",
    order_is_seen: "invariants: with its strokes in reverse order, it ",
    direction_is_seen: "invariants: with its strokes drawn from their other ends, it ",
    points_are_seen: "invariants: with a point more in each segment, it shows the network another",
    mass_is_off: "invariants: digit 1 has its centre of mass off the middle horizontally by ",
    ink_is_small: "invariants: digit 1 has a longer side of ",
    ink_is_pale: "invariants: digit 1 has greys 0 to 127, not 0 to 255",
}
"""Each with what is said of it, perhaps among others."""


@pytest.mark.parametrize("framing", FRAMING, ids=lambda framing: framing.__name__)
def test_a_bug_of_the_framing_is_found(
    framing: Callable[..., Any], recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """The app is in agreement with the recogniser all the while."""
    monkeypatch.setattr("digitnet.preprocessing.cache.frame_strokes", framing)
    broken = told(FOUR, recognizer, "invariants", "moments")
    assert any(each.startswith(FRAMING[framing]) for each in broken), broken
    assert not [each for each in broken if each.startswith("moments")]


def test_pictures_of_another_type_are_found(recognizer: Recognizer, monkeypatch: Patch) -> None:
    """The network takes them, though the app, which shows them, would crash."""

    def as_floats(paths: Paths, **options: Any) -> Any:
        return frame_strokes(paths, **options).astype(np.float32) / 255

    monkeypatch.setattr("digitnet.preprocessing.cache.frame_strokes", as_floats)
    prediction = recognizer.predict(FOUR)
    replay = FinishedReplay(FOUR, Replayed(prediction, ()), FOUR)
    outcome = Invariants(CheckContext(recognizer, Setup())).finish(replay)
    assert outcome is not None
    assert str(outcome.violations[0]) == "digit 1 is float32 (28, 28), not uint8 (28, 28)"


# What may be wrong with a device.


def fingers_are_off(patch: Patch) -> None:
    """A finger is taken to be three pixels beside where it is."""
    finger = Pointer._finger

    def off(pointer: Pointer, event: Any, window: tuple[int, int]) -> Any:
        return finger(pointer, type(event)(event.type, event.dict | {"x": event.x + 0.003}), window)

    patch.setattr(Pointer, "_finger", off)


def strokes_by_mouse_are_lost(patch: Patch) -> None:
    """Nothing is left of a stroke by mouse."""
    end = Hand.end

    def lose(hand: Hand) -> bool:
        if hand.device == "mouse":
            hand._board._current = hand._board._current[:0]
        return end(hand)

    patch.setattr(Hand, "end", lose)


DEVICES: dict[Callable[[Patch], None], str] = {
    fingers_are_off: "devices: by touch stroke 1 reaches from and to ",
    strokes_by_mouse_are_lost: "devices: by touch it is read as 4, by mouse no digit",
}


@pytest.mark.parametrize("plant", DEVICES, ids=lambda plant: plant.__name__)
def test_a_bug_of_one_device_is_found(
    plant: Callable[[Patch], None], recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """By the other one."""
    plant(monkeypatch)
    broken = told(replace(FOUR, device="mouse"), recognizer, "devices")
    assert broken[0].startswith(DEVICES[plant])


def test_a_crash_with_the_other_device_is_told(recognizer: Recognizer, monkeypatch: Patch) -> None:
    """The recording itself has not crashed."""

    def crash(*_: object) -> None:
        raise IndexError("a finger")

    monkeypatch.setattr(Pointer, "_finger", crash)
    drawing = replace(FOUR, device="mouse")
    assert told(drawing, recognizer, "devices") == [
        "devices: by touch the app crashed: IndexError: a finger"
    ]


def test_of_an_app_that_crashes_is_kept_what_was_checked_before(
    recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """The crash is what is told of it."""

    def crash(*_: object) -> None:
        raise IndexError("no ink")

    monkeypatch.setattr(Desk, "clear", crash)
    replayed = Inspector(recognizer, Setup(), CHECKS).inspect(after(FOUR, ("clear",)))
    assert replayed.error.endswith("IndexError: no ink\n")
    [moments] = replayed.checks
    assert (moments.name, moments.count, moments.violations) == ("moments", 2, ())
