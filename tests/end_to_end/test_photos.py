"""Synthetic photos of paper, with ink from the bundled recordings, are read digit by digit."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from difficulties import DIFFICULTIES
from digitbench.run.suite import bundled_recordings, read_all
from digitnet import Recognizer
from paper import InkSource, make_photo
from photos import RELEASE_SEED, read_photos, summarise

FLOORS = {"plain": 0.97, "hard": 0.9}


@pytest.fixture(scope="module")
def ink() -> InkSource:
    """The strokes of all bundled digits."""
    return InkSource(drawings=[d for d in read_all(bundled_recordings()) if len(d.word) == 1])


@pytest.mark.parametrize("kind", DIFFICULTIES)
def test_photos_of_paper_are_read(ink: InkSource, recognizer: Recognizer, kind: str) -> None:
    """At each difficulty, 95% of the digits are right (90% of the hardest), line by line."""
    report = summarise(read_photos(kind, 4, 300, ink, recognizer))
    assert report["accuracy"] >= FLOORS.get(kind, 0.95)
    assert report["false"] <= 1
    assert report["in_order"] == 1


@pytest.mark.parametrize("kind", ["plain", "hard", "blackboard"])
def test_boxes_are_in_the_photos_own_pixels(
    ink: InkSource, recognizer: Recognizer, kind: str
) -> None:
    """Boxes refer to the full-size photo although it is read at a smaller scale."""
    photo = make_photo(kind, 301, ink, size=(3001, 2003))
    digits = recognizer.predict(photo.jpeg).digits
    assert [digit.label for digit in digits] == [truth.label for truth in photo.digits]
    for digit, truth in zip(digits, photo.digits, strict=True):
        left, top, width, height = digit.box
        assert 0 <= left < left + width <= 3001
        assert 0 <= top < top + height <= 2003
        assert digit.line == truth.line
        np.testing.assert_allclose(digit.box, truth.box, atol=0.3 * truth.box[3])


def test_all_sources_of_a_photo_are_read_alike(ink: InkSource, recognizer: Recognizer) -> None:
    """The answer is the same for bytes, image and array."""
    photo = make_photo("shadow", 302, ink)
    with Image.open(io.BytesIO(photo.jpeg)) as image:
        grey = np.asarray(image)
        texts = {recognizer.predict(source).text for source in (photo.jpeg, image, grey)}
    assert texts == {"".join(str(digit.label) for digit in photo.digits)}


def test_the_same_seed_makes_the_same_photo(ink: InkSource) -> None:
    """Measurements are repeatable, and releases use photos that nothing else does."""
    assert make_photo("hard", 5, ink) == make_photo("hard", 5, ink)
    assert make_photo("hard", 5, ink) != make_photo("hard", RELEASE_SEED, ink)
