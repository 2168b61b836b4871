"""Where a network is trained, and in which precision.

Batches are made on the CPU whatever the device, so that chance decides the same everywhere.
"""

from __future__ import annotations

import contextlib
import os

import torch

from digitnet.errors import DataError

AUTO = "auto"
NAMES = (AUTO, "cuda", "mps", "cpu")
"""What may be chosen; of `AUTO`, the first of the others that is there."""


def choose(name: str = AUTO) -> torch.device:
    """Give the device of a name out of `NAMES`; of several GPUs, the one that is this process's.

    Raises:
        DataError: the machine has none of that name.
    """
    is_there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == AUTO:
        name = next(known for known, there in is_there.items() if there)
    if not is_there.get(name):
        there = ", ".join(known for known, there in is_there.items() if there)
        raise DataError(f"this PyTorch finds no device {name!r} here; choose one of: {there}")
    if name != "cuda":
        return torch.device(name)
    # torchrun numbers the processes of a machine, and each takes the GPU of its number.
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if device.index >= torch.cuda.device_count():
        raise DataError(
            f"{device} is not there: this machine has {torch.cuda.device_count()} GPUs; "
            "start no more processes than that, or choose --device cpu"
        )
    torch.cuda.set_device(device)
    return device


def fast_precision(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Compute in bfloat16 where that is faster; weights stay float32.

    It halves the time of a step on CPUs that have it.
    """
    if device.type == "cuda":
        is_fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        is_fast = device.type == "cpu" and _has_fast_bfloat16()
    if not is_fast:
        return contextlib.nullcontext()
    return torch.autocast(device.type, torch.bfloat16)


def _has_fast_bfloat16() -> bool:
    # PyTorch asks the CPU, but has no public names for the answers in all versions that we allow.
    questions = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(torch.cpu, question, bool)() for question in questions)
