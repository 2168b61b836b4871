"""What `digitbench perf` measures in a fresh process: ``python -m digitbench.perf.probe WHAT …``.

The process sends its parent lines of JSON on stdout, and waits for a line on stdin after each;
meanwhile the parent can inspect the memory of the process. Times are `time.perf_counter_ns`, which
all processes of one machine share.

    start [MODEL]           digitdraw itself, from its command line on
    session COUNT [MODEL]   digits, drawn in one app one after the other
"""

# Only what digitdraw imports too is imported here: anything else would count towards its start.
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
"""How often memory is inspected while digits are drawn."""


def start(folder: Path, model: str | None) -> None:
    """Run digitdraw's own command line, and report when it shows a frame and has loaded its model.

    Only three things differ from a start by a user: the settings are the defaults, and not saved;
    showing a frame notes the time; and so does the end of loading, which also closes the window.

    Args:
        folder: where digitdraw writes.
        model: as its option --model takes it; None for the shipped model.
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
            _report({"error": reader.error} if reader.error else moments)
            pygame.event.post(pygame.event.Event(pygame.QUIT))

        threading.Thread(target=wait, daemon=True).start()
        return loading

    _replace(pygame.display, "update", timed_update)
    _replace(Reader, "load", timed_load)
    sys.argv[1:] = ["--save-dir", str(folder), *(["--model", model] if model else [])]
    cli.main()


def session(folder: Path, count: int, model: str | None) -> None:
    """Draw digits in one app, clearing the board after each, and report how many there were.

    Args:
        folder: where the app writes.
        count: the number of digits.
        model: as `Recognizer` takes it; None for the shipped model.
    """
    from digitbench.replay.pilot import Pilot
    from digitdraw.storage.settings import Settings
    from digitnet import Recognizer

    # With live reading, each point would take as long as a whole digit.
    recognizer = Recognizer(model, threads=1)
    pilot = Pilot(recognizer, save_dir=folder, settings=Settings(live=False))
    for drawing in _digits(count):
        pilot.draw(drawing)
        pilot.press("c")


def _digits(count: int) -> Iterator[Drawing]:
    """Yield bundled digits, and report at each checkpoint how many have been drawn."""
    from digitbench.run import suite

    drawings = [each for each in suite.read(suite.bundled_recordings()) if len(each.word) == 1]
    for number in range(count):
        yield drawings[number % len(drawings)]
        if (number + 1) * CHECKPOINTS // count > number * CHECKPOINTS // count:
            _report({"digits": number + 1})


def _replace(owner: object, name: str, value: object) -> None:
    setattr(owner, name, value)


def _report(message: dict[str, Any]) -> None:
    """Send the parent a message, and wait for its answer."""
    sys.stdout.write(json.dumps({"pid": os.getpid(), **message}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()


def _main() -> None:
    what, *arguments = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="digitbench-") as folder:
        if what == "start":
            start(Path(folder), arguments[0] if arguments else None)
        else:
            session(Path(folder), int(arguments[0]), arguments[1] if arguments[1:] else None)


if __name__ == "__main__":
    _main()
