"""Reads handwritten digits, drawn or pictured.

>>> from digitnet import Recognizer
>>> Recognizer().predict("digit.png").text  # doctest: +SKIP
'7'
"""

from importlib.metadata import version as _version

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

__version__ = _version("digitnet")

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
