"""Nothing of one replay, not even of a crash, is left for the next."""

from __future__ import annotations

import gc
import sys
import tempfile
import warnings
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pygame
import pytest

from digitbench.replay import sdl_events
from digitbench.replay.replayer import Replayed, Replayer
from digitbench.run import suite
from digitdraw.app import App
from digitnet import Drawing, Prediction, Recognizer


def read(replayed: Replayed) -> Prediction:
    """Return what the app read; a crash fails the test with its traceback."""
    assert not replayed.error, replayed.error
    return replayed.prediction or Prediction(())


def test_a_crash_is_part_of_the_result(
    replayer: Replayer, seven: Drawing, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its traceback; it does not affect the next recording."""
    predict = recognizer.predict

    def fail_once(drawing: Drawing, **_: Any) -> Prediction:
        monkeypatch.setattr(recognizer, "predict", predict)
        raise RuntimeError("boom")

    monkeypatch.setattr(recognizer, "predict", fail_once)
    crashed, correct = suite.run([replace(seven, key_id="first"), seven], replayer)
    assert (crashed.key_id, crashed.outcome, crashed.answer) == ("first", suite.CRASHED, "")
    traceback = crashed.replayed.error
    assert traceback.startswith("Traceback (most recent call last):")
    assert "in fail_once" in traceback
    assert traceback.endswith("RuntimeError: boom\n")
    assert (correct.outcome, correct.replayed.error) == (suite.CORRECT, "")


def test_an_app_that_ends_the_process_has_crashed(
    replayer: Replayer, seven: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not end the run."""

    def leave(app: App, now: int) -> None:
        sys.exit(3)

    monkeypatch.setattr(App, "update", leave)
    [crashed] = suite.run([seven], replayer)
    assert crashed.outcome == suite.CRASHED
    assert crashed.replayed.error.endswith("SystemExit: 3\n")


def test_nothing_of_a_crashed_app_is_left(
    replayer: Replayer, seven: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its events nor its clipping of the window."""
    read(replayer.replay(seven))
    picture = pygame.image.tobytes(replayer.surface, "RGB")

    def fail(app: App, surface: pygame.Surface) -> list[pygame.Rect]:
        surface.fill("red")
        surface.set_clip(pygame.Rect(0, 0, 3, 3))
        pygame.event.post(sdl_events.window_event("QUIT"))
        raise RuntimeError("boom")

    with monkeypatch.context() as broken:
        broken.setattr(App, "draw", fail)
        assert replayer.replay(seven).error
    read(replayer.replay(seven))
    assert pygame.image.tobytes(replayer.surface, "RGB") == picture


def test_memory_is_flat_over_hundreds_of_replays(replayer: Replayer, seven: Drawing) -> None:
    """An app is freed after its replay, even without garbage collection."""
    apps: list[weakref.ref[App]] = []
    session = replace(seven, events=((200, "undo"), (300, "redo"), (350, "save")))

    def replay(count: int, drawing: Drawing) -> None:
        for _ in range(count):
            read(replayer.replay(drawing, lambda app, *_: apps.append(weakref.ref(app))))
            assert apps[-1]() is None
            apps.clear()

    replay(3, session)
    gc.disable()
    try:
        replay(50, seven)
        gc.collect()
        before = sys.getallocatedblocks()
        replay(300, seven)
        gc.collect()
        after = sys.getallocatedblocks()
    finally:
        gc.enable()
    assert after - before < 300  # less than one of the thousand that a replay needs


def test_a_temporary_folder_is_deleted_afterwards(
    recognizer: Recognizer, seven: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silently, with everything that the app saved there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        replayer = Replayer(recognizer)
        read(replayer.replay(replace(seven, events=((900, "save"),))))
        [folder] = tmp_path.iterdir()
        assert folder.name.startswith("digitbench-")
        assert list(folder.rglob("*.png"))
        del replayer
        gc.collect()
    assert list(tmp_path.iterdir()) == []
    assert [str(warning.message) for warning in caught] == []
