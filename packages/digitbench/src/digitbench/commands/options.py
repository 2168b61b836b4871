"""Groups of command-line options, each passed to the command as one value."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from digitbench.checks.registry import CHECKS, DEFAULT_CHECKS
from digitbench.commands.inputs import ExistingPath
from digitbench.commands.output import prepare_folder
from digitbench.replay.events import Device
from digitbench.replay.replayer import Setup
from digitbench.run.baseline import read_baseline
from digitbench.run.gates import ALL, GateError, Gates, checked_accuracy
from digitbench.run.gates_file import read_gates
from digitbench.run.selection import NO_DIGIT, Selection
from digitbench.run.tally import NUMBERS

_SIDES = range(240, 7680 + 1)
"""Valid widths and heights of a window, in pixels: from a strip of a board to an 8K screen."""

_PENS = (0.002, 0.5)
"""Valid pen diameters relative to the canvas's shorter side: from below a pixel to a blot."""


class Number(click.FloatRange):
    """A finite number within a range; click itself accepts "nan" for every range."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number.", param, ctx)
        return number


def _window(context: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int]:
    """Parse a text such as 960x640 to (width, height) in pixels."""
    if text is None:
        return Setup.window
    match = re.fullmatch(r"([0-9]{1,9})x([0-9]{1,9})", text)
    if match is None:
        raise click.BadParameter(
            f"{text!r} is not a size; use for example 960x640.", context, option
        )
    width, height = int(match[1]), int(match[2])
    if width not in _SIDES or height not in _SIDES:
        sides = f"{_SIDES[0]} to {_SIDES[-1]}"
        raise click.BadParameter(
            f"{text!r} is not a window size; both sides must have {sides} pixels.", context, option
        )
    return width, height


def _checks(context: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
    """Parse names separated by commas, "all" or "none" to names in their usual order."""
    wanted = {"all": set(CHECKS), "none": set()}.get(text, set(text.split(",")))
    if unknown := sorted(wanted - CHECKS.keys()):
        known = ", ".join(CHECKS)
        raise click.BadParameter(
            f"{unknown[0]!r} is not a check; use {known}, all or none.", context, option
        )
    return tuple(name for name in CHECKS if name in wanted)


check_option = click.option(
    "--check",
    "checks",
    callback=_checks,
    default=",".join(DEFAULT_CHECKS),
    show_default=True,
    metavar="NAMES",
    help="What to check besides the answers: "
    + "; ".join(f"{name} ({check.summary})" for name, check in CHECKS.items())
    + ". Separate names with commas, or use all or none. The answers that a recording expects are "
    "always checked.",
)
"""Adds the option --check, passed as `checks`."""


def _accuracies(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> dict[str, float]:
    """Parse texts such as 0.99, 7=0.98 or tag:crossed=1 to accuracies by group."""
    accuracies: dict[str, float] = {}
    for text in texts:
        group, _, share = text.rpartition("=")
        try:
            name, accuracy = checked_accuracy(group or ALL, float(share))
        except ValueError:
            reason = f"{share!r} is not an accuracy; use a number from 0 to 1."
            raise click.BadParameter(reason, context, option) from None
        except GateError as error:
            raise click.BadParameter(f"{error}.", context, option) from None
        if name in accuracies:
            raise click.BadParameter(f"{name} is given twice.", context, option)
        accuracies[name] = accuracy
    return accuracies


def replay_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for how recordings are replayed, passed as `setup`."""

    @click.option(
        "--window",
        callback=_window,
        metavar="WxH",
        help="Size of the app's window in pixels; {}x{} by default.".format(*Setup.window),
    )
    @click.option(
        "--input",
        "input_",
        type=click.Choice(["mouse", "touch"]),
        help="Draw all recordings with this device.",
    )
    @click.option(
        "--pen",
        type=Number(*_PENS),
        metavar="SHARE",
        help="Pen diameter for all recordings, relative to the canvas's shorter side.",
    )
    @click.option(
        "--save-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder that the app saves to.",
    )
    @click.option(
        "--live/--no-live",
        default=None,
        help="Read all recordings while they are drawn, or only when the pen is lifted; by default "
        "as they were recorded, or live, as the app starts.",
    )
    @click.option(
        "--every-frame",
        is_flag=True,
        help="Make a frame at every moment of a recording, as a fast screen does; otherwise the "
        "app draws at the start, and when something is complete: a stroke, an undo and so on.",
    )
    @functools.wraps(command)
    def with_setup(
        *arguments: Any,
        window: tuple[int, int],
        input_: Device | None,
        pen: float | None,
        save_dir: Path | None,
        live: bool | None,
        every_frame: bool,
        **others: Any,
    ) -> Any:
        if save_dir is not None:
            prepare_folder(save_dir, "--save-dir")
        setup = Setup(window, input_, pen, save_dir, live=live, every_frame=every_frame)
        return command(*arguments, setup=setup, **others)

    return with_setup


