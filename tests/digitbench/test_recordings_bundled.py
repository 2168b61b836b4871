"""The bundled recordings: each digit in every style, place and size, all on the canvas."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from digitbench.run import suite
from digitnet import Drawing

TOOL = Path(__file__).parents[2] / "tools" / "release" / "recordings.py"
RECORDINGS = suite.read_all(suite.bundled_recordings())

ANYWHERE = {"middle", "edge", "corner"}
ANY_SIZE = {"small", "medium", "large"}
ANY_PEN = {"thin-pen", "medium-pen", "thick-pen"}
ANY_SLANT = {"slanted", "slanted-left", "slanted-right"}
CIRCUMSTANCES = ANYWHERE | ANY_SIZE | ANY_PEN | ANY_SLANT | {"fast"}


def of(word: str) -> list[Drawing]:
    return [drawing for drawing in RECORDINGS if drawing.word == word]


def tags_of(drawings: list[Drawing]) -> Counter[str]:
    return Counter(tag for drawing in drawings for tag in drawing.tags)


def test_there_are_enough() -> None:
    """At least 150, and equally many of each digit."""
    assert len(RECORDINGS) >= 150
    assert len({len(of(digit)) for digit in "0123456789"}) == 1


def test_every_recording_has_a_unique_name() -> None:
    """So that a failure can be replayed alone."""
    names = Counter(drawing.key_id for drawing in RECORDINGS)
    assert "" not in names
    assert names.most_common(1)[0][1] == 1


def test_recordings_are_sorted_into_files() -> None:
    """One for each digit, one for numbers, and one for ink that is not a digit."""
    words = {
        file.stem: {drawing.word for drawing in suite.read_all([file])}
        for file in suite.bundled_recordings()
    }
    assert words.pop("not-a-digit") == {""}
    assert all(len(word) > 1 for word in words.pop("numbers"))
    assert words == {f"digit-{digit}": {digit} for digit in "0123456789"}


@pytest.mark.parametrize("digit", "0123456789")
def test_every_digit_is_written_in_every_way(digit: str) -> None:
    """Three styles or more, anywhere, of any size, pen and slant, by mouse and by finger."""
    tags = tags_of(of(digit))
    assert tags.keys() >= CIRCUMSTANCES
    assert len(tags.keys() - CIRCUMSTANCES) >= 3
    assert {drawing.device for drawing in of(digit)} == {"mouse", "touch"}


@pytest.mark.parametrize("style", [("7", "crossed"), ("0", "slashed"), ("1", "flag-and-foot")])
def test_styles_that_are_often_misread_are_there(style: tuple[str, str]) -> None:
    """Crossed sevens, slashed zeros, and ones with a foot."""
    digit, name = style
    assert tags_of(of(digit))[name] >= 3


def test_digits_of_several_strokes_are_there() -> None:
    """A four or a five that is read before its second stroke is read wrongly."""
    for digit in "45":
        assert any(len(drawing.strokes) > 1 for drawing in of(digit))


def test_numbers_are_there() -> None:
    """Of two and more digits, with every digit somewhere, and with a repeated one."""
    numbers = [drawing.word for drawing in RECORDINGS if len(drawing.word) > 1]
    assert {len(number) for number in numbers} >= {2, 3, 4}
    assert set("".join(numbers)) == set("0123456789")
    assert any(one == other for number in numbers for one, other in pairwise(number))


def test_there_is_ink_that_is_not_a_digit() -> None:
    """Dots, dashes, scribbles and shapes, in more than one place."""
    tags = tags_of(of(""))
    assert tags.keys() >= {"dot", "dash", "scribble", "shape"}
    assert len(tags.keys() & ANYWHERE) > 1
    assert any(len(stroke.points) == 1 for drawing in of("") for stroke in drawing.strokes)


@pytest.mark.parametrize("drawing", RECORDINGS, ids=lambda drawing: drawing.key_id)
def test_all_ink_is_on_the_canvas(drawing: Drawing) -> None:
    """The width of the pen included."""
    assert drawing.canvas is not None
    assert drawing.pen_pixels > 0
    points = np.concatenate([stroke.xy for stroke in drawing.strokes])
    assert (points >= drawing.pen_pixels / 2).all()
    assert (points <= np.array(drawing.canvas) - drawing.pen_pixels / 2).all()


@pytest.mark.parametrize("drawing", RECORDINGS, ids=lambda drawing: drawing.key_id)
def test_points_are_as_the_device_gives_them(drawing: Drawing) -> None:
    """Times increase, and a mouse is at whole pixels."""
    times = [point.t for stroke in drawing.strokes for point in stroke.points]
    assert times == sorted(times)
    assert times[0] == 0
    if drawing.device == "mouse":
        points = np.concatenate([stroke.xy for stroke in drawing.strokes])
        assert (points == points.round()).all()


@pytest.mark.skipif(not TOOL.exists(), reason="the tools are part of the repository only")
def test_the_files_are_what_the_tool_makes() -> None:
    """To the byte, so no recording has been edited by hand."""
    done = subprocess.run(
        [sys.executable, TOOL, "--check"], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
