"""Which ink counts for an answer: compared with an obvious implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from digitnet import Drawing, Recognizer, Stroke
from digitnet.saliency import occlusion

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEVEN = Drawing(
    (Stroke.of([200, 400, 350, 270], [120, 120, 260, 480]),), canvas=(600, 600), pen=0.05
)


@pytest.fixture(scope="module")
def image(recognizer: Recognizer) -> NDArray[np.uint8]:
    """A seven as the network sees it."""
    return recognizer.predict(SEVEN).digits[0].image


def log_odds(recognizer: Recognizer, image: NDArray[np.uint8], label: int) -> float:
    """Return the log-odds of one label for one image."""
    share = float(np.clip(recognizer.classify(image[None])[0, label], 1e-9, 1 - 1e-9))
    return float(np.log(share / (1 - share)))


@pytest.mark.parametrize("label", range(10))
def test_the_map_is_finite_and_0_for_paper(
    recognizer: Recognizer, image: NDArray[np.uint8], label: int
) -> None:
    """For every label."""
    evidence = occlusion(recognizer, image, label)
    assert evidence.shape == (28, 28)
    assert evidence.dtype == np.float32
    assert np.isfinite(evidence).all()
    assert (evidence[image == 0] == 0).all()
    assert evidence.any()


def test_paper_counts_for_nothing(recognizer: Recognizer) -> None:
    """A blank image has no evidence."""
    assert not occlusion(recognizer, np.zeros((28, 28), np.uint8), 3).any()


def test_the_image_is_unchanged(recognizer: Recognizer, image: NDArray[np.uint8]) -> None:
    """Only copies are erased."""
    before = image.copy()
    occlusion(recognizer, image, 7)
    assert (image == before).all()


def test_the_bar_of_a_seven_counts_for_it(recognizer: Recognizer, image: NDArray[np.uint8]) -> None:
    """Without it, the ink is a one: it counts for the seven and against the one."""
    rows = np.nonzero(image.any(axis=1))[0]
    bar = np.zeros((28, 28), np.bool_)
    bar[rows[0] : rows[0] + 4, :14] = True
    bar &= image > 0
    seven, one = (occlusion(recognizer, image, label) for label in (7, 1))
    assert seven[bar].mean() > 0 > one[bar].mean()


@pytest.mark.parametrize("label", [7, 1, 0])
def test_evidence_matches_an_obvious_loop(
    recognizer: Recognizer, image: NDArray[np.uint8], label: int
) -> None:
    """For each pixel, the mean drop over all 4x4 patches, two apart, that contain it."""
    whole = log_odds(recognizer, image, label)
    falls: dict[tuple[int, int], float] = {}
    for top in range(0, 25, 2):
        for left in range(0, 25, 2):
            wiped = image.copy()
            wiped[top : top + 4, left : left + 4] = 0
            if (wiped != image).any():
                falls[top, left] = whole - log_odds(recognizer, wiped, label)
    expected = np.zeros((28, 28))
    for y, x in np.argwhere(image > 0):
        over = [
            fall for (top, left), fall in falls.items() if 0 <= y - top < 4 and 0 <= x - left < 4
        ]
        expected[y, x] = np.mean(over)
    np.testing.assert_allclose(occlusion(recognizer, image, label), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("corner", [(0, 0), (0, 27), (27, 0), (27, 27)])
def test_ink_in_the_corners_is_erased_too(recognizer: Recognizer, corner: tuple[int, int]) -> None:
    """The last patch ends at the edge of the image."""
    image = np.zeros((28, 28), np.uint8)
    image[corner] = 255
    image[10:18, 14] = 255
    assert occlusion(recognizer, image, 1)[corner] != 0
