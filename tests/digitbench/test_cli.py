"""The command ``digitbench``: its output, files and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import digitbench
from digitbench.cli import SUMMARIES
from digitnet import Drawing, Stroke, read_drawings, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

COMMAND = Path(sys.executable).with_name("digitbench")


@pytest.fixture
def recordings(tmp_path: Path, seven: Drawing) -> Path:
    """Two sevens, one of which is labelled as a one."""
    file = tmp_path / "mine.ndjson"
    write_drawings(file, [seven, replace(seven, key_id="no-one", word="1")])
    return file


def test_the_installed_command_replays_the_bundled_recordings() -> None:
    """Without a screen; a table on stdout, nothing on stderr."""
    done = subprocess.run(
        [COMMAND, "--limit", "3"], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("digit  recordings")
    assert "\nall             3" in done.stdout


def test_version(bench: Bench) -> None:
    """That of the package."""
    assert bench("--version") == (0, f"digitbench, version {digitbench.__version__}\n", "")


@pytest.mark.parametrize("command", [[], *([name] for name in SUMMARIES)], ids=" ".join)
def test_help(bench: Bench, command: list[str]) -> None:
    """Every command has help, on stdout."""
    done = bench(*command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(" ".join(["Usage: digitbench", *command]))


def test_run_is_the_default_command(bench: Bench, recordings: Path) -> None:
    """Files and options alone mean `run`."""
    named, short = bench("run", recordings), bench(recordings)
    assert (named.code, named.out.splitlines()[:4]) == (short.code, short.out.splitlines()[:4])


def test_recordings_are_chosen(bench: Bench, recordings: Path) -> None:
    """By pattern, filter, order and limit; a filter that leaves nothing is an error."""
    pattern = recordings.with_name("*.nd*")
    done = bench(pattern, "--word", 7, "--word", "none", "--shuffle", 3, "--limit", 5)
    assert (done.code, done.err) == (0, "")
    assert "\nall             1" in done.out
    done = bench(pattern, "--writer", "ann", "--device", "mouse")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "digitbench: --writer ann: selects none of the 2 recordings that --device mouse selects; "
        "they name no writer\n"
    )


def test_a_wrong_answer_fails(bench: Bench, recordings: Path) -> None:
    """The table lists it, a sentence says what to do, and the last line is the verdict."""
    done = bench(recordings)
    assert done.code == 1
    assert done.err == (
        "digitbench: 1 of 2 recordings is not read as labelled; to allow for some, use "
        "--min-accuracy or --baseline, and to only measure, --no-fail\n"
    )
    assert "no-one: meant as 1, read as 7" in done.out
    assert done.out.endswith("\n\nFAILED: wrong answers\n")
    done = bench(recordings, "--limit", 1)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n\npassed\n")


def test_a_run_can_only_measure(bench: Bench, recordings: Path) -> None:
    """With --no-fail; the last line says so. Gates would contradict it."""
    done = bench(recordings, "--no-fail")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\npassed, though 1 of 2 recordings is not right (--no-fail)\n")
    assert bench(recordings, "--no-fail", "--min-accuracy", 0).code == 2


def test_a_failed_gate_is_reported_in_a_sentence(bench: Bench, recordings: Path) -> None:
    """On stderr, after the table; exit code 1."""
    done = bench(recordings, "--min-accuracy", 0.9)
    assert done.code == 1
    assert done.err == (
        "digitbench: 1 of 2 recordings is right, 50.00%, and at least 90.00% are required\n"
    )
    assert "\nall             2" in done.out
    assert done.out.endswith("\nFAILED: min-accuracy all\n")
    done = bench(recordings, "--min-accuracy", 0.5)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(
        "\npassed, though 1 of 2 recordings is not right (the gates allow it)\n"
    )


def test_every_failed_gate_is_reported(bench: Bench, recordings: Path, tmp_path: Path) -> None:
    """In a line each, from options and a gates file together; the report lists them too."""
    gates, file = tmp_path / "gates.toml", tmp_path / "report.json"
    gates.write_text("max-p99-ms = 0.000001\n[min-accuracy]\nall = 0.1\n1 = 0.5\n")
    done = bench(recordings, "--gates", gates, "--min-accuracy", "all=0.6", "--json", file)
    assert done.code == 1
    accuracy, one, latency = done.err.splitlines()
    assert "at least 60.00% are required" in accuracy
    assert "0 of 1 recording of 1 is right" in one
    assert "at most 1e-06 ms are allowed" in latency
    assert done.out.endswith("\nFAILED: min-accuracy all, min-accuracy 1, max-p99-ms\n")
    assert [f"digitbench: {line}" for line in json.loads(file.read_text())["failures"]] == [
        accuracy,
        one,
        latency,
    ]


def test_a_run_is_compared_with_an_earlier_one(
    bench: Bench, recordings: Path, tmp_path: Path
) -> None:
    """An answer that is no longer right fails the run; a missing recording is only mentioned."""
    base = tmp_path / "base.json"
    assert bench(recordings, "--no-fail", "--json", base).code == 0
    assert bench(recordings, "--baseline", base)[::2] == (0, "")
    done = bench(recordings, "--baseline", base, "--limit", 1)
    assert (done.code, done.err) == (
        0,
        f"digitbench: 1 of the 2 recordings of {base} was not replayed: no-one\n",
    )
    [seven, one] = read_drawings(recordings)
    write_drawings(recordings, [replace(seven, word="2"), one])
    done = bench(recordings, "--baseline", base)
    assert done.code == 1
    assert done.err.startswith(
        f"digitbench: 1 of the 1 recording that was right in {base} no longer is: "
        "seven: meant as 2, read as 7"
    )


@pytest.mark.parametrize("option", ["--baseline", "--gates"])
def test_unreadable_gates_are_reported_before_the_run(
    bench: Bench, recordings: Path, tmp_path: Path, option: str
) -> None:
    """In one line that names the file, and no table; one that is missing is wrong usage."""
    (tmp_path / "folder").mkdir()
    for name, code, reason in (
        ("gone", 2, "there is no such file"),
        ("folder", 1, "cannot be read"),
    ):
        done = bench(recordings, option, tmp_path / name)
        assert (done.code, done.out) == (code, "")
        assert done.err.startswith(f"digitbench: {tmp_path / name}: {reason}")
        assert done.err.count("\n") == 1


def test_json_is_written(bench: Bench, recordings: Path, tmp_path: Path) -> None:
    """The whole run with its options, in addition to the table."""
    file = tmp_path / "report.json"
    done = bench(
        recordings, "--json", file, "--input", "touch", "--window", "480x360", "--pen", 0.1
    )
    assert done.code == 1
    document = json.loads(file.read_text())
    assert document["summary"]["recordings"] == 2
    assert [result["key_id"] for result in document["results"]] == ["seven", "no-one"]
    options = document["provenance"]["options"]
    assert (options["input"], options["window"], options["pen"]) == ("touch", [480, 360], 0.1)


def test_a_report_is_written_even_if_a_gate_fails(
    bench: Bench, recordings: Path, tmp_path: Path
) -> None:
    """That is when it is needed most."""
    file, sheet = tmp_path / "report.json", tmp_path / "sheet.png"
    done = bench(recordings, "--json", file, "--sheet", sheet, "--min-accuracy", 1)
    assert done.code == 1
    assert json.loads(file.read_text())["summary"]["wrong"] == 1
    with Image.open(sheet) as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("damaged.ndjson", b'{"word": "7", "draw', "damaged.ndjson:1: is not JSON"),
        ("binary.ndjson", b"\x89PNG\r\n\x1a\n\0\0", "binary.ndjson:1: is not JSON"),
        ("empty.ndjson", b"", "nothing was replayed"),
    ],
)
def test_unreadable_recordings_are_an_error(
    bench: Bench, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """In one line; exit code 1."""
    (tmp_path / name).write_bytes(content)
    done = bench(tmp_path / name)
    assert done.code == 1
    assert reason in done.err
    assert done.err.startswith("digitbench: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["--min-accuracy", "2"],
        ["--min-accuracy", "nan"],
        ["--min-accuracy", "7="],
        ["--min-accuracy", "crossed=1"],
        ["--min-accuracy", "7=1", "--min-accuracy", "7=0.9"],
        ["--max-p99-ms", "0"],
        ["--max-p99-ms", "inf"],
        ["--limit", "0"],
        ["--shuffle", "-1"],
        ["--input", "nose"],
        ["import", "unipen"],
        ["import", "no-such-format", "file", "--out", "x"],
        ["show"],
        ["show", "seven-plain-01", "--film"],
        ["show", "seven-plain-01", "--out", "x.png", "--window", "wide"],
        ["show", "seven-plain-01", "--out", "x.png", "--window", "0x640"],
        ["--window", "960x640x2"],
        ["--window", "239x640"],
        ["--window", "960x99999"],
        ["--pen", "0.001"],
        ["--pen", "5"],
        ["--pen", "nan"],
        ["--pen", "thick"],
        ["--timeout", "0"],
        ["--timeout", "inf"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_reported_in_one_line(bench: Bench, arguments: list[str]) -> None:
    """With a hint at --help; exit code 2."""
    done = bench(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("digitbench: ")
    assert "--help" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("by", ["file", "name in file", "bundled name"])
def test_show_writes_a_picture_of_the_app(
    bench: Bench, recordings: Path, tmp_path: Path, by: str
) -> None:
    """Of the first recording in a file, of a named one, or of a bundled one."""
    recording, name = {
        "file": (str(recordings), "seven"),
        "name in file": (f"{recordings}:no-one", "no-one"),
        "bundled name": ("seven-plain-01", "seven-plain-01"),
    }[by]
    out = tmp_path / "app.png"
    assert bench("show", recording, "--out", out) == (0, f"{out}: {name}\n", "")
    with Image.open(out) as picture:
        assert picture.format == "PNG"
        assert picture.size == (960, 640)
        assert len(picture.convert("RGB").getcolors(10**6) or []) > 10


@pytest.mark.parametrize(
    ("recording", "question"),
    [
        ("no-such-name", ""),
        ("gone.ndjson:name", ""),
        ("seven-plian-01", " Did you mean 'seven-plain-01'?"),
    ],
)
def test_show_reports_a_missing_recording(
    bench: Bench, tmp_path: Path, recording: str, question: str
) -> None:
    """In one line, with the name that was perhaps meant; exit code 2."""
    done = bench("show", recording, "--out", tmp_path / "app.png")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"digitbench: {recording}: there is no such recording; name a file or a key_id.{question} "
        "See 'digitbench show --help'.\n"
    )


def test_unipen_is_imported(bench: Bench, tmp_path: Path) -> None:
    """Into a recordings file, which can be replayed; a missing include is reported."""
    ink, out = tmp_path / "ink.dat", tmp_path / "ink.ndjson"
    ink.write_text('.INCLUDE gone.doc\n.PEN_DOWN\n0 90\n50 90\n20 0\n.SEGMENT D 0 ? "7"\n')
    done = bench("import", "unipen", ink, "--out", out)
    assert (done.code, done.out) == (0, f"{out}: 1 recording\n")
    assert done.err.startswith(f"digitbench: {ink}:1: gone.doc")
    [drawing] = read_drawings(out)
    assert drawing.word == "7"
    assert len(drawing.strokes) == 1
    assert isinstance(drawing.strokes[0], Stroke)
    assert bench(out, "--min-accuracy", 1).code == 0


def test_a_damaged_unipen_file_leaves_no_recordings(bench: Bench, tmp_path: Path) -> None:
    """Skipped ink is reported with file and line, several are counted; exit code 1 if all is."""
    ink, out = tmp_path / "ink.dat", tmp_path / "ink.ndjson"
    segment = '.SEGMENT D 0 ? "7"\n'
    damage = f"component 0 is damaged: {ink}:2 holds '0 zero', not numbers; the segment is skipped"
    ink.write_text(f".PEN_DOWN\n0 zero\n{segment}")
    done = bench("import", "unipen", ink, "--out", out)
    assert done == (1, "", f"digitbench: {ink}:3: {damage}; {out} is not written\n")
    ink.write_text(f".PEN_DOWN\n0 zero\n{segment}{segment}")
    done = bench("import", "unipen", ink, "--out", out)
    assert (done.code, done.out) == (1, "")
    summary = "0 imported, 2 skipped (2 with damaged components)"
    assert done.err.splitlines() == [
        f"digitbench: {ink}:3: {damage}",
        f"digitbench: {ink}:4: {damage}",
        f"digitbench: {ink}: {summary}; {out} is not written",
    ]
    assert not out.exists()
