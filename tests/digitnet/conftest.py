"""Fixtures for the tests of digitnet: a clear seven, a copy of the model, and damage."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from PIL import Image

from digitbench.run import suite
from digitnet import Drawing, Stroke, write_drawings
from digitnet.cli.main import cli
from digitnet.cli_support import run
from digitnet.manifest import shipped_model
from digitnet.preprocessing.raster import render


@dataclass(frozen=True)
class Outcome:
    """The exit code and output of a command."""

    code: int | str | None
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Command: TypeAlias = "Callable[..., Outcome]"
Process: TypeAlias = "Callable[..., subprocess.CompletedProcess[bytes]]"


@pytest.fixture(scope="session")
def seven() -> Drawing:
    """An unmistakable seven, in one stroke."""
    stroke = Stroke.of([40, 160, 90], [40, 40, 210], [0, 120, 300])
    return Drawing((stroke,), word="7", key_id="seven", canvas=(200, 250), pen=0.05)


@pytest.fixture(scope="session")
def seven_picture(seven: Drawing) -> Image.Image:
    """The seven as a grey image, 200x250, black on white."""
    ink = render([stroke.xy for stroke in seven.strokes], (250, 200), radius=8)
    return Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8))


@pytest.fixture(scope="session")
def full_line() -> bytes:
    """One line of a recordings file with every known key and an unknown one."""
    return (
        b'{"key_id":"a","word":"7","drawing":[[[10,50],[10,90],[0,16.5]],[[1],[2],[3]]],'
        b'"canvas":[400,300.5],"pen":0.05,"device":"pen","source":"s","writer":"w","tags":["t"],'
        b'"events":[[5,"undo"],[9,"resize",[200,150]]],"answer":{"text":"7"},"recognized":true}\n'
    )


@pytest.fixture(scope="session")
def bundled() -> list[Drawing]:
    """The bundled recordings of single digits and of other ink."""
    drawings = suite.read_all(suite.bundled_recordings())
    return [drawing for drawing in drawings if len(drawing.word) <= 1]


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A copy of the shipped model that a test can damage."""
    return Path(shutil.copytree(shipped_model(), tmp_path / "model"))


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``digitnet`` with arguments, in this process."""

    def call(*arguments: object) -> Outcome:
        with pytest.raises(SystemExit) as caught:
            run(cli, [str(argument) for argument in arguments])
        return Outcome(caught.value.code, *capfd.readouterr())

    return call


@pytest.fixture
def digitnet_process() -> Process:
    """Run ``digitnet`` in its own process, like a shell, with UTF-8 output."""
    start = "from digitnet.cli.main import main; main()"

    def call(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        words = [sys.executable, "-c", start, *map(str, arguments)]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(words, stderr=subprocess.PIPE, env=environment, **options)

    return call


@pytest.fixture
def picture(tmp_path: Path, seven_picture: Image.Image) -> Path:
    path = tmp_path / "seven.png"
    seven_picture.save(path)
    return path


@pytest.fixture
def recordings(tmp_path: Path, seven: Drawing) -> Path:
    """A file of three drawings: one with a key, one without, one blank."""
    path = tmp_path / "ink.ndjson"
    write_drawings(path, [seven, Drawing(seven.strokes), Drawing((), key_id="blank")])
    return path


@pytest.fixture(scope="session")
def damaged() -> Callable[[bytes], SearchStrategy[bytes]]:
    """Return a function from a file's bytes to a strategy for damaged versions of them.

    A few ranges are overwritten, cut out or extended; without edits, the file is unchanged.
    """

    def edited(content: bytes) -> SearchStrategy[bytes]:
        edit = st.tuples(st.integers(0, len(content)), st.integers(0, 8), st.binary(max_size=8))
        return st.lists(edit, max_size=6).map(lambda edits: _apply(content, edits))

    return edited


@pytest.fixture(scope="module")
def one_torch_thread() -> Iterator[None]:
    """Run PyTorch on one thread, and restore the number of threads afterwards.

    These networks are small: threads would wait for each other longer than they compute, and would
    sum in a random order.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def _apply(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for position, length, replacement in edits:
        content = content[:position] + replacement + content[position + length :]
    return content


@pytest.fixture(scope="session")
def small_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MNIST/raw: 600 synthetic training digits and 100 test digits."""
    pytest.importorskip("torch")
    from digitnet.training.stroke_augmentation import render_augmented

    return _write_mnist(tmp_path_factory.mktemp("small"), render_augmented)


@pytest.fixture(scope="session")
def plain_mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with plainly written digits, for tests that must learn from so few."""
    pytest.importorskip("torch")
    from digitnet.preprocessing.framing import frame_strokes

    folder = tmp_path_factory.mktemp("plain")
    return _write_mnist(folder, lambda _label, paths, _rng: frame_strokes(paths))


def _write_mnist(folder: Path, draw: Callable[..., Any]) -> Path:
    from digitnet.training.data import MNIST_FILES
    from digitnet.training.synthetic.prototypes import make_digit

    (folder / "MNIST" / "raw").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for count, names in ((600, MNIST_FILES[:2]), (100, MNIST_FILES[2:])):
        labels = rng.integers(0, 10, count).astype(np.uint8)
        images = np.stack([draw(int(d), make_digit(int(d), rng), rng) for d in labels])
        for name, array in zip(names, (images, labels), strict=True):
            sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
            head = bytes([0, 0, 8, array.ndim]) + sizes
            (folder / "MNIST" / "raw" / name).write_bytes(head + array.tobytes())
    return folder
