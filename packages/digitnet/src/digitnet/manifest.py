"""A model's card: what stands beside a model file and says what it is.

The card is ``model.json`` in the model's folder. It holds the files' SHA-256 sums, so that a file
that is damaged, or belongs to another card, is told before it answers anything.
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


@dataclass(frozen=True)
class Manifest:
    """What is known about a model.

    Attributes:
        folder: where the card and the model's files stand.
        sha256: of each file, in hexadecimal, by its name.
        threshold: the likelihood of being a digit from which on an answer is accepted, 0 to 1.
        facts: all else that the card holds: architecture, recipe, seed, accuracy, ….
    """

    folder: Path
    sha256: Mapping[str, str]
    threshold: float
    facts: Mapping[str, Any]

    def read(self, name: str) -> bytes:
        """Read one of the model's files.

        Raises:
            ModelError: it is missing, or is not the file that the card describes.
        """
        path = self.folder / name
        if name not in self.sha256:
            raise ModelError(
                f"{self.folder / MANIFEST_NAME}: describes no {name}; export the model anew"
            )
        content = _read(path)
        if hashlib.sha256(content).hexdigest() != self.sha256[name]:
            raise ModelError(
                f"{path}: is damaged or not the file that {MANIFEST_NAME} describes (its SHA-256 "
                "differs); get both files anew"
            )
        return content


def shipped_model() -> Path:
    """Give the folder of the model that is part of this package."""
    return Path(str(resources.files("digitnet") / "weights"))


def load_manifest(model: str | Path) -> Manifest:
    """Read the card of a model.

    Args:
        model: the model's folder, or any file in it.

    Raises:
        ModelError: there is no card, or it is damaged.
    """
    path = Path(model)
    if not path.exists():
        raise ModelError(
            f"{path}: there is no such model; give a folder that holds {MANIFEST_NAME}"
        )
    folder = path if path.is_dir() else path.parent
    card = folder / MANIFEST_NAME
    try:
        facts = json.loads(_read(card))
        threshold = float(facts.pop("threshold"))
        sha256 = {str(name): str(digest) for name, digest in facts.pop("sha256").items()}
        is_sound = 0 <= threshold <= 1
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise ModelError(f"{card}: is no model card; export the model anew")
    return Manifest(folder, sha256, threshold, facts)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read: {reason_of(error)}; "
            f"a model is a folder with {MANIFEST_NAME} and {ONNX_NAME}"
        ) from None
