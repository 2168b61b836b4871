"""The command ``digitbench import``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from digitbench.formats.files import find_files
from digitbench.formats.inkml.reader import read_inkml
from digitbench.formats.quickdraw import read_quickdraw
from digitbench.formats.skipped import Losses
from digitbench.formats.unipen.reader import find_unipen, read_unipen
from digitbench.text import NUMBER
from digitnet import Drawing, cli_support, write_drawings
from digitnet.errors import RecordingError

_FORMATS = ("unipen", "inkml", "quickdraw")


def _words(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    words = {}
    for value in values:
        label, equals, word = value.rpartition("=")
        if not equals or (word and not NUMBER.fullmatch(word)):
            raise click.BadParameter(
                f"{value!r} maps no label to a word; use circle=0, or circle= for no digit"
            )
        words[" ".join(label.split())] = word
    return words


@click.command("import")
@click.argument("layout", type=click.Choice(_FORMATS), metavar="|".join(_FORMATS))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--word",
    "words",
    multiple=True,
    metavar="LABEL=WORD",
    callback=_words,
    help="What a label means: circle=0, or circle= for no digit; =7 where there is no label. "
    "May be given several times.",
)
@click.option(
    "--include",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="unipen: folder in which included files are looked for; may be given several times.",
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    help="unipen: only segments of this level, such as DIGIT; may be given several times.",
)
def import_(
    layout: str,
    paths: tuple[Path, ...],
    out: Path,
    words: dict[str, str],
    include: tuple[Path, ...],
    levels: tuple[str, ...],
) -> None:
    """Turn recordings of another format, files or folders of them, into ours.

    Numbers keep their labels. A label without a digit becomes the word "", which means no digit,
    and a tag; what else a label may mean says --word. What has to be left out is counted on
    stderr, with file and line for the first few.
    """
    if layout != "unipen" and (include or levels):
        raise click.UsageError(f"--include and --level are for unipen, not for {layout}.")
    losses = Losses(partial(cli_support.complain, "digitbench"))
    find: Callable[[Path], list[Path]]
    read: Callable[[Path], Iterator[Drawing]]
    if layout == "unipen":
        find = find_unipen
        read = partial(read_unipen, include=include, losses=losses, words=words, levels=levels)
    elif layout == "inkml":
        find = partial(find_files, suffixes=(".inkml", ".xml"))
        read = partial(read_inkml, losses=losses, words=words)
    else:
        find = partial(find_files, suffixes=(".ndjson",))
        read = partial(read_quickdraw, losses=losses, words=words)
    drawings = list(_with_own_names(_read_all(paths, find, read, losses)))
    if losses:
        cli_support.complain("digitbench", losses.summary(len(drawings)))
    if not drawings:
        raise click.ClickException(f"{paths[0]}: nothing was imported, and {out} is not written")
    count = write_drawings(out, drawings)
    click.echo(f"{out}: {count:,} recordings")


def _read_all(
    paths: Iterable[Path],
    find: Callable[[Path], list[Path]],
    read: Callable[[Path], Iterator[Drawing]],
    losses: Losses,
) -> Iterator[Drawing]:
    """Read files and folders; a file of a folder that cannot be read is counted, not fatal."""
    for path in paths:
        if not path.is_dir():
            yield from read(path)
            continue
        for file in find(path):
            try:
                yield from read(file)
            except RecordingError as error:
                where, _, what = str(error).partition(": ")
                losses.miss(where, "files that cannot be read", what)


def _with_own_names(drawings: Iterable[Drawing]) -> Iterator[Drawing]:
    """Give drawings of several files, which may be called alike, names of their own."""
    seen: Counter[str] = Counter()
    for drawing in drawings:
        seen[drawing.key_id] += 1
        count = seen[drawing.key_id]
        is_named = count > 1 and drawing.key_id
        yield replace(drawing, key_id=f"{drawing.key_id}~{count}") if is_named else drawing
