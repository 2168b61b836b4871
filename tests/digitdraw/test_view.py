"""Pixels: ink as it is drawn, and as little drawn anew as possible."""

from __future__ import annotations

from itertools import accumulate
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.strategies import drawings
from digitdraw.ink.curve import settled, smooth, split_smooth, thinned
from digitdraw.ink.paint import Colour, around, fill
from digitdraw.ui.layout import arrange
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import LIGHT
from digitnet import Drawing, Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitdraw.conftest import Hand, NewHand

SIDE = 570
"""A square of so many pixels is within the board of the hands' window."""


def board_pixels(hand: Hand) -> NDArray[np.uint8]:
    """Copy what the board shows, uint8 (width, height, 3)."""
    return pygame.surfarray.array3d(hand.surface.subsurface(hand.app.board_area))


def is_ink(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((pixels == LIGHT.ink).all(axis=-1))


def draw_strokes(hand: Hand, drawing: Drawing) -> None:
    """Draw with the mouse, on the board's pixels, a frame for each point."""
    hand.draw(*[[(point.x, point.y) for point in stroke.points] for stroke in drawing.strokes])


@pytest.mark.parametrize("degrees", range(0, 360, 30))
def test_fast_strokes_have_no_gaps(hand: Hand, degrees: int) -> None:
    """Where points are 200 pixels apart, every pixel on the way is ink."""
    x, y = 200 * cos(degrees * pi / 180), 200 * sin(degrees * pi / 180)
    start, end = (300, 300), (300 + round(x), 300 + round(y))
    hand.draw([start, end])
    way = np.linspace(start, end, 400).astype(int)
    assert is_ink(board_pixels(hand)[way[:, 0], way[:, 1]]).all()


def test_ink_is_seen_while_it_is_drawn(hand: Hand) -> None:
    """Under the pen, in the frame of the event."""
    hand.press((100, 100))
    assert is_ink(board_pixels(hand)[100, 100])
    hand.move((300, 100))
    assert is_ink(board_pixels(hand)[100:301, 100]).all()


def test_the_line_is_as_wide_as_the_pen(hand: Hand) -> None:
    """A twentieth of the board's shorter side, to a pixel."""
    hand.draw([(100, 300), (500, 300)])
    column = board_pixels(hand)[300, 200:400]
    covered = 1 - (column[:, 0] - LIGHT.ink[0]) / (LIGHT.paper[0] - LIGHT.ink[0])
    assert covered.sum() == pytest.approx(0.05 * min(hand.app.board_area.size), abs=1)


def test_edges_are_smooth(hand: Hand) -> None:
    """Between ink and paper there are many greys, and nothing darker or lighter than both."""
    hand.draw([(100, 100), (420, 249)])
    ink = board_pixels(hand)[80:440, 80:280]
    assert len(np.unique(ink[..., 0])) > 20
    assert (ink >= LIGHT.ink).all()
    assert (ink <= LIGHT.paper).all()


@settings(max_examples=40)
@given(
    drawing=drawings(side=SIDE, max_points=6),
    window=st.sampled_from([(500, 700), (811, 477)]),
)
def test_ink_drawn_bit_by_bit_is_ink_drawn_at_once(
    new_hand: NewHand, drawing: Drawing, window: tuple[int, int]
) -> None:
    """To the pixel, in a window of any size, whatever the pen."""
    hand = new_hand()
    hand.app.board.pen = drawing.pen or 0.05
    hand.draw([(300, 300)])  # keeps the canvas, so that the resized one is scaled
    hand.resize(window)
    draw_strokes(hand, drawing)
    bit_by_bit = board_pixels(hand)
    hand.surface.fill((255, 0, 255))
    hand.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    assert (bit_by_bit == board_pixels(hand)).all()


@settings(max_examples=30)
@given(drawing=drawings(side=SIDE, max_points=4))
def test_undo_leaves_no_ink_behind(new_hand: NewHand, drawing: Drawing) -> None:
    """The board looks as it did before the stroke, and redo looks as it did after."""
    hand = new_hand()
    shown = [board_pixels(hand)]
    for stroke in drawing.strokes:
        hand.draw([(point.x, point.y) for point in stroke.points])
        shown.append(board_pixels(hand))
    for before in shown[-2::-1]:
        hand.app.undo()
        hand.step()
        assert (board_pixels(hand) == before).all()
    for after in shown[1:]:
        hand.app.redo()
        hand.step()
        assert (board_pixels(hand) == after).all()


def test_dropping_a_stroke_leaves_no_ink_behind(hand: Hand) -> None:
    """Undo while the pen is down takes the ink of the stroke at hand away."""
    hand.draw(hand.SEVEN)
    before = board_pixels(hand)
    hand.press((50, 50))
    hand.move((500, 550))
    hand.key(pygame.K_u)
    assert (board_pixels(hand) == before).all()


def test_clear_leaves_a_blank_board(hand: Hand) -> None:
    """It looks as it did in the beginning."""
    before = board_pixels(hand)
    hand.draw(*hand.FOUR)
    hand.app.clear()
    hand.step()
    assert (board_pixels(hand) == before).all()


@settings(max_examples=20)
@given(drawing=drawings(side=SIDE, max_points=4))
def test_all_that_changed_is_told(new_hand: NewHand, drawing: Drawing) -> None:
    """Outside of the parts that a frame returns, the window is as it was."""
    hand = new_hand()
    step = hand.step

    def step_and_compare(*events: pygame.event.Event) -> list[pygame.Rect]:
        before = pygame.surfarray.array3d(hand.surface)
        changed = step(*events)
        after = pygame.surfarray.array3d(hand.surface)
        for part in changed:
            left, top, right, bottom = part.left, part.top, part.right, part.bottom
            after[left:right, top:bottom] = before[left:right, top:bottom]
        assert (after == before).all()
        return changed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hand, "step", step_and_compare)
        draw_strokes(hand, drawing)
        for name in ("undo", "save", "clear"):
            hand.click(name)


