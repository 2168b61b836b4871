"""A training run that is interrupted at any moment and resumed has the same result."""

from __future__ import annotations

import contextlib
import csv
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from digitnet import DataError, Drawing, Stroke, write_drawings
from digitnet.cli.main import cli
from digitnet.cli_support import run as run_command
from digitnet.manifest import MANIFEST_NAME, SAFETENSORS_NAME
from digitnet.training import checkpoint
from digitnet.training.config import Config
from digitnet.training.data import Pictures, mnist_train, render_drawings
from digitnet.training.fit import fit
from digitnet.training.log import Epoch
from digitnet.training.network import DigitNet
from digitnet.training.pipeline import train
from digitnet.training.synthetic.prototypes import make_digit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_torch_thread")]

TINY = Config(
    width=8,
    depth=8,
    epochs=4,
    path_epochs=1,
    batch_size=40,
    negatives=10,
    pairs=10,
    marks=10,
    threads=1,
)


@pytest.fixture(scope="module")
def pictures(small_mnist: Path) -> Pictures:
    return mnist_train(small_mnist)[:80]


@pytest.fixture(scope="module")
def drawings() -> list[Drawing]:
    rng = np.random.default_rng(1)
    paths = [make_digit(index % 10, rng) for index in range(20)]
    return [Drawing(tuple(map(Stroke, p)), word=str(i % 10)) for i, p in enumerate(paths)]


class Interrupted(Exception):  # noqa: N818 - nothing went wrong
    """Ends a run from outside."""


def stop_after(steps: int) -> Any:
    """Return a callback that interrupts a run after a number of steps."""
    taken = iter(range(steps))

    def on_step() -> None:
        if next(taken, None) is None:
            raise Interrupted

    return on_step


def fitted(
    pictures: Pictures, drawings: Sequence[Drawing], **options: Any
) -> tuple[DigitNet, list[Epoch]]:
    """Train with images, ink and a teacher; return the network and the reported epochs."""
    torch.rand(5)  # the global generator's state must not matter
    epochs: list[Epoch] = []
    teacher = DigitNet(8, 8).eval()
    teacher.load_state_dict({name: torch.ones_like(t) for name, t in teacher.state_dict().items()})
    ink = render_drawings(drawings)
    model = fit(
        TINY,
        pictures,
        pictures,
        drawings,
        ink,
        teachers=[teacher],
        on_epoch=epochs.append,
        **options,
    )
    return model, [replace(epoch, seconds=0) for epoch in epochs]


@pytest.fixture(scope="module")
def whole(pictures: Pictures, drawings: Sequence[Drawing]) -> tuple[DigitNet, list[Epoch]]:
    """A run without interruption."""
    return fitted(pictures, drawings)


@pytest.mark.parametrize("steps", [1, 3, 10])
def test_a_resumed_run_ends_with_the_same_weights(
    pictures: Pictures,
    drawings: Sequence[Drawing],
    whole: tuple[DigitNet, list[Epoch]],
    tmp_path: Path,
    steps: int,
) -> None:
    """All tensors and the reported epochs are the same, except for the times."""
    path = tmp_path / checkpoint.NAME
    with pytest.raises(Interrupted):
        fitted(pictures, drawings, checkpoint_path=path, on_step=stop_after(steps))
    assert path.exists() == (steps >= TINY.steps_per_epoch(len(pictures), len(drawings)))
    model, epochs = fitted(pictures, drawings, checkpoint_path=path)
    resumed = model.state_dict()
    assert all(torch.equal(resumed[name], t) for name, t in whole[0].state_dict().items())
    assert epochs == whole[1]


