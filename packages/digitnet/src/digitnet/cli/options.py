"""What the commands that need PyTorch share."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from digitnet.errors import DataError

DEVICES = ("auto", "cuda", "mps", "cpu")

out_option = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write the model to.",
)

seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of everything random."
)

device_option = click.option(
    "--device",
    type=click.Choice(DEVICES),
    default=DEVICES[0],
    help="Where to train. auto, the default, is the first available of cuda, mps and cpu.",
)


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given; the configuration's defaults apply to the others."""
    return {name: value for name, value in options.items() if value is not None}


def import_training(module: str) -> Any:
    """Import a module of digitnet.training when a command runs, as PyTorch takes seconds to load.

    Raises:
        DataError: PyTorch or another package that training needs is not installed.
    """
    try:
        return importlib.import_module(f"digitnet.training.{module}")
    except ModuleNotFoundError as error:
        raise DataError(
            f"training and evaluation need {error.name}, which is not installed; "
            "install digitnet[train]"
        ) from None
