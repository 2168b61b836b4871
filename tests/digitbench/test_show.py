"""``digitbench show``: a recording in the terminal, as a picture, or as a contact sheet."""

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
from digitbench.report.screens import screenshot
from digitbench.report.timeline_report import evenly_spaced, timeline_report
from digitdraw.app import App
from digitnet import Drawing, Stroke, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

BRAILLE = {chr(number) for number in range(0x2801, 0x2900)}


@pytest.fixture
def session(seven: Drawing) -> Drawing:
    """A seven and a dash; then undo, a thinner pen, another window size, a label, and clear."""
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
    """Make the app crash on undo."""

    def crash(_self: App) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(App, "undo", crash)


def test_a_timeline_report_has_each_deed_with_its_time_and_answer(
    replayer: Replayer, session: Drawing
) -> None:
    """Strokes by number when they are finished, events by name and value."""
    report = timeline_report(replayer, session)
    assert [(moment.at, moment.deed) for moment in report.moments] == [
        (0, "window 960x640"),
        (100, "stroke 1"),
        (560, "stroke 2"),
        (700, "undo"),
        (800, "pen 3.0%"),
        (900, "window 480x800"),
        (1000, "label 7"),
        (1100, "clear"),
    ]
    readings = [moment.reading for moment in report.moments]
    assert readings[0] == readings[-1] == "the board is blank"
    assert all(reading.startswith("read as 7 (") for reading in readings[1:-1])
    assert report.board.strokes == ()
    assert {moment.picture for moment in report.moments} == {None}


def test_the_last_picture_shows_the_app_at_the_end(replayer: Replayer, session: Drawing) -> None:
    """Earlier ones have the size of the window at their time, and show something."""
    report = timeline_report(replayer, session, pictures=100)
    pictures = [moment.picture for moment in report.moments if moment.picture]
    assert [picture.size for picture in pictures] == [(960, 640)] * 5 + [(480, 800)] * 3
    at_the_end = screenshot(replayer.surface)
    assert (np.asarray(pictures[-1]) == np.asarray(at_the_end)).all()
    for picture in pictures:
        assert np.asarray(picture).mean() > 128, "a light window"


def test_a_session_that_starts_with_a_resize_is_drawn_completely(
    replayer: Replayer, seven: Drawing
) -> None:
    """Like all sessions of digitdraw; a new window would be black."""
    told = replace(seven, events=((0, "resize", 960, 640),))
    first, second = (
        np.asarray(timeline_report(replayer, drawing, 1).moments[-1].picture)
        for drawing in (seven, told)
    )
    assert (first == second).all()


def test_pictures_of_long_sessions_are_evenly_spaced(replayer: Replayer, session: Drawing) -> None:
    """From the first moment to the last; the others have none."""
    report = timeline_report(replayer, session, pictures=3)
    assert [bool(moment.picture) for moment in report.moments] == [
        True, False, False, False, True, False, False, True,
    ]  # fmt: skip


@given(count=st.integers(0, 500), most=st.integers(0, 60))
def test_indices_are_evenly_spaced(count: int, most: int) -> None:
    """As many as requested, in order, always with the last, and with similar gaps."""
    places = evenly_spaced(count, most)
    assert len(places) == min(count, most)
    assert places == sorted(set(places))
    assert all(0 <= place < count for place in places)
    if places:
        assert places[-1] == count - 1
    gaps = np.diff(places)
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_the_timeline_of_an_empty_recording_is_its_start(
    replayer: Replayer, seven: Drawing
) -> None:
    """With the blank window."""
    [moment] = timeline_report(replayer, replace(seven, strokes=()), pictures=5).moments
    assert (moment.deed, moment.reading) == ("start", "the board is blank")
    assert moment.picture is not None


def test_a_contact_sheet_has_a_cell_for_each_picture(
    replayer: Replayer, session: Drawing, seven: Drawing
) -> None:
    """It grows to four columns, and then downwards."""
    sizes = []
    for drawing, most in ((seven, 24), (session, 2), (session, 24), (session, 5)):
        with Image.open(
            BytesIO(as_contact_sheet(timeline_report(replayer, drawing, most)))
        ) as sheet:
            sizes.append(sheet.size)
    one, two, eight, five = sizes
    assert one[0] < two[0] < eight[0] == five[0]
    assert two[1] < five[1] <= eight[1]