def digitnet(*arguments: object) -> int:
    """Run the command in this process, and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        run_command(cli, [str(argument) for argument in arguments])
    return int(caught.value.code or 0)


def rows(log: Path) -> list[dict[str, str]]:
    with log.open(newline="") as file:
        return [{**row, "seconds": ""} for row in csv.DictReader(file)]


def test_a_killed_command_resumes_when_it_is_repeated(
    small_mnist: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """After SIGKILL and the same command again, the files are those of a run without it."""
    options = ["--preset", "quick", "--data", small_mnist, "--epochs", 6, "--limit", 300]
    options += ["--threads", 1]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    command = [sys.executable, "-m", "digitnet", "train", *map(str, options), "--out", str(killed)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (killed / checkpoint.NAME).exists():
            time.sleep(0.01)
        process.kill()
    assert not (killed / MANIFEST_NAME).exists()
    assert (killed / checkpoint.NAME).exists()

    assert digitnet("train", *options, "--out", whole) == 0
    assert "resuming" not in capfd.readouterr().err
    assert digitnet("train", *options, "--out", killed) == 0
    messages = capfd.readouterr().err
    assert messages.startswith(f"{killed}: resuming the interrupted run\n")
    assert messages.count("epoch ") == 6
    for name in (SAFETENSORS_NAME, "model.onnx", "confusion.png"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes()
    assert rows(killed / "log.csv") == rows(whole / "log.csv")
    assert sorted(f.name for f in killed.iterdir()) == sorted(f.name for f in whole.iterdir())


@pytest.fixture
def interrupted(small_mnist: Path, tmp_path: Path) -> Path:
    """The folder of a run that was interrupted in its second epoch."""
    out = tmp_path / "interrupted"
    with (
        patch("digitnet.training.fit.update_ema", side_effect=_update_ema_for(19)),
        contextlib.suppress(Interrupted),
    ):
        train(TINY, small_mnist, [], out)
    assert (out / checkpoint.NAME).exists()
    return out


def _update_ema_for(steps: int) -> Any:
    def update_ema(*_arguments: object) -> None:
        on_step()

    on_step = stop_after(steps)
    return update_ema


@pytest.mark.parametrize(
    ("config", "limit", "difference"),
    [
        (replace(TINY, seed=2), None, "seed 1, not 2"),
        (replace(TINY, learning_rate=0.1), None, "learning_rate 0.003, not 0.1"),
        (TINY, 500, "other data"),
    ],
)
def test_another_runs_checkpoint_is_refused(
    interrupted: Path, small_mnist: Path, config: Config, limit: int | None, difference: str
) -> None:
    """The error is one line that says what differs; the checkpoint is unchanged."""
    content = (interrupted / checkpoint.NAME).read_bytes()
    with pytest.raises(DataError, match=rf"\A.+{re.escape(difference)}; .+--restart\Z"):
        train(config, small_mnist, [], interrupted, limit=limit)
    assert (interrupted / checkpoint.NAME).read_bytes() == content


def test_a_run_can_start_over(interrupted: Path, small_mnist: Path) -> None:
    """`restart` deletes the checkpoint of any run."""
    train(replace(TINY, seed=2, epochs=1), small_mnist, [], interrupted, restart=True)
    assert (interrupted / MANIFEST_NAME).exists()
    assert not (interrupted / checkpoint.NAME).exists()


def test_another_initial_network_makes_another_run(pictures: Pictures, tmp_path: Path) -> None:
    """The networks that a run starts from and learns from are part of its fingerprint."""
    path = tmp_path / checkpoint.NAME
    fit(replace(TINY, epochs=1), pictures, pictures, checkpoint_path=path)
    with pytest.raises(DataError, match="other networks"):
        fit(replace(TINY, epochs=1), pictures, pictures, checkpoint_path=path, start=DigitNet(8, 8))


@pytest.mark.parametrize("size", [1, 8, 200, 5000, -1])
def test_a_damaged_checkpoint_is_reported(interrupted: Path, small_mnist: Path, size: int) -> None:
    """Truncated anywhere, it is an error of one line with the file's name and what to do."""
    path = interrupted / checkpoint.NAME
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DataError, match=rf"\A{re.escape(str(path))}: is damaged.+; .+\Z"):
        train(TINY, small_mnist, [], interrupted)


def test_ink_is_part_of_the_fingerprint(
    drawings: Sequence[Drawing], small_mnist: Path, interrupted: Path, tmp_path: Path
) -> None:
    """Other recordings make another run."""
    write_drawings(tmp_path / "ink.ndjson", drawings)
    with pytest.raises(DataError, match="other data"):
        train(TINY, small_mnist, [tmp_path / "ink.ndjson"], interrupted)
