"""What pens and tablets do to ink, for training."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from digitnet.training.synthetic import pen_effects
from digitnet.training.synthetic.pen_effects import add_pen_effects

LINE = np.stack([np.linspace(-0.5, 0.5, 40), np.linspace(-1, 1, 40)], axis=1)
SHORT = np.array([[0.5, 0.9]])


@pytest.mark.parametrize("effect", pen_effects._EFFECTS, ids=lambda effect: effect.__name__)
def test_an_effect_leaves_ink(effect: pen_effects._Effect) -> None:
    """With any seed, the ink stays about where it was, also that of dots and short strokes."""
    for seed in range(60):
        changed = effect([LINE, LINE[:5], SHORT], np.random.default_rng(seed))
        assert 2 <= len(changed) <= 4
        for path in changed:
            assert path.ndim == 2
            assert len(path) >= 1
            assert np.isfinite(path).all()
            assert np.abs(path).max() < 2


@pytest.mark.parametrize("effect", pen_effects._EFFECTS, ids=lambda effect: effect.__name__)
def test_an_effect_changes_ink(effect: pen_effects._Effect) -> None:
    """None of them is without effect."""
    paths = [LINE, LINE[::-1] + 0.1]
    changed = effect(paths, np.random.default_rng(1))
    assert [path.tolist() for path in changed] != [path.tolist() for path in paths]


def test_a_staircase_has_steps() -> None:
    """Without diagonals, the pen moves along one axis at a time."""
    steps = np.diff(pen_effects._on_grid(LINE, 0.1, has_diagonals=False), axis=0)
    assert (np.count_nonzero(steps, axis=1) <= 1).all()


def test_most_ink_has_one_effect_or_none() -> None:
    """The seed decides, and the ink that is passed is not modified."""
    before = LINE.copy()
    same = 0
    for seed in range(200):
        changed = add_pen_effects([LINE], np.random.default_rng(seed))
        again = add_pen_effects([LINE], np.random.default_rng(seed))
        assert [path.tolist() for path in changed] == [path.tolist() for path in again]
        same += len(changed) == 1 and np.array_equal(changed[0], LINE)
    assert 50 < same < 150
    np.testing.assert_array_equal(LINE, before)
