"""Authors the recordings that digitbench ships: the usual ways to write each digit.

Every recording is a style of `digit_styles`, varied, placed somewhere on a canvas, and recorded
point by point as a mouse or a finger would report it. The seed decides everything, so the same seed
gives the same bytes.

    python tools/release/recordings.py            write the recordings to the package
    python tools/release/recordings.py --check    compare them with what the seed gives
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product, zip_longest
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import click
import numpy as np

from digit_styles import DIGITS, NOT_DIGITS, Style
from digitnet.errors import RecordingError
from digitnet.ink import Drawing
from digitnet.recordings import dump_drawing, write_drawings
from handwriting import PLACES, put, vary, write

if TYPE_CHECKING:
    from numpy.typing import NDArray

Range: TypeAlias = tuple[float, float]

FOLDER = Path(__file__).parents[2] / "packages/digitbench/src/digitbench/recordings"
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

CANVASES = {(600, 600): 0.7, (800, 500): 0.15, (360, 640): 0.15}
"""(width, height) in pixels, and the share of the recordings on such a canvas."""

# The drawing's longer side over the canvas's shorter side.
SMALLEST, SMALL, MEDIUM = (0.15, 0.15), (0.17, 0.28), (0.35, 0.6)
LARGE, LARGEST = (0.68, 0.85), (0.95, 0.95)
# The pen's diameter over the canvas's shorter side.
THIN, FINE, USUAL = (0.015, 0.02), (0.03, 0.035), (0.035, 0.06)
THICK, THICKEST = (0.08, 0.12), (0.15, 0.15)
# The slant in degrees; if positive, the top leans to the right.
UPRIGHT, LEFT, RIGHT = (-4.0, 4.0), (-20.0, -10.0), (10.0, 20.0)


@dataclass(frozen=True)
class Situation:
    """Place, size, pen and slant of a drawing; values are drawn uniformly from the ranges."""

    place: str
    size: Range
    pen: Range
    slant: Range = UPRIGHT


SITUATIONS = (
    Situation("middle", LARGEST, THIN),
    Situation("middle", LARGEST, FINE),
    Situation("middle", LARGE, USUAL),
    Situation("middle", LARGE, USUAL),
    Situation("middle", LARGE, USUAL, RIGHT),
    Situation("middle", LARGE, THICK),
    Situation("middle", MEDIUM, USUAL),
    Situation("middle", MEDIUM, USUAL),
    Situation("middle", MEDIUM, USUAL, LEFT),
    Situation("middle", MEDIUM, THIN, RIGHT),
    Situation("middle", (0.6, 0.8), THICKEST),
    Situation("middle", SMALL, USUAL),
    Situation("top-left", SMALLEST, THIN),
    Situation("top-left", SMALL, THICK),
    Situation("top-right", SMALLEST, FINE),
    Situation("top-right", MEDIUM, USUAL, LEFT),
    Situation("bottom-left", SMALL, USUAL, RIGHT),
    Situation("bottom-left", MEDIUM, THICK),
    Situation("bottom-right", SMALL, THIN),
    Situation("bottom-right", MEDIUM, USUAL),
    Situation("top", SMALL, FINE),
    Situation("bottom", MEDIUM, THICK),
    Situation("left", MEDIUM, THIN),
    Situation("right", SMALL, USUAL, LEFT),
)
"""Each digit is drawn once in each of these."""

REQUIRED = {
    "middle, middle", "top, left", "top, right", "bottom, left", "bottom, right",
    "15 %", "95 %", "thin-pen", "thick-pen", "slanted-left", "slanted-right", "mouse", "touch",
}  # fmt: skip
"""What each digit must have a recording of; see `find_gaps`."""

NOT_DIGIT_PLAN: dict[str, tuple[Range, int]] = {
    "dot": ((0.0, 0.0), 2), "dash": ((0.15, 0.4), 2),
    "scribble": ((0.3, 0.8), 1), "shape": ((0.3, 0.7), 1),
}  # fmt: skip
"""For each kind of ink that is not a digit: sizes, and number of recordings per style."""

NUMBERS = ("10", "31", "45", "58", "66", "190", "407", "2026", "7714", "82395")
"""Recordings of several digits on one canvas."""


def author_digit(digit: int, seed: int) -> list[Drawing]:
    """Author one digit in every situation, with each of its styles about equally often."""
    styles = [style for style in DIGITS if style.word == str(digit)]
    turns = [styles[i % len(styles)] for i in range(len(SITUATIONS))]
    # Shuffled, because otherwise a style would always have the same size.
    Random(f"{seed} {digit}").shuffle(turns)
    counts: Counter[str] = Counter()
    drawings = []
    for style, situation in zip(turns, SITUATIONS, strict=True):
        counts[style.name] += 1
        key_id = f"{NAMES[digit]}-{style.name}-{counts[style.name]:02}"
        drawings.append(author(style, situation, (style.name,), key_id, seed))
    return sorted(drawings, key=lambda drawing: drawing.key_id)


def author_not_digits(seed: int) -> list[Drawing]:
    """Author ink that must not be read as a digit."""
    drawings = []
    for kind, (sizes, copies) in NOT_DIGIT_PLAN.items():
        for style, copy in product(NOT_DIGITS[kind], range(1, copies + 1)):
            key_id = f"not-{style.name}-{copy:02}"
            place = Random(f"{seed} {key_id} place").choice(list(PLACES))
            tags = ("not-a-digit", kind, style.name)
            drawings.append(author(style, Situation(place, sizes, USUAL), tags, key_id, seed))
    return drawings


def author_number(word: str, seed: int) -> Drawing:
    """Author a number: its digits side by side, each in a random style."""
    rng = Random(f"{seed} number-{word}")
    canvas, pen, device = (
        (800, 500),
        rng.choice((0.015, 0.025, 0.035)),
        rng.choice(("mouse", "touch")),
    )
    slant = rng.uniform(*UPRIGHT)
    curves: list[NDArray[np.float64]] = []
    right = 0.0
    for digit in word:
        style = rng.choice([style for style in DIGITS if style.word == digit])
        varied = vary(style.curves(), slant, rng)
        left = min(float(curve[:, 0].min()) for curve in varied)
        curves += [curve + np.array([right - left, 0.0]) for curve in varied]
        right = max(float(curve[:, 0].max()) for curve in curves) + rng.uniform(0.25, 0.5)
    extent = np.ptp(np.concatenate(curves), axis=0)
    largest = float(((np.array(canvas) - 2 * pen * min(canvas)) / extent).min())
    longest = rng.uniform(0.6, 1.0) * largest * float(extent.max())
    placed = put(curves, canvas, longest, pen * min(canvas), "middle", rng)
    height = float(np.ptp(np.concatenate(placed)[:, 1]))
    return Drawing(
        strokes=write(placed, height, device, rng, fast=False),
        word=word,
        key_id=f"number-{word}",
        canvas=canvas,
        pen=pen,
        device=device,
        source="authored",
        tags=("number",),
    )


def author(
    style: Style, situation: Situation, tags: tuple[str, ...], key_id: str, seed: int
) -> Drawing:
    """Author one recording; its seed and name decide everything random."""
    rng = Random(f"{seed} {key_id}")
    canvas = rng.choices(list(CANVASES), list(CANVASES.values()))[0]
    device = rng.choice(("mouse", "touch"))
    size, slant = rng.uniform(*situation.size), rng.uniform(*situation.slant)
    pen = round(rng.uniform(*situation.pen), 3)
    fast = rng.random() < 0.2
    place, longest = situation.place, size * min(canvas)
    curves = vary(style.curves(), slant, rng)
    curves = put(curves, canvas, longest, pen * min(canvas), place, rng)
    return Drawing(
        strokes=write(curves, longest, device, rng, fast=fast),
        word=style.word,
        key_id=key_id,
        canvas=canvas,
        pen=pen,
        device=device,
        source="authored",
        tags=(*tags, *name_situation(place, size, pen, slant), *["fast"] * fast),
    )


def name_situation(place: str, size: float, pen: float, slant: float) -> Iterator[str]:
    """Yield tags for choosing recordings; the units are those of `Situation`."""
    yield "corner" if "-" in place else "middle" if place == "middle" else "edge"
    yield "small" if size < 0.3 else "medium" if size < 0.65 else "large"
    yield "thin-pen" if pen <= 0.02 else "medium-pen" if pen < 0.08 else "thick-pen"
    if abs(slant) >= 10:
        yield from ("slanted", "slanted-left" if slant < 0 else "slanted-right")


def find_gaps(drawings: Sequence[Drawing]) -> Iterator[str]:
    """Yield what a digit's recordings lack, based on the actual ink rather than the plan."""
    found: set[str] = set()
    for drawing in drawings:
        canvas = np.array(drawing.canvas)
        points = np.concatenate([stroke.xy for stroke in drawing.strokes])
        low, high = points.min(axis=0), points.max(axis=0)
        if min(low.min(), (canvas - high).min()) < drawing.pen_pixels / 2:
            yield f"{drawing.key_id} has ink outside the canvas"
        column, row = ((low + high) / 2 / canvas * 3).astype(int)
        size = (high - low).max() / canvas.min()
        found |= {drawing.device, *drawing.tags, f"{5 * round(20 * size)} %"}
        found.add(f"{('top', 'middle', 'bottom')[row]}, {('left', 'middle', 'right')[column]}")
    name = drawings[0].key_id.split("-")[0]
    yield from (f"{name} has no recording: {fact}" for fact in sorted(REQUIRED - found))
    if len({drawing.tags[0] for drawing in drawings}) < 3:
        yield f"{name} has fewer than three styles"


