"""The command ``digitnet predict``: its inputs, its output and the files that it writes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from digitnet import Drawing, Recognizer, Stroke, read_drawings, write_drawings

if TYPE_CHECKING:
    from tests.digitnet.conftest import Command, Process


def test_predict_reads_an_image(command: Command, picture: Path) -> None:
    """An image is a row of the table: the answer, its confidence, and the path."""
    outcome = command("predict", picture)
    assert (outcome.code, outcome.err) == (0, "")
    head, row = outcome.lines
    assert head.split() == ["answer", "sure", "source"]
    assert re.fullmatch(rf"7 +\d+\.\d% +{re.escape(str(picture))}", row)
    assert row.index(str(picture)) == head.index("source")


def test_predict_reads_recordings(command: Command, recordings: Path) -> None:
    """Each drawing of a recordings file is a row, named by its key or its place in the file."""
    rows = command("predict", recordings).lines[1:]
    assert [row.split()[0] for row in rows] == ["7", "7", "nothing"]
    assert [row.split()[-1] for row in rows] == ["seven", f"{recordings}:2", "blank"]
    assert len({row.rindex("  ") for row in rows}) == 1


def test_a_doubtful_digit_is_marked(command: Command, tmp_path: Path, seven: Drawing) -> None:
    """Ink that is probably not a digit gets no answer, and beside a digit a question mark."""
    dot = Drawing((Stroke([(50, 50)]),), canvas=(200, 200), pen=0.05, key_id="dot")
    path = tmp_path / "dot.ndjson"
    cross = (Stroke([(440, 100), (500, 160)]), Stroke([(500, 100), (440, 160)]))
    both = replace(seven, strokes=(*seven.strokes, *cross), key_id="both")
    write_drawings(path, [dot, both])
    _, one, two = command("predict", path).lines
    assert re.match(r"no digit +\d+\.\d% +dot$", one)
    assert re.match(r"7\? +\d+\.\d% +both$", two)
    record = json.loads(command("predict", "--json", path).lines[1])
    assert record["text"] == "7?"
    assert [digit["accepted"] for digit in record["digits"]] == [True, False]


def test_predict_json_matches_its_schema(command: Command, recordings: Path) -> None:
    """`--json` prints an object per line, with exactly the documented keys, types and ranges."""
    records = [json.loads(line) for line in command("predict", "--json", recordings).lines]
    assert [record["source"] for record in records] == ["seven", f"{recordings}:2", "blank"]
    for record in records:
        assert list(record) == ["source", "text", "confidence", "digits"]
    seven, _, blank = records
    assert (blank["text"], blank["confidence"], blank["digits"]) == ("", 0, [])
    assert seven["text"] == "7"
    (digit,) = seven["digits"]
    assert list(digit) == ["label", "confidence", "probabilities", "accepted", "box"]
    assert (digit["label"], digit["accepted"]) == (7, True)
    assert digit["confidence"] == seven["confidence"] == digit["probabilities"][7]
    assert len(digit["probabilities"]) == 10
    assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert digit["box"] == [40, 40, 120, 170]


def test_predict_json_names_an_image_by_its_path(command: Command, picture: Path) -> None:
    """An image's source is its path as given, and its box is in whole pixels."""
    (line,) = command("predict", "--json", picture).lines
    record = json.loads(line)
    assert record["source"] == str(picture)
    assert all(side == int(side) for side in record["digits"][0]["box"])


def test_one_bad_file_does_not_stop_the_rest(
    command: Command, picture: Path, recordings: Path, tmp_path: Path
) -> None:
    """Each unreadable file is one line on stderr, the others are read, and the exit code is 1."""
    half = tmp_path / "half.ndjson"
    half.write_bytes(recordings.read_bytes().splitlines()[0] + b"\noops\n")
    outcome = command("predict", tmp_path / "missing.png", half, picture)
    assert outcome.code == 1
    assert [line.split()[-1] for line in outcome.lines[1:]] == ["seven", str(picture)]
    first, second = outcome.err.splitlines()
    assert first.startswith(f"digitnet: {tmp_path / 'missing.png'}: ")
    assert second.startswith(f"digitnet: {half}:2: ")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_key_that_cannot_be_encoded_is_printed(
    digitnet_process: Process, tmp_path: Path, recordings: Path, options: list[str]
) -> None:
    """A lone surrogate in a key does not stop the command."""
    odd = tmp_path / "odd.ndjson"
    odd.write_bytes(recordings.read_bytes().replace(b'"seven"', rb'"\ud800"'))
    result = digitnet_process("predict", *options, odd, stdout=subprocess.PIPE)
    assert (result.returncode, result.stderr) == (0, b"")
    assert len(result.stdout.splitlines()) == (3 if options else 4)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_path_that_cannot_be_encoded_is_printed(
    digitnet_process: Process, picture: Path, options: list[str]
) -> None:
    """A file name in another encoding does not stop the command."""
    odd = picture.rename(picture.parent / os.fsdecode(b"\xff.png"))
    result = digitnet_process("predict", *options, odd, stdout=subprocess.PIPE)
    assert (result.returncode, result.stderr) == (0, b"")
    assert len(result.stdout.splitlines()) == (1 if options else 2)


