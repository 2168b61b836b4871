"""Every user action, in one table.

Buttons, keys, tooltips, the help page, recordings and digitbench all read it. To add an action, add
a row to `ACTIONS`; if it has a button among the tools, draw its icon in `digitdraw.ui.icons`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

import pygame

from digitdraw.input.keys import Key, ctrl, pressed_key

if TYPE_CHECKING:
    from digitdraw.app import App


class Slot(Enum):
    """Where a button stands in the window; Tab visits the slots in this order."""

    INK_TOOLS = auto()
    """At the start of the toolbar: what changes the ink."""

    APP_TOOLS = auto()
    """At the end of the toolbar: what changes the window."""

    ANSWER = auto()
    """Below the bars."""


def _always(_app: App) -> bool:
    return True


def _never(_app: App) -> bool:
    return False


@dataclass(frozen=True)
class Action:
    """A user action: its name, label, keys and handler.

    Attributes:
        name: Unique identifier, and the name of its event in recordings.
        label: One or two words, for its button.
        help: What it does, in a few words; "" leaves it off the help page.
        handler: Performs it.
        keys: Each of them triggers it; the first is the one that is shown.
        slot: Where its button stands; None for no button.
        icon: Name of its button's line drawing in `digitdraw.ui.icons`.
        enabled: Whether it would do anything now; its button is faint if not.
        active: Whether what it toggles is on; its button looks pressed.
        on_pages: Whether it is available while a page covers the board; other keys go to the page.
        is_replayed: Whether recordings hold it as an event that its key replays.
    """

    name: str
    label: str
    help: str
    handler: Callable[[App], object]
    keys: tuple[Key, ...] = ()
    slot: Slot | None = None
    icon: str = ""
    enabled: Callable[[App], bool] = _always
    active: Callable[[App], bool] = _never
    on_pages: bool = False
    is_replayed: bool = False

    @property
    def tip(self) -> str:
        """What it does, and the key for it."""
        return f"{self.help} ({self.keys[0].name})" if self.keys else self.help


def _toggle_eraser(app: App) -> None:
    is_on = app.pen_tool.has_eraser = not app.pen_tool.has_eraser
    app.window.status.say("Wipe over strokes to erase them; E draws again." if is_on else "")


def _toggle_inside(app: App) -> None:
    app.window.panel.is_inside = not app.window.panel.is_inside


def _toggle_live(app: App) -> None:
    app.choose(replace(app.settings, live=not app.settings.live))
    app.window.status.say(
        f"Reads {'while you draw' if app.settings.live else 'when the pen is lifted'}."
    )


def _toggle_theme(app: App) -> None:
    theme = "dark" if app.settings.theme == "light" else "light"
    app.choose(replace(app.settings, theme=theme))


def _toggle_fullscreen(app: App) -> None:
    app.is_fullscreen = not app.is_fullscreen


def open_page(name: str) -> Callable[[App], None]:
    """Return a handler that opens the page of the module `digitdraw.ui.pages.NAME`."""

    def handler(app: App) -> None:
        app.lift_pen()
        app.window.pages.open(name)

    return handler


def _toggle_help(app: App) -> None:
    if app.window.pages.current:
        app.window.pages.close()
    else:
        open_page("help")(app)


def _quit(app: App) -> None:
    app.is_running = False


def _press_focused(app: App) -> None:
    app.perform(app.window.controls.state.focused)


def _pass(_app: App) -> None:
    """Do nothing: only pages use this key."""


def _label(digit: str) -> Callable[[App], None]:
    return lambda app: app.label(digit)


def _scale_pen(factor: float) -> Callable[[App], None]:
    return lambda app: app.set_pen(app.board.pen * factor)


_PEN_STEP = 1.15  # the factor of one key press or one notch of the wheel

# fmt: off
_TABLE = (
    Action(
        "erase", "Eraser", "Wipe strokes away, as the right button does", _toggle_eraser,
        (Key(pygame.K_e),),
        Slot.INK_TOOLS, "erase", active=lambda app: app.pen_tool.has_eraser,
    ),
    Action(
        "undo", "Undo", "Undo the last step", lambda app: app.undo(),
        (ctrl(pygame.K_z, shift=False), Key(pygame.K_u)),
        Slot.INK_TOOLS, "undo", lambda app: app.board.can_undo or app.board.length > 0,
        is_replayed=True,
    ),
    Action(
        "redo", "Redo", "Redo what was undone", lambda app: app.redo(),
        (ctrl(pygame.K_y), ctrl(pygame.K_z, shift=True)),
        Slot.INK_TOOLS, "redo", lambda app: app.board.can_redo,
        is_replayed=True,
    ),
    Action(
        "clear", "Clear", "Remove all ink", lambda app: app.clear(),
        (Key(pygame.K_c), Key(pygame.K_BACKSPACE)),
        Slot.INK_TOOLS, "clear", lambda app: not app.board.is_blank,
        is_replayed=True,
    ),
    Action(
        "thinner", "Thinner", "Use a thinner pen", _scale_pen(1 / _PEN_STEP),
        (Key(pygame.K_LEFTBRACKET), Key(pygame.K_MINUS)),
    ),
    Action(
        "thicker", "Thicker", "Use a thicker pen", _scale_pen(_PEN_STEP),
        (Key(pygame.K_RIGHTBRACKET), Key(pygame.K_PLUS)),
    ),
    Action(
        "none", "Not a digit", "Label this as not a digit", _label(""),
        (Key(pygame.K_n),),
    ),
    Action(
        "save", "Save", "Save the drawing", lambda app: app.save(),
        (Key(pygame.K_s), ctrl(pygame.K_s)),
        Slot.ANSWER, enabled=lambda app: not app.board.is_blank,
        is_replayed=True,
    ),
    Action(
        "report", "Report this", "Save the whole session, to replay it", lambda app: app.report(),
        (Key(pygame.K_r),),
        Slot.ANSWER,
    ),
    Action(
        "inside", "Inside", "See what the network does with it", _toggle_inside,
        (Key(pygame.K_i),),
        Slot.APP_TOOLS, "inside", active=lambda app: app.window.panel.is_inside,
    ),
    Action(
        "gallery", "Gallery", "Look at saved drawings", open_page("gallery"),
        (Key(pygame.K_g),),
        Slot.APP_TOOLS, "gallery",
    ),
    Action(
        "live", "Live", "Read while drawing, or on release", _toggle_live,
        (Key(pygame.K_l),),
    ),
    Action(
        "theme", "Theme", "Light or dark", _toggle_theme,
        (Key(pygame.K_t),),
        Slot.APP_TOOLS, "theme", on_pages=True,
    ),
    Action(
        "fullscreen", "Full screen", "Full screen, and back", _toggle_fullscreen,
        (Key(pygame.K_F11),),
        on_pages=True,
    ),
    Action(
        "help", "Help", "Show all keys", _toggle_help,
        (Key(pygame.K_F1), Key(pygame.K_QUESTION), Key(pygame.K_SLASH, shift=True)),
        Slot.APP_TOOLS, "help", on_pages=True,
    ),
    Action(
        "quit", "Quit", "Close digitdraw", _quit,
        (ctrl(pygame.K_q),),
        on_pages=True,
    ),
    # The help page describes the rest in other words.
    Action(
        "next", "", "", lambda app: app.window.controls.move_focus(1, app.window.layout),
        (Key(pygame.K_TAB, shift=False),),
    ),
    Action(
        "previous", "", "", lambda app: app.window.controls.move_focus(-1, app.window.layout),
        (Key(pygame.K_TAB, shift=True),),
    ),
    Action(
        "press", "", "", _press_focused,
        (Key(pygame.K_RETURN), Key(pygame.K_KP_ENTER), Key(pygame.K_SPACE)),
    ),
    Action("close", "", "", lambda app: app.window.controls.leave(), (Key(pygame.K_ESCAPE),)),
    Action("delete", "", "", lambda app: app.clear(), (Key(pygame.K_DELETE),)),
    Action("left", "", "", _pass, (Key(pygame.K_LEFT),)),
    Action("right", "", "", _pass, (Key(pygame.K_RIGHT),)),
    Action("up", "", "", _pass, (Key(pygame.K_UP),)),
    Action("down", "", "", _pass, (Key(pygame.K_DOWN),)),
    *(
        Action(
            str(n), "", "", _label(str(n)),
            (Key(pygame.K_0 + n), Key(getattr(pygame, f"K_KP{n}"))),
        )
        for n in range(10)
    ),
)
# fmt: on

ACTIONS = {action.name: action for action in _TABLE}
"""Every action by its name, in the order of the help page and, within a slot, of the buttons."""


def find_action(event: pygame.event.Event) -> Action | None:
    """Return the action bound to a key press, or None."""
    pressed = pressed_key(event)
    for action in ACTIONS.values():
        if any(map(pressed.triggers, action.keys)):
            return action
    return None
