"""What must be the same by mouse and by finger.

A mouse is where whole pixels of the window are, a finger is anywhere. So neither points nor
pictures need be the same: each stroke must be, to a pixel of the window, and the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from digitbench.checks.outcome import Broken
from digitdraw.model.placement import Placement
from digitdraw.ui.layout import arrange
from digitnet import Drawing, Prediction

_OFF = 0.5 + 0.1  # window pixels: a mouse's, and hundredths of a canvas pixel that are rounded


def compare_devices(
    names: tuple[str, str],
    ends: tuple[Drawing, Drawing],
    answers: tuple[Prediction | None, Prediction | None],
    windows: Iterable[tuple[int, int]],
) -> Iterator[Broken]:
    """Tell how a recording comes to another end by another device.

    Args:
        names: of the devices.
        ends: the ink on the board, with each.
        answers: what was read, with each.
        windows: (width, height) in pixels of those that it was drawn in.
    """
    for what, one, two in _differences(ends, answers, windows):
        yield Broken(f"by {names[1]} {what} {two}, by {names[0]} {one}", one, two)


def _differences(
    ends: tuple[Drawing, Drawing],
    answers: tuple[Prediction | None, Prediction | None],
    windows: Iterable[tuple[int, int]],
) -> Iterator[tuple[str, str, str]]:
    """Tell what differs, and what it is with the one device and with the other."""
    one, two = (answer.text if answer else "" for answer in answers)
    if one != two:
        yield "it is read as", one or "no digit", two or "no digit"
    one, two = (f"{len(end.strokes)} strokes" for end in ends)
    if one != two:
        yield "the board holds", one, two
        return
    areas = [arrange(*window).board for window in windows]
    scale = min(Placement.fit(ends[0].canvas or area.size, area).scale for area in areas)
    for number, strokes in enumerate(zip(*(end.strokes for end in ends), strict=True), start=1):
        corners = [(*stroke.xy.min(axis=0), *stroke.xy.max(axis=0)) for stroke in strokes]
        if float(np.abs(np.subtract(*corners)).max()) * scale > _OFF:
            one, two = (" ".join(f"{value:.1f}" for value in each) for each in corners)
            yield f"stroke {number} reaches from and to", one, two
