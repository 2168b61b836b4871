"""Golden pictures: the 28x28 of each recording, to notice when preprocessing changes.

They are tiles of one PNG file, so that a change to them is visible as a picture; a text chunk of
the file says which tile belongs to which digit.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from digitbench.replay.replayer import Replayer
from digitnet import DataError, Drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 3
"""Grey levels of 255 by which a pixel may differ: machines round differently."""

_SIDE, _COLUMNS = 28, 25
_TEXT = "digits"


@dataclass(frozen=True)
class Change:
    """A digit whose picture differs from the golden one.

    Attributes:
        name: key_id of the recording, and the digit's index if there are several.
        before: the golden picture, uint8 (28, 28); None for a new one.
        after: the picture now; None if there no longer is one.
    """

    name: str
    before: NDArray[np.uint8] | None
    after: NDArray[np.uint8] | None

    @property
    def difference(self) -> int:
        """The largest difference of a pixel, in grey levels."""
        if self.before is None or self.after is None:
            return 255
        return int(np.abs(self.before.astype(int) - self.after.astype(int)).max())


def golden_file() -> Path:
    """Return the file with the golden pictures of the bundled recordings."""
    return Path(str(resources.files("digitbench") / "recordings" / "golden.png"))


def pictures_of(drawings: Iterable[Drawing], replayer: Replayer) -> dict[str, NDArray[np.uint8]]:
    """Replay recordings, and return what the network saw, uint8 (28, 28), by name.

    Raises:
        DataError: the app crashed.
    """
    pictures = {}
    for drawing in drawings:
        replayed = replayer.replay(drawing)
        if replayed.error:
            raise DataError(f"{drawing.key_id}: the app crashed; 'digitbench run' shows how")
        digits = replayed.prediction.digits if replayed.prediction else ()
        for number, digit in enumerate(digits, start=1):
            name = f"{drawing.key_id}/{number}" if len(digits) > 1 else drawing.key_id
            pictures[name] = digit.image
    return pictures


def as_png(pictures: Mapping[str, NDArray[np.uint8]]) -> bytes:
    """Return pictures as one PNG, sorted by name."""
    names = sorted(pictures)
    rows = -(-len(names) // _COLUMNS)
    tiles = np.zeros((rows * _SIDE, _COLUMNS * _SIDE), np.uint8)
    for index, name in enumerate(names):
        tiles[_tile(index)] = pictures[name]
    text = PngInfo()
    text.add_itxt(_TEXT, json.dumps(names))
    content = io.BytesIO()
    Image.fromarray(tiles).save(content, "PNG", pnginfo=text, optimize=True)
    return content.getvalue()


def read_golden(path: Path) -> dict[str, NDArray[np.uint8]]:
    """Read what `as_png` wrote.

    Raises:
        DataError: the file cannot be read, or holds no golden pictures.
    """
    try:
        with Image.open(path, formats=["PNG"]) as image:
            tiles = np.asarray(image)
            names = json.loads(image.info[_TEXT])
        return {name: tiles[_tile(index)].copy() for index, name in enumerate(names)}
    except Exception as error:  # Pillow raises almost anything for damaged files
        reason = " ".join(str(error).split())
        raise DataError(
            f"{path}: holds no golden pictures ({reason}); 'digitbench golden --accept' makes them"
        ) from None


def compare(
    golden: Mapping[str, NDArray[np.uint8]],
    pictures: Mapping[str, NDArray[np.uint8]],
    tolerance: int = TOLERANCE,
) -> list[Change]:
    """Return what differs by more than a tolerance in grey levels, largest first."""
    changes = [
        Change(name, golden.get(name), pictures.get(name)) for name in sorted({*golden, *pictures})
    ]
    changed = [change for change in changes if change.difference > tolerance]
    return sorted(changed, key=lambda change: -change.difference)


def _tile(index: int) -> tuple[slice, slice]:
    top, left = _SIDE * (index // _COLUMNS), _SIDE * (index % _COLUMNS)
    return slice(top, top + _SIDE), slice(left, left + _SIDE)
