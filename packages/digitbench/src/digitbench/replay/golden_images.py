"""Golden images: what a window showed when it was right, to compare it with later."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray
from PIL import Image

from digitbench.replay.names import PilotError
from digitbench.replay.outcome import ViolationError

_FORBIDDEN = frozenset('/\\:*?"<>|')


class GoldenImages:
    """A folder of golden images.

    Args:
        folder: holds the images; it is created with the first one that is written.
        differences: the folder for the images that show a difference.
        update: whether to write golden images instead of comparing with them.
    """

    def __init__(self, folder: Path, differences: Path, *, update: bool = False) -> None:
        self._folder = folder
        self._differences = differences
        self._update = update

    def expect(
        self, name: str, surface: pygame.Surface, *, tolerance: int = 8, share: float = 0.0
    ) -> None:
        """Compare a surface with a golden image, or write that image.

        Args:
            name: of the image, without ".png".
            surface: what is shown.
            tolerance: by how much a colour may differ, of 255.
            share: of the pixels, 0 to 1, that may differ by more.

        Raises:
            PilotError: the name is no file name.
            ViolationError: the image is missing, or differs; names the files that show it.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        if not name or name.startswith(".") or not _FORBIDDEN.isdisjoint(name):
            raise PilotError(f"{name!r} is not the name of an image; use letters, digits, - and _")
        golden = self._folder / f"{name}.png"
        actual = pygame.surfarray.array3d(surface).swapaxes(0, 1)
        expected = _read(golden)
        wrong = None if expected is None else _differences(expected, actual, tolerance)
        if wrong is not None and wrong.sum() <= share * wrong.size:
            return
        if self._update:
            self._folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(actual).save(golden)
            return
        files = {"actual": actual}
        if expected is not None:
            files = {"expected": expected, **files}
        if wrong is not None and expected is not None:
            files["difference"] = _highlight(expected, wrong)
        said = [_describe(golden, expected, actual, wrong)]
        self._differences.mkdir(parents=True, exist_ok=True)
        for kind, pixels in files.items():
            path = self._differences / f"{name}-{kind}.png"
            Image.fromarray(pixels).save(path)
            said.append(f"{kind + ':':<11} {path}")
        said.append("If the window is right, write it with --digitbench-update.")
        raise ViolationError("\n".join(said))


def _read(path: Path) -> NDArray[np.uint8] | None:
    if not path.exists():
        return None
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


def _differences(
    expected: NDArray[np.uint8], actual: NDArray[np.uint8], tolerance: int
) -> NDArray[np.bool_] | None:
    """Return which pixels differ by more than the tolerance; None if the sizes differ."""
    if expected.shape != actual.shape:
        return None
    by = np.abs(expected.astype(np.int16) - actual).max(axis=2)
    wrong: NDArray[np.bool_] = by > tolerance
    return wrong


def _describe(
    golden: Path,
    expected: NDArray[np.uint8] | None,
    actual: NDArray[np.uint8],
    wrong: NDArray[np.bool_] | None,
) -> str:
    if expected is None:
        return f"{golden} does not exist, so the window cannot be compared with it."
    if wrong is None:
        now, then = (f"{pixels.shape[1]}x{pixels.shape[0]}" for pixels in (actual, expected))
        return f"The window has {now} pixels, but {golden} has {then}."
    places = np.argwhere(wrong)
    (top, left), (bottom, right) = places.min(axis=0), places.max(axis=0)
    return (
        f"The window differs from {golden} in {len(places):,} of {wrong.size:,} pixels, from "
        f"({left}, {top}) to ({right}, {bottom})."
    )


def _highlight(expected: NDArray[np.uint8], wrong: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the expected image, grey and faint, with the pixels that differ in red."""
    faint = 192 + expected.mean(axis=2, keepdims=True) / 4
    shown = np.repeat(faint, 3, axis=2).astype(np.uint8)
    shown[wrong] = (220, 0, 0)
    return shown
