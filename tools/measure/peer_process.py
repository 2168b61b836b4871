"""Recognisers that are installed into environments of their own, and asked to read there."""

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
    """What a program said last before it failed."""


@dataclass(frozen=True)
class Peer:
    """A recogniser that is installed.

    Attributes:
        name: as `peer_worker.READERS` knows it.
        python: of its environment.
        bytes_on_disk: of its environment, without what Python compiles.
    """

    name: str
    python: Path
    bytes_on_disk: int


@contextmanager
def installed(name: str, source: str) -> Iterator[Peer]:
    """Install a recogniser with all that it asks for, and throw it away in the end.

    Args:
        name: of the recogniser.
        source: what is installed.

    Raises:
        FailedError: it cannot be installed.
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
                raise FailedError(_last_words(error.stderr)) from None
        files = (path for path in Path(folder).rglob("*") if path.suffix != ".pyc")
        yield Peer(name, python, sum(path.lstat().st_size for path in files))


class Worker:
    """A recogniser's process, on one thread, ready to read.

    Attributes:
        start: CPU time from its start until it was ready, in seconds.
        memory: resident then, in bytes.
    """

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process, self._errors = process, errors
        told = self._hear()
        self.start: float = told["start"]
        self.memory: int = psutil.Process(told["pid"]).memory_info().rss

    def ask(self, task: str) -> Any:
        """Have a task done, one of `peer_worker.tasks`.

        Raises:
            FailedError: the process has ended.
        """
        assert self._process.stdin is not None, "it was opened"  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # where it has ended, and `_hear` tells why
            self._process.stdin.write(f"{task}\n".encode())
        return self._hear()

    def _hear(self) -> Any:
        assert self._process.stdout is not None, "it was opened"  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise FailedError(_last_words(self._errors.read()))
        return json.loads(line)


@contextmanager
def started(peer: Peer, folder: Path) -> Iterator[Worker]:
    """Start a recogniser, and end it in the end.

    Args:
        peer: the recogniser.
        folder: with the pictures.

    Raises:
        FailedError: it does not start.
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


def _last_words(errors: bytes) -> str:
    return " ".join(errors.decode(errors="replace").split()[-40:])
