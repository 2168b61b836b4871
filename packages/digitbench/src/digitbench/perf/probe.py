"""What is measured in a fresh process: ``python -m digitbench.perf.probe WHAT …``.

The process tells its parent one line of JSON at a time on stdout, and goes on when the parent has
answered with a line on stdin; in between, the parent may look at the process's memory from outside.
Times are `time.perf_counter_ns`, which all processes of one machine share.

    start [MODEL]           digitdraw itself, from its command line on
    apps COUNT [MODEL]      so many digits, each drawn in an app of its own
    session COUNT [MODEL]   so many digits, drawn in one app one after the other
"""

# Only what digitdraw needs as well is imported here: all else would count for its start.
from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digitnet import Drawing

CHECKPOINTS = 20
"""How often the memory is looked at while digits are drawn."""


def start(folder: Path, model: str | None) -> None:
    """Run digitdraw's own command line, and tell when its first frame stood and the model was read.

    Only three things differ from what a user starts: the settings are the usual ones, saved
    nowhere; showing a frame notes the time; so does the end of loading, and it closes the window.

    Args:
        folder: for whatever digitdraw writes.
        model: as its option --model takes it; None for the shipped one.
    """
    import platformdirs

    from digitdraw.startup import import_pygame

    _replace(platformdirs, "user_config_path", lambda _name: folder)
    import_pygame()  # as the command does

    import pygame

    from digitdraw import cli
    from digitdraw.model.reader import Reader

    moments: dict[str, Any] = {}
    is_shown = threading.Event()
    update, load = pygame.display.update, Reader.load

    def timed_update(*arguments: Any) -> None:
        update(*arguments)
        if not is_shown.is_set():
            moments["first_frame"] = time.perf_counter_ns()
            is_shown.set()

    def timed_load(reader: Reader, model: Path | None) -> threading.Thread:
        loading = load(reader, model)

        def wait() -> None:
            loading.join()
            moments["ready"] = time.perf_counter_ns()
            is_shown.wait()
            _tell({"error": reader.error} if reader.error else moments)
            pygame.event.post(pygame.event.Event(pygame.QUIT))

        threading.Thread(target=wait, daemon=True).start()
        return loading

    _replace(pygame.display, "update", timed_update)
    _replace(Reader, "load", timed_load)
    sys.argv[1:] = ["--save-dir", str(folder), *(["--model", model] if model else [])]
    cli.main()


def apps(folder: Path, count: int, model: str | None) -> None:
    """Draw digits, each in an app of its own, and tell how many there were.

    Args:
        folder: for whatever the apps write.
        count: how many.
        model: as `Recognizer` takes it; None for the shipped one.
    """
    from digitbench.replay.replayer import Replayer
    from digitnet import Recognizer

    replayer = Replayer(Recognizer(model, threads=1), save_dir=folder)
    for drawing in _digits(count):
        replayer.replay(drawing)


def session(folder: Path, count: int, model: str | None) -> None:
    """Draw digits in one app, each after the last was cleared, and tell how many there were.

    Args:
        folder: for whatever the app writes.
        count: how many.
        model: as `Recognizer` takes it; None for the shipped one.
    """
    from digitbench.replay.pilot import Pilot
    from digitdraw.storage.settings import Settings
    from digitnet import Recognizer

    # Read live, each point would take as long as a whole digit does so.
    recognizer = Recognizer(model, threads=1)
    pilot = Pilot(recognizer, save_dir=folder, settings=Settings(live=False))
    for drawing in _digits(count):
        pilot.draw(drawing)
        pilot.press("c")


def _digits(count: int) -> Iterator[Drawing]:
    """Give so many bundled digits, and tell after some of them how many have been drawn."""
    from digitbench.run import suite

    drawings = [each for each in suite.read(suite.bundled_recordings()) if len(each.word) == 1]
    for number in range(count):
        yield drawings[number % len(drawings)]
        if (number + 1) * CHECKPOINTS // count > number * CHECKPOINTS // count:
            _tell({"digits": number + 1})


def _replace(owner: object, name: str, value: object) -> None:
    setattr(owner, name, value)


def _tell(message: dict[str, Any]) -> None:
    """Tell the parent, and wait for its answer."""
    sys.stdout.write(json.dumps({"pid": os.getpid(), **message}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _main() -> None:
    what, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        if what == "start":
            start(Path(folder), arguments[0] if arguments else None)
        else:
            draw = apps if what == "apps" else session
            draw(Path(folder), int(arguments[0]), arguments[1] if arguments[1:] else None)


if __name__ == "__main__":
    _main()