def gate_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for when a run fails, passed as `gates` and `no_fail`."""

    @click.option(
        "--min-accuracy",
        callback=_accuracies,
        multiple=True,
        metavar="[GROUP=]X",
        help="Allow wrong answers, and fail if the accuracy is below X, 0 to 1; of all recordings, "
        f"or of a GROUP: 0 to 9, {NUMBERS}, {NO_DIGIT} (not a digit) or tag:NAME. May be repeated.",
    )
    @click.option(
        "--max-p99-ms",
        type=Number(0, min_open=True),
        metavar="MS",
        help="Fail if the 99th percentile of the time from release to answer drawn is longer; jobs "
        "that compete for cores increase it.",
    )
    @click.option(
        "--baseline",
        type=ExistingPath(),
        metavar="FILE",
        help="Allow wrong answers, but not of a recording that was right in this report of --json.",
    )
    @click.option(
        "--gates",
        "gates_file",
        type=ExistingPath(),
        metavar="FILE.toml",
        help="File with min-accuracy, max-p99-ms and baseline, for options that are not given.",
    )
    @click.option(
        "--no-fail",
        is_flag=True,
        help="Only measure: whatever comes of the recordings, the run passes. Not with a gate.",
    )
    @functools.wraps(command)
    def with_gates(
        *arguments: Any,
        min_accuracy: dict[str, float],
        max_p99_ms: float | None,
        baseline: Path | None,
        gates_file: Path | None,
        no_fail: bool,
        **others: Any,
    ) -> Any:
        if no_fail and (min_accuracy or max_p99_ms or baseline or gates_file):
            raise click.UsageError("--no-fail contradicts gates; leave one or the other out.")
        gates = read_gates(gates_file) if gates_file else Gates()
        given = Gates(min_accuracy, max_p99_ms, read_baseline(baseline) if baseline else None)
        gates = gates.overridden_by(given)
        return command(*arguments, gates=gates, no_fail=no_fail, **others)

    return with_gates


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for which recordings to replay, passed as `selection`."""

    @click.option(
        "--word",
        multiple=True,
        metavar="W",
        callback=lambda _context, _option, words: tuple(
            "" if word == NO_DIGIT else word for word in words
        ),
        help=f"Only recordings with this word; {NO_DIGIT} for no digit. This option and the next "
        "four may be repeated, to select any of several values.",
    )
    @click.option("--tag", multiple=True, metavar="T", help="Only recordings with this tag.")
    @click.option(
        "--device", multiple=True, metavar="D", help="Only recordings drawn with this device."
    )
    @click.option("--writer", multiple=True, metavar="W", help="Only recordings by this person.")
    @click.option("--key-id", multiple=True, metavar="K", help="Only recordings with this name.")
    @click.option(
        "--shuffle",
        type=click.IntRange(0),
        metavar="SEED",
        help="Replay in a random order, the same for the same seed.",
    )
    @click.option(
        "--limit",
        type=click.IntRange(1),
        metavar="N",
        help="Replay only the first N of these.",
    )
    @functools.wraps(command)
    def with_selection(
        *arguments: Any,
        word: tuple[str, ...],
        tag: tuple[str, ...],
        device: tuple[str, ...],
        writer: tuple[str, ...],
        key_id: tuple[str, ...],
        shuffle: int | None,
        limit: int | None,
        **others: Any,
    ) -> Any:
        selection = Selection(word, tag, device, writer, key_id, shuffle, limit)
        return command(*arguments, selection=selection, **others)

    return with_selection
