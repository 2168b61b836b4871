"""The library: lists, loads, relabels, deletes and restores saved drawings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitdraw.storage.library import Library
from digitdraw.storage.store import StoreError
from digitnet import write_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import SavedFolder


def test_names_are_listed_newest_first(folder: SavedFolder) -> None:
    """By second, and within a second by number."""
    library = Library(folder.path)
    assert library.names() == []
    for second in (3, 1, 2, *[1] * 11):
        folder.save(folder.SEVEN, second)
    same_second = [f"{folder.name(1)}-{n}" for n in range(11, 0, -1)]
    assert library.names() == [folder.name(3), folder.name(2), *same_second, folder.name(1)]


def test_a_saved_drawing_is_loaded_unchanged(filled: SavedFolder) -> None:
    """With its label, or as unlabelled."""
    library = Library(filled.path)
    loaded = [library.load(name) for name in library.names()]
    assert [saved.label for saved in loaded] == ["unlabelled", "none", "1", "7", "unlabelled"]
    assert all(saved.drawing.strokes == filled.SEVEN.strokes for saved in loaded)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b'{"word": 7}\n'], ids=str)
def test_a_missing_or_damaged_file_is_reported(filled: SavedFolder, content: bytes | None) -> None:
    """In one line that names the file."""
    path = filled.recording()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Exception, match=path.name) as raised:
        Library(filled.path).load(filled.name())
    assert raised.type.__name__ in ("StoreError", "RecordingError")
    assert "\n" not in str(raised.value)


def test_a_file_with_several_drawings_is_not_loaded(folder: SavedFolder) -> None:
    """Relabelling the first one would lose the others."""
    (folder.path / "recordings").mkdir(parents=True)
    write_drawings(folder.path / "recordings" / "mine.ndjson", [folder.SEVEN, folder.SEVEN])
    with pytest.raises(StoreError, match=r"mine\.ndjson: contains several drawings"):
        Library(folder.path).load("mine")


@pytest.mark.parametrize("label", ["7", "3", ""])
@pytest.mark.parametrize("second", range(4))
def test_relabelling_moves_the_pictures(filled: SavedFolder, second: int, label: str) -> None:
    """To the folders that they would have been saved in; nothing else changes."""
    before, name = filled.files(), filled.name(second)
    library = Library(filled.path)
    saved = library.relabel(library.load(name), label)
    assert saved.label == (label or "none")
    drawing = filled.drawing(second)
    assert (drawing.word, drawing.tags) == (label, ())
    assert drawing.strokes == filled.SEVEN.strokes
    expected = {path: content for path, content in before.items() if name not in path}
    for path in before.keys() - expected.keys():
        kind, *_, file = path.split("/")
        moved = path if kind == "recordings" else f"{kind}/{label or 'none'}/{file}"
        expected[moved] = before[path]
    after = filled.files()
    recording = f"recordings/{name}.ndjson"
    assert after.pop(recording) != b""
    expected.pop(recording)
    assert after == expected


def test_relabelling_a_number_moves_the_picture_of_each_digit(folder: SavedFolder) -> None:
    """If the label has as many digits; otherwise all go where the number goes."""
    number, name = replace(folder.SEVEN, word="74", tags=()), folder.name()
    folder.save(number, digits=2)
    library = Library(folder.path)
    before = folder.files()
    assert {path for path in before if path.startswith("28x28")} == {
        f"28x28/7/{name}_1.png",
        f"28x28/4/{name}_2.png",
    }
    first, second = before[f"28x28/7/{name}_1.png"], before[f"28x28/4/{name}_2.png"]
    for label, folders in (("19", ("1", "9")), ("", ("none", "none")), ("5", ("5", "5"))):
        library.relabel(library.load(name), label)
        after = folder.files()
        assert {path: after[path] for path in after if path.startswith("28x28")} == {
            f"28x28/{folders[0]}/{name}_1.png": first,
            f"28x28/{folders[1]}/{name}_2.png": second,
        }
        assert f"pictures/{label or 'none'}/{name}.png" in after


@pytest.mark.parametrize("second", range(5))
def test_a_deleted_drawing_is_restored_bit_by_bit(filled: SavedFolder, second: int) -> None:
    """Deleting removes all its files and no others, and restoring brings them all back."""
    before, name = filled.files(), filled.name(second)
    library = Library(filled.path)
    deleted = library.delete(name)
    assert filled.files() == {path: before[path] for path in before if name not in path}
    library.restore(deleted)
    assert filled.files() == before


def test_no_label_folder_is_left_empty(filled: SavedFolder) -> None:
    """Torchvision's ImageFolder rejects empty ones."""
    library = Library(filled.path)
    library.relabel(library.load(filled.name(1)), "3")
    library.delete(filled.name(2))
    for kind in ("pictures", "28x28"):
        folders = list((filled.path / kind).iterdir())
        assert sorted(path.name for path in folders) == ["3", "none", "unlabelled"]
        assert all(any(path.iterdir()) for path in folders)


def test_a_partly_deleted_drawing_is_restored(
    filled: SavedFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one file cannot be deleted, none is."""
    before = filled.files()
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if "28x28" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        Library(filled.path).delete(filled.name(1))
    assert filled.files() == before
