"""Which ink belongs to which digit.

All strokes of a drawing, and all ink of a picture, are one digit here.
"""

from __future__ import annotations

from digitnet.ink import Drawing


def group_strokes(drawing: Drawing) -> list[tuple[int, ...]]:
    """Sort a drawing's strokes into digits, in reading order.

    Returns:
        for each digit, the indices of its strokes; every stroke belongs to exactly one digit.
    """
    return [tuple(range(len(drawing.strokes)))] if drawing.strokes else []
