"""Groups of command-line options, each handed to the command as one value."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from digitbench.selection import NO_DIGIT, Selection


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
    @click.option("--limit", type=click.IntRange(1), help="Replay only the first so many of these.")
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
