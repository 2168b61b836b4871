"""Checks of whole recordings: a correct app passes all, and `moments` finds each planted bug."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from digitbench.checks.inspector import Inspector
from digitbench.checks.registry import CHECKS
from digitbench.replay.replayer import Setup
from digitbench.run import suite
from digitdraw.app import App
from digitdraw.model.board import Board
from digitdraw.model.document import Document
from digitdraw.model.reader import Reader, Reading
from digitnet import Drawing, Prediction, Recognizer, Stroke
from digitnet.preprocessing.cache import FramedInk, RecognitionCache
from digitnet.preprocessing.framing import frame_strokes

if TYPE_CHECKING:
    from tests.digitbench.conftest import Violations

Patch: TypeAlias = pytest.MonkeyPatch

BUNDLED = {each.key_id: each for each in suite.read_all(suite.bundled_recordings())}
FOUR = next(each for each in BUNDLED.values() if each.word == "4" and len(each.strokes) == 2)
NUMBER = next(each for each in BUNDLED.values() if len(each.word) == 2)


def after(drawing: Drawing, *events: tuple[Any, ...]) -> Drawing:
    """Add events (name, …) after the last stroke, a tenth of a second apart."""
    end = drawing.strokes[-1].points[-1].t
    timed = tuple((end + 100 * number, *event) for number, event in enumerate(events, 1))
    return replace(drawing, events=(*drawing.events, *timed))


def crossing(drawing: Drawing) -> tuple[float, float]:
    """Return a point on the last stroke."""
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
"""Every kind of event that a recording can hold."""


@pytest.mark.slow
def test_all_checks_hold_for_the_bundled_recordings(recognizer: Recognizer) -> None:
    """With all checks."""
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
def test_all_checks_hold_for_a_session(
    violations: Violations, device: str, window: tuple[int, int]
) -> None:
    """With undo, eraser, pens, labels and resized windows, on either device."""
    drawing = replace(SESSION, device=device)
    assert violations(drawing, *CHECKS, window=window) == []
    assert violations(drawing, *CHECKS, window=window, pen=0.02) == []


def test_more_ink_than_the_app_reads_is_followed_all_the_same(
    violations: Violations,
) -> None:
    """There is no answer to compare."""
    points = [(100 + step % 400, 100 + step // 400, step) for step in range(10_001)]
    drawing = Drawing((Stroke(points),), canvas=(600, 600), pen=0.02, device="touch")
    assert violations(drawing, "moments") == []


def test_ink_beside_the_board_is_followed_until_it_opens_the_gallery(
    violations: Violations, tmp_path: Path
) -> None:
    """Ink off the canvas presses whatever control is there."""
    strokes = tuple(
        Stroke([(x, y, 10 * x + y)]) for x in range(-130, 0, 13) for y in range(0, 600, 20)
    )
    drawing = Drawing(strokes, canvas=(600, 600), pen=0.02)
    assert violations(drawing, "moments", save_dir=tmp_path) == []


# Bugs of the app at some moment.


def undo_takes_all(patch: Patch) -> None:
    """Undo takes back everything at once."""
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
    """The answer is that for the previous ink."""
    read, last = Reader.read, list[Prediction | None]()

    def late(reader: Reader, source: Drawing) -> Prediction | None:
        last.append(read(reader, source))
        return last[-2] if len(last) > 1 else last[-1]

    patch.setattr(Reader, "read", late)


def clear_keeps_the_answer(patch: Patch) -> None:
    """A blank board keeps its answer."""
    change = Reading.ink_has_changed

    def keep(reading: Reading) -> None:
        prediction = reading.prediction
        change(reading)
        reading.prediction = prediction

    patch.setattr(Reading, "ink_has_changed", keep)


def cache_confuses_strokes(patch: Patch) -> None:
    """The cache identifies strokes by their number."""

    def frame(
        cache: RecognitionCache, strokes: tuple[Stroke, ...], pen: float, smallest: float
    ) -> Any:
        image = frame_strokes([s.xy for s in strokes], pen=pen, smallest=smallest)
        known = cache._last.get((len(strokes),), (strokes, FramedInk(image)))
        cache._framed[len(strokes),] = known
        return known[1]

    patch.setattr(RecognitionCache, "frame", frame)


def eraser_does_nothing(patch: Patch) -> None:
    """The eraser removes nothing."""
    patch.setattr(Board, "erase", lambda *_: [])


def resize_takes_the_canvas(patch: Patch) -> None:
    """Resizing the window moves the ink."""

    def resize(board: Board, canvas: tuple[float, float]) -> None:
        board.canvas = canvas

    patch.setattr(Board, "resize", resize)


def pen_stays(patch: Patch) -> None:
    """The pen cannot be changed."""
    patch.setattr(Document, "set_pen", lambda *_: None)


def labels_are_lost(patch: Patch) -> None:
    """A label is forgotten."""
    patch.setattr(Document, "label", lambda *_: None)


MOMENTS: dict[Callable[[Patch], None], tuple[Drawing, str]] = {
    undo_takes_all: (
        FOUR,
        "at the end, after undo by digitbench: the board holds 0 strokes, not 1",
    ),
    redo_doubles: (
        after(FOUR, ("undo",), ("redo",)),
        "at 0.65 s, after redo: the board holds 3 strokes, not 2",
    ),
    answers_are_late: (FOUR, "at 0.23 s, after stroke 1: the answer is "),
    clear_keeps_the_answer: (
        after(FOUR, ("clear",)),
        "at 0.55 s, after clear: a blank board is read as 4 (1.000) of 2 strokes",
    ),
    cache_confuses_strokes: (NUMBER, "after stroke 2: the answer is "),
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
"""Each with a recording that reveals it, and the message."""


@pytest.mark.parametrize("plant", MOMENTS, ids=lambda plant: plant.__name__)
def test_a_bug_of_a_moment_is_found(
    violations: Violations, plant: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    """At the first moment that reveals it, and reported once."""
    drawing, message = MOMENTS[plant]
    assert violations(drawing, "moments") == []
    plant(monkeypatch)
    [broken] = violations(drawing, "moments")
    assert message in broken


def test_violations_are_not_carried_over_to_the_next_recording(
    recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """An inspector keeps nothing from one recording to the next."""
    inspector = Inspector(recognizer, Setup(), ("moments",))
    labels_are_lost(monkeypatch)
    first, second = (inspector.inspect(d) for d in (after(FOUR, ("label", "4")), FOUR))
    assert [bool(checked.violations) for checked in first.checks] == [True]
    assert [bool(checked.violations) for checked in second.checks] == [False]


def test_what_was_checked_before_a_crash_is_kept(
    recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """The crash itself is reported as such."""

    def crash(*_: object) -> None:
        raise IndexError("no ink")

    monkeypatch.setattr(App, "clear", crash)
    replayed = Inspector(recognizer, Setup(), CHECKS).inspect(after(FOUR, ("clear",)))
    assert replayed.error.endswith("IndexError: no ink\n")
    moments, _ = replayed.checks
    assert (moments.name, moments.count, moments.violations) == ("moments", 2, ())
