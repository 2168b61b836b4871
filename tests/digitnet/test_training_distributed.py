"""Several processes, started by torchrun, train one network."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from digitnet import DataError, Recognizer
from digitnet.cli import options
from digitnet.training import devices, distributed
from digitnet.training.checkpoint import NAME
from digitnet.training.config import QUICK
from digitnet.training.pipeline import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("one_torch_thread"),
    pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed"),
]


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``digitnet`` in two processes of this machine, which meet on a free port."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", "2", "-m", "digitnet", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def messages(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the error messages of digitnet, without those of torchrun."""
    return [line for line in done.stderr.splitlines() if line.startswith("digitnet: ")]


def final_accuracy(out: Path) -> float:
    with (out / "log.csv").open(newline="") as file:
        return float(list(csv.DictReader(file))[-1]["accuracy"])


def test_two_processes_train_as_well_as_one(plain_mnist: Path, tmp_path: Path) -> None:
    """The accuracy is the same up to a few images; one model is written and reported once."""
    one, two = tmp_path / "one", tmp_path / "two"
    options = ["--preset", "quick", "--epochs", 6, "--batch-size", 32, "--threads", 1]
    done = torchrun("train", "--data", plain_mnist, "--out", two, *options)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("epoch ") == 6
    assert done.stderr.count(f"{two}: model written\n") == 1
    assert NAME not in {file.name for file in two.iterdir()}
    assert Recognizer(two).manifest.facts["processes"] == 2

    train(replace(QUICK, epochs=6, batch_size=32, threads=1), plain_mnist, [], one)
    assert final_accuracy(one) > 0.8
    assert final_accuracy(two) == pytest.approx(final_accuracy(one), abs=0.06)


def test_an_error_is_reported_once(tmp_path: Path) -> None:
    """Without data, the processes report one line altogether, and nothing is written."""
    done = torchrun("train", "--data", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    (line,) = messages(done)
    assert str(tmp_path) in line
    assert not list((tmp_path / "out").iterdir())


def test_a_single_process_is_its_own_leader() -> None:
    """It works on whole batches, and collective operations return its own values."""
    batch = torch.arange(6)
    assert (distributed.rank(), distributed.world_size(), distributed.is_leader()) == (0, 1, True)
    assert distributed.shard(batch).tolist() == batch.tolist()
    assert distributed.all_reduce_mean(batch.float()).tolist() == batch.tolist()
    assert distributed.broadcast_bytes(b"content") == b"content"
    assert distributed.local_leader_first(lambda: 7) == 7
    with (
        pytest.raises(DataError, match="own"),
        distributed.process_group(),
        distributed.fail_together(),
    ):
        raise DataError("its own")


def test_shards_cover_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each image is in exactly one shard, and shards differ in size by one at most."""
    batch = torch.arange(10)
    shards = []
    monkeypatch.setattr(distributed, "world_size", lambda: 3)
    for rank in range(3):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        shards.append(distributed.shard(batch))
    assert sorted(torch.cat(shards).tolist()) == batch.tolist()
    assert sorted(map(len, shards)) == [3, 3, 4]


@pytest.mark.parametrize(
    "available",
    [{"cuda", "mps"}, {"mps"}, set[str]()],
    ids=["cuda and mps", "mps", "neither"],
)
def test_the_best_available_device_is_chosen(
    monkeypatch: pytest.MonkeyPatch, available: set[str]
) -> None:
    """CUDA comes before MPS, and MPS before the CPU; each process gets a GPU of its own."""
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in available)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in available)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert devices.resolve().type == min(available, default="cpu")
    assert chosen == ([torch.device("cuda", 1)] if "cuda" in available else [])
    assert devices.resolve("cpu") == torch.device("cpu")


def test_the_command_offers_all_devices() -> None:
    """The command has a copy of the names, as it must work without PyTorch."""
    assert options.DEVICES == devices.NAMES


def test_an_unavailable_device_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names it and the available ones; too few GPUs are an error, too."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for name in ("cuda", "mps", "abacus"):
        with pytest.raises(DataError, match=rf"\A.*'{name}'.*; .*: cpu\Z"):
            devices.resolve(name)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("LOCAL_RANK", "1")
    with pytest.raises(DataError, match=r"\Acuda:1 .+; .+\Z"):
        devices.resolve("cuda")
