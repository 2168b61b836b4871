"""Filling rectangles."""

from __future__ import annotations

import numpy as np
import pygame
from hypothesis import given
from hypothesis import strategies as st

from digitdraw.ink.paint import around, fill


@given(
    surface=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    clip=st.tuples(*[st.integers(-5, 45)] * 2, *[st.integers(0, 45)] * 2),
    # Not negative: there, pygame fills the full width, starting at the edge of the surface.
    area=st.tuples(*[st.integers(0, 45)] * 2, *[st.integers(0, 45)] * 2),
    depth=st.sampled_from([16, 24, 32]),
)
def test_fill_fills_what_sdl_fills(
    surface: tuple[int, int],
    clip: tuple[int, int, int, int],
    area: tuple[int, int, int, int],
    depth: int,
) -> None:
    """To the pixel, within the clip rectangle, at any colour depth."""
    ours, sdls = (pygame.Surface(surface, depth=depth) for _ in range(2))
    for one in (ours, sdls):
        one.fill((1, 2, 3))
        one.set_clip(clip)
    fill(ours, (200, 100, 50), pygame.Rect(area))
    sdls.fill((200, 100, 50), area)
    assert pygame.image.tobytes(ours, "RGB") == pygame.image.tobytes(sdls, "RGB")


def test_fill_clips_to_the_surface() -> None:
    """A rectangle that starts above and to the left of it ends in the right place."""
    surface = pygame.Surface((4, 3), depth=32)
    fill(surface, (255, 255, 255), pygame.Rect(-1, -1, 3, 2))
    lit = pygame.surfarray.array3d(surface)[..., 0] == 255
    np.testing.assert_array_equal(np.argwhere(lit), [(0, 0), (1, 0)])


@given(st.data())
def test_around_covers_all_but_the_middle(data: st.DataObject) -> None:
    """Each pixel of the outer rectangle once, and none of the inner one."""
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
