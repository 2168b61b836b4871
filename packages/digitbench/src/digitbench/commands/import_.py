"""The command ``digitbench import``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from digitbench.formats.format import Importer
from digitbench.formats.registry import IMPORTERS
from digitbench.formats.skipped import Skipped
from digitbench.text import WORD
from digitnet import Drawing, cli_support, write_drawings
from digitnet.errors import RecordingError
from digitnet.recordings.finder import list_files

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


@click.command("import", params=[option for importer in IMPORTERS for option in importer.options])
@click.argument("name", type=click.Choice(list(_IMPORTERS)), metavar="|".join(_IMPORTERS))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Recordings file to write.",
)
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
    name: str,
    paths: tuple[Path, ...],
    out: Path,
    words: dict[str, str],
    **options: Any,
) -> None:
    """Convert files in another format, or folders of them, to a recordings file.

    Numbers keep their labels. A label without a digit becomes a tag, and the word "", which means
    that the ink is not a digit; --word sets what other labels mean. What cannot be imported is
    counted on stderr, with file and line number for the first few.
    """
    importer = _IMPORTERS[name]
    skipped = Skipped(partial(cli_support.complain, "digitbench"))
    own_options = _own_options(importer, options, context)
    read = partial(importer.read, skipped=skipped, words=words, **own_options)
    drawings = list(_with_unique_names(_read_all(paths, importer, read, skipped)))
    if skipped:
        cli_support.complain("digitbench", skipped.summary(len(drawings)))
    if not drawings:
        raise click.ClickException(f"{paths[0]}: nothing was imported, and {out} is not written")
    count = write_drawings(out, drawings)
    click.echo(f"{out}: {count:,} recordings")


def _own_options(
    importer: Importer, options: dict[str, Any], context: click.Context
) -> dict[str, Any]:
    """Return the values of the importer's own options.

    Raises:
        UsageError: an option of another format was set.
    """
    own = [option.name for option in importer.options]
    for other in IMPORTERS:
        for option in other.options:
            source = context.get_parameter_source(option.name or "")
            if option.name not in own and source is ParameterSource.COMMANDLINE:
                raise click.UsageError(
                    f"{option.opts[0]} is an option of {other.name}, not of {importer.name}."
                )
    return {name: options[name] for name in own if name}


def _read_all(
    paths: Iterable[Path],
    importer: Importer,
    read: Callable[[Path], Iterator[Drawing]],
    skipped: Skipped,
) -> Iterator[Drawing]:
    """Read files and folders; an unreadable file in a folder is counted, not fatal."""
    for path in paths:
        files = list_files([path], importer.files)
        if files == [path]:
            yield from read(path)
            continue
        accepted = [file for file in files if importer.accepts(file)]
        if not accepted:
            raise RecordingError(f"{path}: holds no {importer.files.name}; choose another folder")
        for file in accepted:
            try:
                yield from read(file)
            except RecordingError as error:
                place, _, message = str(error).partition(": ")
                skipped.skip_other(place, "files that cannot be read", message)


def _with_unique_names(drawings: Iterable[Drawing]) -> Iterator[Drawing]:
    """Number drawings that share a name, because several files may use the same names."""
    counts: Counter[str] = Counter()
    for drawing in drawings:
        counts[drawing.key_id] += 1
        count = counts[drawing.key_id]
        is_repeated = count > 1 and drawing.key_id
        yield replace(drawing, key_id=f"{drawing.key_id}~{count}") if is_repeated else drawing