def test_a_name_that_is_too_long_for_its_contact_sheet_is_shortened(
    replayer: Replayer, seven: Drawing
) -> None:
    """The sheet does not grow."""
    sizes = []
    for name in ("seven", "seven " * 100):
        with Image.open(
            BytesIO(as_contact_sheet(timeline_report(replayer, replace(seven, key_id=name), 1)))
        ) as sheet:
            sizes.append(sheet.size)
    assert sizes[0] == sizes[1]


def test_a_board_has_the_requested_width_and_shows_the_ink(seven: Drawing) -> None:
    """A square board has half as many lines; Braille for ink, blanks elsewhere."""
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
    """Never wider than requested, never more than twice as high as wide."""
    stroke = Stroke.of([0, canvas[0]], [0, canvas[1]])
    board = Drawing((stroke,), canvas=canvas, pen=0.05)
    lines = draw_board(board, columns, is_ascii=is_ascii).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= max(columns, 3)
    assert len(lines) <= max(columns, 3) + 2
    assert all(line.isascii() for line in lines) if is_ascii else set("".join(lines)) & BRAILLE


def test_show_prints_a_session_in_the_terminal(bench: Bench, file: Path) -> None:
    """A board 80 columns wide, a plain line for each moment, and the outcome."""
    done = bench("show", f"{file}:seven")
    assert (done.code, done.err) == (0, "")
    *board, moment, last = done.out.splitlines()
    assert {len(line) for line in board} == {80}
    assert moment.startswith("    0.10 s  stroke 1  read as 7 (")
    assert last.startswith("seven: meant as 7, read as 7 (")
    assert "\x1b" not in done.out


def test_colours_are_only_for_terminals_that_want_them(
    bench: Bench, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With NO_COLOR, there are none."""
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda _stream, color: color is False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m" in bench("show", f"{file}:seven").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in bench("show", f"{file}:seven").out


def test_show_writes_a_contact_sheet(bench: Bench, file: Path, tmp_path: Path) -> None:
    """With at most the requested number of pictures."""
    out = tmp_path / "sheet.png"
    done = bench("show", file, "--film", "--frames", 2, "--out", out)
    assert done == (0, f"{out}: session\n", "")
    with Image.open(out) as sheet:
        assert sheet.width == 2 * 480 + 3 * 24


def test_show_writes_a_page(bench: Bench, file: Path, tmp_path: Path) -> None:
    """If the name says so; with the checks of `run`, and the command that runs it again."""
    out = tmp_path / "seven.html"
    assert bench("show", f"{file}:seven", "--out", out) == (0, f"{out}: seven\n", "")
    page = out.read_text("utf-8")
    assert page.count("<article") == 1
    assert f"digitbench {file} --key-id seven" in page
    done = bench("show", file, "--film", "--out", out)
    assert done.code == 2
    assert "--film writes a picture; name it .png, or leave out --film." in done.err


@pytest.mark.usefixtures("_crashing")
def test_a_crash_is_reported_after_what_came_before_it(
    bench: Bench, file: Path, tmp_path: Path
) -> None:
    """In the terminal and on a contact sheet; there is no picture of the end."""
    done = bench("show", file)
    assert done.code == 1
    assert "stroke 2" in done.out
    assert "0.70 s  undo" in done.out
    assert done.out.endswith("session: crashed: RuntimeError: boom\n")
    assert done.err == "digitbench: session: the app crashed: RuntimeError: boom\n"
    film, end = tmp_path / "sheet.png", tmp_path / "end.png"
    assert bench("show", file, "--film", "--out", film).code == 1
    assert bench("show", file, "--out", end).code == 1
    assert (film.exists(), end.exists()) == (True, False)
    page = tmp_path / "page.html"
    assert bench("show", file, "--out", page).code == 1
    assert "crashed: RuntimeError: boom" in page.read_text("utf-8")
