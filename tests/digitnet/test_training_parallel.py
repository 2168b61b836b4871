"""Several processes, as torchrun starts them, train one network."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from digitnet import DataError, Recognizer
from digitnet.cli import options
from digitnet.training import devices, distributed
from digitnet.training.checkpoint import NAME
from digitnet.training.config import Config
from digitnet.training.pipeline import train

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("one_torch_thread"),
    pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed"),
]


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``digitnet`` in two processes of this machine, which meet on a port that is free."""
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command = [*launcher, "--nproc-per-node", "2", "-m", "digitnet", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Give what digitnet said, without what torchrun did."""
    return [line for line in done.stderr.splitlines() if line.startswith("digitnet: ")]


def final_accuracy(out: Path) -> float:
    with (out / "log.csv").open(newline="") as file:
        return float(list(csv.DictReader(file))[-1]["accuracy"])


def test_two_processes_train_as_well_as_one(plain_mnist: Path, tmp_path: Path) -> None:
    """The accuracy is the same within a few pictures; one model is written, and told once."""
    one, two = tmp_path / "one", tmp_path / "two"
    options = ["--epochs", 6, "--batch-size", 32, "--threads", 1]
    done = torchrun("train", "--data", plain_mnist, "--out", two, *options)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("epoch ") == 6
    assert done.stderr.count(f"{two}: model written\n") == 1
    assert NAME not in {file.name for file in two.iterdir()}
    assert Recognizer(two).manifest.facts["processes"] == 2

    train(Config(epochs=6, batch_size=32, threads=1), plain_mnist, [], one)
    assert final_accuracy(one) > 0.8
    assert final_accuracy(two) == pytest.approx(final_accuracy(one), abs=0.06)


def test_what_is_wrong_is_told_once(tmp_path: Path) -> None:
    """Without data, the processes end with one line together, and nothing is written."""
    done = torchrun("train", "--data", tmp_path, "--out", tmp_path / "out")
    assert done.returncode == 1
    (line,) = said(done)
    assert str(tmp_path) in line
    assert not list((tmp_path / "out").iterdir())


def test_one_process_alone_leads() -> None:
    """It has the whole of each batch, agrees with itself, and what it shares is its own."""
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


def test_shares_are_all_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many processes there are, each picture is one's, and no share is much larger."""
    batch = torch.arange(10)
    shares = []
    monkeypatch.setattr(distributed, "world_size", lambda: 3)
    for rank in range(3):
        monkeypatch.setattr(distributed, "rank", lambda rank=rank: rank)
        shares.append(distributed.shard(batch))
    assert sorted(torch.cat(shares).tolist()) == batch.tolist()
    assert sorted(map(len, shares)) == [3, 3, 4]


@pytest.mark.parametrize("there", [{"cuda", "mps"}, {"mps"}, set[str]()], ids=str)
def test_the_best_device_that_is_there_is_taken(
    monkeypatch: pytest.MonkeyPatch, there: set[str]
) -> None:
    """CUDA before MPS before the CPU; of several GPUs, each process of a machine its own."""
    chosen: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in there)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in there)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert devices.resolve().type == min(there, default="cpu")
    assert chosen == ([torch.device("cuda", 1)] if "cuda" in there else [])
    assert devices.resolve("cpu") == torch.device("cpu")


def test_the_command_offers_all_devices() -> None:
    """It cannot ask where PyTorch is not installed, so it has names of its own."""
    assert options.DEVICES == devices.NAMES


def test_a_device_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, with those that are; and so are processes for which there is no GPU."""
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
