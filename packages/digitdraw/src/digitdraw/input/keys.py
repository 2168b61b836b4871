"""Keys, and which of them a key press is on keyboards of any layout."""

from __future__ import annotations

from typing import NamedTuple

import pygame

_NAMES = {pygame.K_DELETE: "Del", pygame.K_BACKSPACE: "Backspace", pygame.K_QUESTION: "?"}

# Codes between these are letters of other scripts; keys that type nothing come after them.
_LAST_LATIN, _FIRST_SILENT = 0x7F, pygame.K_CAPSLOCK


class Key(NamedTuple):
    """A key, with Ctrl (or Cmd) and Shift held or not; Shift None accepts both."""

    code: int
    control: bool = False
    shift: bool | None = None

    def triggers(self, key: Key) -> bool:
        """Whether pressing this key triggers what is bound to another."""
        return self[:2] == key[:2] and key.shift in (None, self.shift)

    @property
    def name(self) -> str:
        """As it is usually written, such as "Ctrl+Z"."""
        name = _NAMES.get(self.code) or pygame.key.name(self.code).upper()
        return f"{'Ctrl+' * self.control}{'Shift+' * bool(self.shift)}{name}"

    @property
    def pygame_name(self) -> str:
        """As pygame names it, such as "ctrl+z"."""
        name = pygame.key.name(self.code)
        return f"{'ctrl+' * self.control}{'shift+' * bool(self.shift)}{name}"

    @property
    def modifiers(self) -> int:
        """The modifiers that must be held, as pygame's bit mask."""
        return pygame.KMOD_LCTRL * self.control | pygame.KMOD_LSHIFT * bool(self.shift)


def ctrl(code: int, *, shift: bool | None = None) -> Key:
    """Return a key that is pressed with Ctrl (or Cmd)."""
    return Key(code, control=True, shift=shift)


def pressed_key(event: pygame.event.Event) -> Key:
    """Return the key of a key press, with its modifiers.

    If the key types a character, the character counts: every keyboard layout has its own way to
    type "[", "?" or "1". Letters of other scripts count as the Latin letters in the same place.
    """
    # Windows reports AltGr as Ctrl with the right Alt.
    is_ctrl = bool(event.mod & pygame.KMOD_CTRL) and not event.mod & pygame.KMOD_RALT
    control = is_ctrl or bool(event.mod & pygame.KMOD_META)
    shift = bool(event.mod & pygame.KMOD_SHIFT)
    code, typed = event.key, getattr(event, "unicode", "")
    if not control and len(typed) == 1 and typed.isprintable():
        code, shift = ord(typed.lower()[0]), False  # Shift was used to type the character
    if _LAST_LATIN < code < _FIRST_SILENT:
        code = _latin_letter(getattr(event, "scancode", 0)) or code
    return Key(code, control, shift)


def _latin_letter(scancode: int) -> int:
    """Return the letter in a key's place on an English keyboard; 0 if it is not a letter."""
    place = scancode - pygame.KSCAN_A
    return pygame.K_a + place if 0 <= place < 26 else 0
