"""The exceptions that digitnet raises.

Every message is one line that says what is wrong, where, and what to do about it, so a program can
print ``str(error)`` as it is.
"""


class DigitnetError(Exception):
    """The root: catch this to catch everything that digitnet raises on purpose."""


class InkError(DigitnetError):
    """Strokes that cannot be ink: no points, numbers that are not finite, unequal lists."""


class RecordingError(DigitnetError):
    """A recordings file, or one line of it, that cannot be read or written."""


class PictureError(DigitnetError):
    """A picture that cannot be read or written: missing, damaged, too large, or none at all."""


class ModelError(DigitnetError):
    """A model that cannot be used: missing, damaged, or not the one its card describes."""


class DataError(DigitnetError):
    """Training data that is missing or damaged, or a training environment that is incomplete."""


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line; of an OSError, neither its number nor its path."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]
