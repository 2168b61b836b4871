"""Stroke templates: how people write the digits, and other shapes.

A path is a stroke from pen-down to pen-up as a few points, in the usual order and direction: x to
the right, y down, a digit about 1 high. The pen passes smoothly through them; a repeated point is a
corner, where it stops and changes direction. So two points between corners are a straight line. All
lengths in this module are in digit heights.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING

from handwriting import XY, Path, trace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Style:
    """One usual way to write something.

    Attributes:
        word: The digit, or "" for another shape.
        name: The name of the style or shape.
        strokes: Its paths, in drawing order.
    """

    word: str
    name: str
    strokes: tuple[Path, ...]

    def curves(self) -> list[NDArray[np.float64]]:
        """Return the curve of each stroke, float64 (n, 2) in digit heights; (1, 2) for a tap."""
        return [trace(path) for path in self.strokes]


def _arc(centre: XY, radius: float, start: float, sweep: float, *, growth: float = 0.0) -> Path:
    """Return points along a circle or spiral.

    Args:
        centre: Its centre.
        radius: Radius at the start, in digit heights.
        start: Start angle in degrees; 0 is to the right, 90 below.
        sweep: Length in degrees; if positive, clockwise on the screen.
        growth: Increase of the radius per full turn.
    """
    count = max(2, round(abs(sweep) / 40))
    path = []
    for i in range(count + 1):
        turned = sweep * i / count
        r = radius + growth * abs(turned) / 360
        angle = radians(start + turned)
        path.append((round(centre[0] + r * cos(angle), 3), round(centre[1] + r * sin(angle), 3)))
    return tuple(path)


def _polygon(*corners: XY) -> Path:
    """Return straight lines from corner to corner."""
    inner = [point for corner in corners[1:-1] for point in (corner, corner)]
    return (corners[0], *inner, corners[-1])


# fmt: off
_ZERO: Path = (
    (.42, .05), (.26, .00), (.09, .14), (.01, .48), (.08, .84), (.28, 1.0), (.49, .87), (.57, .52),
    (.51, .17), (.35, .01),
)

_BOWL: Path = ((.06, .43), (.27, .36), (.49, .45), (.56, .67), (.46, .90), (.24, 1.0), (.00, .92))

DIGITS: tuple[Style, ...] = (
    Style("0", "plain", (_ZERO,)),
    Style("0", "clockwise", ((
        (.26, .01), (.47, .11), (.57, .46), (.49, .86), (.27, 1.0), (.06, .85), (.00, .47),
        (.08, .13), (.29, .00),
    ),)),
    Style("0", "slashed", (_ZERO, ((.56, .08), (.02, .93)))),
    Style("0", "dotted", (_ZERO, ((.29, .50),))),
    Style("0", "narrow", ((
        (.26, .04), (.15, .01), (.04, .18), (.00, .50), (.05, .84), (.17, 1.0), (.30, .85),
        (.35, .50), (.30, .14), (.19, .00),
    ),)),

    Style("1", "bar", (((.02, .00), (.00, .50), (.00, 1.0)),)),
    Style("1", "flag", (((.00, .27), (.14, .15), (.26, .00), (.26, .00), (.25, 1.0)),)),
    Style("1", "flag-and-foot", (
        ((.06, .25), (.19, .14), (.30, .00), (.30, .00), (.29, 1.0)),
        ((.05, 1.0), (.53, .99)),
    )),

    Style("2", "round", ((
        (.03, .22), (.13, .05), (.32, .00), (.51, .09), (.56, .29), (.44, .54), (.22, .78),
        (.00, .98), (.00, .98), (.30, .97), (.62, .98),
    ),)),
    Style("2", "looped", ((
        (.05, .20), (.16, .04), (.35, .00), (.52, .12), (.53, .34), (.40, .62), (.22, .88),
        (.08, .97), (.01, .89), (.09, .80), (.26, .87), (.43, .97), (.64, .90),
    ),)),
    Style("2", "z-like", ((
        (.00, .20), (.09, .06), (.28, .00), (.46, .02), (.52, .11), (.44, .27), (.23, .62),
        (.01, .97), (.01, .97), (.30, .96), (.60, .99),
    ),)),

    Style("3", "round", ((
        (.05, .13), (.25, .00), (.47, .07), (.52, .25), (.40, .42), (.19, .47), (.19, .47),
        (.43, .51), (.57, .70), (.49, .91), (.27, 1.0), (.09, .96), (.00, .83),
    ),)),
    Style("3", "flat-top", ((
        (.03, .02), (.52, .00), (.52, .00), (.22, .39), (.22, .39), (.45, .44), (.57, .65),
        (.50, .89), (.28, 1.0), (.08, .95), (.00, .85),
    ),)),
    Style("3", "small-middle", ((
        (.06, .10), (.26, .00), (.45, .08), (.48, .26), (.38, .43), (.29, .47), (.29, .47),
        (.43, .53), (.53, .72), (.45, .92), (.24, 1.0), (.01, .90),
    ),)),
    Style("3", "curled", ((
        (.05, .14), (.24, .00), (.46, .06), (.51, .24), (.40, .42), (.25, .51), (.16, .47),
        (.22, .41), (.36, .45), (.53, .59), (.55, .81), (.37, .98), (.12, .97), (.00, .85),
    ),)),

    Style("4", "open", (
        ((.13, .03), (.01, .58), (.01, .58), (.62, .56)),
        ((.45, .20), (.42, .60), (.41, 1.0)),
    )),
    Style("4", "closed", (
        ((.42, .00), (.22, .36), (.00, .66), (.00, .66), (.62, .65)),
        ((.42, .00), (.41, 1.0)),
    )),
    Style("4", "one-stroke", ((
        (.12, .02), (.08, .32), (.01, .59), (.01, .59), (.25, .61), (.46, .56), (.54, .38),
        (.51, .20), (.51, .20), (.45, .62), (.42, 1.0),
    ),)),

    Style("5", "one-stroke", (((.54, .01), (.10, .02), (.10, .02), *_BOWL[:1], *_BOWL),)),
    Style("5", "bar-last", (
        ((.11, .02), *_BOWL[:1], *_BOWL),
        ((.11, .02), (.33, .01), (.57, .02)),
    )),
    Style("5", "angular", ((
        (.52, .00), (.05, .00), (.05, .00), (.03, .44), (.03, .44), (.44, .44), (.54, .52),
        (.55, .90), (.45, .98), (.00, .99),
    ),)),

    Style("6", "round", ((
        (.47, .03), (.25, .14), (.07, .42), (.02, .75), (.14, .97), (.34, .99), (.52, .84),
        (.49, .62), (.31, .54), (.13, .63), (.04, .80),
    ),)),
    Style("6", "straight", ((
        (.40, .00), (.22, .34), (.05, .68), (.04, .88), (.18, 1.0), (.39, .95), (.49, .79),
        (.41, .63), (.24, .62), (.08, .75),
    ),)),
    Style("6", "large-loop", ((
        (.44, .00), (.22, .13), (.05, .40), (.01, .72), (.14, .95), (.36, 1.0), (.58, .86),
        (.61, .60), (.45, .40), (.22, .42), (.05, .60),
    ),)),

    Style("7", "plain", (
        ((.00, .03), (.28, .02), (.56, .00), (.56, .00), (.37, .44), (.22, 1.0)),
    )),
    Style("7", "crossed", (
        ((.00, .04), (.30, .02), (.57, .01), (.57, .01), (.37, .48), (.20, 1.0)),
        ((.15, .52), (.56, .48)),
    )),
    Style("7", "serif", ((
        (.01, .19), (.03, .02), (.03, .02), (.58, .01), (.58, .01), (.39, .34), (.28, .66),
        (.25, 1.0),
    ),)),

    Style("8", "one-stroke", ((
        (.47, .13), (.29, .00), (.10, .08), (.08, .28), (.27, .45), (.47, .61), (.53, .81),
        (.41, .98), (.18, .99), (.03, .85), (.08, .64), (.28, .46), (.46, .29), (.49, .14),
        (.41, .05),
    ),)),
    Style("8", "two-circles", (
        _arc((.29, .23), .23, -60, -385),
        ((.30, .46), (.10, .54), (.01, .74), (.10, .94), (.29, 1.0), (.49, .92), (.57, .72),
         (.48, .53), (.27, .46)),
    )),
    Style("8", "from-middle", ((
        (.29, .47), (.45, .34), (.49, .15), (.38, .02), (.19, .02), (.08, .16), (.15, .35),
        (.31, .48), (.49, .64), (.53, .84), (.39, .99), (.16, .98), (.03, .82), (.09, .62),
        (.28, .47),
    ),)),

    Style("9", "straight", ((
        (.50, .14), (.34, .00), (.13, .04), (.01, .23), (.08, .44), (.26, .50), (.43, .38),
        (.51, .14), (.51, .14), (.47, 1.0),
    ),)),
    Style("9", "curled", ((
        (.50, .13), (.33, .00), (.11, .05), (.01, .25), (.09, .45), (.28, .50), (.44, .38),
        (.52, .12), (.52, .12), (.54, .52), (.48, .85), (.30, 1.0), (.12, .97), (.04, .86),
    ),)),
    Style("9", "two-strokes", (
        _arc((.25, .25), .25, -15, -360),
        ((.50, .05), (.49, .50), (.44, 1.0)),
    )),
)
"""The usual ways to write each digit."""

NOT_DIGITS: dict[str, tuple[Style, ...]] = {
    "dot": (
        Style("", "click", (((0, 0),),)),
        Style("", "jitter", (_polygon((0, 0), (1, 0), (1, 1), (0, 1)),)),
    ),
    "dash": (
        Style("", "flat-dash", (((.0, .02), (.5, .0), (1, .03)),)),
        Style("", "rising-dash", (((.0, .3), (1, .0)),)),
    ),
    "scribble": (
        Style("", "zigzag", (_polygon(
            (.0, .1), (.1, .9), (.2, .0), (.3, .95), (.4, .05), (.5, .9), (.6, .1), (.7, 1),
            (.8, .0), (.9, .9), (1, .1),
        ),)),
        Style("", "coil", (tuple(
            (round(.01 * i + .2 * cos(.7 * i), 3), round(.4 * sin(.7 * i), 3)) for i in range(64)
        ),)),
        Style("", "knot", ((
            (.1, .2), (.8, .1), (.3, .9), (.0, .4), (.9, .5), (.5, 1), (.2, .0), (1, .8), (.1, .7),
            (.6, .1), (.7, .9), (.0, .6), (.9, .2), (.4, .5), (.3, .1), (.8, .7), (.2, .9),
        ),)),
        Style("", "shading", (
            _polygon((.0, .3), (.3, .0), (.0, .7), (.7, .0), (.1, 1), (1, .1), (.4, 1), (1, .4)),
        )),
        Style("", "crossing-out", (
            ((.0, .1), (1, .3), (1, .3), (.05, .4), (.05, .4), (.95, .6), (.95, .6), (.0, .75)),
            ((.1, .9), (.9, .0), (.9, .0), (.3, .95)),
        )),
    ),
    "shape": (
        Style("", "square", (_polygon((0, 0), (0, 1), (1, 1), (1, 0), (.02, .01)),)),
        Style("", "triangle", (_polygon((.55, 0), (0, .95), (1.1, .95), (.56, .02)),)),
        Style("", "spiral", (_arc((.5, .5), .02, 0, 1300, growth=.14),)),
        Style("", "star", (_polygon(
            (.19, .97), (.50, .00), (.81, .98), (.00, .38), (1, .37), (.21, .95),
        ),)),
        Style("", "heart", ((
            (.50, .25), (.36, .03), (.12, .04), (.00, .27), (.14, .56), (.50, .95), (.50, .95),
            (.87, .55), (1, .26), (.87, .03), (.63, .04), (.50, .25),
        ),)),
        Style("", "x", (((.0, .0), (.8, 1)), ((.8, .02), (.0, 1)))),
        Style("", "check-mark", (((.0, .55), (.28, .95), (.28, .95), (1, .0)),)),
        Style("", "wave", ((
            (.0, .2), (.12, .05), (.25, .2), (.38, .35), (.50, .2), (.62, .05), (.75, .2),
            (.88, .35), (1, .2),
        ),)),
        Style("", "circled-plus", (
            _arc((.5, .5), .5, -80, -370), ((.5, .18), (.5, .82)), ((.18, .5), (.82, .5)),
        )),
        Style("", "arrow", (((.0, .4), (1, .4)), _polygon((.7, .1), (1, .4), (.7, .7)))),
        Style("", "hash", (
            ((.35, .0), (.25, 1)), ((.75, .0), (.65, 1)),
            ((.0, .35), (1, .33)), ((.0, .7), (1, .68)),
        )),
        Style("", "smiley", (
            _arc((.5, .5), .5, -95, -365), ((.33, .38),), ((.67, .38),),
            ((.25, .62), (.50, .80), (.75, .62)),
        )),
    ),
}
"""Shapes that are not digits, by kind; a dot's unit is the pixel by which a hand shakes."""
# fmt: on
