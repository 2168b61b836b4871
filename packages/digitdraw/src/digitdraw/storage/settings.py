"""Settings that are kept between sessions, in the platform's configuration folder."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdraw.model.board import THICKEST, THINNEST
from digitnet.errors import reason_of
from digitnet.files import write_atomically

SMALLEST, LARGEST = (320, 240), (7680, 4320)
"""Bounds of the window's (width, height) in pixels."""

THEME_NAMES = ("light", "dark")
"""Names of the themes, in settings and on the command line."""

_STANDARD_HEIGHT = 1080  # in pixels, of a screen that needs no scaling


@dataclass(frozen=True)
class Settings:
    """What a user can choose.

    Attributes:
        size: the window's (width, height) in pixels.
        theme: one of `THEME_NAMES`.
        pen: the pen's diameter over the board's shorter side.
        live: whether ink is read while it is drawn, and not only when the pen is lifted.
    """

    size: tuple[int, int] = (960, 640)
    theme: str = "light"
    pen: float = 0.05
    live: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError if a value is out of bounds or of the wrong type."""
        low, high = SMALLEST, LARGEST
        if not all(
            low[i] <= side <= high[i] and type(side) is int for i, side in enumerate(self.size)
        ):
            raise ValueError(f"a window of {self.size[0]}x{self.size[1]}")
        if self.theme not in THEME_NAMES:
            raise ValueError(f"a theme {self.theme!r}")
        if not THINNEST <= self.pen <= THICKEST:
            raise ValueError(f"a pen of {self.pen}")
        if type(self.live) is not bool:
            raise ValueError(f"live reading {self.live!r}")

    def with_size(self, size: tuple[int, int]) -> Settings:
        """Return these settings with another window size, clamped to the bounds."""
        bounds = zip(SMALLEST, size, LARGEST, strict=True)
        width, height = (min(max(low, side), high) for low, side, high in bounds)
        return dataclasses.replace(self, size=(width, height))

    def recorded(self, before: Settings | None = None) -> dict[str, object]:
        """Return the settings that recordings hold and that have changed, by default since new."""
        changed = (
            name
            for name in ("live", "theme")
            if getattr(self, name) != getattr(before or Settings, name)
        )
        return {name: getattr(self, name) for name in changed}


def default_settings(screen: tuple[int, int]) -> Settings:
    """Return the settings of the first start on a screen of (width, height) pixels.

    The contents of the window scale with it, so on a screen with twice the resolution the window
    has twice the pixels and looks the same, only sharper.
    """
    size = Settings().size
    scale = max(1.0, screen[1] / _STANDARD_HEIGHT)
    return Settings().with_size((round(size[0] * scale), round(size[1] * scale)))


def load_settings(path: Path, defaults: Settings) -> tuple[Settings, str]:
    """Read settings, or fall back to the defaults.

    Args:
        path: the file; it may be missing.
        defaults: returned if the file is missing or damaged.

    Returns:
        (settings, one line about a damaged file or "")
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return defaults, ""
    except OSError as error:
        return defaults, f"{path}: cannot be read ({reason_of(error)}); using the default settings"
    try:
        return _to_settings(json.loads(content)), ""
    except (ValueError, TypeError, KeyError, RecursionError):
        return defaults, f"{path}: not a valid settings file; using the default settings"


def _to_settings(values: Any) -> Settings:
    if set(values) != {field.name for field in dataclasses.fields(Settings)}:
        raise ValueError("missing or unknown keys")
    width, height = values["size"]
    return Settings(**{**values, "size": (width, height)})


def save_settings(path: Path, settings: Settings) -> None:
    """Write settings atomically.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(dataclasses.asdict(settings), indent=2) + "\n"
    write_atomically(path, content.encode())
