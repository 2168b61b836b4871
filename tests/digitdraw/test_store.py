"""The store: a picture and a recording of the same name, both or neither."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitdraw import store as store_module
from digitdraw.ink_layer import ink_of
from digitdraw.store import Store, StoreError
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
    """A store in a folder that is not there yet."""
    return Store(tmp_path / "new" / "folder")


def save(store: Store, drawing: Drawing = DRAWING) -> Path:
    return store.save(drawing, ink_of(drawing), MOMENT)


def names(store: Store) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir())


def test_picture_and_recording_have_the_moments_name(store: Store) -> None:
    """The folder is made, and holds these two files and nothing else."""
    picture = save(store)
    assert picture == store.folder / "20260314-150926.png"
    assert names(store) == ["20260314-150926.ndjson", "20260314-150926.png"]


def test_the_picture_shows_the_canvas(store: Store) -> None:
    """In its size, with dark ink where the strokes are, on white paper, with soft edges."""
    with Image.open(save(store)) as picture:
        assert picture.format == "PNG"
        assert picture.mode == "L"
        assert picture.size == (300, 200)
        pixels = np.asarray(picture)
    assert pixels[40, 100] == 0
    assert (pixels[100:, 200:] == 255).all()
    assert len(np.unique(pixels)) > 10


def test_the_recording_can_be_read_back(store: Store) -> None:
    """One line, which holds the drawing with its answer and is named as the files are."""
    recording = save(store).with_suffix(".ndjson")
    [drawing] = read_drawings(recording)
    assert drawing.key_id == "20260314-150926"
    assert drawing.strokes == DRAWING.strokes
    assert drawing.canvas == (300.0, 200.0)
    assert drawing.answer == ANSWER
    assert recording.read_bytes().endswith(b"}\n")


def test_an_older_drawing_is_never_written_over(store: Store) -> None:
    """Drawings that are saved in one second get names of their own."""
    pictures = [save(store) for _ in range(3)]
    assert len(set(pictures)) == 3
    assert len(names(store)) == 6
    for picture in pictures:
        [drawing] = read_drawings(picture.with_suffix(".ndjson"))
        assert drawing.key_id == picture.stem


@pytest.mark.parametrize("suffix", [".png", ".ndjson"])
def test_a_file_that_stands_alone_is_not_written_over(store: Store, suffix: str) -> None:
    """Where either name is taken, picture and recording get another one, the same for both."""
    store.folder.mkdir(parents=True)
    taken = store.folder / f"20260314-150926{suffix}"
    taken.write_text("mine")
    picture = save(store)
    assert taken.read_text() == "mine"
    assert names(store) == sorted(
        [taken.name, picture.name, picture.with_suffix(".ndjson").name],
    )


def test_without_the_picture_there_is_no_recording(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the second file cannot be written, the first one is taken away."""
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


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    """With its name, and what to do about it."""
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
def test_a_folder_that_cannot_be_written_is_told_in_one_line(store: Store) -> None:
    """And nothing is left in it."""
    store.folder.mkdir(parents=True)
    store.folder.chmod(0o500)
    with pytest.raises(StoreError, match=str(store.folder)):
        save(store)
    assert names(store) == []
