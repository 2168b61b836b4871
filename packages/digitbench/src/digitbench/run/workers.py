"""Replays recordings in one process or in several, with the same answers.

This is not `pebble` or `concurrent.futures`: their pools start processes from a thread, where
Ctrl-C cannot be blocked for a process that is starting, and do not say where one hung.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import signal
import tempfile
import threading
import traceback
from collections import deque
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from digitbench.checks.inspector import Inspector
from digitbench.replay.replayer import Replayed, Setup
from digitbench.replay.time_limit import TimedOut, can_interrupt, ended_after, has_ended
from digitnet import Drawing, Recognizer
from digitnet.errors import DigitnetError

# On every system, a process gets only what is passed to it, and inherits nothing else.
_SPAWN = multiprocessing.get_context("spawn")


class JobError(DigitnetError):
    """A process died before it could replay anything."""


def replay_all(
    drawings: Sequence[Drawing],
    recognizer: Recognizer,
    setup: Setup,
    jobs: int = 1,
    checks: Collection[str] = (),
) -> Generator[tuple[int, Replayed], None, None]:
    """Replay recordings, `jobs` at a time.

    Several jobs are as many processes, each of which loads the model once. A recording on which a
    process dies, or that exceeds `setup.timeout`, has crashed, and a new process takes over.
    Closing the iterator ends the processes.

    Args:
        drawings: the recordings.
        recognizer: shared by all apps; it is sent to each process.
        setup: how recordings are replayed.
        jobs: number of processes; 1 uses this process, or one other if recordings have a time limit
            and this process cannot be interrupted.
        checks: names of checks to make, as for `Inspector`.

    Yields:
        the index of each recording and what came of it, as soon as it is known.

    Raises:
        JobError: a process cannot start.
    """
    if jobs == 1 and (setup.timeout is None or can_interrupt()):
        inspector = Inspector(recognizer, setup, checks)
        for index, drawing in enumerate(drawings):
            yield index, inspector.inspect(drawing)
        return
    # The processes may be killed, so this one has to clean up after them.
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        if setup.save_dir is None:
            setup = replace(setup, save_dir=Path(folder) / "saved")
        pool = _WorkerPool(recognizer, setup, checks, Path(folder), min(jobs, len(drawings)))
        with contextlib.closing(pool):
            yield from pool.replay(drawings)


@dataclass
class _Worker:
    """A process that replays recordings, one at a time.

    Attributes:
        process: the process.
        connection: takes recordings, and returns what came of them.
        dump: file to which Python writes where the process was when it died.
        timeout: seconds that a recording may take; None for no limit.
        index: of the recording that it is replaying; None before the first.
    """

    process: BaseProcess
    connection: Connection
    dump: Path
    timeout: float | None
    index: int | None = None

    def crash(self) -> Replayed:
        """Return what came of the recording on which the process died.

        Raises:
            JobError: the process died before there was one.
        """
        self.process.join()
        code = self.process.exitcode or 0
        how = f"by {_signal_name(-code)}" if code < 0 else f"with exit code {code}"
        if self.index is None:
            raise JobError(f"a process ended {how} before it could replay; use --jobs 1")
        where = self.dump.read_text(errors="replace").strip()
        reason = f"ProcessEnded: {how}\n"
        if self.timeout is not None and has_ended(where):
            [reason] = traceback.format_exception_only(TimedOut(self.timeout))
        return Replayed(None, (), f"{where}\n{reason}".lstrip(), killed=True)


class _WorkerPool:
    """Processes that replay recordings, and are replaced if they die."""

    def __init__(
        self,
        recognizer: Recognizer,
        setup: Setup,
        checks: Collection[str],
        folder: Path,
        size: int,
    ) -> None:
        self._recognizer = recognizer
        self._setup = setup
        self._checks = checks
        self._folder = folder
        self._size = size
        self._workers: dict[Any, _Worker] = {}
        self._processes: list[BaseProcess] = []

    def replay(self, drawings: Sequence[Drawing]) -> Iterator[tuple[int, Replayed]]:
        """Hand out recordings in order, each to the first process that is free."""
        waiting = deque(enumerate(drawings))
        for _ in range(self._size):
            self._start_worker()
        while self._workers:
            for connection in wait(list(self._workers)):
                worker = self._workers[connection]
                index = worker.index
                try:
                    replayed = worker.connection.recv()
                except (EOFError, ConnectionError):
                    del self._workers[connection]
                    replayed = worker.crash()
                    if waiting:
                        self._start_worker()
                else:
                    self._give_next(worker, waiting)
                if index is not None:
                    yield index, replayed

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for worker in self._workers.values():
            worker.process.kill()
        for process in self._processes:
            process.join()

    def _start_worker(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        dump = self._folder / f"dump-{len(self._processes)}.txt"
        process = _SPAWN.Process(
            target=_work,
            args=(theirs, self._recognizer, self._setup, self._checks, dump),
            daemon=True,
        )
        with _interrupts_ignored():
            process.start()
        # Now only the process holds this end, so its death closes the connection.
        theirs.close()
        self._processes.append(process)
        self._workers[ours] = _Worker(process, ours, dump, self._setup.timeout)

    def _give_next(self, worker: _Worker, waiting: deque[tuple[int, Drawing]]) -> None:
        """Give a process the next recording, or let it end if there are no more."""
        if not waiting:
            del self._workers[worker.connection]
            worker.connection.close()
            return
        worker.index, drawing = waiting.popleft()
        # If the process has died meanwhile, the closed connection is noticed next.
        with contextlib.suppress(ConnectionError):
            worker.connection.send(drawing)


def _work(
    connection: Connection,
    recognizer: Recognizer,
    setup: Setup,
    checks: Collection[str],
    dump: Path,
) -> None:
    """Replay recordings until no more come: the main function of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with dump.open("w") as file:
        faulthandler.enable(file)
        inspector = Inspector(recognizer, replace(setup, timeout=None), checks)
        connection.send(None)  # ready
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                drawing = connection.recv()
                with ended_after(setup.timeout, file):
                    replayed = inspector.inspect(drawing)
                connection.send(replayed)
        faulthandler.disable()


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Make processes started in the body ignore Ctrl-C, which only this process handles."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
