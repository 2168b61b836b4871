"""Uses every feature of the app, and takes a screenshot of each state.

    python tools/release/screenshots.py OUT

It also updates the pictures in the README: ``packages/digitdraw/screenshots.png``, which combines
some of the screenshots, and ``packages/digitdraw/screenshot.png``, which is one of them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from PIL import Image

from digitbench.replay.pilot import Pilot
from digitbench.run.suite import bundled_recordings
from digitdraw.storage.settings import Settings
from digitnet import Drawing, Recognizer, cli_support, read_drawings

APP = Path(__file__).parents[2] / "packages/digitdraw"
SHOWN_TOGETHER = ("inside", "gallery", "dark-number", "touch-tall")
LETTER = [[(0.3, 0.8), (0.5, 0.2), (0.7, 0.8)], [(0.38, 0.6), (0.62, 0.6)]]
UNSURE = [
    [(0.35, 0.3), (0.6, 0.25), (0.62, 0.5), (0.6, 0.85)],
    [(0.36, 0.3), (0.38, 0.5), (0.6, 0.5)],
]


@click.command(name="screenshots")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
def main(out: Path) -> None:
    """Write a screenshot of each state of the app to the folder OUT."""
    out.mkdir(parents=True, exist_ok=True)
    for name, pilot in _states(Recognizer()):
        pilot.screenshot(out / f"{name}.png")
        click.echo(out / f"{name}.png")
    shutil.copyfile(out / "number.png", APP / "screenshot.png")
    _combine([out / f"{name}.png" for name in SHOWN_TOGETHER], APP / "screenshots.png")


def _states(recognizer: Recognizer) -> Iterator[tuple[str, Pilot]]:
    recorded = {d.key_id: d for file in bundled_recordings() for d in read_drawings(file)}
    number = recorded["number-2026"]

    def start(theme: str = "light", window: tuple[int, int] = (960, 640)) -> Pilot:
        folder = Path(tempfile.mkdtemp(prefix="screenshots-"))
        settings = Settings(theme=theme)
        return Pilot(recognizer, save_dir=folder, window=window, settings=settings)

    pilot = start()
    yield "blank", pilot
    for _ in range(4):
        pilot.press("[")
    pilot.draw(number)
    yield "number", pilot
    pilot.point_at(_centre_of(pilot, 0))
    yield "number-pointed", pilot
    pilot.point_at((pilot.app.board_area.left - 30, 120))
    pilot.wait(600)
    yield "tooltip", pilot
    pilot.press("tab")
    pilot.press("tab")
    yield "focus", pilot
    pilot.press("escape")
    pilot.press("f1")
    yield "help", pilot
    pilot.press("escape")
    pilot.press("c")
    pilot.draw(LETTER)
    yield "no-digit", pilot
    pilot.press("ctrl+z")
    pilot.press("c")
    pilot.draw(UNSURE)
    yield "unsure", pilot
    pilot.press("4")
    yield "labelled", pilot
    pilot.press("c")
    area = pilot.app.board_area
    pilot.hold([(area.left + x, area.top + y) for x, y in ((180, 120), (380, 120), (300, 330))])
    yield "live", pilot
    pilot.press("s")
    yield "nothing-to-save", pilot

    pilot = start()
    _fill_gallery(pilot, list(recorded.values()))
    pilot.press("g")
    yield "gallery", pilot
    pilot.press("right")
    pilot.press("return")
    yield "opened", pilot
    pilot.press("c")
    pilot.draw(recorded["seven-crossed-01"])
    pilot.press("i")
    yield "inside", pilot
    pilot.screenshot(Path(tempfile.gettempdir()) / "dropped.png")
    pilot.drop(Path(tempfile.gettempdir()) / "dropped.png")
    yield "dropped", pilot
    pilot.press("escape")
    pilot.press("r")
    yield "reported", pilot

    for theme in ("light", "dark"):
        for name, window in {
            "number": (960, 640),
            "small": (480, 360),
            "tall": (480, 800),
            "4k": (3840, 2160),
        }.items():
            pilot = start(theme, window)
            pilot.draw(number)
            yield f"{theme}-{name}", pilot
    pilot = start("dark", (480, 720))
    pilot.draw(recorded["seven-crossed-01"])
    pilot.press("i")
    yield "touch-tall", pilot


def _fill_gallery(pilot: Pilot, drawings: list[Drawing]) -> None:
    for drawing in drawings[::11]:
        pilot.press("c")
        pilot.draw(drawing)
        if len(drawing.word) == 1:
            pilot.press(drawing.word)
        pilot.press("s")
    pilot.press("c")


def _centre_of(pilot: Pilot, digit: int) -> tuple[float, float]:
    area = pilot.app.board_area
    assert pilot.prediction is not None, "a number was drawn"  # noqa: S101
    left, top, width, height = pilot.prediction.digits[digit].box
    return area.left + left + width / 2, area.top + top + height / 2


def _combine(files: list[Path], out: Path, height: int = 400, gap: int = 16) -> None:
    """Combine pictures side by side, scaled to one height."""
    pictures = [Image.open(file).convert("RGB") for file in files]
    small = [
        picture.resize(
            (round(picture.width * height / picture.height), height), Image.Resampling.LANCZOS
        )
        for picture in pictures
    ]
    width = sum(picture.width for picture in small) + gap * (len(small) - 1)
    sheet = Image.new("RGB", (width, height), "white")
    left = 0
    for picture in small:
        sheet.paste(picture, (left, 0))
        left += picture.width + gap
    sheet.quantize(128).save(out, optimize=True)


if __name__ == "__main__":
    cli_support.run(main)
