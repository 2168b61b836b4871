"""Reads handwritten digits, drawn or pictured.

>>> from digitnet import Recognizer
>>> Recognizer().predict("digit.png").text
'7'
"""

import typing as _typing

from digitnet.errors import (
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
    from digitnet.recognizer import Recognizer

    __version__: str
else:

    def __getattr__(name):
        """Give what takes time, to import or to find, only to those who ask for it."""
        if name == "Recognizer":
            from digitnet.recognizer import Recognizer

            return Recognizer
        if name == "__version__":
            from importlib.metadata import version

            return version(__name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        """Name what can be asked for, too."""
        return sorted({*globals(), *__all__})


__all__ = [
    "DataError",
    "Digit",
    "DigitnetError",
    "Drawing",
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
