"""A replay as moments with pictures: which are taken, how they are stored, and what they tell."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitbench.replay.outcome import Violation
from digitbench.replay.replayer import Replayer, Setup
from digitbench.report.ink_so_far import GONE
from digitbench.report.layers import WIDEST, as_layers
from digitbench.report.narration import narrate
from digitbench.report.player import make_player
from digitbench.report.timeline_report import open_camera, timeline_report
from digitbench.report.trace_page import trace_html
from digitbench.run import suite
from digitdraw.app import App
from digitnet import Drawing, Recognizer, Stroke


@pytest.fixture
def session(seven: Drawing) -> Drawing:
    """A seven and a dash, which are undone, restored, erased in part, and cleared."""
    dash = Stroke.of([240, 420], [300, 300], [500, 560])
    events = (
        (700, "undo"),
        (800, "redo"),
        (900, "erase", 240, 300),
        (1000, "clear"),
    )
    return replace(seven, strokes=(*seven.strokes, dash), key_id="session", events=events)


def test_pictures_that_are_left_are_taken_in_between(replayer: Replayer, session: Drawing) -> None:
    """Of the pen on its way, with what it did since; none if there are more deeds than pictures."""
    deeds = ["stroke 1", "stroke 2", "undo", "redo", "erase", "clear"]
    for pictures, between in ((6, 0), (3, 0), (8, 2), (100, 6)):
        report = timeline_report(replayer, session, pictures, in_between=True)
        assert [moment.deed for moment in report.moments if moment.deed] == deeds
        extra = [moment for moment in report.moments if not moment.deed]
        assert len(extra) == between
        assert all(moment.picture for moment in extra)
        assert sum(bool(moment.picture) for moment in report.moments) <= pictures
        steps = [step for moment in report.moments for step in moment.steps]
        assert steps[:2] == [("down", 200, 120), ("move", 300, 120)]


def test_ink_is_followed_onto_the_board(replayer: Replayer, session: Drawing) -> None:
    """Through undo, redo, eraser and clear; in between, by the share of its length."""
    report = timeline_report(replayer, session, 100, in_between=True)
    states = {moment.deed: moment.ink for moment in report.moments}
    assert states == {
        "": (100, 0),
        "stroke 1": (100,),
        "stroke 2": (100, 100),
        "undo": (100, GONE),
        "redo": (100, 100),
        "erase": (100, GONE),
        "clear": (GONE, GONE),
    }
    way = [moment.ink for moment in report.moments if not moment.deed]
    assert way == sorted(way)
    assert way[0] == (0,)


def test_a_crash_is_the_last_moment(
    replayer: Replayer, session: Drawing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what was to be done, and a picture of what was drawn last."""

    def crash(_self: App) -> None:
        raise RuntimeError("boom")

    before = timeline_report(replayer, session, 100).moments
    monkeypatch.setattr(App, "undo", crash)
    *_, stroke, last = timeline_report(replayer, session, 100).moments
    assert (last.at, last.deed, last.reading) == (700, "undo", "the app crashed")
    assert (last.is_crash, stroke.is_crash) == (True, False)
    assert last.steps == (("undo",),)
    assert last.ink == (100, 100)
    assert last.picture is not None
    assert before[1].picture is not None
    assert last.picture.tobytes() == before[1].picture.tobytes()


@st.composite
def pictures(draw: st.DrawFn) -> list[Image.Image]:
    """Small pictures of two sizes with squares of few colours."""
    made = []
    for _ in range(draw(st.integers(1, 6))):
        picture = Image.new("RGB", draw(st.sampled_from([(30, 20), (20, 30)])), (0, 0, 9))
        place = draw(st.tuples(st.integers(0, 19), st.integers(0, 19)))
        colour = draw(st.sampled_from([(0, 0, 8), (0, 0, 9), (255, 1, 7)]))
        picture.paste(colour, (*place, place[0] + 4, place[1] + 7))
        made.append(picture)
    return made


@given(pictures=pictures(), first=st.integers(0, 5))
def test_layers_put_together_are_the_pictures(pictures: list[Image.Image], first: int) -> None:
    """Exactly; and no file is there twice."""
    files, shots = as_layers(pictures, first % len(pictures))
    assert len(set(files)) == len(files)
    assert shots[first % len(pictures)].patch is None
    for picture, shot in zip(pictures, shots, strict=True):
        with Image.open(io.BytesIO(files[shot.whole])) as whole:
            shown = whole.convert("RGB")
        assert shown.size == shot.size == picture.size
        if shot.patch is not None:
            with Image.open(io.BytesIO(files[shot.patch])) as patch:
                width, height = picture.size
                left, top = round(shot.box[0] * width / 100), round(shot.box[1] * height / 100)
                assert patch.width == round(shot.box[2] * width / 100)
                assert patch.height == round(shot.box[3] * height / 100)
                shown.paste(patch, (left, top), patch.convert("RGBA"))
        assert shown.tobytes() == picture.tobytes()


def test_pictures_of_large_windows_are_shrunk() -> None:
    """In proportion."""
    _, [shot] = as_layers([Image.new("RGB", (2 * WIDEST, 600))], 0)
    assert shot.size == (WIDEST, 300)


def test_steps_are_told_in_few_words() -> None:
    """Moves that follow each other in one line."""
    steps = [
        ("down", 1, 2), ("move", 3, 4), ("up", 3, 4), ("down", 5, 6), ("move", 7, 8),
        ("move", 9.25, 10), ("up", 9.25, 10), ("erase", 1, 1), ("resize", 480, 800), ("undo",),
    ]  # fmt: skip
    assert narrate(steps) == [
        "pen down at 1, 2", "1 move to 3, 4", "pen up", "pen down at 5, 6", "2 moves to 9.2, 10",
        "pen up", "erase at 1, 1", "window 480x800", "undo",
    ]  # fmt: skip


def test_the_player_starts_where_it_went_wrong(replayer: Replayer, session: Drawing) -> None:
    """At the first violation that has a time; otherwise at the end."""
    report = timeline_report(replayer, session, 100, in_between=True)
    last = len(report.moments) - 1
    player = make_player(report)
    assert player.start == last
    violations = [Violation("no time"), Violation("bad", at=700), Violation("worse", at=900)]
    player = make_player(report, violations)
    frames = player.data["frames"]
    assert player.moments[player.start].deed == frames[player.start]["deed"] == "undo"
    assert [frame["deed"] for frame in frames if frame["mark"]] == ["undo", "erase"]
    assert frames[player.start]["patch"] is None


def test_a_long_session_is_shown_in_part(replayer: Replayer, session: Drawing) -> None:
    """And the number of what is left out is known."""
    player = make_player(timeline_report(replayer, session, 2))
    assert [moment.deed for moment in player.moments] == ["stroke 1", "clear"]
    assert player.left_out == 4


def test_a_trace_is_a_page_of_its_own(
    recognizer: Recognizer, replayer: Replayer, session: Drawing, tmp_path: Path
) -> None:
    """The same each time, small, saves nothing, and allows no other script."""
    drawing = replace(session, events=(*session.events, (1100, "save")))
    result = suite.judge(drawing, replayer.replay(drawing))
    camera = open_camera(recognizer, Setup(save_dir=tmp_path / "saved"))
    page = trace_html(result, camera, command="digitbench x.ndjson --key-id 'a <b>'")
    assert page == trace_html(result, camera, command="digitbench x.ndjson --key-id 'a <b>'")
    assert len(page) < 150_000
    assert b"&lt;b&gt;" in page
    assert b"default-src 'none'" in page
    assert not (tmp_path / "saved").exists()
