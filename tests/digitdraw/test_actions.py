"""The table of actions: every key does what it says, and the help lists all of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pygame
import pytest

from digitdraw.input.actions import ACTIONS, find_action
from digitdraw.input.keys import Key
from digitdraw.ui.layout import arrange
from digitdraw.ui.pages.help import HelpPage
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.digitdraw.conftest import Pilot, Shown

EVERY_KEY = [(action.name, key) for action in ACTIONS.values() for key in action.keys]


def pressed(key: Key, mod: int = 0, unicode: str = "") -> pygame.event.Event:
    """Return the press of a key with its modifiers, and others."""
    mod |= pygame.KMOD_LCTRL * key.control | pygame.KMOD_LSHIFT * bool(key.shift)
    return pygame.event.Event(pygame.KEYDOWN, key=key.code, mod=mod, unicode=unicode)


def name_of(event: pygame.event.Event) -> str:
    """Return the name of the action that a key press triggers, or ""."""
    action = find_action(event)
    return action.name if action else ""


def status_of(pilot: Pilot, shown: Shown) -> str:
    """Return the status line after a frame."""
    pilot.step()
    return shown.line("status")


DONE: dict[str, Callable[[Pilot, Shown], bool]] = {
    "undo": lambda pilot, _: len(pilot.strokes) == 1,
    "redo": lambda pilot, _: len(pilot.strokes) == 3,
    "clear": lambda pilot, _: pilot.app.board.is_blank,
    "delete": lambda pilot, _: pilot.app.board.is_blank,
    "thinner": lambda pilot, _: pilot.app.settings.pen < 0.05,
    "thicker": lambda pilot, _: pilot.app.settings.pen > 0.05,
    "erase": lambda pilot, shown: status_of(pilot, shown).startswith("Wipe over strokes"),
    "none": lambda pilot, _: pilot.app.truth == "",
    "save": lambda pilot, shown: "saved" in status_of(pilot, shown),
    "report": lambda pilot, shown: "digitbench run" in status_of(pilot, shown),
    "live": lambda pilot, _: pilot.app.settings.live,
    "theme": lambda pilot, _: pilot.app.settings.theme == "dark",
    "fullscreen": lambda pilot, _: pilot.app.is_fullscreen,
    "quit": lambda pilot, _: not pilot.app.is_running,
    **{
        str(digit): lambda pilot, _, digit=digit: pilot.app.truth == str(digit)  # type: ignore[misc]
        for digit in range(10)
    },
}
"""How to tell, on a board with a 4 and an undone stroke, that an action was performed."""

PIXELS = {"gallery", "inside", "help", "next", "previous"}
"""Actions whose effect is only visible."""


@pytest.mark.parametrize(
    ("name", "key"),
    [one for one in EVERY_KEY if one[0] in DONE],
    ids=lambda value: value.name if isinstance(value, Key) else value,
)
def test_every_key_does_what_the_table_says(
    pilot: Pilot, shown: Shown, name: str, key: Key
) -> None:
    """Each key of each action has its effect when it is pressed, and not before."""
    pilot.draw(*pilot.FOUR, [(10, 10)])
    pilot.app.undo()
    assert not DONE[name](pilot, shown)
    pilot.step(pressed(key))
    assert DONE[name](pilot, shown)


@pytest.mark.parametrize("name", sorted(PIXELS))
def test_keys_that_show_something_show_it(pilot: Pilot, name: str) -> None:
    """The window looks different."""
    before = pygame.surfarray.array3d(pilot.surface)
    pilot.step(pressed(next(key for one, key in EVERY_KEY if one == name)))
    assert (pygame.surfarray.array3d(pilot.surface) != before).any()


def test_every_action_is_tested_here() -> None:
    """Every action has a test; keys of pages are tested with the pages."""
    pages = {"left", "right", "up", "down", "press", "close"}
    assert ACTIONS.keys() == DONE.keys() | PIXELS | pages


@pytest.mark.parametrize("shift", [False, True])
def test_no_key_is_in_two_actions(*, shift: bool) -> None:
    """Each key, with and without Ctrl and Shift, triggers one action at most."""
    asked = Counter(
        (key.code, key.control)
        for action in ACTIONS.values()
        for key in action.keys
        if key.shift in (None, shift)
    )
    assert asked.most_common(1)[0][1] == 1


def test_locks_do_not_affect_keys() -> None:
    """Num Lock and Caps Lock are ignored."""
    for name, key in EVERY_KEY:
        assert name_of(pressed(key, pygame.KMOD_NUM | pygame.KMOD_CAPS)) == name


@pytest.mark.parametrize("digit", range(10))
def test_digits_are_on_both_rows_of_keys(digit: int) -> None:
    """Above the letters and on the number pad, with Num Lock."""
    for code in (pygame.K_0 + digit, getattr(pygame, f"K_KP{digit}")):
        assert name_of(pressed(Key(code), pygame.KMOD_NUM)) == str(digit)


@pytest.mark.parametrize(
    ("code", "mod", "typed", "name"),
    [
        (pygame.K_AMPERSAND, pygame.KMOD_LSHIFT, "1", "1"),  # French: digits need Shift
        (pygame.K_8, pygame.KMOD_RALT | pygame.KMOD_MODE, "[", "thinner"),  # German
        (pygame.K_8, pygame.KMOD_RALT | pygame.KMOD_LCTRL, "[", "thinner"),  # on Windows
        (pygame.K_EQUALS, pygame.KMOD_LSHIFT, "+", "thicker"),  # American
        (pygame.K_KP_PLUS, pygame.KMOD_NUM, "+", "thicker"),
        (pygame.K_COMMA, pygame.KMOD_LSHIFT, "?", "help"),  # French
        (pygame.K_c, pygame.KMOD_CAPS, "C", "clear"),
        (pygame.K_7, pygame.KMOD_LSHIFT, "/", ""),  # German
        (pygame.K_5, pygame.KMOD_LCTRL, "5", ""),
    ],
)
def test_what_a_key_types_counts_on_any_keyboard(
    code: int, mod: int, typed: str, name: str
) -> None:
    """Where a layout puts a character elsewhere, the character counts."""
    event = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed)
    assert name_of(event) == name


@pytest.mark.parametrize(
    ("code", "mod", "typed", "place", "name"),
    [
        (0x44F, pygame.KMOD_LCTRL, "", pygame.KSCAN_Z, "undo"),  # Russian: я
        (0x44B, 0, "ы", pygame.KSCAN_S, "save"),
        (0x42B, pygame.KMOD_LSHIFT, "Ы", pygame.KSCAN_S, "save"),
        (0x3C8, 0, "θ", pygame.KSCAN_U, "undo"),  # Greek
        (0x131, 0, "ı", pygame.KSCAN_I, "inside"),  # Turkish
        (0x445, 0, "х", pygame.KSCAN_LEFTBRACKET, ""),  # Russian; no letter in English
        (0xE9, 0, "é", pygame.KSCAN_2, ""),  # French
    ],
)
def test_letters_of_other_scripts_count_by_their_position(
    code: int, mod: int, typed: str, place: int, name: str
) -> None:
    """They count as the Latin letters printed next to them on many keyboards."""
    event = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed, scancode=place)
    assert name_of(event) == name


def test_the_help_lists_everything(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page lists what each action does, and every key for it."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_F1)
    for action in filter(lambda action: action.help, ACTIONS.values()):
        assert action.help in lines
        assert " or ".join(key.name for key in action.keys) in lines
    for more in ("0 to 9", "Ctrl+wheel", "Tab, Enter", "Esc"):
        assert more in lines


@pytest.mark.parametrize("size", [(960, 640), (480, 360), (500, 900), (1920, 1080)], ids=str)
def test_no_lines_of_the_help_overlap(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """In a window of any size, no two lines overlap."""
    areas: list[pygame.Rect] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: areas.append(it[3]))
    layout = arrange(*size)
    HelpPage().draw(pygame.Surface(size), layout, LIGHT, Writer())
    assert len(areas) > 2 * sum(bool(action.help) for action in ACTIONS.values())
    for index, area in enumerate(areas):
        assert layout.page.contains(area)
        assert area.collidelist(areas[index + 1 :]) == -1


def test_a_tooltip_shows_the_first_key() -> None:
    """It is written in the usual way."""
    assert ACTIONS["undo"].tip == "Undo the last step (Ctrl+Z)"
    assert ACTIONS["redo"].keys[1].name == "Ctrl+Shift+Z"
    assert ACTIONS["clear"].keys[1].name == "Backspace"


def test_f1_closes_the_help_again(pilot: Pilot) -> None:
    """Esc does so too; the board is unchanged."""
    pilot.draw(pilot.SEVEN)
    before = pygame.surfarray.array3d(pilot.surface)
    for key in (pygame.K_F1, pygame.K_ESCAPE):
        pilot.key(pygame.K_F1)
        assert (pygame.surfarray.array3d(pilot.surface) != before).any()
        pilot.key(key)
        assert (pygame.surfarray.array3d(pilot.surface) == before).all()
