"""Random sessions: a correct app passes, and each planted bug is found and shrunk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pygame
import pytest
from click.testing import CliRunner

from digitbench.cli import cli
from digitbench.fuzz.campaign import Campaign
from digitbench.fuzz.run import fuzz
from digitbench.fuzz.state_machine import AppStateMachine
from digitdraw.model.board import Board
from digitdraw.model.document import Document
from digitdraw.ui.board_view import BoardView
from digitnet import Recognizer, Stroke, read_drawings

Patch: TypeAlias = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: Patch) -> None:
    """Do not wait for the disk: these files need not survive a power cut."""
    monkeypatch.setattr("os.fsync", lambda _: None)


def test_the_app_passes_random_sessions(recognizer: Recognizer) -> None:
    """As many steps as requested, without a failure."""
    campaign = fuzz(recognizer, seed_=1, steps=400)
    assert campaign.failure is None, campaign.failure
    assert campaign.is_complete
    assert 400 <= campaign.steps < 430
    assert campaign.events > 1000


def test_a_seed_makes_the_same_sessions(recognizer: Recognizer) -> None:
    """And another seed makes others."""
    events = [fuzz(recognizer, seed_=seed, steps=60).events for seed in (5, 5, 6)]
    assert events[0] == events[1] != events[2]


@pytest.fixture
def machine(recognizer: Recognizer, tmp_path: Path) -> AppStateMachine:
    """A session that a test steps itself."""
    return AppStateMachine(Campaign(recognizer, tmp_path))


@pytest.mark.parametrize("ink", [(12, 0), (12, 10), (18, 0)], ids=str)
def test_an_eraser_goes_on_from_where_it_was_in_the_window(
    machine: AppStateMachine, ink: tuple[int, int]
) -> None:
    """If the window is resized meanwhile, the same pixel is over other ink."""
    machine.start(window=(481, 243), theme="light", live=False)
    machine.draw(ink=Stroke([ink]), device="left")
    with machine.doing("put right down"):
        machine.use("down", "right", (44, 8))
    machine.resize(window=(480, 360))
    with machine.doing("move"):
        machine.use("move", "mouse", (105, 104))
    machine.teardown()


def test_an_eraser_leaves_what_undo_brings_back_where_it_stands(machine: AppStateMachine) -> None:
    """Only ink on the path from there on is erased."""
    machine.start(window=(640, 480), theme="light", live=False)
    machine.draw(ink=Stroke([(50, 50)]), device="left")
    x, y = machine.locate((True, 50, 50))
    with machine.doing("put right down"):
        machine.use("down", "right", (x + 5, y))
    machine.undo()
    with machine.doing("move"):
        machine.use("move", "mouse", (x + 60, y))
    assert len(machine.ink()) == 1
    machine.teardown()


def redo_forgets(patch: Patch) -> None:
    """Redo does nothing, but reports that it did."""

    def forget(board: Board) -> None:
        board._undone.clear()

    patch.setattr(Board, "redo", forget)


def resize_moves_ink(patch: Patch) -> None:
    """Ink is scaled with the window."""
    resize = Board.resize

    def move(board: Board, canvas: tuple[float, float]) -> None:
        scale = canvas[0] / board.canvas[0]
        board._strokes = tuple(
            Stroke((x * scale, y, t) for x, y, t in stroke.points) for stroke in board.strokes
        )
        resize(board, canvas)

    patch.setattr(Board, "resize", move)


def rectangles_are_too_small(patch: Patch) -> None:
    """The app reports smaller areas than it drew on."""
    draw = BoardView.draw

    def draw_more(*it: Any) -> list[pygame.Rect]:
        return [part.inflate(-4, -4) for part in draw(*it)]

    patch.setattr(BoardView, "draw", draw_more)


def dots_crash(patch: Patch) -> None:
    """A stroke of a single point raises."""
    end = Document.end_stroke

    def crash(document: Document) -> bool:
        if len(document.board.current) == 1:
            raise IndexError("a dot")
        return end(document)

    patch.setattr(Document, "end_stroke", crash)


BUGS: dict[Callable[[Patch], None], tuple[int, int, str]] = {
    redo_forgets: (4, 4, "the board holds 0 strokes, not 1"),
    rectangles_are_too_small: (0, 2, "was drawn, outside of"),
    dots_crash: (0, 3, "IndexError: a dot"),
}
"""Each with a seed that finds it quickly, the most steps that may be left, and the message."""


@pytest.mark.slow
@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found_and_shrunk(
    plant: Callable[[Patch], None], recognizer: Recognizer, monkeypatch: Patch
) -> None:
    """To hardly more steps than necessary."""
    plant(monkeypatch)
    seed, most, message = BUGS[plant]
    failure = fuzz(recognizer, seed_=seed, steps=4000, session_steps=12).failure
    assert failure is not None
    assert message in failure.message
    assert len(failure.steps) <= most


def test_a_failure_is_reported_and_its_replay_fails_too(monkeypatch: Patch, tmp_path: Path) -> None:
    """The command prints the steps and writes a recording, which passes once the bug is fixed."""
    resize_moves_ink(monkeypatch)
    result = CliRunner().invoke(cli, ["fuzz", "--seed", "3", "--out", str(tmp_path / "new")])
    path = tmp_path / "new" / "fuzz-3.ndjson"
    assert result.exit_code == 1
    assert "Seed 3 fails in 3 steps: stroke 1 is " in result.stdout
    assert "\n  1. start in a window of 480x360" in result.stdout
    assert result.stdout.endswith(f"Replay it with: digitbench run {path}\n")
    (recording,) = read_drawings(path)
    assert len(recording.extra["steps"]) == 3
    assert recording.events[0][1:] == ("resize", 480, 360)
    assert CliRunner().invoke(cli, [str(path)]).exit_code == 1
    monkeypatch.undo()
    assert CliRunner().invoke(cli, [str(path)]).exit_code == 0


def test_a_replay_that_passes_is_not_promised(monkeypatch: Patch, tmp_path: Path) -> None:
    """Only a session sees where the app draws; the command that repeats it is printed instead."""
    rectangles_are_too_small(monkeypatch)
    options = ["--seed", "3", "--steps", "100", "--out", str(tmp_path)]
    result = CliRunner().invoke(cli, ["fuzz", *options])
    assert result.exit_code == 1
    assert "Seed 3 fails in 2 steps: the pixel (" in result.stdout
    assert "fuzz-3.ndjson: its replay passes" in result.stdout
    assert result.stdout.endswith("digitbench fuzz --seed 3 --steps 100\n")


def test_no_failure_is_one_line(tmp_path: Path) -> None:
    """Nothing is written."""
    result = CliRunner().invoke(cli, ["fuzz", "--steps", "30", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("1 session, 30 steps, ")
    assert result.stdout.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_ctrl_c_returns_what_is_known(recognizer: Recognizer, monkeypatch: Patch) -> None:
    """The counts until then."""

    def stop(campaign: Campaign) -> None:
        raise KeyboardInterrupt

    campaign = fuzz(recognizer, seed_=0, steps=10_000, session_steps=5, report=stop)
    assert not campaign.is_complete
    assert campaign.steps >= 50
