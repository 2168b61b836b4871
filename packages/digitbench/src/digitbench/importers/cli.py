"""The command ``digitbench import``."""

from __future__ import annotations

from pathlib import Path

import click

from digitbench.importers.unipen import read_unipen
from digitnet import console, write_drawings


@click.command("import")
@click.argument("layout", type=click.Choice(["unipen"]), metavar="unipen")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@click.option(
    "--include",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder in which included files are looked for; may be given several times.",
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def import_(
    layout: str,  # noqa: ARG001 - unipen is the only one so far
    paths: tuple[Path, ...],
    include: tuple[Path, ...],
    out: Path,
) -> None:
    """Turn recordings of another format into ours."""

    def warn(message: str) -> None:
        console.complain("digitbench", message)

    drawings = [drawing for path in paths for drawing in read_unipen(path, include, warn)]
    count = write_drawings(out, drawings)
    click.echo(f"{out}: {count:,} recordings")
