"""The store: pictures and a recording of the same name, all or nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitdraw.ink.layer import render_drawing
from digitdraw.storage import store as store_module
from digitdraw.storage.store import Store, StoreError
from digitnet import Drawing, Stroke, read_drawings
from digitnet.files import write_atomically

MOMENT = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
ANSWER = {
    "text": "7",
    "confidence": 0.98,
    "probabilities": [0.0] * 7 + [0.98, 0.01, 0.01],
    "model": "5ca1ab1e" * 8,
}
DRAWING = Drawing(
    (Stroke.of([40, 160, 90], [40, 40, 170], [0, 80, 190]),),
    canvas=(300, 200),
    pen=0.05,
    device="mouse",
    source="digitdraw",
    answer=ANSWER,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store in a folder that does not exist yet."""
    return Store(tmp_path / "new" / "folder")


NAME = "20260314-150926"
SEVEN = np.zeros((28, 28), np.uint8)
SEVEN[4:24, 13] = 255


def save(store: Store, drawing: Drawing = DRAWING, digits: int = 1) -> Path:
    return store.save(drawing, render_drawing(drawing), [SEVEN] * digits, MOMENT)


def recording_of(picture: Path) -> Path:
    return picture.parents[2] / "recordings" / f"{picture.stem}.ndjson"


def names(store: Store) -> list[str]:
    files = (path for path in store.folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(store.folder).as_posix() for path in files)


@pytest.mark.parametrize(
    ("word", "tags", "digits", "pictures"),
    [
        ("7", (), 1, ["28x28/7/{}", "pictures/7/{}"]),
        ("", (), 1, ["28x28/none/{}", "pictures/none/{}"]),
        ("7", ("unlabelled",), 1, ["28x28/unlabelled/{}", "pictures/unlabelled/{}"]),
        ("74", (), 2, ["28x28/4/{}_2", "28x28/7/{}_1", "pictures/74/{}"]),
        ("7?", (), 2, ["28x28/7/{}_1", "28x28/unlabelled/{}_2", "pictures/7_/{}"]),
        ("7", (), 2, ["28x28/7/{}_1", "28x28/7/{}_2", "pictures/7/{}"]),
        ("7", (), 0, ["pictures/7/{}"]),
    ],
)
def test_pictures_are_filed_by_label(
    store: Store, word: str, tags: tuple[str, ...], digits: int, pictures: list[str]
) -> None:
    """The whole drawing and each digit; the folder is created, and holds nothing else."""
    picture = save(store, replace(DRAWING, word=word, tags=tags), digits)
    assert picture == store.folder / f"{pictures[-1].format(NAME)}.png"
    expected = [f"{path.format(NAME)}.png" for path in pictures]
    assert names(store) == [*expected, f"recordings/{NAME}.ndjson"]


def test_what_the_network_saw_is_saved_as_in_mnist(store: Store) -> None:
    """Light on dark, 28x28, to the pixel."""
    save(store, replace(DRAWING, word="7"))
    with Image.open(store.folder / "28x28" / "7" / f"{NAME}.png") as picture:
        assert (np.asarray(picture) == SEVEN).all()


def test_the_folders_are_what_torchvision_reads(store: Store) -> None:
    """Each label is a class."""
    folder = pytest.importorskip("torchvision").datasets.ImageFolder
    for word in ("7", "7", "4"):
        save(store, replace(DRAWING, word=word))
    for kind in ("28x28", "pictures"):
        dataset = folder(store.folder / kind)
        assert dataset.classes == ["4", "7"]
        assert dataset.targets == [0, 1, 1]


def test_a_report_is_a_separate_recording(store: Store) -> None:
    """In another folder than the drawings, and without overwriting an older one."""
    paths = [store.save_report(DRAWING, MOMENT) for _ in range(2)]
    assert names(store) == [f"reports/{NAME}-1.ndjson", f"reports/{NAME}.ndjson"]
    assert [next(iter(read_drawings(path))).answer for path in paths] == [ANSWER, ANSWER]


def test_the_picture_shows_the_canvas(store: Store) -> None:
    """At its size, with dark, smooth ink where the strokes are, on white paper."""
    with Image.open(save(store)) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "L"
        assert picture.size == (300, 200)
        pixels = np.asarray(picture)
    assert pixels[40, 100] == 0
    assert (pixels[100:, 200:] == 255).all()
    assert len(np.unique(pixels)) > 10


def test_the_recording_can_be_read_back(store: Store) -> None:
    """It is one line with the drawing and its answer, whose key_id is the name of the files."""
    recording = recording_of(save(store))
    [drawing] = read_drawings(recording)
    assert drawing.key_id == "20260314-150926"
    assert drawing.strokes == DRAWING.strokes
    assert drawing.canvas == (300.0, 200.0)
    assert drawing.answer == ANSWER
    assert recording.read_bytes().endswith(b"}\n")


def test_an_older_drawing_is_never_overwritten(store: Store) -> None:
    """Drawings saved within the same second get different names."""
    pictures = [save(store) for _ in range(3)]
    assert len(set(pictures)) == 3
    assert len(names(store)) == 9
    for picture in pictures:
        [drawing] = read_drawings(recording_of(picture))
        assert drawing.key_id == picture.stem


@pytest.mark.parametrize(
    "name", [f"recordings/{NAME}.ndjson", f"28x28/none/{NAME}.png", f"pictures/none/{NAME}.png"]
)
def test_no_single_file_is_overwritten(store: Store, name: str) -> None:
    """If any of the names is taken, all files get the same other name."""
    taken = store.folder / name
    taken.parent.mkdir(parents=True)
    taken.write_text("mine")
    picture = save(store)
    assert taken.read_text() == "mine"
    assert picture.stem == f"{NAME}-1"
    assert len(names(store)) == 4


def test_without_the_picture_there_is_no_recording(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the second file cannot be written, the first one is removed."""
    calls: list[Path] = []

    def fail_at_second_call(path: Path, content: bytes, *, overwrite: bool = True) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, os.strerror(28), str(path))
        write_atomically(path, content, overwrite=overwrite)

    monkeypatch.setattr(store_module, "write_atomically", fail_at_second_call)
    with pytest.raises(StoreError, match=os.strerror(28)):
        save(store)
    assert len(calls) == 2
    assert names(store) == []


def test_a_folder_that_cannot_be_created_is_reported_in_one_line(tmp_path: Path) -> None:
    """With its name and what to do about it."""
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "folder"
    with pytest.raises(StoreError) as error:
        save(Store(folder))
    assert str(folder) in str(error.value)
    assert "--save-dir" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_folder_that_cannot_be_written_is_reported(store: Store) -> None:
    """Nothing is left in it."""
    store.folder.mkdir(parents=True)
    store.folder.chmod(0o500)
    with pytest.raises(StoreError, match=str(store.folder)):
        save(store)
    assert names(store) == []
