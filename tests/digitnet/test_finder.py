"""Which files names on a command line stand for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from digitnet import DigitnetError, PictureError, RecordingError
from digitnet.recordings.finder import RECORDINGS, FileType, find_files, find_recordings

IMAGES = FileType("images", {".png"}, PictureError)

FILES = (
    "b.ndjson",
    "a.NDJSON",
    "deep/er/c.ndjson",
    "deep/._c.ndjson",
    ".hidden/d.ndjson",
    ".e.ndjson",
    "notes.txt",
    "image.png",
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of visible and hidden files, which is the current directory."""
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["."], ["./a.NDJSON", "./b.ndjson", "./deep/er/c.ndjson"]),
        (["deep"], ["deep/er/c.ndjson"]),
        (["*"], ["a.NDJSON", "b.ndjson", "deep/er/c.ndjson", "image.png", "notes.txt"]),
        (["**/*.ndjson"], ["b.ndjson", "deep/er/c.ndjson"]),
        (["./[a-b].*"], ["./a.NDJSON", "./b.ndjson"]),
        (["notes.txt", ".e.ndjson"], ["notes.txt", ".e.ndjson"]),
        ([".hidden"], [".hidden/d.ndjson"]),
        (["deep/._c.ndjson", "deep"], ["deep/._c.ndjson", "deep/er/c.ndjson"]),
        (["deep/._*"], ["deep/._c.ndjson"]),
        (["-", "gone.ndjson", "-"], ["-", "gone.ndjson"]),
        (["b.ndjson", "*.ndjson", "deep/../b.ndjson"], ["b.ndjson"]),
    ],
    ids=str,
)
def test_names_stand_for_files(names: list[str], found: list[str]) -> None:
    """Names keep their order, folders and patterns are sorted, and each file comes once."""
    assert [Path(str(file)) for file in find_files(names, RECORDINGS)] == list(map(Path, found))


def test_a_leading_dot_and_slash_is_kept(tree: Path) -> None:
    """Answers are labelled with the path as it was given."""
    assert list(find_files(["./i*.png"], IMAGES)) == ["./image.png"]


def test_files_are_found_one_at_a_time(tree: Path) -> None:
    """The first file is there before the next folder is looked into."""
    files = find_files(["deep", "b.ndjson"], RECORDINGS)
    assert next(files) == os.path.join("deep", "er", "c.ndjson")  # noqa: PTH118
    (tree / "b.ndjson").rename(tree / "B")
    assert list(files) == ["b.ndjson"]


def test_a_file_can_be_named_like_a_pattern(tmp_path: Path) -> None:
    """A file that exists under the very name is meant."""
    file = tmp_path / "[a].ndjson"
    file.touch()
    (tmp_path / "a.ndjson").touch()
    assert find_recordings([file]) == [file]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("empty", "holds no images"),
        ("*.png", "matches no file or folder"),
        ("e*", "matches no file or folder"),
    ],
)
def test_a_folder_or_pattern_without_files_is_an_error(
    tmp_path: Path, name: str, message: str
) -> None:
    """The error takes the place of the files, and the next name is expanded all the same."""
    (tmp_path / "empty").mkdir()
    error, file = find_files([str(tmp_path / name), "next.png"], IMAGES)
    assert isinstance(error, PictureError)
    assert str(error).startswith(f"{tmp_path / name}: {message}")
    assert file == "next.png"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_an_unreadable_folder_is_an_error(tree: Path) -> None:
    """Its files are missing from the answer, which must not go unnoticed."""
    (tree / "deep/er").chmod(0)
    try:
        found = list(find_files([str(tree)], RECORDINGS))
    finally:
        (tree / "deep/er").chmod(0o755)
    (error,) = (entry for entry in found if isinstance(entry, DigitnetError))
    assert str(error).startswith(f"{tree / 'deep/er'}: cannot be read: ")
    assert len(found) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_links(tree: Path) -> None:
    """Links to files count, even broken ones; links to folders are not followed."""
    (tree / "deep/back").symlink_to(tree)
    (tree / "deep/back.ndjson").symlink_to(tree)
    (tree / "deep/link.ndjson").symlink_to(tree / "b.ndjson")
    (tree / "deep/broken.ndjson").symlink_to(tree / "gone")
    names = ["broken.ndjson", "er/c.ndjson", "link.ndjson"]
    assert list(find_files(["deep"], RECORDINGS)) == [f"deep/{name}" for name in names]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_folder_is_not_read(tree: Path) -> None:
    """Reading it would wait forever."""
    os.mkfifo(tree / "deep/pipe.ndjson")
    assert list(find_files(["deep"], RECORDINGS)) == ["deep/er/c.ndjson"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "there is no such file or folder"),
        ("gone/*.ndjson", "matches no file or folder"),
        (".", r"holds no \.ndjson files"),
        ("long" * 1000, "there is no such file or folder"),
        ("null\0byte", "there is no such file or folder"),
    ],
    ids=["file", "pattern", "folder", "long name", "null byte"],
)
def test_find_recordings_raises_for_what_is_missing(
    tmp_path: Path, name: str, message: str
) -> None:
    """The message names the path."""
    with pytest.raises(RecordingError, match=message) as error:
        find_recordings([tmp_path / name])
    assert str(tmp_path / name) in str(error.value)
