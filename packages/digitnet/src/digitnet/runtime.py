"""Runs an exported network on ONNX Runtime, in this process and in those forked from it."""

from __future__ import annotations

import ctypes
import math
import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.errors import ModelError, PictureError, reason_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 256
"""Maximum number of images per run: few enough to stay in the processor's cache."""

# Minimum number of images per thread: fewer take less time than starting the thread.
_MIN_SHARE = 32

# Outputs of every exported network, in this order; the feature maps of its stages may follow.
_OUTPUTS = ["probabilities", "likelihood"]

# More are refused, as the system may not be able to start them.
_MAX_THREADS = 1024


class Network:
    """An exported network, which several threads can run at once.

    Images are shared among this class's own threads, because the network is too small to be split
    into parallel parts; on two cores, 10,000 images take a fifth less time than with the runtime's
    threads.

    In a forked process, whatever other threads were doing in the runtime is never finished. There,
    the network is loaded again from the same bytes when it first runs, and the inherited session is
    left alone.

    Args:
        model: the .onnx file's content.
        path: its path, for error messages.
        threads: maximum number of threads per call; None for the number of cores.

    Raises:
        ModelError: the runtime cannot load it, it is not a network for digits, or `threads` is out
            of range.
    """

    def __init__(self, model: bytes, path: Path, threads: int | None) -> None:
        self._model, self._path, self._threads = model, path, _count(threads)
        self._lock = threading.Lock()
        self._session: Any = _open(model, path)
        self._stages = [end.name for end in self._session.get_outputs()][len(_OUTPUTS) :]
        _networks.add(self)

    def answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As `digitnet.Recognizer.answer`."""
        batch = np.asarray(batch)
        is_grey = batch.dtype == np.uint8 or batch.dtype.kind == "f"
        if batch.ndim != 3 or batch.shape[1:] != (28, 28) or not is_grey:
            raise PictureError(
                f"cannot classify {batch.dtype} of shape {batch.shape}; "
                "pass uint8 or float of shape (n, 28, 28)"
            )
        share = min(max(_MIN_SHARE, math.ceil(len(batch) / self._threads)), BATCH)
        if len(batch) <= share:
            return self._answer(batch)
        # Imported here because a single drawing needs no threads, and should not wait for this.
        from concurrent.futures import ThreadPoolExecutor

        parts = [batch[start : start + share] for start in range(0, len(batch), share)]
        with ThreadPoolExecutor(min(self._threads, len(parts))) as threads:
            probabilities, likelihoods = zip(*threads.map(self._answer, parts), strict=True)
        return np.concatenate(probabilities), np.concatenate(likelihoods)

    def _answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        images = batch.astype(np.float32)
        if batch.dtype.kind == "u":
            images /= np.float32(255)
        probabilities, likelihoods = self._run(_OUTPUTS, images)
        return probabilities, likelihoods

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """As `digitnet.Recognizer.feature_maps`."""
        if not self._stages:
            raise ModelError(
                f"{self._path.parent}: was exported without its stages; export the model again"
            )
        images = image[None].astype(np.float32) / np.float32(255)
        return [maps[0] for maps in self._run(self._stages, images)]

    def _run(self, outputs: Sequence[str], images: NDArray[np.float32]) -> list[Any]:
        session = self._session
        if session is None:
            with self._lock:
                if self._session is None:
                    self._session = _open(self._model, self._path)
                session = self._session
        answers: list[Any] = session.run(outputs, {"pictures": images})
        return answers

    def abandon_session(self) -> None:
        """Drop the session that a forked process inherited, which works only in its parent."""
        self._lock = threading.Lock()
        if self._session is not None:
            # Freeing it would wait for threads that do not exist here, and hang or crash.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._session))
            self._session = None


_networks: weakref.WeakSet[Network] = weakref.WeakSet()


def _after_fork() -> None:
    for network in _networks:
        network.abandon_session()


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(after_in_child=_after_fork)


def _count(threads: Any) -> int:
    if threads is None:
        return os.cpu_count() or 1
    if type(threads) is not int or not 1 <= threads <= _MAX_THREADS:
        raise ModelError(
            f"threads={threads!r}: pass an integer from 1 to {_MAX_THREADS}, or None for all cores"
        )
    return threads


def import_onnxruntime() -> Any:
    """Import ONNX Runtime with its telemetry turned off."""
    # From 1.29 on, it sends telemetry to Microsoft unless this is set before the import, and the
    # thread that uploads it keeps forked processes from exiting.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    # Imported here because the runtime takes longer to import than everything else together.
    import onnxruntime

    return onnxruntime


def _open(model: bytes, path: Path) -> Any:
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors; its warnings about optimizations help nobody
    # The network is too small to be split; `Network` shares the images among threads instead.
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors have no common class
        raise ModelError(
            f"{path}: ONNX Runtime cannot load it ({reason_of(error)}); export it again"
        ) from None
    inputs = [end.name for end in session.get_inputs()]
    outputs = [end.name for end in session.get_outputs()]
    if inputs != ["pictures"] or outputs[: len(_OUTPUTS)] != _OUTPUTS:
        raise ModelError(
            f"{path}: has inputs {inputs} and outputs {outputs}, so it is not a DigitNet; "
            "export it again"
        )
    return session
