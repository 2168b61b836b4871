"""The command ``digitnet``."""

from __future__ import annotations

import click

from digitnet import cli_support
from digitnet.cli.evaluate import evaluate
from digitnet.cli.finetune import finetune
from digitnet.cli.grid import grid
from digitnet.cli.info import info
from digitnet.cli.predict import predict
from digitnet.cli.train import train


@click.group(name="digitnet", no_args_is_help=False, context_settings=cli_support.CONTEXT)
@click.version_option(package_name="digitnet")
def cli() -> None:
    """Read handwritten digits, and train and measure the models that do."""


for command in (predict, grid, train, finetune, evaluate, info):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli_support.run(cli)
