"""A model's manifest: describes the model files in the same folder.

The manifest is ``model.json``. It holds the SHA-256 hashes of the files, so that a file that is
damaged, or belongs to another manifest, is rejected before it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from digitnet.errors import ModelError, reason_of

MANIFEST_NAME = "model.json"
ONNX_NAME = "model.onnx"
SAFETENSORS_NAME = "model.safetensors"
PATH_ONNX_NAME = "path.onnx"
"""The network for the pen's path; a model without it reads ink as pictures only."""
PATH_SAFETENSORS_NAME = "path.safetensors"


@dataclass(frozen=True)
class Manifest:
    """What is known about a model.

    Attributes:
        folder: holds the manifest and the model's files.
        sha256: hash of each file, in hexadecimal, by name.
        threshold: minimum likelihood of being a digit for an answer to be accepted, 0 to 1.
        facts: everything else in the manifest: architecture, training settings, seed, accuracy, ….
    """

    folder: Path
    sha256: Mapping[str, str]
    threshold: float
    facts: Mapping[str, Any]

    def read(self, name: str) -> bytes:
        """Read one of the model's files.

        Raises:
            ModelError: it is missing, or not the file that the manifest describes.
        """
        path = self.folder / name
        if name not in self.sha256:
            raise ModelError(
                f"{self.folder / MANIFEST_NAME}: does not describe {name}; export the model again"
            )
        content = _read(path)
        if hashlib.sha256(content).hexdigest() != self.sha256[name]:
            raise ModelError(
                f"{path}: is damaged or not the file that {MANIFEST_NAME} describes (its SHA-256 "
                "differs); get both files again"
            )
        return content


def shipped_model() -> Path:
    """Return the folder of the model that comes with this package."""
    return Path(str(resources.files("digitnet") / "weights"))


def load_manifest(model: str | Path) -> Manifest:
    """Read the manifest of a model.

    Args:
        model: the model's folder, or any file in it.

    Raises:
        ModelError: there is no manifest, or it is damaged.
    """
    path = Path(model)
    if not path.exists():
        raise ModelError(
            f"{path}: there is no such model; pass a folder that holds {MANIFEST_NAME}"
        )
    folder = path if path.is_dir() else path.parent
    manifest = folder / MANIFEST_NAME
    try:
        facts = json.loads(_read(manifest))
        threshold = float(facts.pop("threshold"))
        sha256 = {str(name): str(digest) for name, digest in facts.pop("sha256").items()}
        is_valid = 0 <= threshold <= 1
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_valid = False
    if not is_valid:
        raise ModelError(f"{manifest}: is not a model manifest; export the model again")
    return Manifest(folder, sha256, threshold, facts)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read: {reason_of(error)}; "
            f"a model is a folder with {MANIFEST_NAME} and {ONNX_NAME}"
        ) from None
