"""Draws the inside of the network: its feature maps, and which ink counted for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame
from pygame import Rect

from digitdraw.ink.layer import to_surface
from digitdraw.model.reader import Inside
from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# NumPy is imported where it is used, as in `digitdraw.ink.layer`.

_FULL = 3.0  # log-odds at which a pixel is fully coloured: odds of twenty to one


def draw_stages(
    surface: pygame.Surface, layout: Layout, theme: Theme, writer: Writer, inside: Inside | None
) -> None:
    """Draw the feature maps of each stage in place of the bars."""
    area, unit = layout.bars[0].union(layout.bars[-1]), layout.unit
    if inside is None:
        text = "Draw to see what the network does"
        writer.write(surface, text, area, 2.6 * unit, theme.muted)
        return
    height = area.height // len(inside.stages)
    for index, maps in enumerate(inside.stages):
        part = Rect(area.left, area.top + index * height, area.width, height)
        head = Rect(part.left, part.top, part.width, 3 * unit)
        count, rows, columns = maps.shape
        text = f"Stage {index + 1}: {count} maps of {rows} x {columns}"
        writer.write(surface, text, head, 2.2 * unit, theme.muted, align="left")
        room = Rect(part.left, head.bottom, part.width, part.height - head.height - unit)
        tiles = to_surface(_tiled(maps, room), theme.background, theme.accent)
        fit = min(room.width / tiles.get_width(), room.height / tiles.get_height())
        surface.blit(pygame.transform.smoothscale_by(tiles.convert_alpha(), max(fit, 0.1)), room)


def _tiled(maps: NDArray[np.float32], room: Rect) -> NDArray[np.uint8]:
    """Arrange maps in the grid that fills an area best, uint8, 255 for the stage's maximum."""
    import numpy as np

    count, height, width = (int(side) for side in maps.shape)

    def scale(columns: int) -> float:
        rows = -(-count // columns)
        return min(room.width / (columns * (width + 1)), room.height / (rows * (height + 1)))

    columns = max(range(1, count + 1), key=scale)
    rows = -(-count // columns)
    grid = np.zeros((rows * columns, height + 1, width + 1), np.float32)
    # Few values are high; the square root keeps the others visible.
    grid[:count, :-1, :-1] = np.sqrt(maps / max(float(maps.max()), 1e-9))
    tiles = grid.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2)
    greys: NDArray[np.uint8] = np.rint(tiles * 255).astype(np.uint8)
    return greys.reshape(rows * (height + 1), -1)[:-1, :-1]


def evidence_surface(inside: Inside, theme: Theme) -> pygame.Surface:
    """Return the digit, 28x28, coloured by what counted for the answer and against it."""
    import numpy as np
    import pygame.surfarray

    ink = inside.digit.image[..., None] / 255.0
    strength = np.clip(inside.evidence / _FULL, -1, 1)[..., None]
    middle, side = np.array(theme.bar), np.where(strength > 0, theme.accent, theme.warning)
    colours = middle + (side - middle) * np.abs(strength)
    shown = np.array(theme.paper) * (1 - ink) + colours * ink
    surface = pygame.Surface((28, 28))
    pygame.surfarray.blit_array(surface, shown.swapaxes(0, 1).round().astype(np.uint8))
    return surface
