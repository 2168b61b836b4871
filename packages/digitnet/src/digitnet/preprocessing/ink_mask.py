"""The ink of an image: how much there is at each pixel, and where that is in the source.

Whatever reads images makes one, and whatever looks for lines or digits in it starts from one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitnet.ink import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class InkMask:
    """An image's ink.

    Attributes:
        mask: float32 (height, width), 0 for paper to 1 for ink, of the area that holds all ink.
        corner: left and top of that area, in the mask's pixels.
        shape: of the whole image, (height, width) in the mask's pixels.
        size: of the source, (width, height) in pixels.
        scale: side of one of the mask's pixels, in the source's pixels.
        is_photo: whether the light, noise and lines of the paper were removed.
    """

    mask: NDArray[np.float32]
    corner: tuple[int, int]
    shape: tuple[int, int]
    size: tuple[int, int]
    scale: int
    is_photo: bool

    def in_source(self, box: Box) -> Box:
        """Convert a box from the whole image's pixels to the source's."""
        left, top, width, height = (side * self.scale for side in box)
        # The mask's last row and column may extend beyond the source.
        return left, top, min(width, self.size[0] - left), min(height, self.size[1] - top)
