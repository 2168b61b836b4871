"""Recognisers installed into environments of their own, and worker processes in these."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

WORKER = Path(__file__).with_name("peer_worker.py")
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class FailedError(Exception):
    """A program failed; the message is the end of its error output."""


@dataclass(frozen=True)
class Peer:
    """An installed recogniser.

    Attributes:
        name: Its name in `peer_worker.READERS`.
        python: The Python executable of its environment.
        bytes_on_disk: The size of its environment, without compiled Python files.
    """

    name: str
    python: Path
    bytes_on_disk: int


@contextmanager
def installed(name: str, source: str) -> Iterator[Peer]:
    """Install a recogniser with its dependencies, and delete it at the end.

    Args:
        name: The recogniser's name.
        source: The requirement to install.

    Raises:
        FailedError: It cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        python = Path(folder) / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        for command in (
            ("venv", "--python", sys.executable, folder),
            ("pip", "install", "--python", str(python), source),
        ):
            try:
                subprocess.run(["uv", *command, "--quiet"], capture_output=True, check=True)
            except FileNotFoundError:
                raise FailedError("uv is not installed") from None
            except subprocess.CalledProcessError as error:
                raise FailedError(_tail(error.stderr)) from None
        files = (path for path in Path(folder).rglob("*") if path.suffix != ".pyc")
        yield Peer(name, python, sum(path.lstat().st_size for path in files))


class Worker:
    """A recogniser's process, on one thread, ready to read.

    Attributes:
        start: CPU time from its start until it was ready, in seconds.
        memory: Resident memory at that moment, in bytes.
    """

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process, self._errors = process, errors
        ready = self._receive()
        self.start: float = ready["start"]
        self.memory: int = psutil.Process(ready["pid"]).memory_info().rss

    def ask(self, task: str) -> Any:
        """Run a task of `peer_worker.tasks`, and return its result.

        Raises:
            FailedError: The process has ended.
        """
        assert self._process.stdin is not None, "opened by `started`"  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # it has ended; `_receive` reports why
            self._process.stdin.write(f"{task}\n".encode())
        return self._receive()

    def _receive(self) -> Any:
        assert self._process.stdout is not None, "opened by `started`"  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise FailedError(_tail(self._errors.read()))
        return json.loads(line)


@contextmanager
def started(peer: Peer, folder: Path) -> Iterator[Worker]:
    """Start a recogniser's process, and kill it at the end.

    Args:
        peer: The recogniser.
        folder: The folder with the images.

    Raises:
        FailedError: It does not start.
    """
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [str(peer.python), str(WORKER), peer.name, str(folder)],
            bufsize=0,
            env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        try:
            yield Worker(process, errors)
        finally:
            process.kill()


def _tail(errors: bytes) -> str:
    return " ".join(errors.decode(errors="replace").split()[-40:])
