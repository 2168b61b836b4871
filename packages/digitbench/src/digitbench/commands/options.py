"""Groups of command-line options, each handed to the command as one value."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from digitbench.checks.registry import CHECKS, DEFAULT_CHECKS
from digitbench.replay.events import Device
from digitbench.replay.replayer import Setup
from digitbench.run.baseline import read_baseline
from digitbench.run.gates import ALL, GateError, Gates, checked_accuracy
from digitbench.run.gates_file import read_gates
from digitbench.run.selection import NO_DIGIT, Selection
from digitbench.run.tally import NUMBERS

_SIDES = range(240, 7680 + 1)
"""A window's width and height in pixels: from where the board is a strip, to an 8K screen's."""

_PENS = (0.002, 0.5)
"""The pen's diameter over the canvas's shorter side: from thinner than a pixel to a blot."""


class Number(click.FloatRange):
    """A number within a range; "nan", which click finds in every range, and "inf" are none."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Turn a text into a number, or fail."""
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number


def _window(context: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int]:
    """Turn a text such as 960x640 into (width, height) in pixels."""
    if text is None:
        return Setup.window
    match = re.fullmatch(r"([0-9]{1,9})x([0-9]{1,9})", text)
    if match is None:
        raise click.BadParameter(f"{text!r} is no size; use for example 960x640.", context, option)
    width, height = int(match[1]), int(match[2])
    if width not in _SIDES or height not in _SIDES:
        sides = f"{_SIDES[0]} to {_SIDES[-1]}"
        raise click.BadParameter(
            f"{text!r} is no window; both sides must have {sides} pixels.", context, option
        )
    return width, height


def _checks(context: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
    """Turn names with commas between them, "all" or "none" into names in their order."""
    wanted = {"all": set(CHECKS), "none": set()}.get(text, set(text.split(",")))
    if unknown := sorted(wanted - CHECKS.keys()):
        known = ", ".join(CHECKS)
        raise click.BadParameter(
            f"{unknown[0]!r} is no check; use {known}, all or none.", context, option
        )
    return tuple(name for name in CHECKS if name in wanted)


check_option = click.option(
    "--check",
    "checks",
    callback=_checks,
    default=",".join(DEFAULT_CHECKS),
    show_default=True,
    metavar="NAMES",
    help="Besides the answers, check what must hold of each recording, and fail where it does not: "
    + "; ".join(f"{name} ({check.summary})" for name, check in CHECKS.items())
    + ". Several with commas; all, or none. What a recording expects is checked always.",
)
"""What is checked besides the answers, as an argument `checks`."""


def _least(
    context: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> dict[str, float]:
    """Turn texts such as 0.99, 7=0.98 or tag:crossed=1 into accuracies by group."""
    least: dict[str, float] = {}
    for text in texts:
        group, _, share = text.rpartition("=")
        try:
            name, accuracy = checked_accuracy(group or ALL, float(share))
        except ValueError:
            reason = f"{share!r} is no accuracy; use a number from 0 to 1."
            raise click.BadParameter(reason, context, option) from None
        except GateError as error:
            raise click.BadParameter(f"{error}.", context, option) from None
        if name in least:
            raise click.BadParameter(f"{name} is given twice.", context, option)
        least[name] = accuracy
    return least


def replay_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of how recordings are replayed, as an argument `setup`."""

    @click.option(
        "--window",
        callback=_window,
        metavar="WxH",
        help="The app's window in pixels; {}x{} if not given.".format(*Setup.window),
    )
    @click.option(
        "--input", "input_", type=click.Choice(["mouse", "touch"]), help="Draw all with this."
    )
    @click.option(
        "--pen",
        type=Number(*_PENS),
        metavar="SHARE",
        help="Draw all with a pen of this diameter, as a share of the canvas's shorter side.",
    )
    @click.option(
        "--save-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the app saves."
    )
    @functools.wraps(command)
    def with_setup(
        *arguments: Any,
        window: tuple[int, int],
        input_: Device | None,
        pen: float | None,
        save_dir: Path | None,
        **others: Any,
    ) -> Any:
        return command(*arguments, setup=Setup(window, input_, pen, save_dir), **others)

    return with_setup


def gate_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options by which a run fails, as an argument `gates`."""

    @click.option(
        "--min-accuracy",
        callback=_least,
        multiple=True,
        metavar="[GROUP=]X",
        help=f"Fail if a smaller share is right, 0 to 1; of all, or of a GROUP: 0 to 9, {NUMBERS}, "
        f"{NO_DIGIT} (no digit) or tag:NAME. May be given several times.",
    )
    @click.option(
        "--max-p99-ms",
        type=Number(0, min_open=True),
        metavar="MS",
        help="Fail if the 99th percentile from release to answer drawn is longer; jobs that "
        "compete for cores make it so.",
    )
    @click.option(
        "--baseline",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Fail if what was right in this report of --json no longer is.",
    )
    @click.option(
        "--gates",
        "gates_file",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="Take min-accuracy, max-p99-ms and baseline from here, where no option is given.",
    )
    @functools.wraps(command)
    def with_gates(
        *arguments: Any,
        min_accuracy: dict[str, float],
        max_p99_ms: float | None,
        baseline: Path | None,
        gates_file: Path | None,
        **others: Any,
    ) -> Any:
        gates = read_gates(gates_file) if gates_file else Gates()
        given = Gates(min_accuracy, max_p99_ms, read_baseline(baseline) if baseline else None)
        return command(*arguments, gates=gates.overridden_by(given), **others)

    return with_gates


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options by which recordings are chosen, as an argument `selection`."""

    @click.option(
        "--word",
        multiple=True,
        metavar="W",
        callback=lambda _context, _option, words: tuple(
            "" if word == NO_DIGIT else word for word in words
        ),
        help=f"Only those that mean this; {NO_DIGIT} for no digit. May be given several times, for "
        "any of these; so may the next three.",
    )
    @click.option("--tag", multiple=True, metavar="T", help="Only those with this tag.")
    @click.option("--device", multiple=True, metavar="D", help="Only those drawn with this device.")
    @click.option("--writer", multiple=True, metavar="W", help="Only those that this person drew.")
    @click.option(
        "--shuffle",
        type=click.IntRange(0),
        metavar="SEED",
        help="Replay in another order, which is the same for the same seed.",
    )
    @click.option(
        "--limit",
        type=click.IntRange(1),
        metavar="N",
        help="Replay only the first so many of these.",
    )
    @functools.wraps(command)
    def with_selection(
        *arguments: Any,
        word: tuple[str, ...],
        tag: tuple[str, ...],
        device: tuple[str, ...],
        writer: tuple[str, ...],
        shuffle: int | None,
        limit: int | None,
        **others: Any,
    ) -> Any:
        selection = Selection(word, tag, device, writer, shuffle, limit)
        return command(*arguments, selection=selection, **others)

    return with_selection
