"""Made pictures without digits: blank, noisy paper, and scenes without any paper."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image

from paper import Grey
from picture_kinds import Inks, Kind, Picture, as_jpeg, to_image


def _blank(_inks: Inks, rng: np.random.Generator) -> Picture:
    """A cell of paper without ink, with the noise of a camera, scanner or JPEG."""
    side = int(np.exp(rng.uniform(np.log(28), np.log(256))))
    size = (side, max(28, int(side * rng.uniform(0.6, 1))))
    grey = np.full(size[::-1], rng.uniform(0.4, 0.95), np.float32)
    if rng.random() < 0.5:
        grey += np.linspace(0, rng.uniform(-0.1, 0.1), size[0], dtype=np.float32)
    sigma = rng.uniform(1, 12) / 255
    grain = int(rng.choice([1, 1, 2, 3]))
    noise = rng.normal(0, sigma, (size[1] // grain + 1, size[0] // grain + 1)).astype(np.float32)
    grey += np.asarray(Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC))
    image = to_image(grey)
    return (as_jpeg(image, rng) if rng.random() < 0.7 else image), ""


def _things(_inks: Inks, rng: np.random.Generator) -> Picture:
    """Folds of cloth and dark or light things in front of them, without any paper."""
    height, width = ((480, 640), (640, 480), (768, 1024))[int(rng.integers(3))]
    folds = np.gradient(_fractal((height, width), rng.uniform(1.6, 2.6), rng))
    slope = folds[0] + folds[1]
    grey = rng.uniform(0.5, 0.8) + rng.uniform(0, 0.15) * slope / slope.std()
    for _ in range(int(rng.integers(0, 6))):
        thing = _fractal((height, width), rng.uniform(2.2, 3.2), rng)
        edge = (thing - np.quantile(thing, rng.uniform(0.75, 0.97))) * rng.uniform(8, 60)
        shape = np.clip(edge, 0, 1)
        grey = grey * (1 - shape) + shape * rng.uniform(0.05, 0.9)
    grey += rng.normal(0, rng.uniform(1, 4) / 255, grey.shape)
    return as_jpeg(to_image(grey.astype(np.float32)), rng), ""


def _fractal(shape: tuple[int, int], roughness: float, rng: np.random.Generator) -> Grey:
    """Return random heights like a landscape's, whose spectrum is a power of the frequency."""
    across, along = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])
    squared = across**2 + along**2
    squared[0, 0] = 1
    waves = rng.normal(size=squared.shape) + 1j * rng.normal(size=squared.shape)
    heights: Grey = np.fft.irfft2(waves * squared ** (-roughness / 2), s=shape).astype(np.float32)
    heights /= heights.std()
    return heights


KINDS: Mapping[str, Kind] = {"blank with noise": _blank, "no paper": _things}
"""Pictures in which nothing is to be read."""
