"""The rules from which Hypothesis generates sessions, and by which it shrinks them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from digitbench import strategies
from digitbench.fuzz.checked_pilot import DEVICES
from digitbench.fuzz.session import SIDE, FuzzSession, Spot
from digitbench.reference.app import KEYS
from digitbench.replay import sdl_events
from digitdraw.input.actions import ACTIONS
from digitdraw.storage.settings import Settings
from digitnet import Stroke

_WINDOWS = ((480, 360), (360, 480), (640, 480), (481, 243), (320, 600))
_OTHER_EVENTS = ("WINDOWENTER", "WINDOWFOCUSGAINED", "WINDOWRESTORED", "WINDOWMOVED", "USEREVENT")
_INTERRUPTIONS = ("WINDOWFOCUSLOST", "WINDOWLEAVE", "WINDOWMINIMIZED", "WINDOWHIDDEN")
_CONTROLS = [*(name for name, each in ACTIONS.items() if each.slot), *"0123456789"]
_GALLERY_KEYS = ("return", "down", "left", "3", "n", "delete", "ctrl+z", "escape")
_CURATING_KEYS = (*_GALLERY_KEYS, "delete", "delete", "ctrl+z")

_IS_ON_BOARD, _IS_ANYWHERE = st.sampled_from([True]), st.sampled_from([False])
_ON_BOARD = st.tuples(_IS_ON_BOARD, st.integers(0, SIDE), st.integers(0, SIDE))
_ANYWHERE = st.tuples(_IS_ANYWHERE, st.integers(-10, 110), st.integers(-10, 110))
_SPOTS = _ON_BOARD | _ANYWHERE
_PENS = st.sampled_from(["left", "finger 1"])
_DEVICES = st.sampled_from(DEVICES)


class AppStateMachine(FuzzSession):
    """One session; each rule is something that a person, or the system, may do."""

    @initialize(
        window=st.sampled_from(_WINDOWS),
        theme=st.sampled_from(["light", "dark"]),
        live=st.booleans(),
    )
    def start(self, window: tuple[int, int], theme: str, live: bool) -> None:  # noqa: FBT001
        """Open the app."""
        description = (
            f"start in a window of {window[0]}x{window[1]}, {theme}, live reading {_on(live)}"
        )
        self.steps.append(description)
        self.open_app(Settings(window, theme, live=live))

    @rule(ink=strategies.strokes(side=SIDE, max_points=4), device=_PENS)
    def draw(self, ink: Stroke, device: str) -> None:
        """Draw a stroke on the board."""
        path = self.on_board(ink)
        with self.doing(f"draw with {device}: {_listed(path)}"):
            self.trace(path, device)

    @rule(ink=strategies.strokes(side=SIDE, max_points=4), device=_PENS)
    def draw_more(self, ink: Stroke, device: str) -> None:
        """Draw a stroke in the left half, as numbers have several digits."""
        path = self.on_board(ink, 0.5)
        with self.doing(f"draw with {device}: {_listed(path)}"):
            self.trace(path, device)

    @rule(ink=strategies.strokes(side=SIDE, max_points=3))
    def wipe(self, ink: Stroke) -> None:
        """Erase with the right button of the mouse."""
        path = self.on_board(ink)
        with self.doing(f"erase with right: {_listed(path)}"):
            self.trace(path, "right")

    @rule(
        digits=st.lists(st.integers(0, 9), min_size=1, max_size=2),
        half=st.integers(0, 1),
        device=_PENS,
    )
    def draw_digits(self, digits: list[int], half: int, device: str) -> None:
        """Draw recorded digits, side by side from one half on, all within one frame."""
        number = "".join(map(str, digits))
        with self.doing(f"draw {number} in half {half + 1} with {device}, in one frame"):
            was_slow, self.pilot.is_slow = self.pilot.is_slow, True
            for position, digit in enumerate(digits, half):
                for path in self._campaign.digits[digit]:
                    self.trace(self.in_half(position % 2, path), device)
            self.pilot.is_slow = was_slow
            if not was_slow:
                self.catch_up()

    @rule(device=_DEVICES, spot=_SPOTS)
    def put_down(self, device: str, spot: Spot) -> None:
        """Press a button of the mouse, or put a finger down."""
        at = self.locate(spot)
        with self.doing(f"put {device} down at {at}"):
            self.use("down", device, at)

    @rule(device=st.sampled_from(["mouse", "finger 1", "finger 2"]), spot=_SPOTS)
    def move(self, device: str, spot: Spot) -> None:
        """Move the mouse, with the buttons that are held, or a finger."""
        at = self.locate(spot)
        with self.doing(f"move {device} to {at}"):
            self.use("move", device, at)

    @rule(device=_DEVICES, spot=_SPOTS)
    def lift(self, device: str, spot: Spot) -> None:
        """Release a button of the mouse, or lift a finger."""
        at = self.locate(spot)
        with self.doing(f"lift {device} at {at}"):
            self.use("up", device, at)

    @rule(button=st.sampled_from(["left", "right"]))
    def release_unheard(self, button: str) -> None:
        """Release a button of the mouse without an event to tell the window."""
        with self.doing(f"release {button} unheard"):
            self.pilot.release_unheard(button)

    @rule(spot=_SPOTS, device=_PENS)
    def click_anywhere(self, spot: Spot, device: str) -> None:
        """Click anywhere."""
        at = self.locate(spot)
        with self.doing(f"click at {at} with {device}"):
            self.trace([at], device)

    @rule(name=st.sampled_from(_CONTROLS), device=_PENS)
    def click(self, name: str, device: str) -> None:
        """Click a button, or a bar."""
        layout = self.reference.layout
        rect = layout.bars[int(name)] if name.isdigit() else layout.buttons[name]
        with self.doing(f"click {name} with {device}"):
            self.trace([rect.center], device)

    @rule(start=st.integers(0, SIDE), end=st.integers(0, SIDE), device=_PENS)
    def slide(self, start: int, end: int, device: str) -> None:
        """Drag the slider of the pen."""
        area = self.reference.layout.pen
        path = [(area.left + area.width * x // SIDE, area.centery) for x in (start, end)]
        with self.doing(f"slide the pen from {path[0]} to {path[1]} with {device}"):
            self.trace(path, device)

    @rule(keys=st.sampled_from(list(KEYS)))
    def press(self, keys: str) -> None:
        """Press and release a key."""
        with self.doing(f"press {keys}"):
            self.press_keys(keys)

    @rule()
    def undo(self) -> None:
        """Undo the last step."""
        with self.doing("press ctrl+z"):
            self.press_keys("ctrl+z")

    @rule()
    def redo(self) -> None:
        """Redo the last step that was undone."""
        with self.doing("press ctrl+y"):
            self.press_keys("ctrl+y")

    @rule()
    def save(self) -> None:
        """Save the drawing."""
        with self.doing("press s"):
            self.press_keys("s")

    @rule(label=st.sampled_from([*"0123456789", "n"]))
    def label_and_save(self, label: str) -> None:
        """Say what was drawn, and save it with that label."""
        with self.doing(f"press {label}, then s"):
            self.press_keys(label)
            self.press_keys("s")

    @rule(ink=strategies.strokes(side=SIDE, max_points=3))
    def wipe_and_undo(self, ink: Stroke) -> None:
        """Erase and undo, which must restore what was erased; the reference app verifies that."""
        path = self.on_board(ink)
        with self.doing(f"erase with right: {_listed(path)}, then press ctrl+z"):
            self.trace(path, "right")
            self.press_keys("ctrl+z")

    @rule()
    def undo_and_redo(self) -> None:
        """Undo and redo, which must change nothing; the reference app verifies that."""
        with self.doing("press ctrl+z, then ctrl+y"):
            self.press_keys("ctrl+z")
            self.press_keys("ctrl+y")

    @rule(
        page=st.sampled_from(["g", "f1"]),
        keys=st.lists(st.sampled_from((*_GALLERY_KEYS, "f1")), max_size=4),
    )
    def use_page(self, page: str, keys: list[str]) -> None:
        """Open the gallery or the help, and press keys there and, once it is closed, elsewhere."""
        with self.doing(f"press {', '.join([page, *keys])}"):
            for name in (page, *keys):
                self.press_keys(name)

    @rule(
        digits=st.lists(st.integers(0, 9), min_size=2, max_size=3),
        keys=st.lists(st.sampled_from(_CURATING_KEYS), min_size=1, max_size=8),
    )
    def curate(self, digits: list[int], keys: list[str]) -> None:
        """Save several drawings, then use the gallery, which has something to show then."""
        saved = "".join(map(str, digits))
        with self.doing(f"draw, save and clear each of {saved}; press {', '.join(['g', *keys])}"):
            self.is_long = True
            for digit in digits:
                for path in self._campaign.digits[digit]:
                    self.trace(self.in_half(0, path), "left")
                self.press_keys("s")
                self.press_keys("c")
            for name in ("g", *keys):
                self.press_keys(name)

    @rule(steps=st.sampled_from([1, -1, 3, 0]), has_control=st.booleans())
    def turn_wheel(self, steps: int, has_control: bool) -> None:  # noqa: FBT001
        """Turn the wheel, with ctrl held or not."""
        with self.doing(f"turn the wheel by {steps}{', with ctrl' * has_control}"):
            if has_control:
                self.press_keys("ctrl+x")
            self.pilot.turn_wheel(steps)
            self.reference.wheel(steps)

    @rule(window=st.sampled_from(_WINDOWS))
    def resize(self, window: tuple[int, int]) -> None:
        """Resize the window."""
        with self.doing(f"resize the window to {window[0]}x{window[1]}"):
            self.pilot.is_slow = False
            self.pilot.catch_up()
            if window != self.pilot.surface.get_size():
                self.pilot.resize(*window)
                self.reference.resize(window)

    @rule(kind=st.sampled_from(["picture", "text", "folder", "nothing"]))
    def drop(self, kind: str) -> None:
        """Drop a file on the window: a picture, or something else."""
        with self.doing(f"drop a {kind}"):
            self.pilot.drop(self._campaign.files[kind])
            self.reference.drop(is_picture=kind == "picture")

    @rule(name=st.sampled_from(_INTERRUPTIONS))
    def interrupt(self, name: str) -> None:
        """Take the focus from the window, or hide it."""
        with self.doing(f"post {name}"):
            self.pilot.step(sdl_events.window_event(name))
            self.reference.interrupt()

    @rule(name=st.sampled_from(_OTHER_EVENTS))
    def go_on(self, name: str) -> None:
        """Post an event that changes nothing."""
        with self.doing(f"post {name}"):
            self.pilot.step(sdl_events.window_event(name))

    @rule()
    def uncover(self) -> None:
        """Uncover the window, which must look the same."""
        with self.doing("uncover the window"):
            self.catch_up()
            self.pilot.check_redraw()

    @rule(milliseconds=st.sampled_from([0, 1, 600, 3_600_000]))
    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        with self.doing(f"wait for {milliseconds} ms"):
            self.pilot.wait(milliseconds)

    @rule(pace=st.sampled_from([8, 0, 1000]))
    def take_pace(self, pace: int) -> None:
        """Step frames faster, even within the same millisecond, or slower."""
        with self.doing(f"step a frame every {pace} ms"):
            self.pilot.pace = pace

    @rule()
    def slow_down(self) -> None:
        """Start to batch events into one frame, or stop."""
        with self.doing(f"{'catch up' if self.pilot.is_slow else 'batch events'}"):
            self.pilot.is_slow = not self.pilot.is_slow
            if not self.pilot.is_slow:
                self.pilot.catch_up()

    @rule()
    def close_window(self) -> None:
        """Close the window; other events of the same frame are still handled."""
        with self.doing("close the window"):
            self.pilot.step(sdl_events.window_event("QUIT"))
            self.reference.is_running = False


def _listed(path: list[tuple[int, int]]) -> str:
    return " ".join(f"({x}, {y})" for x, y in path)


def _on(switch: bool) -> str:  # noqa: FBT001
    return "on" if switch else "off"
