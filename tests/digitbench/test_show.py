"""Recordings shown: in the terminal, and as a film of what was done and what was read."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitbench.replay.replayer import Replayer
from digitbench.report.braille import draw_board
from digitbench.report.contact_sheet import as_contact_sheet
from digitbench.report.screens import photograph
from digitbench.report.timeline_report import evenly_spaced, timeline_report
from digitdraw.app import App
from digitnet import Drawing, Stroke, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

BRAILLE = {chr(number) for number in range(0x2801, 0x2900)}


@pytest.fixture
def session(seven: Drawing) -> Drawing:
    """A seven and a dash; then undo, a thinner pen, another window, a label, and all is cleared."""
    dash = Stroke.of([240, 420], [300, 300], [500, 560])
    events = (
        (0, "resize", 960, 640),
        (700, "undo"),
        (800, "pen", 0.03),
        (900, "resize", 480, 800),
        (1000, "label", "7"),
        (1100, "clear"),
    )
    return replace(seven, strokes=(*seven.strokes, dash), key_id="session", events=events)


@pytest.fixture
def file(tmp_path: Path, session: Drawing, seven: Drawing) -> Path:
    """The session, and the seven alone."""
    path = tmp_path / "mine.ndjson"
    write_drawings(path, [session, seven])
    return path


@pytest.fixture
def _crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that crashes when it is asked to undo."""

    def crash(_self: App) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(App, "undo", crash)


def test_a_story_tells_each_deed_with_its_time_and_answer(
    replayer: Replayer, session: Drawing
) -> None:
    """Strokes by their number when they are finished, events by name and value."""
    story = timeline_report(replayer, session)
    assert [(moment.at, moment.deed) for moment in story.moments] == [
        (0, "window 960x640"),
        (100, "stroke 1"),
        (560, "stroke 2"),
        (700, "undo"),
        (800, "pen 3.0%"),
        (900, "window 480x800"),
        (1000, "label 7"),
        (1100, "clear"),
    ]
    readings = [moment.reading for moment in story.moments]
    assert readings[0] == readings[-1] == "the board is blank"
    assert all(reading.startswith("read as 7 (") for reading in readings[1:-1])
    assert story.board.strokes == ()
    assert {moment.picture for moment in story.moments} == {None}


def test_the_last_picture_is_what_the_app_shows_at_the_end(
    replayer: Replayer, session: Drawing
) -> None:
    """And the first ones have the size of the window at their time, and show something."""
    story = timeline_report(replayer, session, pictures=100)
    pictures = [moment.picture for moment in story.moments if moment.picture]
    assert [picture.size for picture in pictures] == [(960, 640)] * 5 + [(480, 800)] * 3
    assert (np.asarray(pictures[-1]) == np.asarray(photograph(replayer, session))).all()
    for picture in pictures:
        assert np.asarray(picture).mean() > 128, "a light window"


def test_a_session_that_begins_with_its_windows_size_is_drawn_whole(
    replayer: Replayer, seven: Drawing
) -> None:
    """As without it: digitdraw's sessions all do, and a new window would be black."""
    told = replace(seven, events=((0, "resize", 960, 640),))
    first, second = (np.asarray(photograph(replayer, drawing)) for drawing in (seven, told))
    assert (first == second).all()


def test_pictures_of_long_sessions_are_spread_evenly(replayer: Replayer, session: Drawing) -> None:
    """From the first moment to the last; the others are told without one."""
    story = timeline_report(replayer, session, pictures=3)
    assert [bool(moment.picture) for moment in story.moments] == [
        True, False, False, False, True, False, False, True,
    ]  # fmt: skip


@given(count=st.integers(0, 500), most=st.integers(0, 60))
def test_places_are_chosen_evenly_spaced(count: int, most: int) -> None:
    """So many as are asked for, in order, the last always, and no gap much wider than another."""
    places = evenly_spaced(count, most)
    assert len(places) == min(count, most)
    assert places == sorted(set(places))
    assert all(0 <= place < count for place in places)
    if places:
        assert places[-1] == count - 1
    gaps = np.diff(places)
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_nothing_done_is_a_story_of_its_start(replayer: Replayer, seven: Drawing) -> None:
    """With the blank window."""
    [moment] = timeline_report(replayer, replace(seven, strokes=()), pictures=5).moments
    assert (moment.deed, moment.reading) == ("start", "the board is blank")
    assert moment.picture is not None