def find_differences(folder: Path, files: dict[str, list[Drawing]]) -> Iterator[str]:
    """Yield a line for each difference between the files in a folder and the expected ones."""
    for name, drawings in files.items():
        path = folder / name
        # Splits bytes at \n only, as other line ends, or none at the end, are differences too.
        lines = path.read_bytes().decode(errors="replace").split("\n")[:-1] if path.exists() else []
        for number, (drawing, line) in enumerate(zip_longest(drawings, lines), start=1):
            if drawing is None:
                yield f"{path}:{number}: is an extra line"
            elif line != dump_drawing(drawing):
                yield f"{path}:{number}: differs from {drawing.key_id} as the seed gives it"


@click.command()
@click.option("--seed", default=2026, show_default=True, help="Decides everything random.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    help="The folder of the recordings. Default: the package's.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if the files differ.")
def main(seed: int, folder: Path, *, check: bool) -> None:
    """Write the recordings that digitbench ships, or check them."""
    files = {f"digit-{digit}.ndjson": author_digit(digit, seed) for digit in range(10)}
    if gaps := [gap for drawings in files.values() for gap in find_gaps(drawings)]:
        raise click.ClickException("choose another seed:\n" + "\n".join(gaps))
    files["not-a-digit.ndjson"] = author_not_digits(seed)
    files["numbers.ndjson"] = [author_number(word, seed) for word in NUMBERS]
    if check:
        differences = list(find_differences(folder, files))
        for difference in differences:
            click.echo(difference)
        raise SystemExit(1 if differences else 0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, drawings in files.items():
            click.echo(f"{folder / name}: {write_drawings(folder / name, drawings)} recordings")
    except (OSError, RecordingError) as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
