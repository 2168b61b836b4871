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
from digitnet.recognizer import Digit, Prediction, Recognizer
from digitnet.recordings import read_drawings, write_drawings

if _typing.TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name):
        """Give `__version__`: who does not ask for it need not wait until it is found."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version

        return version(__name__)


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
