"""What is measured in fresh processes from outside: their start-up time, and their memory."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn

import psutil

from digitbench.text import last_line
from digitnet.errors import DigitnetError

_PATIENCE = 600  # seconds for a message from a process
_REST = 0.5  # seconds until an idle process is at rest


class ProbeError(DigitnetError):
    """A process to measure in failed."""


def import_time(module: str) -> float:
    """Measure how long a fresh process takes to import a module, in milliseconds.

    Raises:
        ProbeError: it cannot be imported.
    """
    program = (
        "import time; began = time.perf_counter_ns(); "
        f"import {module}; print(time.perf_counter_ns() - began)"
    )
    with _run("-c", program) as process:
        return int(process.receive()) / 1e6


def start_up(model: Path | None) -> dict[str, float]:
    """Start digitdraw, and measure how long that takes and the memory it uses then.

    Args:
        model: as its option --model takes it.

    Returns:
        "first_frame" and "ready" in milliseconds, "memory_rest" in MB.

    Raises:
        ProbeError: it did not start.
    """
    began = time.perf_counter_ns()
    with _probe("start", model) as process:
        message = process.receive()
        if "error" in message:
            raise ProbeError(message["error"])
        time.sleep(_REST)
        memory = process.memory()
        process.go_on()
    figures = {name: (moment - began) / 1e6 for name, moment in message.items()}
    return figures | {"memory_rest": memory}


def memory_of_session(count: int, model: Path | None) -> dict[str, float]:
    """Draw digits in one app in a fresh process, and measure the memory it uses.

    Args:
        count: the number of digits.
        model: as `Recognizer` takes it.

    Returns:
        "memory_session" and its maximum "memory_session_peak" in MB, and "memory_session_growth" in
        kB per digit if there are enough digits to tell.

    Raises:
        ProbeError: the process failed.
    """
    drawn: list[int] = []
    memory: list[float] = []
    with _probe("session", count, model) as process:
        while not drawn or drawn[-1] < count:
            drawn.append(process.receive()["digits"])
            memory.append(process.memory())
            peak = max(process.peak_memory(), *memory)
            process.go_on()
    figures = {"memory_session": memory[-1], "memory_session_peak": peak}
    # By the middle, everything that is loaded on first use is loaded.
    half = len(drawn) // 2
    if len(drawn) - half > 1:
        slope = statistics.linear_regression(drawn[half:], memory[half:]).slope
        figures["memory_session_growth"] = slope * 1000
    return figures


class _Process:
    """A fresh Python process that follows the protocol of `digitbench.perf.probe`."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors
        self._pid = process.pid

    def receive(self) -> Any:
        """Wait for the next message of the process."""
        assert self._process.stdout is not None, "it was opened"  # noqa: S101
        alarm = threading.Timer(_PATIENCE, self._process.kill)
        alarm.daemon = True
        alarm.start()
        line = self._process.stdout.readline()
        alarm.cancel()
        if not line:
            self._fail()
        message = json.loads(line)
        if isinstance(message, dict):
            # On Windows, the Python of a virtual environment starts another one.
            self._pid = message.pop("pid")
        return message

    def go_on(self) -> None:
        """Let the process continue."""
        assert self._process.stdin is not None, "it was opened"  # noqa: S101
        with contextlib.suppress(OSError):  # if it has died, which `receive` and `end` report
            self._process.stdin.write(b"\n")

    def memory(self) -> float:
        """Return its resident memory in MB."""
        resident: int = self._memory_info().rss
        return resident / 1e6

    def peak_memory(self) -> float:
        """Return its maximum resident memory in MB; 0 if the system does not report it."""
        peak: int | None = getattr(self._memory_info(), "peak_wset", None)
        if peak is not None:  # Windows
            return peak / 1e6
        # On Linux, getrusage counts the parent's memory for a child too, and on macOS it cannot be
        # called for another process.
        try:
            status = Path(f"/proc/{self._pid}/status").read_text()
        except OSError:
            return 0.0
        line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
        return int(line.split()[1]) * 1024 / 1e6 if line else 0.0

    def end(self) -> None:
        """Wait until it ends, and check that it succeeded."""
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code:
            self._fail()

    def _memory_info(self) -> Any:
        try:
            return psutil.Process(self._pid).memory_info()
        except psutil.Error:
            self._fail()

    def _fail(self) -> NoReturn:
        self._process.kill()
        code = self._process.wait()
        self._errors.seek(0)
        reason = last_line(self._errors.read().decode(errors="replace")) or f"exit code {code}"
        raise ProbeError(f"a process to measure in failed: {reason}; run it again")


@contextmanager
def _run(*arguments: str) -> Iterator[_Process]:
    """Start a fresh Python process, which must end by itself at the end of the block."""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - this Python, and no shell
            # -P: never import a module from the current folder.
            [sys.executable, "-P", *arguments],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
        ) as started,
    ):
        process = _Process(started, errors)
        try:
            yield process
            process.end()
        finally:
            started.kill()


def _probe(*arguments: object) -> AbstractContextManager[_Process]:
    """Start the probe; arguments that are None are left out."""
    given = [str(argument) for argument in arguments if argument is not None]
    return _run("-m", "digitbench.perf.probe", *given)
