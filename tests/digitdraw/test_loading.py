"""The model is loaded while the user is already drawing."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitdraw.model.reader import Reader
from digitnet import Recognizer

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Shown

PATIENCE = 20.0  # seconds after which a hanging thread fails the test


class Loading:
    """A reader whose model finishes loading when the test says so."""

    def __init__(self, result: Callable[[], Recognizer], monkeypatch: pytest.MonkeyPatch) -> None:
        self.reader = Reader()
        self._gate = threading.Event()

        def load(_model: Path | None, **_options: int) -> Recognizer:
            assert self._gate.wait(PATIENCE)
            return result()

        monkeypatch.setattr("digitnet.Recognizer", load)
        self._thread = self.reader.load(None)

    def finish(self) -> None:
        """Let loading finish, or fail."""
        self._gate.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def loading(recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Return a reader that is loading the shipped model."""
    return Loading(lambda: recognizer, monkeypatch)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Return a reader whose loading will fail for an unforeseen reason."""

    def fail() -> Recognizer:
        raise MemoryError("too large")

    return Loading(fail, monkeypatch)


def test_ink_drawn_before_the_model_is_read_as_soon_as_it_comes(
    loading: Loading, new_pilot: NewPilot
) -> None:
    """The answer comes without any further event."""
    pilot = new_pilot(loading.reader)
    pilot.draw(pilot.SEVEN)
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.app.prediction is None
    loading.finish()
    assert pilot.step() != []
    assert pilot.text == "7"


def test_the_window_says_that_the_model_is_loading(
    loading: Loading, new_pilot: NewPilot, shown: Shown
) -> None:
    """The message is shown while an answer is awaited, until it comes."""
    pilot = new_pilot(loading.reader)
    assert shown.line("verdict") == ""
    pilot.draw(pilot.SEVEN)
    assert "oading" in shown.line("verdict")
    loading.finish()
    pilot.step()
    assert "oading" not in shown.line("verdict")


def test_a_board_that_was_cleared_before_the_model_came_is_not_read(
    loading: Loading, new_pilot: NewPilot
) -> None:
    """The newest ink is read, and the board is blank."""
    pilot = new_pilot(loading.reader)
    pilot.draw(pilot.SEVEN)
    pilot.app.clear()
    loading.finish()
    pilot.step()
    assert pilot.app.prediction is None


def test_the_hash_of_the_model_is_known_when_it_is_loaded(
    loading: Loading, recognizer: Recognizer
) -> None:
    """Nothing is read before."""
    assert loading.reader.model_hash == ""
    loading.finish()
    assert loading.reader.model_hash == recognizer.model_hash


def test_a_missing_model_is_reported_in_the_window(
    tmp_path: Path, new_pilot: NewPilot, shown: Shown
) -> None:
    """One line names the file."""
    reader = Reader()
    reader.load(tmp_path / "gone.onnx").join(PATIENCE)
    new_pilot(reader)
    assert shown.line("status") == reader.error
    assert "gone.onnx" in reader.error
    assert "\n" not in reader.error


def test_any_failure_to_load_is_reported_in_the_window(
    failing: Loading, new_pilot: NewPilot, shown: Shown
) -> None:
    """It is reported at once, without any event, and stays visible while the user draws."""
    pilot = new_pilot(failing.reader)
    failing.finish()
    assert pilot.step() != []
    assert "too large" in shown.line("status")
    pilot.draw(pilot.SEVEN)
    assert "too large" in shown.line("status")


def test_without_a_model_drawing_and_saving_work(failing: Loading, new_pilot: NewPilot) -> None:
    """The ink is saved; only the answer is missing."""
    pilot = new_pilot(failing.reader)
    failing.finish()
    pilot.draw(pilot.SEVEN, [(10, 10)])
    pilot.app.undo()
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.app.prediction is None
    picture = pilot.app.save()
    assert picture is not None
    assert picture.exists()


def test_a_process_ends_only_when_its_model_is_loaded() -> None:
    """One that ends while ONNX Runtime is being imported may crash."""
    program = (
        "import time, digitnet; from digitdraw.model.reader import Reader\n"
        "digitnet.Recognizer = lambda *_, **__: time.sleep(0.2) or print('loaded')\n"
        "Reader().load(None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("loaded\n", "", 0)