def test_a_frame_of_a_stroke_draws_only_where_the_pen_was(hand: Hand) -> None:
    """A line is as cheap on a large board as on a small one."""
    hand.press((100, 100))
    motion = hand.mouse_event(pygame.MOUSEMOTION, (120, 100), rel=(20, 0), buttons=(1, 0, 0))
    [part] = hand.step(motion)
    assert part.width < 80
    assert part.height < 80


def test_only_tools_that_look_different_are_drawn_anew(hand: Hand) -> None:
    """Ink makes it possible to undo, to clear and to save; the other buttons stay."""
    event = hand.mouse_event(pygame.MOUSEBUTTONDOWN, (100, 100), button=1)
    changed = hand.step(event)
    layout = arrange(*hand.surface.get_size())
    touched = {n for n, rect in layout.buttons.items() if rect.collidelist(changed) >= 0}
    assert touched == {"undo", "clear", "save"}


def test_what_goes_while_a_stroke_grows_is_seen_to_go(hand: Hand) -> None:
    """The focus that a key brought meanwhile leaves with the pen's next move."""
    hand.press((100, 100))
    before = pygame.surfarray.array3d(hand.surface)
    hand.key(pygame.K_TAB)
    assert (before != pygame.surfarray.array3d(hand.surface)).any()
    hand.move((100, 101))
    hand.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    tools = arrange(*hand.surface.get_size()).tools
    after = pygame.surfarray.array3d(hand.surface)
    left, top, right, bottom = tools.left, tools.top, tools.right, tools.bottom
    assert (before[left:right, top:bottom] == after[left:right, top:bottom]).all()


@given(
    surface=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    clip=st.tuples(*[st.integers(-5, 45)] * 2, *[st.integers(0, 45)] * 2),
    # Of one that begins beside the surface, pygame fills all its width from the surface's edge on.
    area=st.tuples(*[st.integers(0, 45)] * 2, *[st.integers(0, 45)] * 2),
    depth=st.sampled_from([16, 24, 32]),
)
def test_filling_is_what_sdl_fills(
    surface: tuple[int, int],
    clip: tuple[int, int, int, int],
    area: tuple[int, int, int, int],
    depth: int,
) -> None:
    """To the pixel, within the part that may be drawn on, whatever the colours' depth."""
    ours, sdls = (pygame.Surface(surface, depth=depth) for _ in range(2))
    for one in (ours, sdls):
        one.fill((1, 2, 3))
        one.set_clip(clip)
    fill(ours, (200, 100, 50), pygame.Rect(area))
    sdls.fill((200, 100, 50), area)
    assert pygame.image.tobytes(ours, "RGB") == pygame.image.tobytes(sdls, "RGB")


