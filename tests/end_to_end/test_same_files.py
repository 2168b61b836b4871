"""The commands that read recordings take the same files from the same folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import digitbench.cli
import digitnet.cli.main
from digitnet import DataError, Drawing, Stroke, cli_support, write_drawings

SEVEN = Stroke.of([40, 160, 90], [40, 40, 210], [0, 120, 300])
VISIBLE = ("1.ndjson", "2.NDJSON", "deep/3.Ndjson")
HIDDEN = ("._1.ndjson", ".ndjson", ".git/4.ndjson", "deep/.5.ndjson")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings, visible and hidden, each drawing named like its file."""
    folder = tmp_path / "recordings"
    for number, name in enumerate((*VISIBLE, *HIDDEN)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        stroke = Stroke([(x + number, y, t) for x, y, t in SEVEN.points])
        drawing = Drawing((stroke,), word="7", key_id=name, canvas=(200, 250), pen=0.05)
        write_drawings(path, [drawing])
    return folder


def run_command(command: Any, *arguments: object) -> None:
    with pytest.raises(SystemExit):
        cli_support.run(command, [str(argument) for argument in arguments])


def through_predict(folder: Path, capfd: pytest.CaptureFixture[str]) -> list[str]:
    run_command(digitnet.cli.main.cli, "predict", "--json", folder)
    return [json.loads(line)["source"] for line in capfd.readouterr().out.splitlines()]


def through_digitbench(folder: Path) -> list[str]:
    report = folder.parent / "report.json"
    run_command(digitbench.cli.cli, "run", folder, "--json", report)
    return [result["key_id"] for result in json.loads(report.read_text("utf-8"))["results"]]


def through_finetune(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from digitnet.training import finetune

    found: list[str] = []

    def collect(_config: object, ink: Any, *_: object, **__: object) -> None:
        found.extend(sorted(drawing.key_id for drawing in (*ink.learned, *ink.held)))
        raise DataError("nothing is trained here")

    monkeypatch.setattr(finetune, "finetune", collect)
    run_command(digitnet.cli.main.cli, "finetune", folder, "--out", folder.parent / "model")
    return found


def test_predict_and_digitbench_take_the_same_files(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Suffixes in any case count, hidden files and folders do not."""
    assert through_predict(folder, capfd) == list(VISIBLE)
    assert through_digitbench(folder) == list(VISIBLE)


def test_finetune_takes_the_same_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learned from is what the other commands read."""
    pytest.importorskip("torch")
    assert through_finetune(folder, monkeypatch) == list(VISIBLE)


def test_hidden_files_are_read_when_they_are_named(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Only folders and patterns leave them out."""
    assert through_predict(folder / "._1.ndjson", capfd) == ["._1.ndjson"]
    assert through_digitbench(folder / "._1.ndjson") == ["._1.ndjson"]
