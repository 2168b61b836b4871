"""The options ``--junit`` and ``--html`` of ``digitbench run``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from digitbench.cli import cli
from digitnet import Drawing, cli_support, write_drawings


def bench(*arguments: object) -> object:
    """Run the command line as the console script does, and return its exit code."""
    with pytest.raises(SystemExit) as exit_:
        cli_support.run(cli, [str(argument) for argument in arguments])
    return exit_.value.code


@pytest.fixture
def recordings(tmp_path: Path, seven: Drawing) -> Path:
    """Two sevens, one of which is labelled as a one and saves the drawing."""
    file = tmp_path / "mine.ndjson"
    events = ((200, "save"),)
    write_drawings(file, [seven, replace(seven, key_id="no-one", word="1", events=events)])
    return file


def test_a_run_is_reported_to_ci_systems(tmp_path: Path, recordings: Path) -> None:
    """With the failures and their lines, and the failed gate."""
    report = tmp_path / "junit.xml"
    assert bench(recordings, "--junit", report, "--min-accuracy", "1") == 1
    root = ET.parse(report).getroot()  # noqa: S314 - our own
    assert [suite.get("name") for suite in root] == [str(recordings), "gates"]
    failed = [test for test in root.iter("testcase") if test.find("failure") is not None]
    assert [(test.get("name"), test.get("line")) for test in failed] == [
        ("no-one", "2"),
        ("gate 1", None),
    ]


def test_a_run_is_reported_to_people(tmp_path: Path, recordings: Path) -> None:
    """In a folder that is created if needed, with a picture of the app after the replay."""
    folder = tmp_path / "new" / "report"
    assert bench(recordings, "--html", folder) == 0
    assert [path.name for path in folder.iterdir()] == ["index.html"]
    page = (folder / "index.html").read_text("utf-8")
    assert page.count("<article") == 1
    assert 'alt="The app at 0.20 s in the replay of no-one"' in page
    assert f"{recordings.name}:2" in page


def test_a_report_for_people_saves_nothing_twice(tmp_path: Path, recordings: Path) -> None:
    """Failures are replayed again for their pictures; what they save then is discarded."""
    saved, also_saved = tmp_path / "saved", tmp_path / "also-saved"
    bench(recordings, "--save-dir", saved)
    bench(recordings, "--save-dir", also_saved, "--html", tmp_path / "report")
    assert len(list(saved.iterdir())) == len(list(also_saved.iterdir())) > 0


@pytest.mark.parametrize("option", ["--junit", "--html"])
def test_a_report_that_cannot_be_written_is_reported_in_one_line(
    tmp_path: Path, recordings: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """With its path, and no traceback."""
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "report"
    assert bench(recordings, option, place) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"digitbench: {place}: cannot be ")
    assert line.endswith("choose another place")
