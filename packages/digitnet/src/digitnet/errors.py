"""What can go wrong, as one small tree.

Every message is one line that says what is wrong, where, and what to do about it, so a program may
print ``str(error)`` as it stands.
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
