"""What is measured in fresh processes, seen from outside: how they start, and their memory."""

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
from typing import IO, Any, Literal, NoReturn, TypeAlias

import psutil

from digitbench.text import last_line
from digitnet.errors import DigitnetError

_PATIENCE = 600  # seconds for one word from a process
_REST = 0.5  # seconds until a process that has nothing to do is at rest


Way: TypeAlias = Literal["apps", "session"]


class ProbeError(DigitnetError):
    """A process in which something was to be measured has failed."""


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
        return int(process.hear()) / 1e6


def start_up(model: Path | None) -> dict[str, float]:
    """Start digitdraw, and measure how soon it is there and the memory it takes then.

    Args:
        model: as its option --model takes it.

    Returns:
        "first_frame" and "ready" in milliseconds, "memory_rest" in MB.

    Raises:
        ProbeError: it did not start.
    """
    began = time.perf_counter_ns()
    with _probe("start", model) as process:
        told = process.hear()
        if "error" in told:
            raise ProbeError(told["error"])
        time.sleep(_REST)
        memory = process.memory()
        process.go_on()
    figures = {name: (moment - began) / 1e6 for name, moment in told.items()}
    return figures | {"memory_rest": memory}


def memory_of_digits(way: Way, count: int, model: Path | None) -> dict[str, float]:
    """Draw digits in a fresh process, and measure the memory it takes.

    Args:
        way: "apps" for an app for each digit, "session" for one app for all.
        count: how many digits.
        model: as `Recognizer` takes it.

    Returns:
        "memory_apps" or "memory_session" in MB, and as "…_peak" the most; as "…_growth" kB a digit,
        which needs a few digits.

    Raises:
        ProbeError: the process failed.
    """
    drawn: list[int] = []
    memory: list[float] = []
    with _probe(way, count, model) as process:
        while not drawn or drawn[-1] < count:
            drawn.append(process.hear()["digits"])
            memory.append(process.memory())
            peak = max(process.peak_memory(), *memory)
            process.go_on()
    figures = {f"memory_{way}": memory[-1], f"memory_{way}_peak": peak}
    # What is loaded only when it is first needed is there by the middle.
    half = len(drawn) // 2
    if len(drawn) - half > 1:
        slope = statistics.linear_regression(drawn[half:], memory[half:]).slope
        figures[f"memory_{way}_growth"] = slope * 1000
    return figures


class _Process:
    """A fresh Python, which speaks as `digitbench.perf.probe` does."""

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors
        self._pid = process.pid

    def hear(self) -> Any:
        """Wait for what the process tells next."""
        assert self._process.stdout is not None, "it was opened"  # noqa: S101
        alarm = threading.Timer(_PATIENCE, self._process.kill)
        alarm.daemon = True
        alarm.start()
        line = self._process.stdout.readline()
        alarm.cancel()
        if not line:
            self._fail()
        told = json.loads(line)
        if isinstance(told, dict):
            # On Windows, a virtual environment's Python has started another one.
            self._pid = told.pop("pid")
        return told

    def go_on(self) -> None:
        """Answer the process, which waits for that."""
        assert self._process.stdin is not None, "it was opened"  # noqa: S101
        with contextlib.suppress(OSError):  # where it has died, which `hear` and `end` tell
            self._process.stdin.write(b"\n")

    def memory(self) -> float:
        """Give its resident memory in MB."""
        resident: int = self._look().rss
        return resident / 1e6

    def peak_memory(self) -> float:
        """Give the most resident memory it ever had in MB; 0 where the system does not tell."""
        peak: int | None = getattr(self._look(), "peak_wset", None)
        if peak is not None:  # Windows
            return peak / 1e6
        # What getrusage tells of a child counts its parent's memory as well on Linux, and cannot
        # be asked of another process on macOS.
        try:
            status = Path(f"/proc/{self._pid}/status").read_text()
        except OSError:
            return 0.0
        line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), None)
        return int(line.split()[1]) * 1024 / 1e6 if line else 0.0

    def end(self) -> None:
        """Wait until it has ended as it should."""
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code:
            self._fail()

    def _look(self) -> Any:
        try:
            return psutil.Process(self._pid).memory_info()
        except psutil.Error:
            self._fail()

    def _fail(self) -> NoReturn:
        self._process.kill()
        code = self._process.wait()
        self._errors.seek(0)
        reason = last_line(self._errors.read().decode(errors="replace")) or f"exit code {code}"
        raise ProbeError(f"a process to measure in has failed: {reason}; run it again")


@contextmanager
def _run(*arguments: str) -> Iterator[_Process]:
    """Start a fresh Python; at the end of the block it must come to its own end."""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy"}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(  # noqa: S603 - this Python, and no shell
            # Never a module that happens to lie in the current folder.
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
    """Start the probe; None as an argument is left out."""
    given = [str(argument) for argument in arguments if argument is not None]
    return _run("-m", "digitbench.perf.probe", *given)
