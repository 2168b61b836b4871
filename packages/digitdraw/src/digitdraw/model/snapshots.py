"""The document at one moment, as immutable values that any thread may turn into a drawing.

Taking a snapshot is cheap. Building its drawing grows with the ink, so the thread that saves does
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, NamedTuple

from digitdraw.model.placement import Area, Placement
from digitnet import Digit, Drawing, Prediction, Stroke
from digitnet.ink import UNLABELLED, from_zero


@dataclass(frozen=True)
class DrawingSnapshot:
    """The ink, with its answer and its label.

    Attributes:
        strokes: the finished strokes, on the board's clock.
        canvas: (width, height) in pixels.
        pen: the pen's diameter over the canvas's shorter side.
        device: "mouse" or "touch", of the last stroke; "" before the first.
        prediction: what the ink was read as, or None.
        truth: the label; "" for "not a digit", None if there is none.
        model_hash: the SHA-256 of the model that read it.
    """

    strokes: tuple[Stroke, ...]
    canvas: tuple[float, float]
    pen: float
    device: str
    prediction: Prediction | None
    truth: str | None
    model_hash: str

    def drawing(self) -> Drawing:
        """Build the drawing, with times from 0.

        Raises:
            InkError: there are more points than a drawing may have.
        """
        return from_zero(self.on_board_clock())

    def on_board_clock(self) -> Drawing:
        """Build the drawing, with times on the board's clock; raises as `drawing` does."""
        read_as = self.prediction.text if self.prediction else ""
        return Drawing(
            self.strokes,
            # Without a label, what the ink was read as: "" would mean "not a digit".
            word=read_as if self.truth is None else self.truth,
            canvas=self.canvas,
            pen=self.pen,
            device=self.device,
            source="digitdraw",
            tags=(UNLABELLED,) if self.truth is None else (),
            answer=_to_answer(self.prediction, self.model_hash),
        )


class Segment(NamedTuple):
    """A part of a stroke, between two other events.

    Attributes:
        first: index of its first point in the stroke.
        earliest: the earliest time in the recording that its points can have.
        area: the part of the window that showed the board.
    """

    first: int
    earliest: float
    area: Area


class RecordedStroke(NamedTuple):
    """A stroke as it was drawn.

    It shares its points with the board; only the snapshot converts them.
    """

    stroke: Stroke
    canvas: tuple[float, float]
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class RecordingSnapshot:
    """A whole session as one recording, which digitbench replays to the same answer.

    Its strokes are all that were ever drawn; events say what was undone, erased or cleared:

        [t, "resize", width, height]    the window, in pixels; the first is its size at the start
        [t, "pen", width]               another pen, over the board's shorter side
        [t, "live", false]              ink is read, or not, while it is drawn; true unless said
        [t, "theme", "dark"]            another theme; "light" unless said
        [t, "erase", x, y]              the eraser touched strokes here, in canvas pixels
        [t, "word", "47"]               the label of the drawing that was opened before
        [t, "undo"], [t, "redo"], [t, "clear"], [t, "save"], [t, "label", "7"]

    Positions are where they were in the window, on the canvas that the board had at the start.

    Attributes:
        strokes: every stroke that was ever drawn.
        events: everything else, each (t, name, …).
        canvas: of the recording, (width, height) in pixels.
        pen: the pen's diameter at the start, over the canvas's shorter side.
        start: the board's clock at the start, in milliseconds.
        end: the drawing at the end.
    """

    strokes: tuple[RecordedStroke, ...]
    events: tuple[tuple[Any, ...], ...]
    canvas: tuple[float, float]
    pen: float
    start: int
    end: DrawingSnapshot

    def drawing(self) -> Drawing:
        """Build the recording, with word and answer as at the end.

        Raises:
            InkError: there are more points than a drawing may have.
        """
        return replace(
            self.end.on_board_clock(),
            strokes=tuple(map(self._converted, self.strokes)),
            canvas=self.canvas,
            pen=self.pen,
            events=self.events,
        )

    def _converted(self, recorded: RecordedStroke) -> Stroke:
        """Convert a stroke to the canvas and the clock of the recording."""
        points: list[tuple[float, float, float]] = []
        stroke, canvas, segments = recorded
        ends = [segment.first for segment in segments[1:]] + [len(stroke.points)]
        for segment, end in zip(segments, ends, strict=True):
            part = slice(segment.first, end)
            here = Placement.fit(canvas, segment.area)
            there = Placement.fit(self.canvas, segment.area)
            in_window = stroke.xy[part] * here.scale + (here.left, here.top)
            places = ((in_window - (there.left, there.top)) / there.scale).round(2).tolist()
            # If the clock was set back while the pen was down, time stands still instead.
            times = accumulate(
                (point.t - self.start for point in stroke.points[part]),
                max,
                initial=segment.earliest,
            )
            next(times)  # skip the initial value
            points += [(x, y, t) for (x, y), t in zip(places, times, strict=True)]
        return Stroke(points)


def _to_answer(prediction: Prediction | None, model_hash: str) -> Mapping[str, object] | None:
    """Return a recording's `answer`; None if the ink was not read or nothing was found in it."""
    if prediction is None or not prediction.digits:
        return None
    answer: dict[str, object] = {
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "model": model_hash,
    }
    if len(prediction.digits) == 1:
        answer["probabilities"] = _rounded(prediction.digits[0])
    else:
        answer["digits"] = [
            {"label": digit.label, "strokes": digit.strokes, "probabilities": _rounded(digit)}
            for digit in prediction.digits
        ]
    return answer


def _rounded(digit: Digit) -> list[float]:
    return [round(float(probability), 6) for probability in digit.probabilities]
