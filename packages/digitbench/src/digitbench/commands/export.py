"""The command ``digitbench export``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.commands.inputs import recordings_argument
from digitbench.commands.output import new_file_option, write
from digitbench.formats.registry import EXPORTERS
from digitbench.text import counted
from digitnet import read_drawings
from digitnet.recordings import find_recordings

_EXPORTERS = {exporter.name: exporter for exporter in EXPORTERS}


@click.command()
@click.argument("name", type=click.Choice(list(_EXPORTERS)), metavar="|".join(_EXPORTERS))
@recordings_argument
@new_file_option("The file to write.")
def export(name: str, recordings: tuple[Path, ...], out: Path) -> None:
    """Convert recordings, .ndjson files or folders of them, to one file in another format.

    In InkML, words become annotations. What InkML cannot express is stored too, so that
    `digitbench import inkml` restores the recordings exactly.
    """
    files = find_recordings(recordings)
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    if not drawings:
        raise click.ClickException(f"{recordings[0]}: holds no recordings; {out} is not written")
    write(out, _EXPORTERS[name].write(drawings))
    click.echo(f"{out}: {counted(len(drawings), 'recording')}")
