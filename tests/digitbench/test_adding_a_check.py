"""The steps in `digitbench.checks.check` suffice to add a check: one class, one registration."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from digitbench.checks.check import Check, CheckContext, FinishedReplay
from digitbench.checks.registry import CHECKS
from digitbench.replay.outcome import CheckOutcome, Violation
from digitbench.replay.playback import Frame
from digitdraw.app import App
from digitnet import Drawing, Stroke, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench


class OneStroke(Check):
    """The board never holds more than one stroke: true of some recordings, not of others."""

    name = "one-stroke"
    summary = "there is at most one stroke"

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._count = 0
        self._violations: list[Violation] = []

    def observe(self, app: App, frame: Frame) -> None:
        """Count the strokes after each moment."""
        if frame.done and not frame.is_extra:
            self._count += 1
            if (strokes := len(app.board.strokes)) > 1:
                message = f"the board holds {strokes} strokes, not 1"
                violation = Violation(message, "1", f"{strokes} strokes", frame.at, frame.done)
                self._violations.append(violation)

    def finish(self, replay: FinishedReplay) -> CheckOutcome:
        """Return what was counted."""
        assert replay.board is not None
        assert len(replay.board.strokes) == len(replay.drawing.strokes)
        return CheckOutcome(self.name, self._count, tuple(self._violations))


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line in the registry."""
    monkeypatch.setitem(CHECKS, OneStroke.name, OneStroke)


@pytest.fixture
def recordings(seven: Drawing, tmp_path: Path) -> Path:
    """A seven of one stroke, and the same with a second stroke."""
    dash = Stroke.of([260, 340], [300, 300], [500, 560])
    crossed = replace(seven, key_id="crossed", strokes=(*seven.strokes, dash))
    file = tmp_path / "sevens.ndjson"
    write_drawings(file, [seven, crossed])
    return file


def test_a_registered_check_is_made_and_fails_the_run(
    bench: Bench, recordings: Path, tmp_path: Path
) -> None:
    """The table, the gates and every report show it."""
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")}
    reports = [f"--{kind}={file}" for kind, file in files.items()]
    done = bench(recordings, "--check", "one-stroke", *reports)
    assert done.code == 1
    assert done.err == "digitbench: the check one-stroke failed for 1 of 2 recordings: crossed\n"
    message = "at 0.56 s, after stroke 2: the board holds 2 strokes, not 1"
    assert f"crossed: one-stroke: {message}\n" in done.out
    assert ["one-stroke", "2", "1", "3"] in [line.split() for line in done.out.splitlines()]

    document = json.loads(files["json"].read_text())
    assert document["summary"]["checks"] == {
        "one-stroke": {"recordings": 2, "comparisons": 3, "failed": 1}
    }
    [violation] = document["results"][1]["broken"]
    assert (violation["check"], violation["expected"]) == ("one-stroke", "1")

    [failure] = ET.parse(files["junit"]).getroot().iter("failure")  # noqa: S314 - our own
    assert (failure.get("type"), failure.get("message")) == ("one-stroke", message)
    assert f"<em>one-stroke</em> {message}" in (files["html"] / "index.html").read_text()


def test_it_is_made_with_all_checks_but_not_by_default(bench: Bench, recordings: Path) -> None:
    """As `is_default` says."""
    assert "one-stroke" in bench(recordings, "--check", "all").out
    assert "one-stroke" not in bench(recordings).out


def test_its_name_is_among_those_that_can_be_asked_for(bench: Bench, recordings: Path) -> None:
    """An unknown name is wrong usage, and the message lists the known ones."""
    done = bench(recordings, "--check", "two-strokes")
    assert done.code == 2
    assert "one-stroke" in done.err
