"""The command ``digitbench import``."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from digitbench.commands.inputs import ExistingPath
from digitbench.commands.output import new_file_option
from digitbench.formats.collection import Collection
from digitbench.formats.format import Importer
from digitbench.formats.registry import IMPORTERS
from digitbench.formats.skipped import Skipped
from digitbench.text import WORD, counted
from digitnet import Drawing, cli_support, write_drawings

_IMPORTERS = {importer.name: importer for importer in IMPORTERS}


def _words(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    words = {}
    for value in values:
        label, equals, word = value.rpartition("=")
        if not equals or (word and not WORD.fullmatch(word)):
            raise click.BadParameter(
                f"{value!r} does not map a label to a word; use circle=0, or circle= for no digit."
            )
        words[" ".join(label.split())] = word
    return words


_OPTIONS = {option.name: option for importer in IMPORTERS for option in importer.options}
"""The formats' own options; several formats may have the same one."""


@click.command("import", params=list(_OPTIONS.values()))
@click.argument("arguments", nargs=-1, required=True, metavar=f"[{'|'.join(_IMPORTERS)}] PATH…")
@new_file_option("Recordings file to write.")
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="LABEL=WORD",
    callback=_words,
    help="What a label means: circle=0, or circle= for no digit; =7 for ink without a label. May "
    "be repeated.",
)
@click.pass_context
def import_(
    context: click.Context,
    /,
    arguments: tuple[str, ...],
    out: Path,
    words: dict[str, str],
    **options: Any,
) -> None:
    """Convert files in another format, or folders of them, to a recordings file.

    Without a format, that of each file is found by its content. Files may be packed by gzip.
    Numbers keep their labels. A label without a digit becomes a tag, and the word "", which means
    that the ink is not a digit; --word sets what other labels mean. Labels that cannot belong to
    their ink are not imported; --split imports the parts of such pages. What cannot be imported is
    counted on stderr, with file and line number for the first few.
    """
    importer, names = _format_and_paths(arguments)
    if importer is not None:
        _check_options(importer, context)
    paths = [ExistingPath().convert(name, None, context) for name in names]
    reports = _Reports()
    skipped = Skipped(reports.add)
    collection = Collection(importer, IMPORTERS, options, words, skipped)
    drawings = list(_with_unique_names(collection.read(paths)))
    if not drawings:
        reason = reports.only or f"{paths[0]}: {skipped.summary(0)}"
        raise click.ClickException(f"{reason}; {out} is not written")
    if skipped:
        reports.add(skipped.summary(len(drawings)))
    count = write_drawings(out, drawings)
    click.echo(f"{out}: {counted(count, 'recording')}")


class _Reports:
    """Prints what was skipped, but the first report only when another one follows.

    So where nothing was imported because of one thing, that can be told in one line.

    Attributes:
        only: the report, if there is only one; otherwise "".
    """

    def __init__(self) -> None:
        self.only = ""
        self._has_one = False

    def add(self, message: str) -> None:
        """Report something."""
        if not self._has_one:
            self.only, self._has_one = message, True
            return
        for each in filter(None, (self.only, message)):
            cli_support.complain("digitbench", each)
        self.only = ""


def _format_and_paths(arguments: tuple[str, ...]) -> tuple[Importer | None, Sequence[str]]:
    """Return the format, if it is named, and the paths.

    Raises:
        UsageError: there is no path, or what precedes the paths is no format.
    """
    name, *others = arguments
    importer = _IMPORTERS.get(name)
    if importer is None:
        if others and not glob.has_magic(name) and not os.path.lexists(name):
            formats = ", ".join(_IMPORTERS)
            raise click.UsageError(f"{name!r} is neither a format ({formats}) nor a path.")
        return None, arguments
    if not others:
        raise click.UsageError(f"Name the files to import after {name}.")
    return importer, others


def _check_options(importer: Importer, context: click.Context) -> None:
    """Refuse options of other formats.

    Raises:
        UsageError: one was set.
    """
    own = [option.name for option in importer.options]
    for name, option in _OPTIONS.items():
        source = context.get_parameter_source(name or "")
        if name not in own and source is ParameterSource.COMMANDLINE:
            others = [each.name for each in IMPORTERS if name in {o.name for o in each.options}]
            raise click.UsageError(
                f"{option.opts[0]} is an option of {' and '.join(others)}, not of {importer.name}."
            )


def _with_unique_names(drawings: Iterable[Drawing]) -> Iterator[Drawing]:
    """Number drawings that share a name, because several files may use the same names."""
    counts: Counter[str] = Counter()
    for drawing in drawings:
        counts[drawing.key_id] += 1
        count = counts[drawing.key_id]
        is_repeated = count > 1 and drawing.key_id
        yield replace(drawing, key_id=f"{drawing.key_id}~{count}") if is_repeated else drawing
