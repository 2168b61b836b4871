"""Reads handwritten digits, from pen strokes or images.

>>> from digitnet import Recognizer
>>> Recognizer().predict("digit.png").text
'7'
"""

import typing as _typing

from digitnet.errors import (
    ArgumentError,
    DataError,
    DigitnetError,
    InkError,
    ModelError,
    PictureError,
    RecordingError,
)
from digitnet.ink import Drawing, Point, Stroke
from digitnet.prediction import Digit, Prediction
from digitnet.recordings import read_drawings, write_drawings

if _typing.TYPE_CHECKING:
    from digitnet.grid import Grid
    from digitnet.recognizer import Recognizer

    __version__: str
else:

    def __getattr__(name):
        """Import or look up what takes time only when it is used."""
        if name == "Recognizer":
            from digitnet.recognizer import Recognizer

            return Recognizer
        if name == "Grid":
            from digitnet.grid import Grid

            return Grid
        if name == "__version__":
            from importlib.metadata import version

            return version(__name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        """Include the names that are loaded on demand."""
        return sorted({*globals(), *__all__})


__all__ = [
    "ArgumentError",
    "DataError",
    "Digit",
    "DigitnetError",
    "Drawing",
    "Grid",
    "InkError",
    "ModelError",
    "PictureError",
    "Point",
    "Prediction",
    "Recognizer",
    "RecordingError",
    "Stroke",
    "__version__",
    "read_drawings",
    "write_drawings",
]
