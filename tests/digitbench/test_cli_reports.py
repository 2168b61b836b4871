"""The reports that ``digitbench run`` writes: where, when, and where not."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from digitbench.commands import output
from digitbench.commands import run as run_command
from digitnet import Drawing, write_drawings
from digitnet.files import write_atomically

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

COMMAND = Path(sys.executable).with_name("digitbench")
REPORTS = ("--json", "--junit", "--html", "--sheet")


@pytest.fixture
def recordings(tmp_path: Path, seven: Drawing) -> Path:
    """Two sevens, one of which is labelled as a one and saves the drawing."""
    file = tmp_path / "mine.ndjson"
    events = ((200, "save"),)
    write_drawings(file, [seven, replace(seven, key_id="no-one", word="1", events=events)])
    return file


def test_a_run_is_reported_to_ci_systems(bench: Bench, tmp_path: Path, recordings: Path) -> None:
    """With the failures and their lines, and the failed gate."""
    report = tmp_path / "junit.xml"
    assert bench(recordings, "--junit", report, "--min-accuracy", "1").code == 1
    root = ET.parse(report).getroot()  # noqa: S314 - our own
    assert [suite.get("name") for suite in root] == ["mine.ndjson", "gates"]
    failed = [test for test in root.iter("testcase") if test.find("failure") is not None]
    assert [(test.get("name"), test.get("line")) for test in failed] == [
        ("no-one", "2"),
        ("min-accuracy all", None),
    ]


def test_a_run_is_reported_to_people(bench: Bench, tmp_path: Path, recordings: Path) -> None:
    """In a folder that is created if needed, with a picture of the app after the replay."""
    folder = tmp_path / "new" / "report"
    assert bench(recordings, "--html", folder).code == 1
    assert [path.name for path in folder.iterdir()] == ["index.html"]
    page = (folder / "index.html").read_text("utf-8")
    assert page.count("<article") == 1
    assert 'alt="The app at 0.20 s in the replay of no-one"' in page
    assert f"{recordings.name}:2" in page


def test_a_report_for_people_saves_nothing_twice(
    bench: Bench, tmp_path: Path, recordings: Path
) -> None:
    """Failures are replayed again for their pictures; what they save then is discarded."""
    saved, also_saved = tmp_path / "saved", tmp_path / "also-saved"
    bench(recordings, "--save-dir", saved)
    bench(recordings, "--save-dir", also_saved, "--html", tmp_path / "report")
    assert len(list(saved.iterdir())) == len(list(also_saved.iterdir())) > 0


@pytest.mark.parametrize("option", REPORTS)
def test_a_place_that_cannot_be_written_is_reported_before_the_run(
    bench: Bench,
    tmp_path: Path,
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
) -> None:
    """In one line with the option and the path; exit code 2."""
    monkeypatch.setattr(run_command, "_replay", None)
    place = recordings / "report"
    done = bench(recordings, option, place)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"digitbench: {option}: {place}")
    assert "cannot be written: Not a directory; choose another place." in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("option", REPORTS)
def test_the_folder_of_a_report_is_made(
    bench: Bench, tmp_path: Path, recordings: Path, option: str
) -> None:
    """And its parents; nothing but the report is left in it."""
    place = tmp_path / "new" / "folder" / "report"
    assert bench(recordings, option, place).code == 1
    assert [path.name for path in place.parent.iterdir()] == ["report"]


@pytest.mark.parametrize(
    ("options", "other"),
    [
        (["--junit", "mine.ndjson"], "the recordings in "),
        (["--json", "link.ndjson"], "the recordings in "),
        (["--json", "x", "--junit", "./x"], "--json"),
    ],
    ids=["recordings", "link to recordings", "another report"],
)
def test_a_report_replaces_neither_recordings_nor_another(
    bench: Bench,
    tmp_path: Path,
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    other: str,
) -> None:
    """That is wrong usage, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.ndjson").symlink_to(recordings)
    before = recordings.read_bytes()
    done = bench("mine.ndjson", *options)
    assert (done.code, done.out) == (2, "")
    assert f" would replace {other}" in done.err
    assert recordings.read_bytes() == before
    assert not (tmp_path / "x").exists()


def test_one_report_that_fails_does_not_stop_the_others(
    bench: Bench, tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that has become full; the run then fails, and says why."""

    def fail_once(path: Path, content: bytes) -> None:
        if path.name == "run.xml":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write_atomically(path, content)

    monkeypatch.setattr(output, "write_atomically", fail_once)
    paths = [tmp_path / name for name in ("run.json", "run.xml", "page", "sheet.png")]
    places = [part for pair in zip(REPORTS, paths, strict=True) for part in pair]
    done = bench(recordings, "--no-fail", *places)
    assert done.code == 1
    assert done.err == (
        f"digitbench: {paths[1]}: cannot be written: No space left on device; "
        "choose another place\n"
    )
    assert done.out.endswith("\nFAILED: reports\n")
    assert [path.exists() for path in paths] == [True, False, True, True]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize(
    "script",
    [
        '"$0" mine.ndjson --json >(cat > run.json) > /dev/null; sleep 0.5',
        'mkfifo pipe; cat pipe > run.json & "$0" mine.ndjson --json pipe > /dev/null; wait',
        '"$0" mine.ndjson --json /dev/stderr > /dev/null 2> run.json',
        '"$0" mine.ndjson --json /dev/fd/3 > /dev/null 3> run.json',
        'ln -s run.json link; "$0" mine.ndjson --json link > /dev/null; test -L link',
    ],
    ids=["process", "pipe", "stderr", "descriptor", "link"],
)
def test_a_report_goes_where_the_shell_says(tmp_path: Path, seven: Drawing, script: str) -> None:
    """Streams are written, not replaced, and links are followed."""
    write_drawings(tmp_path / "mine.ndjson", [seven])
    subprocess.run(["bash", "-ec", script, COMMAND], cwd=tmp_path, timeout=60, check=True)
    assert json.loads((tmp_path / "run.json").read_text())["summary"]["passed"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_report_may_be_discarded(bench: Bench, seven: Drawing, tmp_path: Path) -> None:
    """The device stays one."""
    write_drawings(tmp_path / "mine.ndjson", [seven])
    assert bench(tmp_path / "mine.ndjson", "--json", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()