def test_a_film_has_a_frame_for_each_picture(
    replayer: Replayer, session: Drawing, seven: Drawing
) -> None:
    """It grows with them to four beside each other, and then downwards."""
    sizes = []
    for drawing, most in ((seven, 24), (session, 2), (session, 24), (session, 5)):
        with Image.open(
            BytesIO(as_contact_sheet(timeline_report(replayer, drawing, most)))
        ) as film:
            sizes.append(film.size)
    one, two, eight, five = sizes
    assert one[0] < two[0] < eight[0] == five[0]
    assert two[1] < five[1] <= eight[1]


def test_a_name_too_long_for_its_film_is_cut(replayer: Replayer, seven: Drawing) -> None:
    """The film does not grow."""
    sizes = []
    for name in ("seven", "seven " * 100):
        with Image.open(
            BytesIO(as_contact_sheet(timeline_report(replayer, replace(seven, key_id=name), 1)))
        ) as film:
            sizes.append(film.size)
    assert sizes[0] == sizes[1]


def test_a_board_is_as_wide_as_asked_for_and_shows_where_ink_is(seven: Drawing) -> None:
    """A square board is half as many lines high; Braille where ink is, blanks where none is."""
    lines = draw_board(seven, 42).splitlines()
    assert {len(line) for line in lines} == {42}
    assert len(lines) == 22
    bar, foot = lines[1 + 120 * 20 // 600], lines[1 + 470 * 20 // 600]
    assert not set(bar[1 + 220 * 40 // 600 : 1 + 380 * 40 // 600]) - BRAILLE
    assert bar[1:10].isspace()
    assert foot[1 + 330 * 40 // 600 : -1].isspace()
    assert set(foot) & BRAILLE


@given(
    canvas=st.tuples(st.integers(1, 8000), st.integers(1, 8000)),
    columns=st.integers(1, 130),
    is_ascii=st.booleans(),
)
def test_a_board_of_any_shape_fits(
    canvas: tuple[int, int], columns: int, *, is_ascii: bool
) -> None:
    """Never wider than asked for, never more than twice as high as wide."""
    stroke = Stroke.of([0, canvas[0]], [0, canvas[1]])
    board = Drawing((stroke,), canvas=canvas, pen=0.05)
    lines = draw_board(board, columns, is_ascii=is_ascii).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= max(columns, 3)
    assert len(lines) <= max(columns, 3) + 2
    assert all(line.isascii() for line in lines) if is_ascii else set("".join(lines)) & BRAILLE


def test_show_tells_a_session_in_the_terminal(bench: Bench, file: Path) -> None:
    """The board 80 columns wide, a plain line for each moment, and what came of it."""
    done = bench("show", f"{file}:seven")
    assert (done.code, done.err) == (0, "")
    *board, moment, last = done.out.splitlines()
    assert {len(line) for line in board} == {80}
    assert moment.startswith("    0.10 s  stroke 1  read as 7 (")
    assert last.startswith("seven: meant as 7, read as 7 (")
    assert "\x1b" not in done.out


def test_colours_are_for_terminals_that_want_them(
    bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With NO_COLOR, there are none there either."""
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda _stream, color: color is False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m" in bench("show", f"{file}:seven").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in bench("show", f"{file}:seven").out


def test_show_writes_a_film(bench: Bench, file: Path, tmp_path: Path) -> None:
    """With not more frames than asked for."""
    out = tmp_path / "film.png"
    done = bench("show", file, "--film", "--frames", 2, "--out", out)
    assert done == (0, f"{out}: session\n", "")
    with Image.open(out) as film:
        assert film.width == 2 * 480 + 3 * 24


@pytest.mark.usefixtures("_crashing")
def test_a_crash_is_told_after_what_came_before_it(
    bench: Bench, file: Path, tmp_path: Path
) -> None:
    """In the terminal and on a film; a picture of the end is not written, as there was none."""
    done = bench("show", file)
    assert done.code == 1
    assert "stroke 2" in done.out
    assert done.out.endswith("session: crashed: RuntimeError: boom\n")
    assert done.err == "digitbench: session: the app crashed: RuntimeError: boom\n"
    film, end = tmp_path / "film.png", tmp_path / "end.png"
    assert bench("show", file, "--film", "--out", film).code == 1
    assert bench("show", file, "--out", end).code == 1
    assert (film.exists(), end.exists()) == (True, False)
