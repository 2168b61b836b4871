"""The command ``digitbench``: a group whose commands are imported when they are needed."""

from __future__ import annotations

import glob
import os
from importlib import import_module
from typing import NoReturn

import click

from digitnet import cli_support

SUMMARIES = {
    "run": "Replay recordings and check the answers; the default command.",
    "record": "Draw in digitdraw's window and save the session.",
    "show": "Replay one recording and show it.",
    "import": "Convert other formats to recordings.",
    "export": "Convert recordings to another format.",
    "lint": "Report problems in recordings.",
    "fuzz": "Use the app at random and check what it does.",
    "golden": "Compare what the network sees with the golden pictures.",
    "perf": "Measure speed and memory.",
}
"""The commands, each a module of `digitbench.commands` and a function in it of the same name."""


class _LazyGroup(click.Group):
    """Imports only the command that it runs, which is `run` if none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in {*SUMMARIES, *ctx.help_option_names, "--version"}:
            _refuse_mistyped(args[:1], ctx)
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002
        name = "import_" if cmd_name == "import" else cmd_name  # a keyword of Python
        command: click.Command = getattr(import_module(f"digitbench.commands.{name}"), name)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUMMARIES.items()))


def _refuse_mistyped(words: list[str], context: click.Context) -> None:
    """Refuse a first argument that is much like a command, and not a file, pattern or option."""
    for word in words:
        question = cli_support.did_you_mean(word, SUMMARIES)
        is_meant = word.startswith("-") or os.path.lexists(word) or glob.has_magic(word)
        if question and not is_meant:
            raise click.UsageError(f"{word!r} is no command, file or folder.{question}", context)


@click.group(name="digitbench", cls=_LazyGroup, context_settings=cli_support.CONTEXT)
@click.version_option(package_name="digitbench")
def cli() -> None:
    """Replay recorded strokes through the digitdraw app, without a screen, and check the answers.

    Without a command, `digitbench` means `digitbench run`.
    """


def main() -> NoReturn:
    """Run the command line."""
    cli_support.run(cli)
