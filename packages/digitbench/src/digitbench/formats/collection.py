"""The files and folders of an import: which are read, and by which importer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from digitbench.formats.detection import choose_importer
from digitbench.formats.files import PACKED, suffix_of
from digitbench.formats.format import Importer
from digitbench.formats.skipped import Skipped
from digitnet import Drawing
from digitnet.errors import RecordingError
from digitnet.recordings.finder import FileType, list_files

_ANY = FileType("files", ())


@dataclass(frozen=True)
class Collection:
    """What to import, and how.

    Attributes:
        wanted: the format that the user named; None to find that of each file.
        importers: all formats.
        options: the values of the options of all formats, by name; each importer gets its own.
        words: the user's mapping from labels to words.
        skipped: counts what cannot be imported.
    """

    wanted: Importer | None
    importers: Sequence[Importer]
    options: Mapping[str, Any]
    words: Mapping[str, str]
    skipped: Skipped

    def read(self, paths: Iterable[Path]) -> Iterator[Drawing]:
        """Read files and folders.

        Raises:
            RecordingError: a named file cannot be read, or a folder holds none to read; such a file
                in a folder is counted.
        """
        for path in paths:
            files = list_files([path], self._files())
            if files == [path]:
                yield from self._read(path, choose_importer(path, self.wanted, self.importers))
            else:
                yield from self._read_folder(path, files)

    def _read_folder(self, folder: Path, files: Sequence[Path]) -> Iterator[Drawing]:
        count = 0
        for file in filter(self._is_wanted, files):
            try:
                importer = choose_importer(file, self.wanted, self.importers)
                if importer.accepts(file):
                    count += 1
                    yield from self._read(file, importer)
            except RecordingError as error:
                count += 1
                place, _, message = str(error).partition(": ")
                self.skipped.skip_other(place, "files that cannot be read", message)
        if not count:
            name = self.wanted.files.name if self.wanted else "files that hold ink"
            raise RecordingError(f"{folder}: holds no {name}; choose another folder")

    def _read(self, file: Path, importer: Importer) -> Iterator[Drawing]:
        own = {option.name: self.options[option.name] for option in importer.options if option.name}
        yield from importer.read(file, self.skipped, words=self.words, **own)

    def _files(self) -> FileType:
        """Return the files to take from a folder, packed ones too."""
        files = self.wanted.files if self.wanted else _ANY
        return replace(files, suffixes={*files.suffixes, PACKED}) if files.suffixes else files

    def _is_wanted(self, file: Path) -> bool:
        suffixes = self.wanted.files.suffixes if self.wanted else ()
        return not suffixes or suffix_of(file) in suffixes
