"""Recordings: drawings as NDJSON, in the layout of Quick, Draw!'s raw files."""

from digitnet.recordings.finder import find_recordings
from digitnet.recordings.ndjson import (
    dump_drawing,
    parse_drawing,
    parse_record,
    read_drawings,
    read_lines,
    write_drawings,
)

__all__ = [
    "dump_drawing",
    "find_recordings",
    "parse_drawing",
    "parse_record",
    "read_drawings",
    "read_lines",
    "write_drawings",
]
