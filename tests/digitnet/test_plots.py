"""Plots of a training run are PNG files that show what they should."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

from digitnet.training.log import Epoch
from digitnet.training.plots import draw_confusion, draw_curves

EPOCH = Epoch(1, 1.5, 0.9, None, 0.4, 1e-3, 2.0)
PERFECT = replace(EPOCH, number=2, loss=0.0, accuracy=1.0, validation_loss=0.0)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert picture.format == "PNG"
    return picture.convert("RGB")


def has_colour(picture: Image.Image, colour: tuple[int, int, int]) -> bool:
    return bool((np.asarray(picture) == colour).all(axis=2).any())


@pytest.mark.parametrize("epochs", [[EPOCH], [PERFECT], [EPOCH, PERFECT]])
def test_curves_of_any_run_are_plotted(epochs: list[Epoch]) -> None:
    """One epoch is enough, even one without errors; ink has a curve of its own if there is any."""
    blue, orange = (20, 92, 158), (194, 87, 26)
    plain = opened(draw_curves(epochs))
    with_ink = opened(draw_curves([replace(epoch, ink_accuracy=0.5) for epoch in epochs]))
    assert plain.width > plain.height > 300
    assert has_colour(plain, blue)
    assert not has_colour(plain, orange)
    assert has_colour(with_ink, orange)


def test_a_confusion_matrix_shows_errors() -> None:
    """An error has a cell; a digit that never occurs has an empty row."""
    clean = np.diag([100, 90, 0, 80, 90, 100, 100, 90, 100, 95])
    mistaken = clean.copy()
    mistaken[4, 9] = 12
    first, second = (np.asarray(opened(draw_confusion(m, "digits"))) for m in (clean, mistaken))
    assert first.shape == second.shape
    # The title differs, and the row in the middle up to its last cell.
    rows, columns = np.nonzero((first != second).any(axis=2))
    middle = first.shape[0] / 2
    assert columns[np.abs(rows - middle) < middle / 3].max() > 0.9 * first.shape[1]
