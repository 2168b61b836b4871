"""A pilot that uses the app as a person does: through events, a frame after each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

import numpy as np
import pygame
import pytest

from digitbench.replay import sdl_events
from digitdraw.app import App
from digitdraw.ink.layer import render_drawing
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.layout import arrange
from digitdraw.ui.text import Writer
from digitnet import Drawing, Recognizer, Stroke, read_drawings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

XY: TypeAlias = tuple[float, float]
Trace: TypeAlias = Sequence[XY]

WINDOW = (960, 640)

_PHASES: dict[int, sdl_events.Phase] = {
    pygame.FINGERDOWN: "down",
    pygame.FINGERMOTION: "move",
    pygame.FINGERUP: "up",
}
_MOUSE: dict[int, Callable[..., pygame.event.Event]] = {
    pygame.MOUSEBUTTONDOWN: sdl_events.mouse_down,
    pygame.MOUSEMOTION: sdl_events.mouse_move,
    pygame.MOUSEBUTTONUP: sdl_events.mouse_up,
}


class Pilot:
    """Drives an app with mouse, fingers and keys; every verb is one frame of 8 ms.

    Positions are pixels from the board's upper left corner, so what lies beyond the board is below
    0 or above its size.

    Attributes:
        app: the app.
        surface: what the app draws on; set another one to resize the window.
        now: the clock in milliseconds.
    """

    SEVEN: ClassVar[Trace] = [
        (200, 120), (300, 120), (400, 120), (350, 260), (300, 400), (270, 480),
    ]  # fmt: skip
    FOUR: ClassVar[list[Trace]] = [
        [(300, 100), (250, 200), (200, 300), (300, 300), (420, 300)],
        [(340, 220), (340, 350), (340, 480)],
    ]
    SEVENTY_FOUR: ClassVar[list[Trace]] = [
        [(100, 60), (150, 60), (200, 60), (175, 130), (150, 200), (135, 240)],
        [(480, 50), (455, 100), (430, 150), (480, 150), (540, 150)],
        [(500, 110), (500, 175), (500, 240)],
    ]
    CROSS: ClassVar[list[Trace]] = [[(440, 100), (540, 200)], [(540, 100), (440, 200)]]
    SQUARE: ClassVar[Trace] = [(150, 150), (450, 150), (450, 450), (150, 450), (150, 150)]

    def __init__(self, app: App, surface: pygame.Surface) -> None:
        self.app = app
        self.surface = surface
        self.now = 0
        self.step()

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Run one frame of the app with these events, and return what it drew on."""
        self.now += 8
        return self.app.step(events, self.now, self.surface)

    def press(self, place: XY, button: int = 1) -> None:
        """Press a mouse button."""
        self.step(sdl_events.mouse_down(self._in_window(place), button))

    def move(self, place: XY, buttons: tuple[int, int, int] = (1, 0, 0)) -> None:
        """Move the mouse with these buttons held: left, middle, right."""
        self.step(sdl_events.mouse_move(self._in_window(place), buttons))

    def release(self, place: XY, button: int = 1) -> None:
        """Release a mouse button."""
        self.step(sdl_events.mouse_up(self._in_window(place), button))

    def finger(self, type_: int, place: XY, finger: int = 1, *, screen: int = 1) -> None:
        """Let a finger do what the event type says: FINGERDOWN, FINGERMOTION or FINGERUP."""
        at, window = self._in_window(place), self.surface.get_size()
        self.step(sdl_events.finger(_PHASES[type_], at, window, finger, touch_id=screen))

    def key(self, key: int, mod: int = pygame.KMOD_NONE) -> None:
        """Press a key while modifiers are held."""
        self.step(sdl_events.key_down(key, mod))

    def draw(self, *paths: Trace) -> None:
        """Draw strokes with the mouse."""
        for path in paths:
            self.press(path[0])
            for place in path[1:]:
                self.move(place)
            self.release(path[-1])

    def touch(self, *paths: Trace) -> None:
        """Draw strokes with a finger."""
        for path in paths:
            self.finger(pygame.FINGERDOWN, path[0])
            for place in path[1:]:
                self.finger(pygame.FINGERMOTION, place)
            self.finger(pygame.FINGERUP, path[-1])

    def click(self, name: str) -> None:
        """Press and release one of the window's buttons with the mouse."""
        self.press(self.button(name))
        self.release(self.button(name))

    def button(self, name: str) -> XY:
        """Return the centre of one of the window's buttons."""
        x, y = arrange(*self.surface.get_size()).buttons[name].center
        left, top = self.app.board_area.topleft
        return x - left, y - top

    def hover(self, place: XY, patience: int = 0) -> None:
        """Move the mouse with no button held, and wait there for some milliseconds."""
        self.move(place, (0, 0, 0))
        self.now += patience
        self.step()

    def pixels(self) -> NDArray[np.uint8]:
        """Copy what the window shows, uint8 (width, height, 3)."""
        return pygame.surfarray.array3d(self.surface)

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        self.surface = pygame.display.set_mode(size)
        self.step()

    def mouse_event(self, type_: int, place: XY, **attributes: Any) -> pygame.event.Event:
        """Return a mouse event of this type, to be stepped with others or posted."""
        return _MOUSE[type_](self._in_window(place), **attributes)

    def _in_window(self, place: XY) -> XY:
        left, top = self.app.board_area.topleft
        return place[0] + left, place[1] + top

    @property
    def strokes(self) -> list[list[XY]]:
        """The finished strokes on the board, without times."""
        return [
            [(point.x, point.y) for point in stroke.points] for stroke in self.app.board.strokes
        ]

    @property
    def text(self) -> str:
        """What the app reads; "" if it reads nothing, or no digit."""
        return self.app.prediction.text if self.app.prediction else ""


