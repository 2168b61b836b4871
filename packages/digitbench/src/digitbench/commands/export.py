"""The command ``digitbench export``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.commands.output import write
from digitbench.formats.registry import EXPORTERS
from digitnet import read_drawings
from digitnet.recordings import find_recordings

_EXPORTERS = {exporter.name: exporter for exporter in EXPORTERS}


@click.command()
@click.argument("name", type=click.Choice(list(_EXPORTERS)), metavar="|".join(_EXPORTERS))
@click.argument(
    "recordings",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="RECORDINGS…",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.",
)
def export(name: str, recordings: tuple[Path, ...], out: Path) -> None:
    """Convert recordings, .ndjson files or folders of them, to one InkML document.

    Words become annotations. What InkML cannot express is stored too, and `digitbench import inkml`
    restores the recordings exactly.
    """
    files = find_recordings(recordings)
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    write(out, _EXPORTERS[name].write(drawings))
    click.echo(f"{out}: {len(drawings):,} recordings")
