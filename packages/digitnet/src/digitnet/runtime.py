"""Runs an exported network on ONNX Runtime, in this process and in those forked from it."""

from __future__ import annotations

import ctypes
import math
import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.arrays import as_array
from digitnet.errors import ModelError, PictureError, reason_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 256
"""Maximum number of images per run: few enough to stay in the processor's cache."""

# Minimum number of images per thread: fewer take less time than starting the thread.
_MIN_SHARE = 32

_OUTPUTS = ["probabilities", "likelihood"]
"""Outputs of every exported network, in this order; the feature maps of its stages may follow."""

_INPUTS = ["pictures"]

# Those of the network for the pen's path: it takes the answers to pictures, and returns others.
_PATH_INPUTS = [*_OUTPUTS, "paths"]
_PATH_OUTPUTS = ["joined_probabilities", "joined_likelihood"]

# Floats may be this far out of range, as after scaling an image.
_ROUNDING = 0.01

# More are refused, as the system may not be able to start them.
_MAX_THREADS = 1024


class Session:
    """An ONNX file that several threads, and processes forked from this one, can run at once.

    In a forked process, whatever other threads were doing in the runtime is never finished. There,
    the file is loaded again from the same bytes when it first runs, and the inherited session is
    left alone.

    Args:
        model: the .onnx file's content.
        path: its path, for error messages.
        inputs: the names that its inputs must have.
        outputs: the names that its first outputs must have.

    Attributes:
        outputs: the names of its outputs.

    Raises:
        ModelError: the runtime cannot load it, or it has other inputs or outputs.
    """

    def __init__(
        self, model: bytes, path: Path, inputs: Sequence[str], outputs: Sequence[str]
    ) -> None:
        self._model, self._path = model, path
        self._lock = threading.Lock()
        self._session: Any = _open(model, path)
        found = [end.name for end in self._session.get_inputs()]
        self.outputs = [end.name for end in self._session.get_outputs()]
        if found != [*inputs] or self.outputs[: len(outputs)] != [*outputs]:
            raise ModelError(
                f"{path}: has inputs {found} and outputs {self.outputs}, so it is not a DigitNet; "
                "export it again"
            )
        _sessions.add(self)

    def run(
        self, outputs: Sequence[str], inputs: Mapping[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        """Return the outputs with these names."""
        session = self._session
        if session is None:
            with self._lock:
                if self._session is None:
                    self._session = _open(self._model, self._path)
                session = self._session
        answers: list[NDArray[np.float32]] = session.run(outputs, inputs)
        return answers

    def abandon(self) -> None:
        """Drop the session that a forked process inherited, which works only in its parent."""
        self._lock = threading.Lock()
        if self._session is not None:
            # Freeing it would wait for threads that do not exist here, and hang or crash.
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._session))
            self._session = None


_sessions: weakref.WeakSet[Session] = weakref.WeakSet()


def _after_fork() -> None:
    for session in _sessions:
        session.abandon()


if hasattr(os, "register_at_fork"):  # not on Windows, which cannot fork
    os.register_at_fork(after_in_child=_after_fork)


class PathNetwork:
    """An exported network that joins the path of the pen to a network's answers to pictures.

    Args:
        model: the .onnx file's content.
        path: its path, for error messages.

    Raises:
        ModelError: the runtime cannot load it, or it is not a network for paths.
    """

    def __init__(self, model: bytes, path: Path) -> None:
        self._session = Session(model, path, _PATH_INPUTS, _PATH_OUTPUTS)

    def join(
        self,
        probabilities: NDArray[np.float32],
        likelihoods: NDArray[np.float32],
        paths: NDArray[np.float32],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the answers to pictures, as changed by what the paths tell.

        Args:
            probabilities: float32 (n, 10).
            likelihoods: float32 (n,).
            paths: as made by `digitnet.preprocessing.pen_path.pen_path`, float32 (n, 6, 64).

        Returns:
            probabilities and likelihoods, shaped like the arguments.
        """
        parts = []
        for start in range(0, len(paths), BATCH):
            part = slice(start, start + BATCH)
            arguments = (probabilities[part], likelihoods[part], paths[part])
            inputs = dict(zip(_PATH_INPUTS, arguments, strict=True))
            parts.append(self._session.run(_PATH_OUTPUTS, inputs))
        joined, likely = zip(*parts, strict=True)
        return np.concatenate(joined), np.concatenate(likely)


class Network:
    """An exported network for pictures, which several threads can run at once.

    Images are shared among this class's own threads, because the network is too small to be split
    into parallel parts; on two cores, 10,000 images take a fifth less time than with the runtime's
    threads.

    Args:
        model: the .onnx file's content.
        path: its path, for error messages.
        threads: maximum number of threads per call; None for the number of cores.

    Raises:
        ModelError: the runtime cannot load it, it is not a network for digits, or `threads` is out
            of range.
    """

    def __init__(self, model: bytes, path: Path, threads: int | None) -> None:
        self._path, self._threads = path, _count(threads)
        self._session = Session(model, path, _INPUTS, _OUTPUTS)
        self._stages = self._session.outputs[len(_OUTPUTS) :]

    def answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """As `digitnet.Recognizer.answer`."""
        if type(batch) is not np.ndarray:
            batch = as_array(batch)
        is_grey = batch.dtype == np.uint8 or batch.dtype.kind == "f"
        if batch.ndim != 3 or batch.shape[1:] != (28, 28) or not is_grey:
            raise PictureError(
                f"cannot classify {batch.dtype} of shape {batch.shape}; "
                "pass uint8 or float of shape (n, 28, 28)"
            )
        if batch.dtype.kind == "f" and len(batch):
            _check_range(batch)
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
        probabilities, likelihoods = self._session.run(_OUTPUTS, {"pictures": images})
        return probabilities, likelihoods

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """As `digitnet.Recognizer.feature_maps`."""
        if not self._stages:
            raise ModelError(
                f"{self._path.parent}: was exported without its stages; export the model again"
            )
        images = image[None].astype(np.float32) / np.float32(255)
        return [maps[0] for maps in self._session.run(self._stages, {"pictures": images})]


def _check_range(batch: NDArray[Any]) -> None:
    """Refuse values that the network was not made for, which it would answer like any others."""
    low, high = float(batch.min()), float(batch.max())
    if not (low >= -_ROUNDING and high <= 1 + _ROUNDING):  # also if they are NaN
        raise PictureError(
            f"cannot classify floats from {low:.4g} to {high:.4g}; "
            "pass 0 for paper to 1 for ink, or uint8 from 0 to 255"
        )


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
    return session