def sources(out: str) -> list[str]:
    """Return the sources of lines of JSON."""
    return [json.loads(line)["source"] for line in out.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, seven_picture: Image.Image, seven: Drawing) -> Path:
    """A folder of three images and a recordings file, among others."""
    root = tmp_path / "scans"
    for name in ("b.png", "a/2.JPG", "a/deep/1.png", "c/.hidden.png", ".git/x.png"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        seven_picture.save(root / name, Path(name).suffix.replace("JPG", "jpeg").strip("."))
    write_drawings(root / "a/ink.ndjson", [seven])
    (root / "notes.txt").write_text("no picture")
    return root


def test_a_folder_stands_for_its_images_and_recordings(command: Command, folder: Path) -> None:
    """Images and recordings at any depth are read in order; hidden and other files are not."""
    outcome = command("predict", "--json", folder)
    assert (outcome.code, outcome.err) == (0, "")
    names = [folder / "a/2.JPG", folder / "a/deep/1.png", "seven", folder / "b.png"]
    assert sources(outcome.out) == list(map(str, names))


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_links_to_folders_are_not_followed(command: Command, folder: Path) -> None:
    """Links to files are read, but links to folders are not, so the search always ends."""
    (folder / "a/round").symlink_to(folder)
    (folder / "z.png").symlink_to(folder / "b.png")
    assert len(command("predict", "--json", folder).lines) == 5


def test_a_pattern_stands_for_its_matches(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patterns are expanded like in a shell, for shells that do not, each file once."""
    monkeypatch.chdir(folder)
    assert sources(command("predict", "--json", "*.png").out) == ["b.png"]
    assert sources(command("predict", "--json", "**/*.png").out) == ["a/deep/1.png", "b.png"]
    assert sources(command("predict", "--json", "./a/d*").out) == ["./a/deep/1.png"]
    (folder / "[1].png").write_bytes((folder / "b.png").read_bytes())
    assert sources(command("predict", "--json", "[1].png").out) == ["[1].png"]


def test_names_without_files_are_errors(command: Command, tmp_path: Path) -> None:
    """An empty folder and a pattern without a match are a one-line error each."""
    empty = tmp_path / "empty"
    empty.mkdir()
    outcome = command("predict", empty, tmp_path / "*.png")
    assert (outcome.code, outcome.out) == (1, "")
    first, second = outcome.err.splitlines()
    assert first.startswith(f"digitnet: {empty}: holds no images or .ndjson files")
    assert second.startswith(f"digitnet: {tmp_path / '*.png'}: matches no file")


@pytest.mark.parametrize("lead", [b"", b"\n \n"])
def test_recordings_are_read_from_standard_input(
    digitnet_process: Process, recordings: Path, lead: bytes
) -> None:
    """Recordings from standard input are named by their keys, or by their lines."""
    content = lead + recordings.read_bytes()
    done = digitnet_process("predict", "--json", "-", input=content, stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sources(done.stdout.decode()) == ["seven", f"-:{2 + lead.count(10)}", "blank"]


def test_an_image_is_read_from_standard_input(digitnet_process: Process, picture: Path) -> None:
    """An image from standard input is named -."""
    content = picture.read_bytes()
    done = digitnet_process("predict", "--json", "-", input=content, stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    (line,) = done.stdout.splitlines()
    assert (json.loads(line)["source"], json.loads(line)["text"]) == ("-", "7")


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_standard_input_without_content_is_an_error(
    digitnet_process: Process, content: bytes
) -> None:
    """Standard input without an image or recordings is a one-line error."""
    done = digitnet_process("predict", "-", input=content, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"digitnet: <stdin>: is ")
    assert done.stderr.count(b"\n") == 1


def test_standard_input_is_answered_line_by_line(recordings: Path) -> None:
    """Each answer comes before the next drawing is read, as another program may wait for it."""
    words = [
        sys.executable,
        "-c",
        "from digitnet.cli.main import main; main()",
        "predict",
        "--json",
        "-",
    ]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in recordings.read_bytes().splitlines(keepends=True):
            process.stdin.write(line)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["digits"] is not None
        process.stdin.close()


def test_a_name_cannot_break_the_table(command: Command, tmp_path: Path) -> None:
    """Line ends and control sequences in a name are escaped as in Python."""
    path = tmp_path / "odd.ndjson"
    write_drawings(path, [Drawing((), key_id="a\nb\x1b[2Jé")])
    assert command("predict", path).lines[1].split() == ["nothing", "a\\nb\\x1b[2Jé"]


def test_top_shows_the_likeliest_labels_of_each_digit(command: Command, recordings: Path) -> None:
    """`--top K` adds a row per digit to the table, and a key to each digit in JSON."""
    records = [
        json.loads(line) for line in command("predict", "--json", "--top", 3, recordings).lines
    ]
    (digit,) = records[0]["digits"]
    likeliest = sorted(digit["probabilities"], reverse=True)[:3]
    assert [entry["probability"] for entry in digit["top"]] == likeliest
    assert digit["top"][0]["label"] == digit["label"] == 7
    assert [digit["probabilities"][entry["label"]] for entry in digit["top"]] == likeliest
    rows = command("predict", "--top", 3, recordings).lines[1:]
    assert [row.split()[0] for row in rows] == ["7", "7", "7", "7", "nothing"]
    assert len(re.findall(r"\d: \d+\.\d%", rows[1])) == 3


def test_what_the_network_saw_is_saved(
    command: Command, recognizer: Recognizer, recordings: Path, picture: Path
) -> None:
    """`--save-seen` writes an image per digit, named after source, position and label."""
    out = recordings.parent / "new" / "seen"
    assert command("predict", "--save-seen", out, recordings, picture).code == 0
    names = sorted(path.name for path in out.iterdir())
    ends = ("seven-1-7.png", "ink.ndjson_2-1-7.png", "seven.png-1-7.png")
    assert sorted(next(end for end in ends if name.endswith(end)) for name in names) == sorted(ends)
    with Image.open(out / "seven-1-7.png") as image:
        assert (image.size, image.mode) == ((28, 28), "L")
        (digit,) = recognizer.predict(next(read_drawings(recordings))).digits
        np.testing.assert_array_equal(np.asarray(image), digit.image)


def test_saved_images_are_not_overwritten(command: Command, recordings: Path) -> None:
    """The next free name is used instead of one that is taken."""
    out = recordings.parent / "seen"
    out.mkdir()
    (out / "seven-1-7.png").write_text("mine")
    for _ in range(2):
        assert command("predict", "--save-seen", out, recordings).code == 0
    assert (out / "seven-1-7.png").read_text() == "mine"
    assert {"seven-1-7_2.png", "seven-1-7_3.png"} <= {path.name for path in out.iterdir()}


def test_unsafe_names_are_made_safe(command: Command, tmp_path: Path, seven: Drawing) -> None:
    """Whatever the key, its image is in the folder, under a name that every system accepts."""
    keys = ["../../up", "/etc/passwd", "a\nb", "é" * 300, "\ud800", "..", "CON:", "x" * 300]
    path = tmp_path / "odd.ndjson"
    write_drawings(path, [replace(seven, key_id=key) for key in keys])
    out = tmp_path / "seen"
    assert command("predict", "--save-seen", out, path).code == 0
    names = [file.name for file in out.iterdir()]
    assert len(names) == len(keys)
    assert all(re.fullmatch(r"[\w+-][\w.+-]{,150}\.png", name, re.ASCII) for name in names)


def test_an_unwritable_folder_is_an_error(command: Command, picture: Path, tmp_path: Path) -> None:
    """If the images cannot be saved, the command stops with one line."""
    (tmp_path / "file").write_text("")
    outcome = command("predict", "--save-seen", tmp_path / "file" / "seen", picture)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"digitnet: {tmp_path / 'file' / 'seen'}: ")


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("count", "is_shown"), [(99, False), (100, True)])
def test_progress_is_shown_from_a_hundred_inputs_on(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    recordings: Path,
    *,
    count: int,
    is_shown: bool,
) -> None:
    """A user who redirects the output of many inputs sees the progress."""
    write_drawings(recordings, [Drawing(())] * count)
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert command("predict", recordings).code == 0
    assert ("reading" in terminal.getvalue()) == is_shown
    assert (f"{count}/{count}" in terminal.getvalue()) == is_shown


def test_no_progress_is_written_into_a_pipe(command: Command, recordings: Path) -> None:
    """A redirected stderr contains nothing but errors."""
    write_drawings(recordings, [Drawing(())] * 150)
    outcome = command("predict", recordings)
    assert (outcome.code, outcome.err) == (0, "")
    assert len(outcome.lines) == 151
