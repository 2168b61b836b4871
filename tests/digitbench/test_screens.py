"""Pictures of the app in a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from digitbench.replay.replayer import Replayer
from digitbench.report.timeline_report import timeline_report
from digitdraw.app import App
from digitnet import Drawing


def photograph(replayer: Replayer, drawing: Drawing) -> Image.Image:
    """Return a picture of the app at the last moment of a recording."""
    picture = timeline_report(replayer, drawing, 1).moments[-1].picture
    assert picture is not None
    return picture


def test_a_picture_shows_what_the_app_showed(replayer: Replayer, seven: Drawing) -> None:
    """The whole window with the ink; the same each time, regardless of what was shown before."""
    blank = np.asarray(photograph(replayer, replace(seven, strokes=())))
    first = np.asarray(photograph(replayer, seven))
    assert first.shape == (*replayer.surface.get_size()[::-1], 3)
    assert (first != blank).any(axis=2).sum() > 1000
    photograph(replayer, replace(seven, strokes=()))
    assert (np.asarray(photograph(replayer, seven)) == first).all()


def test_a_picture_of_an_app_that_drew_nothing_is_black(
    replayer: Replayer, seven: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if another app drew something before it."""
    photograph(replayer, seven)

    def crash(self: App, *_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(App, "step", crash)
    assert not np.asarray(photograph(replayer, seven)).any()
