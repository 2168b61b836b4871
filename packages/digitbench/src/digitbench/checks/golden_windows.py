"""Golden windows: what the app shows at the end of a few recordings, to notice when that changes.

The check `screen` knows what must be shown, but not what it must look like. A person decides about
that, once for each change, and accepts it as new golden windows.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pygame
from PIL import Image

from digitbench.replay.replayer import Replayer
from digitnet import DataError, Drawing, Recognizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 60
"""Pixels that may differ: a machine that rounds differently may show 99.8% instead of 99.7%."""

_LEVELS = 48  # of 255, by which a pixel differs: more than rounding


@dataclass(frozen=True)
class Scene:
    """A window to look at.

    Attributes:
        name: of the scene, and of its file.
        key_id: of the bundled recording at whose end it is looked at.
        window: (width, height) in pixels.
        events: what happens before the first stroke, each (name, …).
    """

    name: str
    key_id: str
    window: tuple[int, int] = (960, 640)
    events: tuple[tuple[Any, ...], ...] = ()


SCENES = (
    Scene("light", "four-open-01"),
    Scene("dark", "four-open-01", events=(("theme", "dark"),)),
    Scene("small", "seven-plain-01", (480, 360)),
    Scene("tall", "seven-plain-01", (480, 800)),
    Scene("number", "number-2026"),
    Scene("not-a-digit", "not-star-01"),
)
"""The scenes that are kept."""


@dataclass(frozen=True)
class WindowChange:
    """A window that looks different.

    Attributes:
        name: of the scene.
        before: the golden window, uint8 (height, width, 3); None for a new one.
        after: the window now.
    """

    name: str
    before: NDArray[np.uint8] | None
    after: NDArray[np.uint8]

    @property
    def difference(self) -> int:
        """How many pixels differ by more than rounding."""
        if self.before is None or self.before.shape != self.after.shape:
            height, width, _ = self.after.shape
            return int(height * width)
        off = np.abs(self.before.astype(int) - self.after).max(axis=2)
        return int((off > _LEVELS).sum())


def golden_folder() -> Path:
    """Return the folder of the golden windows, a PNG file for each scene."""
    return Path(str(resources.files("digitbench") / "recordings" / "windows"))


def windows_of(
    drawings: Iterable[Drawing], recognizer: Recognizer, scenes: Iterable[Scene] = SCENES
) -> dict[str, NDArray[np.uint8]]:
    """Replay the recordings of scenes; return the windows, uint8 (height, width, 3), by name.

    Raises:
        DataError: a recording is missing, or the app crashed.
    """
    by_key = {drawing.key_id: drawing for drawing in drawings}
    windows = {}
    for scene in scenes:
        if (drawing := by_key.get(scene.key_id)) is None:
            raise DataError(f"{scene.key_id}: is not a bundled recording; name one in the scene")
        replayer = Replayer(recognizer, window=scene.window)
        events = tuple((0, *event) for event in scene.events)
        replayed = replayer.replay(replace(drawing, events=events + tuple(drawing.events)))
        if replayed.error:
            raise DataError(f"{scene.key_id}: the app crashed; 'digitbench run' shows how")
        windows[scene.name] = pygame.surfarray.array3d(replayer.surface).swapaxes(0, 1).copy()
    return windows


def as_png(window: NDArray[np.uint8]) -> bytes:
    """Return a window as a PNG file."""
    content = io.BytesIO()
    Image.fromarray(window).save(content, "PNG", optimize=True)
    return content.getvalue()


def read_windows(folder: Path) -> dict[str, NDArray[np.uint8]]:
    """Read the golden windows in a folder, by name.

    Raises:
        DataError: a file is not a picture.
    """
    windows = {}
    for path in sorted(folder.glob("*.png")):
        try:
            with Image.open(path, formats=["PNG"]) as image:
                windows[path.stem] = np.asarray(image.convert("RGB"))
        except Exception as error:  # Pillow raises almost anything for damaged files
            reason = " ".join(str(error).split())
            raise DataError(
                f"{path}: is not a golden window ({reason}); 'digitbench golden --accept' makes it"
            ) from None
    return windows


def compare_windows(
    golden: Mapping[str, NDArray[np.uint8]], windows: Mapping[str, NDArray[np.uint8]]
) -> list[WindowChange]:
    """Return the windows that differ in more pixels than `TOLERANCE`, in their order."""
    changes = (WindowChange(name, golden.get(name), after) for name, after in windows.items())
    return [change for change in changes if change.difference > TOLERANCE]