def test_what_is_beside_a_surface_is_not_filled() -> None:
    """A rectangle that begins left of it and above it ends where it should."""
    surface = pygame.Surface((4, 3), depth=32)
    fill(surface, (255, 255, 255), pygame.Rect(-1, -1, 3, 2))
    lit = pygame.surfarray.array3d(surface)[..., 0] == 255
    np.testing.assert_array_equal(np.argwhere(lit), [(0, 0), (1, 0)])


@given(st.data())
def test_around_is_all_but_the_middle(data: st.DataObject) -> None:
    """Each pixel of the outer rectangle once, none of the inner one."""
    outer = pygame.Rect(3, 4, data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12)))
    left = data.draw(st.integers(outer.left, outer.right - 1))
    top = data.draw(st.integers(outer.top, outer.bottom - 1))
    width = data.draw(st.integers(1, outer.right - left))
    height = data.draw(st.integers(1, outer.bottom - top))
    inner = pygame.Rect(left, top, width, height)
    count = np.zeros((20, 20), int)
    for part in around(inner, outer):
        count[part.left : part.right, part.top : part.bottom] += 1
    count[inner.left : inner.right, inner.top : inner.bottom] += 1
    assert (count[outer.left : outer.right, outer.top : outer.bottom] == 1).all()
    assert count.sum() == outer.width * outer.height


