"""What is measured in this process: answers, their parts, live frames, and the recogniser alone."""

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
from digitbench.perf.timed import TimedPilot
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitdraw.ui.window import View
from digitnet import Drawing, Recognizer
from digitnet.errors import DigitnetError
from digitnet.preprocessing import framing

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP = 8  # milliseconds of the app's clock between two points


class MeasureError(DigitnetError):
    """Something that was to be measured did not happen."""


def answers(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Replay recordings through the app.

    Returns:
        "answer" in milliseconds, "recordings" a second.

    Raises:
        MeasureError: nothing was answered, or the app crashed.
    """
    began = time.perf_counter()
    latencies = _replay(drawings, recognizer)
    seconds = time.perf_counter() - began
    return {**p50_and_p99("answer", latencies), "recordings": len(drawings) / seconds}


def parts_of_answers(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Replay recordings, and measure of what the answers' time is made up.

    Returns:
        "framing", "raster", "network" and "view" in milliseconds.

    Raises:
        MeasureError: nothing was answered, or the app crashed.
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
        for name, owner, function in (
            ("predict", Recognizer, "predict"),
            ("raster", framing, "render"),
            ("network", Recognizer, "answer"),
            ("view", View, "draw"),
        ):
            timed = _timed(getattr(owner, function), name, spent)
            replaced.enter_context(_replaced(owner, function, timed))
        replaced.enter_context(_replaced(App, "step", noted_step))
        _replay(drawings, recognizer)
    for frame in frames:
        frame["framing"] = frame["predict"] - frame["raster"] - frame["network"]
    figures: dict[str, float] = {}
    for name in ("framing", "raster", "network", "view"):
        figures |= p50_and_p99(name, [frame[name] / 1e6 for frame in frames])
    return figures


def live_frames(points: int, recognizer: Recognizer) -> dict[str, float]:
    """Draw one long stroke with live reading on, a frame for each point.

    Args:
        points: of the stroke, >= 1.
        recognizer: of the app.

    Returns:
        "live_frame" in milliseconds.
    """
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        pilot = TimedPilot(recognizer, Path(folder))
        pilot.frames.clear()
        pilot.hold(_scribble(points, pilot.app.board_area))
    return p50_and_p99("live_frame", pilot.frames)


def predictions(drawings: Sequence[Drawing], recognizer: Recognizer) -> dict[str, float]:
    """Read drawings one by one.

    Returns:
        "predict" in milliseconds.
    """
    times = []
    for drawing in drawings:
        began = time.perf_counter()
        recognizer.predict(drawing)
        times.append((time.perf_counter() - began) * 1000)
    return p50_and_p99("predict", times)


def pictures_a_second(pictures: NDArray[np.uint8], recognizer: Recognizer) -> float:
    """Measure how many pictures, uint8 (n, 28, 28), the network reads in a second."""
    began = time.perf_counter()
    recognizer.classify(pictures)
    return len(pictures) / (time.perf_counter() - began)


def framed(drawings: Sequence[Drawing], recognizer: Recognizer, count: int) -> NDArray[np.uint8]:
    """Give so many pictures, uint8 (count, 28, 28): the drawings' digits, over and over.

    Raises:
        MeasureError: there is nothing in the drawings.
    """
    answers = recognizer.predict_many(drawings)
    images = [digit.image for answer in answers for digit in answer.digits]
    if not images:
        raise MeasureError("the recordings hold no ink, so there is nothing to read")
    return np.stack(list(itertools.islice(itertools.cycle(images), count)))


def _scribble(points: int, area: pygame.Rect) -> list[tuple[float, float]]:
    """Give a curve all over an area, in window pixels."""
    turns = np.linspace(0, 2 * math.pi, points, endpoint=False)
    x = area.centerx + 0.45 * area.width * np.sin(5 * turns)
    y = area.centery + 0.45 * area.height * np.cos(7 * turns)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _replay(drawings: Sequence[Drawing], recognizer: Recognizer) -> list[float]:
    """Replay recordings; gives the milliseconds from each release to the answer drawn."""
    replayer = Replayer(recognizer)
    latencies: list[float] = []
    for drawing in drawings:
        replayed = replayer.replay(drawing)
        if replayed.error:
            raise MeasureError(
                f"{drawing.key_id}: the app crashed, which 'digitbench run' tells more of"
            )
        latencies += replayed.latency_ms
    if not latencies:
        raise MeasureError("the recordings hold no ink, so there is nothing to answer")
    return latencies


def _timed(function: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    """Let a function add its nanoseconds to those that were spent under a name."""

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
