"""The device that a network is trained on, and its precision.

Batches are always made on the CPU, so that the random numbers are the same on every device.
"""

from __future__ import annotations

import contextlib
import os

import torch

from digitnet.errors import DataError

AUTO = "auto"
NAMES = (AUTO, "cuda", "mps", "cpu")
"""The names of devices; `AUTO` is the first of the others that is available."""


def resolve(name: str = AUTO) -> torch.device:
    """Return the device with a name from `NAMES`; of several GPUs, this process's own.

    Raises:
        DataError: The device is not available.
    """
    is_available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == AUTO:
        name = next(known for known, available in is_available.items() if available)
    if not is_available.get(name):
        others = ", ".join(known for known, available in is_available.items() if available)
        raise DataError(
            f"device {name!r} is not available to PyTorch here; choose one of: {others}"
        )
    if name != "cuda":
        return torch.device(name)
    # torchrun numbers the processes of a machine; each takes the GPU with its number.
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    if device.index >= torch.cuda.device_count():
        raise DataError(
            f"{device} is not available: this machine has {torch.cuda.device_count()} GPUs; "
            "start at most that many processes, or choose --device cpu"
        )
    torch.cuda.set_device(device)
    return device


def fast_precision(device: torch.device) -> contextlib.AbstractContextManager[object]:
    """Return a context that computes in bfloat16 where that is faster; weights stay float32.

    On CPUs that support it, it halves the time of a step.
    """
    if device.type == "cuda":
        is_fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        is_fast = device.type == "cpu" and _has_fast_bfloat16()
    if not is_fast:
        return contextlib.nullcontext()
    return torch.autocast(device.type, torch.bfloat16)


def _has_fast_bfloat16() -> bool:
    # PyTorch detects these, but not every version that we allow has public names for them.
    features = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(torch.cpu, feature, bool)() for feature in features)
