"""Labelling, deleting and restoring drawings on the gallery page, and failures of these."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pygame
import pytest

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot, SavedFolder, Shown


def test_keys_relabel_delete_and_restore(pilot: Pilot, filled: SavedFolder, shown: Shown) -> None:
    """They act on the selected drawing, and the window reports what was done."""
    third = filled.name(3)
    pilot.key(pygame.K_g)
    pilot.key(pygame.K_RIGHT)
    pilot.key(pygame.K_7)
    assert shown.line("status") == f"{third} is now labelled 7."
    assert filled.drawing(3).word == "7"
    pilot.key(pygame.K_n)
    assert shown.line("status") == f"{third} is now labelled not a digit."
    before = filled.files()
    pilot.key(pygame.K_DELETE)
    assert shown.line("status") == f"Deleted {third}; Ctrl+Z restores it."
    pilot.key(pygame.K_DELETE)
    assert not any(third in path or filled.name(2) in path for path in filled.files())
    for _ in range(3):
        pilot.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert shown.line("status") == "The drawing is restored."
    assert filled.files() == before


def test_everything_can_be_deleted_and_restored(pilot: Pilot, filled: SavedFolder) -> None:
    """Including the last drawing."""
    before = filled.files()
    pilot.key(pygame.K_g)
    for _ in range(6):
        pilot.key(pygame.K_DELETE)
    assert filled.files() == {}
    for _ in range(6):
        pilot.key(pygame.K_u)
    assert filled.files() == before


def test_files_that_disappear_do_no_harm(pilot: Pilot, filled: SavedFolder) -> None:
    """If another program deletes them while they are shown, the page stays usable."""
    pilot.key(pygame.K_g)
    filled.recording(4).unlink()
    for key in (pygame.K_RETURN, pygame.K_3, pygame.K_DELETE):
        pilot.key(pygame.K_t)
        pilot.key(pygame.K_t)
        pilot.key(pygame.K_g)
        pilot.key(key)
        pilot.key(pygame.K_ESCAPE)
    shutil.rmtree(filled.path)
    pilot.key(pygame.K_g)
    pilot.key(pygame.K_ESCAPE)
    pilot.draw(pilot.SEVEN)
    assert pilot.app.save() is not None


@pytest.mark.parametrize("key", [pygame.K_3, pygame.K_DELETE], ids=["3", "Del"])
def test_a_folder_that_disappears_is_reported(
    pilot: Pilot, filled: SavedFolder, shown: Shown, key: int
) -> None:
    """The window names the missing file, and the app goes on."""
    pilot.key(pygame.K_g)
    shutil.rmtree(filled.path)
    pilot.key(pygame.K_RIGHT)
    pilot.key(key)
    assert filled.recording(3).name in shown.line("status")
    pilot.key(pygame.K_ESCAPE)
    pilot.draw(pilot.SEVEN)
    assert pilot.text == "7"


def test_a_full_disk_keeps_the_old_label(
    pilot: Pilot, filled: SavedFolder, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window reports it, and the files are unchanged."""
    before = filled.files()
    pilot.key(pygame.K_g)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        pilot.key(pygame.K_3)
    assert "No space left on device" in shown.line("status")
    assert filled.files() == before
