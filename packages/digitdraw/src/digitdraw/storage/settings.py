"""What is remembered from one start to the next, in the platform's folder for configuration."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.ui.theme import THEMES
from digitnet.errors import reason_of
from digitnet.files import write_atomically

SMALLEST, LARGEST = (320, 240), (7680, 4320)
"""Bounds of the window's (width, height) in pixels."""

_USUAL_LINES = 1080  # of pixels, of a screen on which one pixel is as large as ever


@dataclass(frozen=True)
class Settings:
    """What a user may have chosen.

    Attributes:
        size: the window's (width, height) in pixels.
        theme: a name in `THEMES`.
        pen: the pen's diameter over the board's shorter side.
        live: whether ink is read while it is drawn, and not only when the pen is lifted.
    """

    size: tuple[int, int] = (960, 640)
    theme: str = "light"
    pen: float = 0.05
    live: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError for what no window can have."""
        low, high = SMALLEST, LARGEST
        if not all(
            low[i] <= side <= high[i] and type(side) is int for i, side in enumerate(self.size)
        ):
            raise ValueError(f"a window of {self.size[0]}x{self.size[1]}")
        if self.theme not in THEMES:
            raise ValueError(f"a theme {self.theme!r}")
        if not THINNEST <= self.pen <= THICKEST:
            raise ValueError(f"a pen of {self.pen}")
        if type(self.live) is not bool:
            raise ValueError(f"live reading {self.live!r}")

    def with_size(self, size: tuple[int, int]) -> Settings:
        """Give these settings with another window, or one that is as near as may be remembered."""
        bounds = zip(SMALLEST, size, LARGEST, strict=True)
        width, height = (min(max(low, side), high) for low, side, high in bounds)
        return dataclasses.replace(self, size=(width, height))


def usual_settings(screen: tuple[int, int]) -> Settings:
    """Give what somebody starts with who has chosen nothing, for a screen of so many pixels.

    All that the window shows grows with it, so on a screen of twice as many pixels it has twice as
    many, too, and looks the same, only sharper.
    """
    size = Settings().size
    scale = max(1.0, screen[1] / _USUAL_LINES)
    return Settings().with_size((round(size[0] * scale), round(size[1] * scale)))


def load_settings(path: Path, usual: Settings) -> tuple[Settings, str]:
    """Read settings; instead of a damaged file's the usual ones, with a line that says so.

    Args:
        path: their file; it need not be there.
        usual: instead of what is not there or damaged.

    Returns:
        (settings, "" or what was wrong)
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return usual, ""
    except OSError as error:
        return usual, f"{path}: cannot be read ({reason_of(error)}); using the usual settings"
    try:
        return _to_settings(json.loads(content)), ""
    except (ValueError, TypeError, KeyError, RecursionError):
        return usual, f"{path}: holds no settings; using the usual ones"


def _to_settings(values: Any) -> Settings:
    if set(values) != {field.name for field in dataclasses.fields(Settings)}:
        raise ValueError("other keys")
    width, height = values["size"]
    return Settings(**{**values, "size": (width, height)})


def save_settings(path: Path, settings: Settings) -> None:
    """Write settings, whole or not at all.

    Raises:
        OSError: they cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(dataclasses.asdict(settings), indent=2) + "\n"
    write_atomically(path, content.encode())
