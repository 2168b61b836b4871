"""What is measured in this process: answers, their parts, live frames, and the recognizer alone."""

from __future__ import annotations

import itertools
import math
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pygame

from digitbench.perf.figures import p50_and_p99
from digitbench.perf.timed_pilot import TimedPilot
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitdraw.ui.window import View
from digitnet import Drawing, Recognizer
from digitnet.errors import DigitnetError
from digitnet.preprocessing import framing

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP = 8  # milliseconds on the app's clock between two points

_PARTS: tuple[tuple[str, object, str], ...] = (
    ("predict", Recognizer, "predict"),
    ("raster", framing, "render"),
    ("network", Recognizer, "answer"),
    ("view", View, "draw"),
)
"""The functions that are timed while an answer is drawn: name of the part, owner, and function."""


class MeasureError(DigitnetError):
    """Something to be measured did not happen."""


def answers(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Replay recordings through the app.

    Returns:
        "answer" in milliseconds, "recordings" per second.

    Raises:
        MeasureError: nothing was answered, or the app crashed.
    """
    began = time.perf_counter()
    latencies = _replay(drawings, recognizer)
    seconds = time.perf_counter() - began
    return {**p50_and_p99("answer", latencies), "recordings": len(drawings) / seconds}


def parts_of_answers(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Replay recordings, and measure how long each part of an answer takes.

    Returns:
        "framing", "raster", "network" and "view" in milliseconds.

    Raises:
        MeasureError: nothing was answered, the app crashed, or a part was never called.
    """
    spent: Counter[str] = Counter()
    frames: list[Counter[str]] = []
    step = App.step

    def noted_step(*arguments: Any) -> list[pygame.Rect]:
        spent.clear()
        changed = step(*arguments)
        if "predict" in spent:
            frames.append(spent.copy())
        return changed

    with ExitStack() as replaced:
        for name, owner, function in _PARTS:
            timed = _timed(getattr(owner, function), name, spent)
            replaced.enter_context(_replaced(owner, function, timed))
        replaced.enter_context(_replaced(App, "step", noted_step))
        _replay(drawings, recognizer)
    for name, _, function in _PARTS:
        if not any(frame[name] for frame in frames):
            raise MeasureError(f"{function}, measured as {name}, is not called for an answer")
    for frame in frames:
        frame["framing"] = frame["predict"] - frame["raster"] - frame["network"]
    figures: dict[str, float] = {}
    for name in ("framing", "raster", "network", "view"):
        figures |= p50_and_p99(name, [frame[name] / 1e6 for frame in frames])
    return figures


def live_frames(points: int, recognizer: Recognizer) -> dict[str, float]:
    """Draw one long stroke with live reading, a frame for each point.

    Args:
        points: the number of points, >= 1.
        recognizer: the recognizer of the app.

    Returns:
        "live_frame" in milliseconds.
    """
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        pilot = TimedPilot(recognizer, Path(folder))
        pilot.frames.clear()
        pilot.hold(_scribble(points, pilot.app.board_area))
    return p50_and_p99("live_frame", pilot.frames)


def predictions(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Read drawings one at a time.

    Returns:
        "predict" in milliseconds.
    """
    times = []
    for drawing in drawings:
        began = time.perf_counter()
        recognizer.predict(drawing)
        times.append((time.perf_counter() - began) * 1000)
    return p50_and_p99("predict", times)


def pictures_per_second(pictures: NDArray[np.uint8], recognizer: Recognizer) -> float:
    """Return how many pictures, uint8 (n, 28, 28), the network reads per second."""
    began = time.perf_counter()
    recognizer.classify(pictures)
    return len(pictures) / (time.perf_counter() - began)


def framed(drawings: Sequence[Drawing], recognizer: Recognizer, count: int) -> NDArray[np.uint8]:
    """Return pictures, uint8 (count, 28, 28), of the digits in the drawings, repeated as needed.

    Raises:
        MeasureError: there are no digits in the drawings.
    """
    answers = recognizer.predict_many(drawings)
    images = [digit.image for answer in answers for digit in answer.digits]
    if not images:
        raise MeasureError("the recordings hold no ink, so there is nothing to read")
    return np.stack(list(itertools.islice(itertools.cycle(images), count)))


def _scribble(points: int, area: pygame.Rect) -> list[tuple[float, float]]:
    """Return a curve all over an area, in window pixels."""
    turns = np.linspace(0, 2 * math.pi, points, endpoint=False)
    x = area.centerx + 0.45 * area.width * np.sin(5 * turns)
    y = area.centery + 0.45 * area.height * np.cos(7 * turns)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _replay(drawings: Sequence[Drawing], recognizer: Recognizer) -> list[float]:
    """Replay recordings, and return the milliseconds from each release to the answer drawn."""
    replayer = Replayer(recognizer)
    latencies: list[float] = []
    for drawing in drawings:
        replayed = replayer.replay(drawing)
        if replayed.error:
            raise MeasureError(f"{drawing.key_id}: the app crashed; 'digitbench run' shows how")
        latencies += replayed.latency_ms
    if not latencies:
        raise MeasureError("the recordings hold no ink, so there is nothing to answer")
    return latencies


def _timed(function: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    """Wrap a function so that it adds its nanoseconds to those spent under a name."""

    def timed(*arguments: Any, **options: Any) -> Any:
        began = time.perf_counter_ns()
        try:
            return function(*arguments, **options)
        finally:
            spent[name] += time.perf_counter_ns() - began

    return timed


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, original)
