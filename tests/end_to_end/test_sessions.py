"""Any session in the app can be recorded, and replays to the same ink and answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digitbench.replay.replayer import Replayer
from digitbench.replay.screen import open_headless_window
from digitdraw.app import App
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitnet import Drawing, Recognizer, read_drawings

FRACTIONS = st.floats(0, 1, width=16)
POSITIONS = st.tuples(FRACTIONS, FRACTIONS)
"""Across the board's width and height."""
STEPS = st.one_of(
    st.tuples(st.just("draw"), st.lists(POSITIONS, min_size=1, max_size=5)),
    st.tuples(st.just("wipe"), st.lists(POSITIONS, min_size=1, max_size=3)),
    st.tuples(st.just("key"), st.sampled_from("uycs7nz[]")),
    st.tuples(st.just("resize"), st.sampled_from([(640, 480), (500, 700), (960, 640)])),
    st.tuples(st.just("slide"), FRACTIONS),
    st.tuples(st.just("wait"), st.integers(0, 40)),
    st.tuples(st.just("open"), st.none()),
)
INTERRUPTED_STROKES = st.tuples(
    st.just("draw while"),
    st.tuples(
        st.lists(POSITIONS, min_size=2, max_size=5),
        STEPS.filter(lambda step: step[0] in ("key", "resize", "wait")),
    ),
)
"""The other step happens with the pen down, before its last move."""


class Driver:
    """Operates an app by mouse and keys, sometimes several events in a frame."""

    def __init__(self, recognizer: Recognizer, folder: Path) -> None:
        size = (960, 640)
        self.surface = open_headless_window(size)
        self.app = App(size, Reader(recognizer), Store(folder), settings=Settings())
        self.now = 0
        self.app.step([], 0, self.surface)

    def do(self, name: str, value: Any) -> None:
        """Perform one step."""
        if name == "resize":
            self.surface = pygame.display.set_mode(value)
            self.app.step([], self.now, self.surface)
        elif name == "wait":
            self.now += value
            self.app.step([], self.now, self.surface)
        elif name == "key":
            self._key(pygame.key.key_code(value))
        elif name == "open":  # the drawing saved last, from the gallery
            for key in (pygame.K_g, pygame.K_RETURN, pygame.K_ESCAPE):
                self._key(key)
        elif name == "slide":
            area = pygame.Rect(70, self.surface.get_height() - 20, 120, 1)
            self._press(area, [(value, 0)], 1)
        elif name == "draw while":
            self._press(self.app.board_area, value[0], 1, lambda: self.do(*value[1]))
        else:
            self._press(self.app.board_area, value, 1 if name == "draw" else 3)

    def _key(self, key: int) -> None:
        self.app.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))

    def _press(
        self,
        area: pygame.Rect,
        path: list[tuple[float, float]],
        button: int,
        before_last_move: Callable[[], object] = lambda: None,
    ) -> None:
        pressed = tuple(int(button == index) for index in (1, 2, 3))
        points = [
            (area.left + round(x * area.width), area.top + round(y * area.height)) for x, y in path
        ]
        down, up = pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP
        self.app.handle(pygame.event.Event(down, pos=points[0], button=button, touch=False))
        for point in points[1:]:
            if point is points[-1]:
                before_last_move()
            self.now += 8
            motion = {"pos": point, "rel": (1, 1), "buttons": pressed, "touch": False}
            self.app.step([pygame.event.Event(pygame.MOUSEMOTION, motion)], self.now, self.surface)
        self.app.handle(pygame.event.Event(up, pos=points[-1], button=button, touch=False))


def visible_state(app: App) -> tuple[Any, ...]:
    """Return the ink in whole pixels, the pen, the label and the answer."""
    strokes = [[(round(p.x), round(p.y)) for p in s.points] for s in app.board.strokes]
    digits = app.prediction.digits if app.prediction else ()
    return strokes, app.board.pen, app.truth, [(d.label, d.strokes) for d in digits]


DOT = ("draw", [(0.0, 0.0)])


@settings(max_examples=60)
@given(steps=st.lists(STEPS | INTERRUPTED_STROKES, max_size=12))
@example(steps=[DOT, ("key", "7"), DOT, ("key", "s"), DOT, ("open", None)])
@example(steps=[DOT, ("key", "n"), ("key", "s"), ("open", None)])
def test_a_recorded_session_replays_to_the_same_end(
    recognizer: Recognizer, tmp_path_factory: Any, steps: list[tuple[str, Any]]
) -> None:
    """With strokes, undo, redo, clear, eraser, pen, labels, resized windows and the gallery."""
    folder = tmp_path_factory.mktemp("session")
    driver = Driver(recognizer, folder)
    for name, value in steps:
        driver.do(name, value)
    recording = driver.app.recording()
    replayer = Replayer(recognizer, save_dir=folder)
    replayed: list[App] = []
    start = replayer._start

    def start_and_keep(drawing: Drawing) -> App:
        replayed.append(start(drawing))
        return replayed[-1]

    replayer._start = start_and_keep  # type: ignore[method-assign]
    answer = replayer.replay(recording)
    assert answer.error == ""
    assert visible_state(replayed[0]) == visible_state(driver.app)


def test_a_report_is_replayed_to_its_answer(recognizer: Recognizer, tmp_path: Path) -> None:
    """The file written by "Report this" contains the whole session and its answer."""
    driver = Driver(recognizer, tmp_path)
    driver.do("draw", [(0.3, 0.2), (0.6, 0.2), (0.45, 0.8)])
    driver.do("draw", [(0.1, 0.9), (0.9, 0.9)])
    driver.do("key", "u")
    path = driver.app.report()
    assert path is not None
    [recording] = read_drawings(path)
    assert len(recording.strokes) == 2
    prediction = Replayer(recognizer).replay(recording).prediction
    assert recording.answer is not None
    assert prediction is not None
    assert prediction.text == recording.answer["text"] == "7"
