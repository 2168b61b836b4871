"""What an importer and an exporter consist of.

A new format is one module that defines an `Importer`, an `Exporter` or both, and a line in
`digitbench.formats.registry`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from digitnet import Drawing
from digitnet.recordings.finder import FileType


@dataclass(frozen=True)
class Importer:
    """A format that `digitbench import` reads.

    Attributes:
        name: the name of the format on the command line.
        files: the type of files to take from a folder.
        read: yields the drawings in a file, and is called as ``read(path, skipped, words=words)``
            with the values of its own options as further keywords. It counts what it cannot import
            in `skipped` (see `digitbench.formats.skipped`), looks up labels in `words` (see
            `digitbench.formats.labels`), and raises a `RecordingError` if it cannot read the file
            at all.
        accepts: whether to read a file found in a folder.
        options: command-line options that only some formats have.
        title: the name of the format in messages; `name` if it is empty.
        recognizes: whether a file that starts with these bytes is of this format; None if that
            cannot be told, and then only a user can choose the format.
    """

    name: str
    files: FileType
    read: Callable[..., Iterator[Drawing]]
    accepts: Callable[[Path], bool] = lambda _path: True
    options: tuple[click.Option, ...] = ()
    title: str = ""
    recognizes: Callable[[bytes], bool] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.name)


@dataclass(frozen=True)
class Exporter:
    """A format that `digitbench export` writes.

    Attributes:
        name: the name of the format on the command line.
        write: returns the content of a file that holds the given drawings.
    """

    name: str
    write: Callable[[Iterable[Drawing]], bytes]