def test_a_line_that_is_written_again_and_again_is_drawn_once(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many others are written in between."""
    drawn: list[str] = []
    draw = Writer._draw

    def noted(writer: Writer, text: str, size: int, colour: Colour) -> pygame.Surface:
        drawn.append(text)
        return draw(writer, text, size, colour)

    monkeypatch.setattr(Writer, "_draw", noted)
    writer, area = Writer(), pygame.Rect(0, 0, 200, 40)
    for number in range(1200):
        for text in ("always", str(number % 600)):
            writer.write(hand.surface, text, area, 20, LIGHT.text)
    assert drawn.count("always") == 1
    assert drawn.count("5") == 2  # let go in between


def test_the_window_shows_what_the_network_saw(hand: Hand) -> None:
    """Each pixel of the 28x28 is a square of its grey; on a blank board, of paper."""
    for path in ([], hand.SEVEN):
        if path:
            hand.draw(path)
        image = hand.app.prediction.digits[0].image if hand.app.prediction else np.zeros((28, 28))
        seen = arrange(*hand.surface.get_size()).thumbnail
        middles = np.arange(28) * seen.width // 28 + seen.width // 56
        shown = pygame.surfarray.array3d(hand.surface.subsurface(seen))[np.ix_(middles, middles)]
        share = image.T[..., None] / 255
        expected = np.array(LIGHT.paper) * (1 - share) + np.array(LIGHT.ink) * share
        assert np.abs(shown - expected).max() <= 1


def test_the_bar_of_the_answer_is_the_longest(hand: Hand) -> None:
    """Each row's bar is as long as the digit is likely."""
    hand.draw(hand.SEVEN)
    rows = [
        pygame.surfarray.array3d(hand.surface.subsurface(row))[:, row.height // 2]
        for row in arrange(*hand.surface.get_size()).bars
    ]
    lengths = [int((row == LIGHT.accent).all(axis=-1).sum()) for row in rows]
    assert lengths[7] > 0.5 * lengths[7] > max(lengths[:7] + lengths[8:])


def test_sparse_points_on_a_curve_are_drawn_round(hand: Hand) -> None:
    """A circle of sixteen points is round: its ink is nowhere far from the circle."""
    middle, radius = 290, 200
    angles = np.linspace(0, 2 * pi, 17)
    hand.draw([(round(middle + radius * cos(a)), round(middle + radius * sin(a))) for a in angles])
    x, y = np.nonzero(is_ink(board_pixels(hand)))
    distance = np.abs(np.hypot(x - middle, y - middle) - radius)
    half_pen = hand.app.board.pen_pixels / 2
    assert distance.max() < half_pen + 2.5  # a polygon would be 3.8 off
    assert distance.max() > half_pen - 1.5


def test_corners_stay_corners() -> None:
    """A sharp turn is meant, so the line goes to its very point and no further."""
    curve = np.array(smooth([0j, 50 + 0j, 100 + 0j, 100 + 50j, 100 + 100j]))
    assert np.abs(curve.imag * (100 - curve.real)).max() < 1e-9
    assert (curve == 100).any()


@given(
    points=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=12),
    data=st.data(),
)
def test_a_curve_made_in_pieces_is_the_curve(
    points: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Made again from any point on, with those before it, it is the same to the bit."""
    path = [complex(x, y) for x, y in points]
    whole = smooth(path)
    cut = data.draw(st.integers(0, len(path) - 1))
    _, index = split_smooth(path, 0, cut)
    before = max(cut - 2, 0)
    assert smooth(path[before:], cut - before) == whole[index:]


@given(
    steps=st.lists(st.tuples(st.integers(-12, 12), st.integers(-12, 12)), min_size=1, max_size=12),
    data=st.data(),
)
def test_more_points_change_no_curve_that_is_settled(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever comes after a path, its curve up to the settled point stays the same to the bit."""
    path = list(accumulate(complex(x, y) for x, y in steps))
    known = path[: data.draw(st.integers(1, len(path)))]
    end = settled(known)
    assert end >= len(known) - 3
    (curve, here), (longer, there) = (split_smooth(way, 0, end) for way in (known, path))
    assert curve[: here + 1] == longer[: there + 1]


def test_a_mouse_that_moves_slowly_draws_no_staircase() -> None:
    """Whole pixels along a slanted line make a line that is straight to a third of a pixel."""
    curve = np.array(smooth(thinned([complex(x, round(x * 0.31)) for x in range(201)])))
    assert np.abs(curve.imag - curve.real * 0.31).max() < 0.5
    inner = curve[10:-10]
    assert np.abs(inner.imag - inner.real * 0.31).max() < 0.36


@settings(max_examples=40)
@given(
    doings=st.lists(
        st.one_of(
            drawings(side=SIDE, max_points=5),
            st.sampled_from(["u", "y", "c"]),
            st.tuples(st.integers(0, SIDE), st.integers(0, SIDE)),
        ),
        max_size=10,
    )
)
def test_ink_that_is_taken_away_leaves_the_rest_as_it_was(
    new_hand: NewHand, doings: list[Drawing | str | tuple[int, int]]
) -> None:
    """After drawing, undo, redo, clear and wiping, the board looks as if it were drawn anew."""
    hand = new_hand()
    for doing in doings:
        if isinstance(doing, Drawing):
            draw_strokes(hand, doing)
        elif isinstance(doing, str):
            hand.key(pygame.key.key_code(doing))
        else:
            hand.press(doing, 3)
            hand.release(doing, 3)
    settle(hand)
    shown = board_pixels(hand)
    for pen in (0.1, 0.05):  # all ink is drawn anew for another pen
        hand.app.set_pen(pen)
        settle(hand)
    assert (shown == board_pixels(hand)).all()


def settle(hand: Hand) -> None:
    """Make frames until all ink is shown: what is very much comes over some of them."""
    while hand.step():
        pass


def test_a_numbers_ink_is_drawn_anew_within_a_frame(hand: Hand) -> None:
    """A part of it would be seen as a flicker while the pen's width is changed."""
    for place in range(10):
        x, y = 10 + 56 * place, 80
        hand.draw([(x, y), (x + 45, y), (x + 20, y + 250)], [(x + 10, y + 90), (x + 45, y + 90)])
    for pen in (0.02, 0.05, 0.1):
        hand.app.set_pen(pen)
        hand.step()
        assert hand.step() == []


def test_very_much_ink_comes_over_some_frames(hand: Hand) -> None:
    """Each frame draws a part of it; in the end all is there, and nothing more is drawn."""
    rng = np.random.default_rng(1)
    for x, y in rng.integers(20, 540, (400, 2)):
        hand.app.board.add(Stroke([(x, y), (x + 20, y + 10), (x + 5, y + 25)]))
    long = np.cumsum(rng.normal(0, 6, (9000, 2)), axis=0).clip(-200, 200) + 280
    hand.app.board.add(Stroke(long.tolist()))
    hand.app.set_pen(0.01)
    frames = 0
    while hand.step():
        frames += 1
        assert frames < 100
    assert frames > 5
    parts = board_pixels(hand)
    for x, y in long[::100].astype(int):
        assert is_ink(parts)[x - 2 : x + 3, y - 2 : y + 3].any()
    hand.app.undo()
    settle(hand)
    hand.app.redo()
    settle(hand)
    assert (board_pixels(hand) == parts).all()
