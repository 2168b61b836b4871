"""What the network learns from: variety that chance decides, and splits that keep sides apart."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from collections.abc import Callable
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


def test_varied_pictures_are_pictures_of_their_own(images: torch.Tensor) -> None:
    """Each copy of a picture is varied in its own way, into floats from 0 to 1 of the same size."""
    varied = augment(images, seeded(1))
    assert varied.shape == images.shape
    assert varied.dtype == torch.float32
    assert 0 <= varied.min() <= varied.max() <= 1
    assert len(torch.unique(varied.flatten(1), dim=0)) == len(images)
    # None of them loses its ink, nor gains much.
    shares = varied.sum(dim=(1, 2)) / (images.float() / 255).sum(dim=(1, 2))
    assert 0.6 < shares.min() <= shares.max() < 2


def test_varied_pictures_are_the_generators(images: torch.Tensor) -> None:
    """The same generator gives the same variety, another gives another."""
    assert torch.equal(augment(images, seeded(1)), augment(images, seeded(1)))
    assert not torch.equal(augment(images, seeded(1)), augment(images, seeded(2)))


def test_no_pictures_can_be_varied(images: torch.Tensor) -> None:
    """A batch that chance has left without a picture is as good as any other."""
    assert augment(images[:0], seeded(1)).shape == (0, 28, 28)


@pytest.mark.parametrize("label", [*range(10), NONE])
def test_varied_ink_is_a_picture_of_its_own(seven: Drawing, label: int) -> None:
    """Ink of any label is drawn as uint8 (28, 28), each time in another way, by the seed's will."""
    paths = [seven.strokes[0].xy, np.array([[90.0, 120.0]])]
    drawn = [render_augmented(label, paths, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    for picture in drawn:
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture.max() > 200
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()


def test_a_mark_is_drawn_small(seven: Drawing) -> None:
    """Drawn as a mark, ink takes no more than about half of the box, however it is varied."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        picture = render_augmented(NONE, [seven.strokes[0].xy], rng, is_mark=True)
        rows, columns = np.nonzero(picture)
        assert 1 < max(np.ptp(rows), np.ptp(columns)) < 17


def test_a_dot_can_be_varied() -> None:
    """Ink without any extent is still ink afterwards."""
    assert render_augmented(NONE, [np.zeros((1, 2))], np.random.default_rng(0)).any()


@pytest.mark.parametrize("kind", sorted({**SEEN, **UNSEEN}))
def test_every_shape_is_finite_ink(kind: str) -> None:
    """Whatever chance decides, a shape is paths with points, about two units in size."""
    for seed in range(50):
        paths = {**SEEN, **UNSEEN}[kind](np.random.default_rng(seed))
        assert paths
        for path in paths:
            assert path.ndim == 2
            assert path.shape[0] >= 1
            assert path.shape[1] == 2
            assert np.isfinite(path).all()
            assert np.abs(path).max() < 3


def test_no_shape_is_for_training_and_for_measuring() -> None:
    """What is measured by was never trained on."""
    assert not set(SEEN) & set(UNSEEN)
    assert not set(SEEN.values()) & set(UNSEEN.values())


def test_negatives_are_of_all_kinds() -> None:
    """As many are made as are asked for, of the kinds that are given, by the generator's will."""
    made = make_negatives(400, SEEN, np.random.default_rng(0))
    assert len(made) == 400
    assert {kind for kind, _ in made} == set(SEEN)
    again = make_negatives(400, SEEN, np.random.default_rng(0))
    assert [kind for kind, _ in again] == [kind for kind, _ in made]


def test_pairs_are_two_digits_side_by_side(seven: Drawing) -> None:
    """The second digit begins to the right of the first one's end, and none is lost."""
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
def test_no_writer_is_on_both_sides(writers: list[str], share: float, seed: int) -> None:
    """Splitting loses no drawing, puts the share of writers aside, and depends on the seed only."""
    drawings = [Drawing((), writer=writer, key_id=str(i)) for i, writer in enumerate(writers)]
    train, held = split_by_writer(drawings, share, seed)
    assert not {drawing.writer for drawing in train} & {drawing.writer for drawing in held}
    assert sorted(map(id, train + held)) == sorted(map(id, drawings))
    assert len({drawing.writer for drawing in held}) == round(share * len(set(writers)))
    assert (train, held) == split_by_writer(drawings, share, seed)


def test_a_split_of_pictures_loses_none() -> None:
    """As many as are asked for are put aside, and every picture is on one side."""
    pictures = Pictures(torch.zeros(100, 28, 28, dtype=torch.uint8), torch.arange(100))
    train, held = split(pictures, 30, seed=1)
    assert (len(train), len(held)) == (70, 30)
    assert sorted((train + held).labels.tolist()) == list(range(100))
    assert held.labels.tolist() == split(pictures, 30, seed=1)[1].labels.tolist()
    assert held.labels.tolist() != split(pictures, 30, seed=2)[1].labels.tolist()


def test_drawings_are_framed_as_the_app_frames_them(seven: Drawing) -> None:
    """Training sees what the recogniser sees, with labels 0 to 9, and `NONE` for no digit."""
    scribble = Drawing(seven.strokes, word="")
    pictures = render_drawings([seven, scribble])
    assert pictures.labels.tolist() == [7, NONE]
    framed = frame_strokes([seven.strokes[0].xy], pen=seven.pen_pixels)
    np.testing.assert_array_equal(pictures.images[0].numpy(), framed)


@pytest.mark.parametrize("word", ["10", "x", " 7", "٣"])
def test_labels_that_are_no_digit_are_refused(seven: Drawing, word: str) -> None:
    """A drawing of a number or a letter is a DataError that names the drawing."""
    drawing = Drawing(seven.strokes, word=word, key_id="odd")
    with pytest.raises(DataError, match=r"\A.*'odd'.*\Z"):
        labels_of([seven, drawing])


def test_a_blank_drawing_is_refused(seven: Drawing) -> None:
    """There is nothing to learn from no ink."""
    with pytest.raises(DataError, match=r"\A.*'blank'.*\Z"):
        render_drawings([seven, Drawing((), key_id="blank")])


@pytest.mark.parametrize("read", [mnist_train, mnist_test])
@pytest.mark.parametrize("content", [None, b"", b"no idx file", b"\0\0\x08\x03" + b"\xff" * 12])
def test_missing_or_damaged_mnist_is_told(
    tmp_path: Path, read: Callable[[Path], Pictures], content: bytes | None
) -> None:
    """A folder without MNIST, or with damaged files, is a DataError of one line that names it."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    if content is not None:
        for name in MNIST_FILES:
            (raw / name).write_bytes(content)
    with pytest.raises(DataError, match=rf"\A{re.escape(str(raw))}: .+; .+\Z"):
        read(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache, and mirrors of which none answers."""
    monkeypatch.setattr("digitnet.training.data.user_cache_path", lambda _name: tmp_path)
    refuse = Mock(side_effect=URLError("no route to host"))
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    return tmp_path / "MNIST" / "raw"


def test_a_failed_download_is_told(no_network: Path) -> None:
    """What torchvision says in many lines is one, with the files to get and where to put them."""
    with pytest.raises(DataError, match=r"\A.*no route to host.*\Z") as caught:
        mnist_train(None)
    message = str(caught.value)
    assert message.count("no route to host") == 1
    for part in (*(f"{name}.gz" for name in MNIST_FILES), str(no_network), "--data DIR"):
        assert part in message


def test_files_got_by_hand_need_no_network(
    no_network: Path, small_mnist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed files in the cache are checked against their sums, unpacked and read."""
    no_network.mkdir(parents=True)
    sums = []
    for name in MNIST_FILES:
        packed = gzip.compress((small_mnist / "MNIST" / "raw" / name).read_bytes())
        (no_network / f"{name}.gz").write_bytes(packed)
        sums.append((f"{name}.gz", hashlib.md5(packed, usedforsecurity=False).hexdigest()))
    with pytest.raises(DataError, match="no route to host"):  # they are not the real ones
        mnist_train(None)
    monkeypatch.setattr("torchvision.datasets.MNIST.resources", sums)
    assert len(mnist_train(None)) == len(mnist_train(small_mnist)) == 600


def test_what_is_missing_is_named(small_mnist: Path, tmp_path: Path) -> None:
    """Of a folder that lacks some of the files, or where they are still packed."""
    raw = tmp_path / "MNIST" / "raw"
    shutil.copytree(small_mnist / "MNIST" / "raw", raw)
    (raw / MNIST_FILES[1]).rename(raw / f"{MNIST_FILES[1]}.gz")
    with pytest.raises(DataError, match=rf"lacks {MNIST_FILES[1]}; .*unpacked.*--data"):
        mnist_train(tmp_path)
