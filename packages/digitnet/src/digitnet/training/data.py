"""Training data: MNIST's images and, if given, recordings of real ink.

Each is split here, once, into training data and validation data. Only `mnist_test` reads MNIST's
test set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from platformdirs import user_cache_path
from torch import Tensor
from torchvision.datasets import MNIST

from digitnet.errors import DataError
from digitnet.ink import UNLABELLED, Drawing
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.network import NONE

MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""The files in MNIST/raw."""


@dataclass(frozen=True)
class Pictures:
    """Labelled images.

    Attributes:
        images: uint8 (n, 28, 28).
        labels: int64 (n,), 0 to 9, or `NONE` for ink that is not a digit.
    """

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: Tensor | slice) -> Pictures:
        return Pictures(self.images[index], self.labels[index])

    def __add__(self, other: Pictures) -> Pictures:
        return Pictures(
            torch.cat([self.images, other.images]), torch.cat([self.labels, other.labels])
        )


def mnist_train(root: Path | None) -> Pictures:
    """Read MNIST's 60,000 training images; see `mnist_test` for arguments and errors."""
    return _mnist(root, train=True)


def mnist_test(root: Path | None) -> Pictures:
    """Read MNIST's 10,000 test images, for final measurements only: base no choice on them.

    Args:
        root: A folder in torchvision's layout, containing MNIST/raw. None for the user's cache,
            into which torchvision downloads missing files and verifies their checksums.

    Raises:
        DataError: The files are missing or damaged, or cannot be downloaded.
    """
    return _mnist(root, train=False)


def _mnist(root: Path | None, *, train: bool) -> Pictures:
    folder = root or user_cache_path("digitnet")
    try:
        dataset = MNIST(folder, train=train, download=root is None)
    except Exception as error:  # torchvision fails in many ways on damaged files
        reason = " ".join(str(error).split())
        raise DataError(_explain(root, folder / "MNIST" / "raw", reason)) from None
    return Pictures(dataset.data, dataset.targets)


def _explain(root: Path | None, raw: Path, reason: str) -> str:
    """Return a line on why MNIST cannot be read, and how to get it."""
    missing = [name for name in MNIST_FILES if not (raw / name).is_file()]
    if root:
        what = f"lacks {' and '.join(missing)}" if missing else f"has damaged files ({reason})"
        return f"{raw}: {what}; put MNIST's four files there, unpacked, or check --data"
    if not missing:
        return f"{raw}: has damaged files ({reason}); delete them to download them again"
    # Torchvision reports each mirror in two lines; most of them give the same answer.
    answers = dict.fromkeys(re.findall(r"got: (.+?)(?: Tried |$)", reason))
    packed = ", ".join(f"{name}.gz" for name in MNIST_FILES)
    return (
        f"MNIST cannot be downloaded ({', '.join(answers) or reason}); try again later, or get "
        f"{packed} yourself and put them into {raw}, where they are verified and unpacked; "
        "or unpack them into DIR/MNIST/raw and pass --data DIR"
    )


def validation_size(wanted: int, pictures: Pictures) -> int:
    """Return the size of the validation split: as wanted, but at most a fifth of the images."""
    return min(wanted, len(pictures) // 5)


def split(pictures: Pictures, count: int, seed: int) -> tuple[Pictures, Pictures]:
    """Split off `count` random images for validation; return (training, validation)."""
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    return pictures[order[count:]], pictures[order[:count]]


def split_by_writer(
    drawings: Sequence[Drawing], share: float, seed: int
) -> tuple[list[Drawing], list[Drawing]]:
    """Split off whole writers for validation, so that no writer is in both splits.

    Args:
        drawings: Drawings without a writer count as those of one writer.
        share: Share of the writers to hold out; their number is rounded.
        seed: Decides which writers.

    Returns:
        (training, validation)
    """
    writers = sorted({drawing.writer for drawing in drawings})
    np.random.default_rng(seed).shuffle(writers)
    held_out = set(writers[: round(share * len(writers))])
    return (
        [drawing for drawing in drawings if drawing.writer not in held_out],
        [drawing for drawing in drawings if drawing.writer in held_out],
    )


def render_drawings(drawings: Sequence[Drawing]) -> Pictures:
    """Render recordings as the app would present them to the network, without augmentation.

    Raises:
        DataError: See `labels_of`.
    """
    images = np.zeros((len(drawings), 28, 28), np.uint8)
    for index, drawing in enumerate(drawings):
        images[index] = frame_strokes([s.xy for s in drawing.strokes], pen=drawing.pen_pixels)
    return Pictures(torch.from_numpy(images), labels_of(drawings))


def labels_of(drawings: Sequence[Drawing]) -> Tensor:
    """Return the drawings' labels, int64 (n,); `NONE` for those whose word is "".

    Raises:
        DataError: A drawing is blank or unlabelled, or its word is longer than one digit.
    """
    for drawing in drawings:
        if UNLABELLED in drawing.tags:
            raise DataError(
                f"drawing {drawing.key_id!r} is unlabelled, and its word only what it was read as; "
                "label it in digitdraw, or leave it out"
            )
        if drawing.word not in {"", *"0123456789"}:
            raise DataError(
                f"drawing {drawing.key_id!r} is labelled {drawing.word!r}, but training needs one "
                'digit per drawing, or "" for ink that is not a digit; leave it out'
            )
        if not drawing.strokes:
            raise DataError(f"drawing {drawing.key_id!r} is blank; leave it out of the training")
    labels = [int(drawing.word) if drawing.word else NONE for drawing in drawings]
    return torch.tensor(labels, dtype=torch.int64)
