"""Training data: reproducible augmentation, synthetic ink, splits, and reading MNIST."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock
from urllib.error import URLError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

import torch

from digitnet import DataError, Drawing, Stroke
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.augmentation import augment
from digitnet.training.data import (
    MNIST_FILES,
    Pictures,
    labels_of,
    mnist_test,
    mnist_train,
    render_drawings,
    split,
    split_by_writer,
)
from digitnet.training.network import NONE
from digitnet.training.stroke_augmentation import render_augmented
from digitnet.training.synthetic.negatives import make_negatives, make_pairs
from digitnet.training.synthetic.shapes import SEEN, UNSEEN


@pytest.fixture(scope="module")
def images(seven: Drawing) -> torch.Tensor:
    """A batch of framed sevens, uint8 (16, 28, 28)."""
    return torch.from_numpy(np.stack([frame_strokes([seven.strokes[0].xy])] * 16))


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_augmented_images_differ(images: torch.Tensor) -> None:
    """Copies of an image become different images, of floats from 0 to 1 and the same size."""
    augmented = augment(images, seeded(1))
    assert augmented.shape == images.shape
    assert augmented.dtype == torch.float32
    assert 0 <= augmented.min() <= augmented.max() <= 1
    assert len(torch.unique(augmented.flatten(1), dim=0)) == len(images)
    # None of them loses its ink or gains much.
    shares = augmented.sum(dim=(1, 2)) / (images.float() / 255).sum(dim=(1, 2))
    assert 0.6 < shares.min() <= shares.max() < 2


def test_augmentation_of_images_is_reproducible(images: torch.Tensor) -> None:
    """The same seed gives the same images; another seed gives others."""
    assert torch.equal(augment(images, seeded(1)), augment(images, seeded(1)))
    assert not torch.equal(augment(images, seeded(1)), augment(images, seeded(2)))


def test_an_empty_batch_can_be_augmented(images: torch.Tensor) -> None:
    """A random batch may have no image to augment."""
    assert augment(images[:0], seeded(1)).shape == (0, 28, 28)


@pytest.mark.parametrize("label", [*range(10), NONE])
def test_augmented_ink_is_reproducible(seven: Drawing, label: int) -> None:
    """Ink of any label becomes uint8 (28, 28); the seed decides how it is augmented."""
    paths = [seven.strokes[0].xy, np.array([[90.0, 120.0]])]
    images = [render_augmented(label, paths, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    for picture in images:
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture.max() > 200
    np.testing.assert_array_equal(images[0], images[1])
    assert (images[0] != images[2]).any()


def test_a_mark_is_rendered_small(seven: Drawing) -> None:
    """Rendered as a mark, ink takes at most about half of the box with any augmentation."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        picture = render_augmented(NONE, [seven.strokes[0].xy], rng, is_mark=True)
        rows, columns = np.nonzero(picture)
        assert 1 < max(np.ptp(rows), np.ptp(columns)) < 17


def test_a_dot_can_be_augmented() -> None:
    """Ink without any extent remains ink."""
    assert render_augmented(NONE, [np.zeros((1, 2))], np.random.default_rng(0)).any()


@pytest.mark.parametrize("kind", sorted({**SEEN, **UNSEEN}))
def test_every_shape_is_finite_ink(kind: str) -> None:
    """With any seed, a shape is paths with points, about two units in size."""
    for seed in range(50):
        paths = {**SEEN, **UNSEEN}[kind](np.random.default_rng(seed))
        assert paths
        for path in paths:
            assert path.ndim == 2
            assert path.shape[0] >= 1
            assert path.shape[1] == 2
            assert np.isfinite(path).all()
            assert np.abs(path).max() < 3


def test_no_shape_is_for_training_and_for_measurements() -> None:
    """The kinds for measurements are never trained on."""
    assert not set(SEEN) & set(UNSEEN)
    assert not set(SEEN.values()) & set(UNSEEN.values())


def test_negatives_have_all_kinds() -> None:
    """There are as many as requested, of all the given kinds; the seed decides which."""
    made = make_negatives(400, SEEN, np.random.default_rng(0))
    assert len(made) == 400
    assert {kind for kind, _ in made} == set(SEEN)
    again = make_negatives(400, SEEN, np.random.default_rng(0))
    assert [kind for kind, _ in again] == [kind for kind, _ in made]


def test_pairs_are_two_digits_side_by_side(seven: Drawing) -> None:
    """The second digit starts to the right of the end of the first; no pair is lost."""
    dot = Drawing((Stroke([(5, 5)]),), word="1")
    for left, right in make_pairs([seven], 20, np.random.default_rng(0)):
        assert left[:, 0].max() < right[:, 0].min()
    assert len(make_pairs([seven, dot], 20, np.random.default_rng(0))) == 20
    assert make_pairs([seven], 0, np.random.default_rng(0)) == []


