"""All that a user can ask for, in one table: keys, buttons, tooltips and help come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pygame


class Key(NamedTuple):
    """A key, with Ctrl (or Cmd) and Shift held or not; Shift None is either."""

    code: int
    control: bool = False
    shift: bool | None = None

    @property
    def name(self) -> str:
        """As people write it, such as "Ctrl+Z"."""
        name = _NAMES.get(self.code) or pygame.key.name(self.code).upper()
        return f"{'Ctrl+' * self.control}{'Shift+' * bool(self.shift)}{name}"


@dataclass(frozen=True)
class Action:
    """Something to do.

    Attributes:
        name: by which the app knows it.
        label: one or two words, for its button.
        help: what it does, in a few words.
        keys: any of them does it; the first is the one that is told.
    """

    name: str
    label: str
    help: str
    keys: tuple[Key, ...] = ()

    @property
    def tip(self) -> str:
        """What it does, and the key for it."""
        return f"{self.help} ({self.keys[0].name})" if self.keys else self.help


# Between these are the letters of other scripts; keys that type nothing come after them.
_LAST_LATIN, _FIRST_SILENT = 0x7F, pygame.K_CAPSLOCK

_NAMES = {pygame.K_DELETE: "Del", pygame.K_BACKSPACE: "Backspace", pygame.K_QUESTION: "?"}


def _ctrl(code: int, *, shift: bool | None = None) -> Key:
    return Key(code, control=True, shift=shift)


_TOLD = (
    Action(
        "undo", "Undo", "Take the last step back", (_ctrl(pygame.K_z, shift=False), Key(pygame.K_u))
    ),
    Action("redo", "Redo", "Do it again", (_ctrl(pygame.K_y), _ctrl(pygame.K_z, shift=True))),
    Action(
        "clear",
        "Clear",
        "Take all ink away",
        (Key(pygame.K_c), Key(pygame.K_BACKSPACE)),
    ),
    Action("erase", "Eraser", "Wipe strokes away; so does the right button", (Key(pygame.K_e),)),
    Action("thinner", "Thinner", "A thinner pen", (Key(pygame.K_LEFTBRACKET), Key(pygame.K_MINUS))),
    Action("thicker", "Thicker", "A thicker pen", (Key(pygame.K_RIGHTBRACKET), Key(pygame.K_PLUS))),
    Action("none", "No digit", "Say that this is no digit", (Key(pygame.K_n),)),
    Action("save", "Save", "Save the drawing", (Key(pygame.K_s), _ctrl(pygame.K_s))),
    Action("report", "Report this", "Save all that was done, to be replayed", (Key(pygame.K_r),)),
    Action("gallery", "Gallery", "Look at what was saved", (Key(pygame.K_g),)),
    Action("inside", "Inside", "See what the network does with it", (Key(pygame.K_i),)),
    Action("live", "Live", "Read while drawing, or on release", (Key(pygame.K_l),)),
    Action("theme", "Theme", "Light or dark", (Key(pygame.K_t),)),
    Action("fullscreen", "Full screen", "Full screen, and back", (Key(pygame.K_F11),)),
    Action(
        "help",
        "Help",
        "Show all keys",
        (Key(pygame.K_F1), Key(pygame.K_QUESTION), Key(pygame.K_SLASH, shift=True)),
    ),
    Action("quit", "Quit", "Close digitdraw", (_ctrl(pygame.K_q),)),
)

_SILENT = (
    Action("next", "", "", (Key(pygame.K_TAB, shift=False),)),
    Action("previous", "", "", (Key(pygame.K_TAB, shift=True),)),
    Action("press", "", "", tuple(map(Key, (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE)))),
    Action("close", "", "", (Key(pygame.K_ESCAPE),)),
    Action("delete", "", "", (Key(pygame.K_DELETE),)),
    Action("left", "", "", (Key(pygame.K_LEFT),)),
    Action("right", "", "", (Key(pygame.K_RIGHT),)),
    Action("up", "", "", (Key(pygame.K_UP),)),
    Action("down", "", "", (Key(pygame.K_DOWN),)),
    *(
        Action(str(n), "", "", (Key(pygame.K_0 + n), Key(getattr(pygame, f"K_KP{n}"))))
        for n in range(10)
    ),
)
"""What the help tells in other words; the digits say what was drawn."""

ALL_ACTIONS = (*_TOLD, *_SILENT)
"""Everything that a key does."""

ACTIONS = {action.name: action for action in _TOLD}
"""By name, in the order of the help."""


def action_of(event: pygame.event.Event) -> str:
    """Give the name of the action that a key pressed asks for; "" for a key without meaning.

    Where the key types a sign, the sign counts: each keyboard has its own way to "[", "?" or "1".
    Letters of another script count as the Latin ones that stand at their places.
    """
    # Windows tells of AltGr as of Ctrl with the right Alt.
    is_ctrl = bool(event.mod & pygame.KMOD_CTRL) and not event.mod & pygame.KMOD_RALT
    control = is_ctrl or bool(event.mod & pygame.KMOD_META)
    shift = bool(event.mod & pygame.KMOD_SHIFT)
    code, typed = event.key, getattr(event, "unicode", "")
    if not control and len(typed) == 1 and typed.isprintable():
        code, shift = ord(typed.lower()[0]), False  # that of the sign has been used for it
    if _LAST_LATIN < code < _FIRST_SILENT:
        code = _letter_at(getattr(event, "scancode", 0)) or code
    for action in ALL_ACTIONS:
        for key in action.keys:
            if (key.code, key.control) == (code, control) and key.shift in (None, shift):
                return action.name
    return ""


def _letter_at(scancode: int) -> int:
    """Give the letter at a key's place on a keyboard for English; 0 if no letter is there."""
    place = scancode - pygame.KSCAN_A
    return pygame.K_a + place if 0 <= place < 26 else 0
