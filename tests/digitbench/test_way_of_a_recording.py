"""How many source files a recording passes through, from the command to the printed table."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING

import digitbench
import digitdraw
import digitnet
from digitbench.commands.run import run
from digitnet import Drawing, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

MOST_OF_DIGITBENCH = 22
MOST = 66


class Trace:
    """Notes the files whose functions run, once a first function has been entered.

    Attributes:
        files: their paths.
    """

    def __init__(self, first: CodeType) -> None:
        self.files: set[Path] = set()
        self._first = first
        self._has_begun = False

    @contextmanager
    def on(self) -> Iterator[None]:
        """Trace what is done in the body."""
        before = sys.getprofile()
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(before)

    def of(self, package: Path) -> set[str]:
        """Return the files of a package, relative to its folder."""
        return {
            path.relative_to(package).as_posix() for path in self.files if package in path.parents
        }

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            self._has_begun |= frame.f_code is self._first
            if self._has_begun:
                self.files.add(Path(frame.f_code.co_filename))


def test_a_recording_takes_few_files(bench: Bench, seven: Drawing, tmp_path: Path) -> None:
    """From the command function `run` to the printed table; each check is a way of its own."""
    file = tmp_path / "seven.ndjson"
    write_drawings(file, [seven])
    assert run.callback is not None
    trace = Trace(inspect.unwrap(run.callback).__code__)
    with trace.on():
        done = bench(file, "--check", "none")
    assert done.code == 0
    assert "release to answer drawn" in done.out
    bench_files, draw_files, net_files = (
        trace.of(Path(package.__path__[0])) for package in (digitbench, digitdraw, digitnet)
    )
    assert {"replay/replayer.py", "report/table.py"} <= bench_files
    assert {"app.py"} <= draw_files
    assert {"recognizer.py"} <= net_files
    assert len(bench_files) <= MOST_OF_DIGITBENCH, sorted(bench_files)
    assert len(bench_files) + len(draw_files) + len(net_files) <= MOST