@given(
    writers=st.lists(st.sampled_from("abcdefgh"), max_size=30),
    share=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_no_writer_is_in_both_splits(writers: list[str], share: float, seed: int) -> None:
    """A split loses no drawing, holds out the share of writers, and depends only on the seed."""
    drawings = [Drawing((), writer=writer, key_id=str(i)) for i, writer in enumerate(writers)]
    train, held = split_by_writer(drawings, share, seed)
    assert not {drawing.writer for drawing in train} & {drawing.writer for drawing in held}
    assert sorted(map(id, train + held)) == sorted(map(id, drawings))
    assert len({drawing.writer for drawing in held}) == round(share * len(set(writers)))
    assert (train, held) == split_by_writer(drawings, share, seed)


def test_a_split_of_images_loses_none() -> None:
    """As many as requested are held out, and every image is in one split."""
    pictures = Pictures(torch.zeros(100, 28, 28, dtype=torch.uint8), torch.arange(100))
    train, held = split(pictures, 30, seed=1)
    assert (len(train), len(held)) == (70, 30)
    assert sorted((train + held).labels.tolist()) == list(range(100))
    assert held.labels.tolist() == split(pictures, 30, seed=1)[1].labels.tolist()
    assert held.labels.tolist() != split(pictures, 30, seed=2)[1].labels.tolist()


def test_drawings_are_framed_as_the_app_frames_them(seven: Drawing) -> None:
    """Training and the recogniser get the same image; labels are 0 to 9, or `NONE`."""
    scribble = Drawing(seven.strokes, word="")
    pictures = render_drawings([seven, scribble])
    assert pictures.labels.tolist() == [7, NONE]
    framed = frame_strokes([seven.strokes[0].xy], pen=seven.pen_pixels)
    np.testing.assert_array_equal(pictures.images[0].numpy(), framed)


@pytest.mark.parametrize("word", ["10", "x", " 7", "٣"])
def test_other_labels_are_refused(seven: Drawing, word: str) -> None:
    """A number or letter as a label is a DataError that names the drawing."""
    drawing = Drawing(seven.strokes, word=word, key_id="odd")
    with pytest.raises(DataError, match=r"\A.*'odd'.*\Z"):
        labels_of([seven, drawing])


def test_an_unlabelled_drawing_is_refused(seven: Drawing) -> None:
    """Its word is what a network read, not what somebody meant."""
    drawing = replace(seven, key_id="odd", tags=("unlabelled",))
    with pytest.raises(DataError, match=r"\A.*'odd' is unlabelled.*\Z"):
        labels_of([seven, drawing])


def test_a_blank_drawing_is_refused(seven: Drawing) -> None:
    """A drawing without ink is a DataError that names it."""
    with pytest.raises(DataError, match=r"\A.*'blank'.*\Z"):
        render_drawings([seven, Drawing((), key_id="blank")])


@pytest.mark.parametrize("read", [mnist_train, mnist_test])
@pytest.mark.parametrize("content", [None, b"", b"no idx file", b"\0\0\x08\x03" + b"\xff" * 12])
def test_missing_or_damaged_mnist_is_reported(
    tmp_path: Path, read: Callable[[Path], Pictures], content: bytes | None
) -> None:
    """Missing or damaged files are a DataError of one line that names the folder."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    if content is not None:
        for name in MNIST_FILES:
            (raw / name).write_bytes(content)
    with pytest.raises(DataError, match=rf"\A{re.escape(str(raw))}: .+; .+\Z"):
        read(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The raw folder of an empty cache, with no network for a download."""
    monkeypatch.setattr("digitnet.training.data.user_cache_path", lambda _name: tmp_path)
    refuse = Mock(side_effect=URLError("no route to host"))
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    return tmp_path / "MNIST" / "raw"


def test_a_failed_download_is_reported(no_network: Path) -> None:
    """Torchvision's many lines become one, with the files to get and where to put them."""
    with pytest.raises(DataError, match=r"\A.*no route to host.*\Z") as caught:
        mnist_train(None)
    message = str(caught.value)
    assert message.count("no route to host") == 1
    for part in (*(f"{name}.gz" for name in MNIST_FILES), str(no_network), "--data DIR"):
        assert part in message


def test_files_downloaded_by_hand_need_no_network(
    no_network: Path, small_mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed files in the cache are verified, unpacked and read."""
    no_network.mkdir(parents=True)
    sums = []
    for name in MNIST_FILES:
        packed = gzip.compress((small_mnist / "MNIST" / "raw" / name).read_bytes())
        (no_network / f"{name}.gz").write_bytes(packed)
        sums.append((f"{name}.gz", hashlib.md5(packed, usedforsecurity=False).hexdigest()))
    with pytest.raises(DataError, match="no route to host"):  # their checksums are wrong
        mnist_train(None)
    monkeypatch.setattr("torchvision.datasets.MNIST.resources", sums)
    assert len(mnist_train(None)) == len(mnist_train(small_mnist)) == 600


def test_missing_files_are_named(small_mnist: Path, tmp_path: Path) -> None:
    """This includes files that are still packed."""
    raw = tmp_path / "MNIST" / "raw"
    shutil.copytree(small_mnist / "MNIST" / "raw", raw)
    (raw / MNIST_FILES[1]).rename(raw / f"{MNIST_FILES[1]}.gz")
    with pytest.raises(DataError, match=rf"lacks {MNIST_FILES[1]}; .*unpacked.*--data"):
        mnist_train(tmp_path)
