"""Data-parallel training in several processes, on one machine or more, started by torchrun.

Every process makes the same batches from the same seed and works on its own part of them. So a seed
means the same for any number of processes, and one process's checkpoint suffices to resume all. The
leader, rank 0, alone measures, reports and writes. In a single process, which is its own leader,
nothing here has an effect.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from digitnet.errors import DataError, DigitnetError

_T = TypeVar("_T")


def rank() -> int:
    """Return the number of this process, from 0."""
    return distributed.get_rank() if _is_initialized() else 0


def world_size() -> int:
    """Return the number of processes."""
    return distributed.get_world_size() if _is_initialized() else 1


def is_leader() -> bool:
    """Whether this process has rank 0."""
    return rank() == 0


def _is_initialized() -> bool:
    return distributed.is_available() and distributed.is_initialized()


@contextmanager
def process_group() -> Iterator[None]:
    """Join the process group if torchrun started this process, and leave it at the end.

    CPUs communicate through gloo, GPUs through NCCL.

    Raises:
        DataError: The other processes cannot be reached, or one of them was lost on the way.
    """
    is_one_of_many = int(os.environ.get("WORLD_SIZE", "1")) > 1 and distributed.is_available()
    if _is_initialized() or not (is_one_of_many and distributed.is_torchelastic_launched()):
        yield
        return
    try:
        distributed.init_process_group()
        yield
    except RuntimeError as error:
        reason = str(error).splitlines()[0].partition(". ")[0]
        if not (isinstance(error, distributed.DistError) or "gloo" in reason):
            raise
        raise DataError(
            f"process {os.environ['RANK']} lost contact with the others ({reason}); "
            "see the message of the one that stopped first, and start again"
        ) from None
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


@contextmanager
def fail_together() -> Iterator[None]:
    """Continue only if no process raised an error in the block; else end all of them.

    The failed process of the lowest rank reports its error; the others exit in silence.

    Raises:
        DigitnetError: The error raised in the block.
        SystemExit: Another process reports the error.
    """
    caught: DigitnetError | None = None
    try:
        yield
    except DigitnetError as error:
        caught = error
    first = torch.tensor(rank() if caught else world_size())
    if _is_initialized():
        distributed.all_reduce(first, distributed.ReduceOp.MIN)
    if caught and rank() == first:
        raise caught
    if first < world_size():
        sys.exit(1)


def local_leader_first(action: Callable[[], _T]) -> _T:
    """Run an action in one process of each machine, and after that in the others.

    So they find what the first one downloaded.
    """
    goes_first = int(os.environ.get("LOCAL_RANK", "0")) == 0 or not _is_initialized()
    results: list[_T] = []
    for turn in (True, False):
        with fail_together():
            if goes_first == turn:
                results.append(action())
    return results[0]


def broadcast_bytes(content: bytes) -> bytes:
    """Return the leader's content in all processes."""
    if not _is_initialized():
        return content
    length = torch.tensor(len(content))
    distributed.broadcast(length, 0)
    data = None
    if is_leader() and content:
        data = torch.frombuffer(bytearray(content), dtype=torch.uint8)
    if data is None:
        data = torch.zeros(int(length), dtype=torch.uint8)
    if len(data):
        distributed.broadcast(data, 0)
    return data.numpy().tobytes()


def shard(batch: Tensor) -> Tensor:
    """Return this process's part of a batch: every n-th element for n processes."""
    return batch[rank() :: world_size()]


def all_reduce_mean(values: Tensor) -> Tensor:
    """Average values, float (n,), over the processes."""
    if _is_initialized():
        distributed.all_reduce(values)
        values /= world_size()
    return values


def data_parallel(model: nn.Module, device: torch.device) -> nn.Module:
    """Wrap a network so that the gradients of each step are averaged over the processes.

    Batch normalisation works on each process's own part of the batch, and its running statistics
    are the leader's.
    """
    if not _is_initialized():
        return model
    return DistributedDataParallel(model, device_ids=[device] if device.type == "cuda" else None)
