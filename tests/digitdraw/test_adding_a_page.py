"""A page is added by a module in `digitdraw/ui/pages` and an action that opens it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.input.actions import ACTIONS, Action, open_page
from digitdraw.input.keys import Key
from digitdraw.ui import pages

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot

MODULE = '''
"""How many drawings were saved."""

from digitdraw.ui.pages.page import Page


def open_page(context):
    return CountPage(len(list(context.store.folder.glob("recordings/*.ndjson"))))


class CountPage(Page):
    def __init__(self, count):
        super().__init__()
        self.count = count

    def paint(self, surface, area, layout, theme, writer):
        text = f"{self.count} saved"
        writer.write(surface, text, area, 4 * layout.unit, theme.text)
'''

COUNT = Action("count", "Count", "Count drawings", open_page("count"), (Key(pygame.K_k),))


@pytest.fixture
def pilot(new_pilot: NewPilot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pilot:
    """A pilot whose app has the new page."""
    (tmp_path / "count.py").write_text(MODULE, "utf-8")
    monkeypatch.setattr(pages, "__path__", [*pages.__path__, str(tmp_path)])
    monkeypatch.setitem(ACTIONS, COUNT.name, COUNT)
    # Afterwards, the module that the test imports is forgotten as well.
    monkeypatch.setitem(sys.modules, "digitdraw.ui.pages.count", ModuleType("count"))
    monkeypatch.delitem(sys.modules, "digitdraw.ui.pages.count")
    return new_pilot()


def test_its_key_opens_it(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It covers the board, and Esc closes it."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_s)
    lines.clear()
    pilot.key(pygame.K_k)
    assert "1 saved" in lines
    pilot.key(pygame.K_ESCAPE)
    assert pilot.app.window.pages.current is None


def test_the_help_lists_it(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its key, as any action."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_F1)
    assert lines[lines.index("K") + 1] == "Count drawings"