class NewPilot(Protocol):
    """Makes pilots; see the fixture `new_pilot`."""

    def __call__(
        self,
        reader: Reader | None = None,
        settings: Settings | None = None,
        store: Store | None = None,
        patience: float | None = None,
    ) -> Pilot: ...


class Shown:
    """The lines of text in a window of the default size."""

    def __init__(self) -> None:
        self._lines: dict[tuple[int, ...], str] = {}

    def note(self, text: str, area: pygame.Rect) -> None:
        """Remember what was written last in an area."""
        self._lines[tuple(area)] = text

    def line(self, name: str) -> str:
        """Return the line in the layout's "status", "answer" or "verdict"."""
        return self._lines.get(tuple(getattr(arrange(*WINDOW), name)), "")


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Note what is written in the window from now on."""
    shown = Shown()
    write = Writer.write

    def note_and_write(
        writer: Writer,
        surface: pygame.Surface,
        text: str,
        area: pygame.Rect,
        size: float,
        colour: tuple[int, int, int],
        *,
        align: str = "centre",
    ) -> None:
        shown.note(text, area)
        write(writer, surface, text, area, size, colour, align=align)

    monkeypatch.setattr(Writer, "write", note_and_write)
    return shown


@pytest.fixture(autouse=True)
def _separate_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep tests from reading or writing what the user has configured or saved."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home / name))


@pytest.fixture
def surface() -> pygame.Surface:
    """Return a window's surface, with nothing in its event queue."""
    pygame.display.init()
    pygame.font.init()
    surface = pygame.display.set_mode(WINDOW)
    pygame.event.clear()
    return surface


@pytest.fixture
def new_pilot(surface: pygame.Surface, recognizer: Recognizer, tmp_path: Path) -> NewPilot:
    """Return a function that makes pilots, each with a new app that saves to `tmp_path / "saved"`.

    Without a reader, the app reads with the shipped model; without settings, only on release.
    """

    def make(
        reader: Reader | None = None,
        settings: Settings | None = None,
        store: Store | None = None,
        patience: float | None = None,
    ) -> Pilot:
        surface = pygame.display.set_mode(WINDOW)
        app = App(
            WINDOW,
            reader or Reader(recognizer),
            store or Store(tmp_path / "saved"),
            settings=settings or Settings(live=False),
            patience=patience,
        )
        return Pilot(app, surface)

    return make


@pytest.fixture
def pilot(new_pilot: NewPilot) -> Pilot:
    """Return a pilot with a new app."""
    return new_pilot()


class SavedFolder:
    """The folder that the pilots' apps save to, for tests that fill it or look into it.

    Attributes:
        path: where it is.
    """

    SEVEN: ClassVar[Drawing] = Drawing(
        (Stroke.of([200, 400, 350, 270], [120, 120, 260, 480], [0, 100, 200, 300]),),
        word="7",
        canvas=(597, 590),
        pen=0.05,
        tags=("unlabelled",),
    )

    def __init__(self, path: Path) -> None:
        self.path = path

    def save(self, drawing: Drawing, second: int = 0, digits: int = 1) -> None:
        """Save a drawing as the app does, this many seconds after noon."""
        thumbnails = [np.full((28, 28), digit, np.uint8) for digit in range(digits)]
        moment = _NOON + timedelta(seconds=second)
        Store(self.path).save(drawing, render_drawing(drawing), thumbnails, moment)

    def name(self, second: int = 0) -> str:
        """Return the name of what was saved this many seconds after noon."""
        return f"{_NOON + timedelta(seconds=second):%Y%m%d-%H%M%S}"

    def recording(self, second: int = 0) -> Path:
        """Return the path of a recording."""
        return self.path / "recordings" / f"{self.name(second)}.ndjson"

    def drawing(self, second: int = 0) -> Drawing:
        """Read a recording."""
        return next(read_drawings(self.recording(second)))

    def files(self) -> dict[str, bytes]:
        """Read all files, by their paths within the folder."""
        paths = [path for path in self.path.rglob("*") if path.is_file()]
        return {path.relative_to(self.path).as_posix(): path.read_bytes() for path in paths}


_NOON = datetime.fromisoformat("2026-01-31T12:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> SavedFolder:
    """Return the folder that the pilots' apps save to, which does not exist yet."""
    return SavedFolder(tmp_path / "saved")


@pytest.fixture
def filled(folder: SavedFolder) -> SavedFolder:
    """Save five sevens a second apart: unlabelled, as 7, as 1, as not a digit, and unlabelled."""
    for second, label in enumerate((None, "7", "1", "", None)):
        seven = folder.SEVEN
        folder.save(seven if label is None else replace(seven, word=label, tags=()), second)
    return folder
