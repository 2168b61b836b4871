"""What the network learns from: MNIST's pictures and, where given, recordings of real ink.

Both are split here, once, into what is trained on and what choices are made on. MNIST's test set is
read by nothing but `mnist_test`.
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
from digitnet.ink import Drawing
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.network import NONE

MNIST_FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
"""What MNIST/raw holds."""


@dataclass(frozen=True)
class Pictures:
    """Pictures with their labels.

    Attributes:
        images: uint8 (n, 28, 28).
        labels: int64 (n,), 0 to 9, or `NONE` for ink that is no digit.
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
    """Read MNIST's 60,000 training pictures; see `mnist_test` for arguments and errors."""
    return _mnist(root, train=True)


def mnist_test(root: Path | None) -> Pictures:
    """Read MNIST's 10,000 test pictures. For the last measurement only: choose nothing by them.

    Args:
        root: a folder in torchvision's layout, which holds MNIST/raw; None for the user's cache,
            into which torchvision downloads what is missing and checks its sums.

    Raises:
        DataError: the files are not there, or are damaged, or cannot be downloaded.
    """
    return _mnist(root, train=False)


def _mnist(root: Path | None, *, train: bool) -> Pictures:
    folder = root or user_cache_path("digitnet")
    try:
        dataset = MNIST(folder, train=train, download=root is None)
    except Exception as error:  # torchvision asserts, and looks up keys, in damaged files
        reason = " ".join(str(error).split())
        raise DataError(_advice(root, folder / "MNIST" / "raw", reason)) from None
    return Pictures(dataset.data, dataset.targets)


def _advice(root: Path | None, raw: Path, reason: str) -> str:
    """Say in a line why there is no MNIST, and how to get it."""
    missing = [name for name in MNIST_FILES if not (raw / name).is_file()]
    if root:
        what = f"lacks {' and '.join(missing)}" if missing else f"holds damaged files ({reason})"
        return f"{raw}: {what}; put MNIST's four files there, unpacked, or check --data"
    if not missing:
        return f"{raw}: holds damaged files ({reason}); remove them, to download them anew"
    # Torchvision tells of each mirror in two lines; what they answered is mostly the same.
    answers = dict.fromkeys(re.findall(r"got: (.+?)(?: Tried |$)", reason))
    packed = ", ".join(f"{name}.gz" for name in MNIST_FILES)
    return (
        f"MNIST cannot be downloaded ({', '.join(answers) or reason}); try later, or get {packed} "
        f"by hand and put them into {raw}, where they are checked and unpacked; or unpack them "
        "into DIR/MNIST/raw and give --data DIR"
    )


def validation_size(wanted: int, pictures: Pictures) -> int:
    """Say how many pictures are put aside where there may be few: a fifth of them at the most."""
    return min(wanted, len(pictures) // 5)


def split(pictures: Pictures, count: int, seed: int) -> tuple[Pictures, Pictures]:
    """Put `count` pictures, drawn by `seed`, aside for validation; gives (training, validation)."""
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(seed))
    return pictures[order[count:]], pictures[order[:count]]


def split_by_writer(
    drawings: Sequence[Drawing], share: float, seed: int
) -> tuple[list[Drawing], list[Drawing]]:
    """Put whole writers aside for validation, so that nobody's hand is on both sides.

    Args:
        drawings: where no writer is named, all are one writer's.
        share: of the writers, rounded.
        seed: chooses which.

    Returns:
        (training, validation)
    """
    writers = sorted({drawing.writer for drawing in drawings})
    np.random.default_rng(seed).shuffle(writers)
    held = set(writers[: round(share * len(writers))])
    return (
        [drawing for drawing in drawings if drawing.writer not in held],
        [drawing for drawing in drawings if drawing.writer in held],
    )


def render_drawings(drawings: Sequence[Drawing]) -> Pictures:
    """Draw recordings as the app would show them to the network.

    Raises:
        DataError: as `labels_of`.
    """
    images = np.zeros((len(drawings), 28, 28), np.uint8)
    for index, drawing in enumerate(drawings):
        images[index] = frame_strokes([s.xy for s in drawing.strokes], pen=drawing.pen_pixels)
    return Pictures(torch.from_numpy(images), labels_of(drawings))


def labels_of(drawings: Sequence[Drawing]) -> Tensor:
    """Give the drawings' digits, int64 (n,); `NONE` for those whose word is "".

    Raises:
        DataError: a drawing is blank, or its word is more than one digit.
    """
    for drawing in drawings:
        if drawing.word not in {"", *"0123456789"}:
            raise DataError(
                f"drawing {drawing.key_id!r} is labelled {drawing.word!r}; "
                'training needs one digit in each, or "" for none, so leave it out'
            )
        if not drawing.strokes:
            raise DataError(f"drawing {drawing.key_id!r} is blank; leave it out of the training")
    labels = [int(drawing.word) if drawing.word else NONE for drawing in drawings]
    return torch.tensor(labels, dtype=torch.int64)
