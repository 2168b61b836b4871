"""Small pictures of paper: uneven light and noise are paper, not ink."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from digitnet.preprocessing.images import read_ink
from digitnet.preprocessing.small_photo import ink_on_plane


def paper(height: int, width: int, *, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Return paper that is darker towards the right and the bottom."""
    light = 0.9 - 0.2 * np.arange(width) / width - 0.15 * np.arange(height)[:, None] / height
    grain = np.random.default_rng(seed).normal(0, noise, (height, width))
    return (light + grain).astype(np.float32)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03, 0.05])
@pytest.mark.parametrize("shape", [(28, 28), (40, 90), (96, 64)])
def test_paper_without_ink_is_blank(shape: tuple[int, int], noise: float, seed: int) -> None:
    """However noisy it is."""
    assert not ink_on_plane(paper(*shape, noise=noise, seed=seed)).any()


@pytest.mark.parametrize("quality", [40, 75, 95])
def test_what_compression_leaves_of_noise_is_blank(quality: int) -> None:
    """JPEG turns noise into ripples."""
    for seed in range(20):
        pixels = np.clip(paper(60, 60, noise=0.03, seed=seed) * 255, 0, 255).astype(np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=quality)
        assert not read_ink(file.getvalue()).mask.any()


@pytest.mark.parametrize("noise", [0.0, 0.02])
@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("contrast", [0.5, 0.25, -0.5])
def test_ink_on_uneven_paper_is_found(contrast: float, turns: int, noise: float) -> None:
    """Dark or light; exactly its pixels are more ink than not."""
    picture = paper(50, 50, noise=noise) - (0.4 if contrast < 0 else 0)
    picture[10:40, 22:27] -= contrast
    expected = np.zeros((50, 50), np.bool_)
    expected[10:40, 22:27] = True
    mask = ink_on_plane(np.rot90(picture, turns))
    np.testing.assert_array_equal(mask > 0.5, np.rot90(expected, turns))
    assert mask.max() == 1
