"""ONNX Runtime with an exported network in it, in this process and in those forked from it."""

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
"""Pictures a run at the most: few enough to stay in the cache."""

# Pictures that a thread is started for: they take longer than it takes to start.
_SHARE = 32

# What every exported network answers, in this order; the maps of its stages may follow.
_OUTPUTS = ["probabilities", "likelihood"]

# As many are started as were asked for, until the system gives no more.
_MOST_THREADS = 1024


class Network:
    """An exported network that can be run, by several threads at once.

    Pictures are shared out among threads of our own, since one network is too small to be divided;
    on two cores, 10,000 pictures take a fifth less time that way than by the runtime's threads.

    In a process that is forked, what other threads were doing in the runtime is never finished.
    There, the network is opened anew from the same bytes when it is first run, and the inherited
    one is left alone.

    Args:
        model: the .onnx file's content.
        path: where it is from, for errors.
        threads: that one call may use; None for as many as there are cores.

    Raises:
        ModelError: the runtime cannot load it, it is no network for digits, or there are no such
            threads.
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
                "give uint8 or float of shape (n, 28, 28)"
            )
        share = min(max(_SHARE, math.ceil(len(batch) / self._threads)), BATCH)
        if len(batch) <= share:
            return self._answer(batch)
        # Here and not above: a single drawing needs no threads, and should not wait for this.
        from concurrent.futures import ThreadPoolExecutor

        parts = [batch[start : start + share] for start in range(0, len(batch), share)]
        with ThreadPoolExecutor(min(self._threads, len(parts))) as threads:
            probabilities, likelihoods = zip(*threads.map(self._answer, parts), strict=True)
        return np.concatenate(probabilities), np.concatenate(likelihoods)

    def _answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        pictures = batch.astype(np.float32)
        if batch.dtype.kind == "u":
            pictures /= np.float32(255)
        probabilities, likelihoods = self._run(_OUTPUTS, pictures)
        return probabilities, likelihoods

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """As `digitnet.Recognizer.feature_maps`."""
        if not self._stages:
            raise ModelError(
                f"{self._path.parent}: was exported without its stages; export the model anew"
            )
        pictures = image[None].astype(np.float32) / np.float32(255)
        return [maps[0] for maps in self._run(self._stages, pictures)]

    def _run(self, outputs: Sequence[str], pictures: NDArray[np.float32]) -> list[Any]:
        session = self._session
        if session is None:
            with self._lock:
                if self._session is None:
                    self._session = _open(self._model, self._path)
                session = self._session
        answers: list[Any] = session.run(outputs, {"pictures": pictures})
        return answers

    def leave_to_parent(self) -> None:
        """Give up what a forked process has inherited, which works in its parent only."""
        self._lock = threading.Lock()
        if self._session is not None:
            # Freeing it would wait for threads that are not here: a hang, or a crash.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._session))
            self._session = None


_networks: weakref.WeakSet[Network] = weakref.WeakSet()


def _after_fork() -> None:
    for network in _networks:
        network.leave_to_parent()


if hasattr(os, "register_at_fork"):  # not on Windows, where no process is forked
    os.register_at_fork(after_in_child=_after_fork)


def _count(threads: Any) -> int:
    if threads is None:
        return os.cpu_count() or 1
    if type(threads) is not int or not 1 <= threads <= _MOST_THREADS:
        raise ModelError(
            f"threads={threads!r}: give a whole number from 1 to {_MOST_THREADS}, "
            "or leave it out for all cores"
        )
    return threads


def import_onnxruntime() -> Any:
    """Import ONNX Runtime, and see that it keeps what it does to itself."""
    # From 1.29 on, it would send what it does to Microsoft, unless this is set before it is
    # imported; and its uploader's thread would keep forked processes from ending.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    # Here and not above: the runtime takes longer to import than all the rest together.
    import onnxruntime

    return onnxruntime


def _open(model: bytes, path: Path) -> Any:
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors; warnings about its own optimisations help nobody
    # One network is too small to be divided: many pictures are, among threads of our own.
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has no common class for its errors
        raise ModelError(
            f"{path}: ONNX Runtime cannot load it ({reason_of(error)}); export it again"
        ) from None
    inputs = [end.name for end in session.get_inputs()]
    outputs = [end.name for end in session.get_outputs()]
    if inputs != ["pictures"] or outputs[: len(_OUTPUTS)] != _OUTPUTS:
        raise ModelError(
            f"{path}: takes {inputs} and gives {outputs}, so it is no DigitNet; export one anew"
        )
    return session
