"""Saving that takes long: the pen goes on, and what came of it is told once it is known."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pygame
import pytest

from digitdraw import cli
from digitdraw.storage.store import Store, StoreError
from digitnet import Drawing, read_drawings

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown

    from digitdraw.app import App


class SlowStore(Store):
    """Waits, before it saves, until it may."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.may_save = threading.Event()
        self.error = ""

    def save(self, drawing: Drawing, *others: Any) -> Path:
        self.may_save.wait(60)
        if self.error:
            raise StoreError(self.error)
        return super().save(drawing, *others)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SlowStore]:
    """A slow store, which lets nobody wait after the test."""
    store = SlowStore(tmp_path / "saved")
    yield store
    store.may_save.set()


@pytest.fixture
def pilot(new_pilot: NewPilot, store: SlowStore) -> Pilot:
    """A pilot whose app does not wait for what it saves."""
    return new_pilot(store=store, patience=0)


def test_the_pen_goes_on_while_a_drawing_is_saved(
    pilot: Pilot, shown: Shown, store: SlowStore
) -> None:
    """What is drawn meanwhile is no part of it, and the window tells when it is done."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    assert shown.line("status") == "Saving …"
    pilot.draw([(30, 30), (50, 50)])
    assert len(pilot.strokes) == 2
    assert not store.folder.exists()
    store.may_save.set()
    assert pilot.app.finish() == []
    [file] = store.folder.glob("recordings/*.ndjson")
    [saved] = read_drawings(file)
    assert len(saved.strokes) == 1
    assert saved.answer is not None
    assert saved.answer["text"] == "7"


def test_the_window_tells_when_it_is_done(pilot: Pilot, shown: Shown, store: SlowStore) -> None:
    """In whichever frame that is, and of each drawing in its turn."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    pilot.key(pygame.K_7)
    pilot.key(pygame.K_s)
    store.may_save.set()
    told = set()
    for _ in range(2000):
        pilot.step()
        told.add(shown.line("status"))
        if any("/7/" in line for line in told):
            break
        pygame.time.wait(1)
    assert [path.parent.name for path in sorted(store.folder.glob("pictures/*/*"))] == [
        "7",
        "unlabelled",
    ]
    assert any("/7/" in line for line in told)


def test_what_could_not_be_saved_is_told_in_the_end(pilot: Pilot, store: SlowStore) -> None:
    """Even if the window is closed before that is known."""
    pilot.draw(pilot.SEVEN)
    store.error = "the disk is full"
    pilot.key(pygame.K_s)
    pilot.key(pygame.K_s)
    store.may_save.set()
    assert pilot.app.finish() == ["not saved: the disk is full"] * 2
    assert pilot.app.finish() == []


def test_a_bug_in_saving_is_not_hidden_by_the_thread(
    new_pilot: NewPilot, store: SlowStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends the app as it would without a thread."""
    pilot = new_pilot(store=store)
    pilot.draw(pilot.SEVEN)
    monkeypatch.setattr(SlowStore, "save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pilot.key(pygame.K_s)


def test_the_command_waits_for_what_is_being_saved(
    monkeypatch: pytest.MonkeyPatch, store: SlowStore
) -> None:
    """And says in one line what could not be."""

    def save_and_close(app: App, **_options: object) -> None:
        app.board.begin(100, 100, 0)
        app.board.end()
        assert app.save() is None
        store.may_save.set()

    store.error = "the disk is full"
    monkeypatch.setattr(cli, "run", save_and_close)
    monkeypatch.setattr(cli, "PATIENCE", 0.0)
    monkeypatch.setattr(cli, "Store", lambda _folder: store)
    with pytest.raises(click.ClickException, match=r"^not saved: the disk is full$"):
        cli.cli.main([], standalone_mode=False)
