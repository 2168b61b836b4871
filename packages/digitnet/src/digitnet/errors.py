"""The exceptions that digitnet raises.

Every message is one line that says what is wrong, where, and what to do about it, so a program can
print ``str(error)`` as it is.
"""


class DigitnetError(Exception):
    """Base class of all exceptions that digitnet raises deliberately."""


class ArgumentError(DigitnetError, ValueError):
    """An argument has a value that means nothing, such as an empty list of allowed digits."""


class InkError(DigitnetError):
    """Strokes are not valid ink: no points, numbers that are not finite, unequal lists."""


class RecordingError(DigitnetError):
    """A recordings file, or a line of one, cannot be read or written."""


class PictureError(DigitnetError):
    """An image cannot be read or written: missing, damaged, too large, or not an image."""


class ModelError(DigitnetError):
    """A model cannot be used: missing, damaged, or not the one that its manifest describes."""


class DataError(DigitnetError):
    """Training data is missing or damaged, or packages needed for training are not installed."""


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line; of an OSError, neither its number nor its path."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]
