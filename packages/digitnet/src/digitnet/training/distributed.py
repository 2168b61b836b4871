"""Several processes that train one network, on one machine or on several, as torchrun starts them.

Each makes the same batches from the same chance and takes its share of them, so a seed means the
same for any number of processes, and what one of them knows suffices for all to go on from. The
first one leads: it alone measures, tells and writes. Where there is but one process, it leads, and
nothing here does anything.
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
    """Give this process's number, from 0."""
    return distributed.get_rank() if _are_several() else 0


def processes() -> int:
    """Count the processes."""
    return distributed.get_world_size() if _are_several() else 1


def leads() -> bool:
    """Say whether this is the first process."""
    return rank() == 0


def _are_several() -> bool:
    return distributed.is_available() and distributed.is_initialized()


@contextmanager
def joined() -> Iterator[None]:
    """Meet the others where torchrun started this process, and part from them in the end.

    CPUs exchange by gloo, GPUs by NCCL.

    Raises:
        DataError: the others cannot be met, or one of them was lost on the way.
    """
    is_one_of_many = int(os.environ.get("WORLD_SIZE", "1")) > 1 and distributed.is_available()
    if _are_several() or not (is_one_of_many and distributed.is_torchelastic_launched()):
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
            f"process {os.environ['RANK']} lost the others ({reason}); "
            "see what the first to stop says, and start again"
        ) from None
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


@contextmanager
def agreed() -> Iterator[None]:
    """Go on only where all did well what is within; else the first that did not tells why.

    Raises:
        DigitnetError: as was raised within.
        SystemExit: another process told what is wrong.
    """
    caught: DigitnetError | None = None
    try:
        yield
    except DigitnetError as error:
        caught = error
    first = torch.tensor(rank() if caught else processes())
    if _are_several():
        distributed.all_reduce(first, distributed.ReduceOp.MIN)
    if caught and rank() == first:
        raise caught
    if first < processes():
        sys.exit(1)


def in_turn(action: Callable[[], _T]) -> _T:
    """Do something in one process of each machine, and in its others after that.

    So what the first one downloads is there for the others.
    """
    comes_first = int(os.environ.get("LOCAL_RANK", "0")) == 0 or not _are_several()
    results: list[_T] = []
    for turn in (True, False):
        with agreed():
            if comes_first == turn:
                results.append(action())
    return results[0]


def shared(content: bytes) -> bytes:
    """Give all processes what the leader has."""
    if not _are_several():
        return content
    length = torch.tensor(len(content))
    distributed.broadcast(length, 0)
    data = torch.frombuffer(bytearray(content), dtype=torch.uint8) if leads() and content else None
    if data is None:
        data = torch.zeros(int(length), dtype=torch.uint8)
    if len(data):
        distributed.broadcast(data, 0)
    return data.numpy().tobytes()


def share_of(batch: Tensor) -> Tensor:
    """Take this process's part of a batch: every n-th picture of n processes."""
    return batch[rank() :: processes()]


def mean_of(values: Tensor) -> Tensor:
    """Average values, float (n,), over the processes."""
    if _are_several():
        distributed.all_reduce(values)
        values /= processes()
    return values


def synchronised(model: nn.Module, device: torch.device) -> nn.Module:
    """Wrap a network so that each step's gradients are those of all processes' shares.

    Batch normalisation works on each process's own share, and its running statistics are the
    leader's.
    """
    if not _are_several():
        return model
    return DistributedDataParallel(model, device_ids=[device] if device.type == "cuda" else None)
