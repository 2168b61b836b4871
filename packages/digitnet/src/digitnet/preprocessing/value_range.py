"""Which values of an array are black and white: what its type and its own values say.

The same picture comes as bytes, as floats up to 1 or 255, centred on 0 for a network, or with the
10 to 16 bits of a scanner. Its type alone does not tell; the least and the greatest value mostly
do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digitnet.errors import PictureError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The white of integers: of masks, bytes, and of scanners and cameras with 10 to 16 bits.
_WHITES = (1, 255, 1023, 4095, 16383, 65535)

# Scaling a picture with a sharp filter takes values beyond black and white by this share at most.
_OVERSHOOT = 0.25

# Floats up to this are too dark for a picture from 0 to 255, and too bright for one from 0 to 1.
_UNCLEAR = 16

# Pictures that were standardized, to a mean of 0 and a deviation of 1, are within this if at least
# a thousandth of them is ink.
_STANDARDIZED = 32


def value_range(array: NDArray[Any]) -> tuple[float, float]:
    """Find the values of black and white.

    Args:
        array: bools, integers or finite floats of any shape, at least one.

    Returns:
        the values of black and white; what is beyond them is to be clipped.

    Raises:
        PictureError: the values are of no usual range.
    """
    if array.dtype.kind == "b":
        return 0.0, 1.0
    low, high = float(array.min()), float(array.max())
    found = _of_integers(low, high) if array.dtype.kind in "iu" else _of_floats(low, high)
    if found is None:
        raise PictureError(
            f"an array of {array.dtype} from {low:.6g} to {high:.6g} has no usual range of values; "
            "scale it to floats from 0 for black to 1 for white"
        )
    return found


def _of_integers(low: float, high: float) -> tuple[float, float] | None:
    white = next((white for white in _WHITES if high <= white), None)
    return (0.0, float(white)) if white and low >= -_OVERSHOOT * min(white, 255) else None


def _of_floats(low: float, high: float) -> tuple[float, float] | None:
    if low >= -_OVERSHOOT and high <= 1 + _OVERSHOOT:
        return 0.0, 1.0
    if low < 0 and max(-low, high) <= _STANDARDIZED:
        # From -1 to 1, or standardized, which has no fixed black and white.
        return min(low, -1.0), max(high, 1.0)
    if high <= _UNCLEAR:
        return None
    if high <= 255 * (1 + _OVERSHOOT) and low >= -_OVERSHOOT * 255:
        return 0.0, 255.0
    return _of_integers(low, high)
