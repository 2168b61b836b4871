"""Slow saving: drawing continues, and the outcome is reported once it is known."""

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
    """Waits for permission before it saves."""

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
    """Return a slow store, which lets every save finish after the test."""
    store = SlowStore(tmp_path / "saved")
    yield store
    store.may_save.set()


@pytest.fixture
def pilot(new_pilot: NewPilot, store: SlowStore) -> Pilot:
    """Return a pilot whose app does not wait for saving."""
    return new_pilot(store=store, patience=0)


def test_drawing_continues_while_a_drawing_is_saved(
    pilot: Pilot, shown: Shown, store: SlowStore
) -> None:
    """Ink that is drawn meanwhile is not part of what is saved."""
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


def test_the_window_reports_when_saving_is_done(
    pilot: Pilot, shown: Shown, store: SlowStore
) -> None:
    """In whichever frame that is, and for each drawing in turn."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    pilot.key(pygame.K_7)
    pilot.key(pygame.K_s)
    store.may_save.set()
    lines = set()
    for _ in range(2000):
        pilot.step()
        lines.add(shown.line("status"))
        if any("/7/" in line for line in lines):
            break
        pygame.time.wait(1)
    assert [path.parent.name for path in sorted(store.folder.glob("pictures/*/*"))] == [
        "7",
        "unlabelled",
    ]
    assert any("/7/" in line for line in lines)


def test_failures_are_reported_at_the_end(pilot: Pilot, store: SlowStore) -> None:
    """Even if the window is closed before they are known."""
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
    """It ends the app, as it would without a thread."""
    pilot = new_pilot(store=store)
    pilot.draw(pilot.SEVEN)
    monkeypatch.setattr(SlowStore, "save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pilot.key(pygame.K_s)


def test_the_command_waits_for_saving(monkeypatch: pytest.MonkeyPatch, store: SlowStore) -> None:
    """And reports in one line what failed."""

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
