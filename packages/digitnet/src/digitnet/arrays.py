"""Arrays from NumPy and elsewhere: what is one, and which of its axes are an image's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.errors import PictureError, reason_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHAPES = "pass (height, width), or (height, width, 3 or 4)"

_GREY = 1
_CHANNELS = (_GREY, 3, 4)


def is_array_like(source: Any) -> bool:
    """Whether something is an array, or can be one: a tensor, a data frame, an array on a GPU."""
    # NumPy's texts and bytes are arrays of no dimension, but mean the same as Python's.
    return not isinstance(source, (str, bytes)) and any(
        hasattr(source, name)
        for name in ("__array__", "__array_interface__", "__cuda_array_interface__")
    )


def as_array(source: Any) -> NDArray[Any]:
    """Return an array or what can be one, such as a tensor of PyTorch, as NumPy's array.

    Raises:
        PictureError: it cannot be converted, such as a tensor on a GPU or with a gradient.
    """
    if isinstance(source, np.ndarray):
        return source
    try:
        return np.asarray(source)
    except Exception as error:  # other packages' arrays raise anything
        raise PictureError(
            f"an object of type {type(source).__name__} cannot be converted to an array "
            f"({reason_of(error)}); pass an array in the computer's memory, "
            "for a tensor tensor.detach().cpu().numpy()"
        ) from None


def as_image_shape(array: NDArray[Any]) -> NDArray[Any]:
    """Arrange the axes of one image.

    Args:
        array: (height, width), grey; (height, width, channels) or (1, height, width); or
            (3, height, width), colours first, unless that may as well be three 28x28 images. The
            channels are 1 for grey, 3 for colours, 4 with opacity. Further axes of length 1 may
            come first.

    Returns:
        the same values, (height, width) or (height, width, 3 or 4).

    Raises:
        PictureError: it has another shape, or holds several images.
    """
    shape = array.shape
    while array.ndim > 3 and len(array) == 1:
        array = array[0, ...]
    if array.ndim == 3 and array.size:
        if array.shape[2] in _CHANNELS:
            return array[..., 0] if array.shape[2] == _GREY else array
        if len(array) == 1:
            return array[0, ...]
        if array.shape == (3, 28, 28):
            raise PictureError(
                f"an array of shape {shape} may be three images or three colours; "
                "pass images to predict_many, or colours as (28, 28, 3)"
            )
        if len(array) == 3:
            return np.moveaxis(array, 0, 2)
    if array.ndim in (3, 4) and array.size and min(array.shape[1:3]) > 4:
        framed = "classify if they are framed, or to " if array.shape[1:] == (28, 28) else ""
        raise PictureError(
            f"an array of shape {shape} holds several images; pass it to {framed}predict_many"
        )
    if array.ndim != 2 or not array.size:
        raise PictureError(f"an array of shape {shape} is not an image; {_SHAPES}")
    return array
