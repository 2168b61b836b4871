"""The command ``digitbench export``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.formats.inkml.writer import as_inkml
from digitnet import read_drawings
from digitnet.errors import RecordingError, reason_of
from digitnet.files import write_atomically
from digitnet.recordings import find_recordings


@click.command()
@click.argument("layout", type=click.Choice(["inkml"]), metavar="inkml")
@click.argument(
    "recordings",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="RECORDINGS…",
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export(layout: str, recordings: tuple[Path, ...], out: Path) -> None:
    """Turn recordings, .ndjson files or folders of them, into one InkML document.

    Words become annotations. What InkML has no place for is kept, so that `digitbench import
    inkml` reads the recordings as they were.
    """
    del layout  # inkml is the only one
    files = find_recordings(recordings)
    drawings = [drawing for file in files for drawing in read_drawings(file)]
    try:
        write_atomically(out, as_inkml(drawings).encode())
    except OSError as error:
        raise RecordingError(
            f"{out}: cannot be written: {reason_of(error)}; choose another place"
        ) from None
    click.echo(f"{out}: {len(drawings):,} recordings")
