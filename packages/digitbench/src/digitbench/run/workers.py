"""Recordings replayed in one process or in several, with the same answers."""

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
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

from digitbench.checks.inspector import Inspector
from digitbench.replay.replayer import Replayed, Setup
from digitbench.replay.time_limit import TimedOut, can_interrupt, ended_after, has_ended
from digitnet import Drawing, Recognizer
from digitnet.errors import DigitnetError

# Nothing of this process is taken over but what is handed over, on every system.
_SPAWN = multiprocessing.get_context("spawn")

# A process is given the next recording while it is at one, so that it never waits. What is sent
# ahead must fit into the pipe: this process would wait at a full one, and the other, if what it
# sends meanwhile is as much, for this one.
_AHEAD = 2
_SMALL = 16_384  # bytes


class JobError(DigitnetError):
    """A process that was to replay recordings could not begin to."""


def replay_all(
    drawings: Sequence[Drawing],
    recognizer: Recognizer,
    setup: Setup,
    jobs: int = 1,
    checks: Collection[str] = (),
) -> Generator[tuple[int, Replayed], None, None]:
    """Replay recordings, `jobs` at a time.

    With more than one, each is replayed in one of as many processes, which load the model once. A
    recording at which a process dies has crashed, and another process takes its place; so it is
    with one that takes longer than `setup.timeout`. Closing the iterator ends the processes.

    Args:
        drawings: the recordings.
        recognizer: shared by all apps; it travels to each process.
        setup: how they are replayed.
        jobs: how many processes; 1 for this one alone, or one more where this one could not be
            interrupted in time.
        checks: what is checked besides the answers, as `Inspector` takes it.

    Yields:
        each recording's place in `drawings` and what came of it, as soon as it is known.

    Raises:
        JobError: a process cannot begin.
    """
    if jobs == 1 and (setup.timeout is None or can_interrupt()):
        inspector = Inspector(recognizer, setup, checks)
        for index, drawing in enumerate(drawings):
            yield index, inspector.inspect(drawing)
        return
    # The processes may be killed, so what they leave is for this one to delete.
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        if setup.save_dir is None:
            setup = replace(setup, save_dir=Path(folder) / "saved")
        crew = _Crew(recognizer, setup, checks, Path(folder), min(jobs, len(drawings)))
        with contextlib.closing(crew):
            yield from crew.replay(drawings)


@dataclass
class _Worker:
    """A process that replays.

    Attributes:
        process: what runs.
        connection: by which it takes recordings and gives what came of them.
        dump: the file into which Python writes where it was when the process died.
        timeout: how many seconds a recording may take; None for as many as it takes.
        given: the places of the recordings that it has, and these; it is at the first.
    """

    process: BaseProcess
    connection: Connection
    dump: Path
    timeout: float | None
    given: deque[tuple[int, Drawing]] = field(default_factory=deque)

    def bury(self) -> Replayed:
        """Tell what came of the recording at which the process died.

        Raises:
            JobError: it died before there was one.
        """
        self.process.join()
        code = self.process.exitcode or 0
        how = f"by {_signal_name(-code)}" if code < 0 else f"with exit code {code}"
        if not self.given:
            raise JobError(f"a process ended {how} before it could replay; use --jobs 1")
        where = self.dump.read_text(errors="replace").strip()
        end = f"ProcessEnded: {how}\n"
        if self.timeout is not None and has_ended(where):
            [end] = traceback.format_exception_only(TimedOut(self.timeout))
        error = f"{where}\n{end}".lstrip()
        return Replayed(None, (), error, killed=True)


class _Crew:
    """Processes that replay, and are replaced where they die."""

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
        """Hand out recordings in their order, each to the first process that is ready for one."""
        waiting = deque(enumerate(drawings))
        for _ in range(self._size):
            self._hire()
        while self._workers:
            for connection in wait(list(self._workers)):
                worker = self._workers[connection]
                try:
                    replayed = worker.connection.recv()
                except (EOFError, ConnectionError):
                    del self._workers[connection]
                    replayed = worker.bury()
                    index, _ = worker.given.popleft()
                    waiting.extendleft(reversed(worker.given))
                    if waiting:
                        self._hire()
                    yield index, replayed
                    continue
                done = worker.given.popleft() if worker.given else None
                self._give(worker, waiting)
                if done:
                    yield done[0], replayed

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for worker in self._workers.values():
            worker.process.kill()
        for process in self._processes:
            process.join()

    def _hire(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        dump = self._folder / f"dump-{len(self._processes)}.txt"
        process = _SPAWN.Process(
            target=_work,
            args=(theirs, self._recognizer, self._setup, self._checks, dump),
            daemon=True,
        )
        with _interrupts_ignored():
            process.start()
        # Now only the process holds this end, so its death ends the connection.
        theirs.close()
        self._processes.append(process)
        self._workers[ours] = _Worker(process, ours, dump, self._setup.timeout)

    def _give(self, worker: _Worker, waiting: deque[tuple[int, Drawing]]) -> None:
        """Give what comes next, or let the process go where there is nothing."""
        while waiting and len(worker.given) < _AHEAD:
            content = ForkingPickler.dumps(waiting[0][1])
            # The last ones are left for those that are ready first.
            is_ahead = len(content) <= _SMALL and len(waiting) > self._size
            if worker.given and not is_ahead:
                break
            worker.given.append(waiting.popleft())
            # If the process has died meanwhile, the end of the connection tells next.
            with contextlib.suppress(ConnectionError):
                worker.connection.send_bytes(content)
        if not worker.given:
            del self._workers[worker.connection]
            worker.connection.close()


def _work(
    connection: Connection,
    recognizer: Recognizer,
    setup: Setup,
    checks: Collection[str],
    dump: Path,
) -> None:
    """Replay what comes, until no more does: what a process of a crew runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with dump.open("w") as file:
        faulthandler.enable(file)
        inspector = Inspector(recognizer, replace(setup, timeout=None), checks)
        connection.send(None)
        with contextlib.suppress(EOFError, ConnectionError):
            while True:
                drawing = connection.recv()
                with ended_after(setup.timeout, file):
                    replayed = inspector.inspect(drawing)
                connection.send(replayed)
        faulthandler.disable()


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let processes that are started within ignore Ctrl-C, which is for this process to handle."""
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
