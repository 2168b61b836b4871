"""The check `invariants`: each bug planted in the framing is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest

from digitbench.checks.check import CheckContext, FinishedReplay
from digitbench.checks.invariants import Invariants
from digitbench.replay.replayer import Replayed, Setup
from digitbench.run import suite
from digitnet import Recognizer
from digitnet.preprocessing.framing import frame_strokes

if TYPE_CHECKING:
    from tests.digitbench.conftest import Violations

Patch: TypeAlias = pytest.MonkeyPatch
Paths: TypeAlias = list[Any]

FOUR = next(
    drawing
    for drawing in suite.read_all(suite.bundled_recordings())
    if drawing.word == "4" and len(drawing.strokes) == 2
)


def place_is_seen(paths: Paths, **options: Any) -> Any:
    """Points are snapped to a grid of 10 pixels."""
    return frame_strokes([np.round(path / 10) * 10 for path in paths], **options)


def size_is_seen(paths: Paths, **options: Any) -> Any:
    """Lines keep the width they were drawn with."""
    extent = np.ptp(np.concatenate(paths), axis=0).max()
    return frame_strokes(paths, **options | {"radius": 25 / max(extent, 10)})


def order_is_seen(paths: Paths, **options: Any) -> Any:
    """Only the first stroke is drawn."""
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
"""Each with its message, perhaps one of several."""


@pytest.mark.parametrize("framing", FRAMING, ids=lambda framing: framing.__name__)
def test_a_bug_of_the_framing_is_found(
    violations: Violations, framing: Callable[..., Any], monkeypatch: Patch
) -> None:
    """The app agrees with the recogniser all the time."""
    monkeypatch.setattr("digitnet.preprocessing.cache.frame_strokes", framing)
    broken = violations(FOUR, "invariants", "moments")
    assert any(each.startswith(FRAMING[framing]) for each in broken), broken
    assert not [each for each in broken if each.startswith("moments")]


def test_pictures_of_another_type_are_found(recognizer: Recognizer, monkeypatch: Patch) -> None:
    """The network accepts them, but the app, which shows them, would crash."""

    def as_floats(paths: Paths, **options: Any) -> Any:
        return frame_strokes(paths, **options).astype(np.float32) / 255

    monkeypatch.setattr("digitnet.preprocessing.cache.frame_strokes", as_floats)
    prediction = recognizer.predict(FOUR)
    replay = FinishedReplay(FOUR, Replayed(prediction, ()), FOUR)
    outcome = Invariants(CheckContext(recognizer, Setup())).finish(replay)
    assert outcome is not None
    assert str(outcome.violations[0]) == "digit 1 is float32 (28, 28), not uint8 (28, 28)"
