"""Writing files: atomically where that is possible, directly where it is not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitnet.files import is_stream, write_atomically

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
WRITE = "import sys, pathlib; from digitnet.files import write_atomically as w; {}"


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """New files are readable by the group, and by nobody else."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Whether it existed or not."""
    for content in (b"first", b"second"):
        write_atomically(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_existing_file_is_kept_on_request(tmp_path: Path) -> None:
    """Also a link that leads nowhere."""
    file = tmp_path / "file"
    write_atomically(file, b"first", overwrite=False)
    with pytest.raises(FileExistsError, match="File exists"):
        write_atomically(file, b"second", overwrite=False)
    assert file.read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@POSIX
@pytest.mark.usefixtures("usual_umask")
@pytest.mark.parametrize("overwrite", [True, False])
def test_a_new_file_has_the_permissions_that_the_umask_leaves(
    tmp_path: Path, *, overwrite: bool
) -> None:
    """As those of any program."""
    write_atomically(tmp_path / "file", b"", overwrite=overwrite)
    assert mode(tmp_path / "file") == 0o640


@POSIX
@pytest.mark.usefixtures("usual_umask")
def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    """A private file stays private."""
    file = tmp_path / "file"
    file.touch(0o600)
    write_atomically(file, b"new")
    assert (file.read_bytes(), mode(file)) == (b"new", 0o600)


@POSIX
def test_links_are_followed(tmp_path: Path) -> None:
    """To files in other folders, through other links, and to files that do not exist yet."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "link").symlink_to("other")
    (tmp_path / "other").symlink_to(folder / "file")
    for content in (b"first", b"second"):
        write_atomically(tmp_path / "link", content)
        assert (folder / "file").read_bytes() == content
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "other").is_symlink()
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    """The temporary name is not longer."""
    file = tmp_path / ("ü" * 127 + "x")
    write_atomically(file, b"content")
    assert file.read_bytes() == b"content"
    with pytest.raises(OSError, match=r".+"):
        write_atomically(tmp_path / ("ü" * 128), b"content")
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    """Nor a missing one made."""
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "gone" / "file"):
        with pytest.raises(OSError, match=r".+"):
            write_atomically(path, b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@POSIX
def test_a_device_is_written_directly() -> None:
    """It stays a device."""
    before = Path(os.devnull).stat()
    write_atomically(Path(os.devnull), b"content")
    after = Path(os.devnull).stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)


@POSIX
def test_a_named_pipe_is_written_directly(tmp_path: Path) -> None:
    """Its reader gets the content."""
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, b"content")
    reader.join(10)
    assert read == [b"content"]
    assert pipe.is_fifo()


@POSIX
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1"])
def test_standard_output_is_written_where_it_is(tmp_path: Path, name: str) -> None:
    """In a pipe, and in a file, which other output shares, between what is printed around it."""
    code = WRITE.format(f"print('a', flush=True); w(pathlib.Path({name!r}), b'b\\n'); print('c')")
    command = [sys.executable, "-c", code]
    assert subprocess.check_output(command, timeout=60) == b"a\nb\nc\n"
    with (tmp_path / "file").open("wb") as file:
        subprocess.check_call(command, stdout=file, timeout=60)
    assert (tmp_path / "file").read_bytes() == b"a\nb\nc\n"


@POSIX
def test_streams_are_known(tmp_path: Path) -> None:
    """Devices, pipes and open files are streams; files, folders and missing paths are not."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("pipe")
    streams = [Path(os.devnull), Path("/dev/stdout"), tmp_path / "pipe", tmp_path / "link"]
    assert all(map(is_stream, streams))
    assert not any(map(is_stream, [tmp_path, tmp_path / "file", tmp_path / "gone"]))
