"""A model is loaded only if it is undamaged and the one that its manifest describes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digitnet import Drawing, ModelError, Recognizer, Stroke
from digitnet.manifest import (
    MANIFEST_NAME,
    ONNX_NAME,
    PATH_ONNX_NAME,
    PATH_SAFETENSORS_NAME,
    SAFETENSORS_NAME,
    Manifest,
    load_manifest,
    shipped_model,
)


def change_manifest(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / MANIFEST_NAME).read_bytes())
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest | changes))


def without(folder: Path, key: str) -> None:
    manifest = json.loads((folder / MANIFEST_NAME).read_bytes())
    del manifest[key]
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest))


def replace_model(folder: Path, content: bytes) -> None:
    """Replace the model with another file, with a manifest that describes it correctly."""
    (folder / ONNX_NAME).write_bytes(content)
    change_manifest(folder, sha256={ONNX_NAME: hashlib.sha256(content).hexdigest()})


def flip_a_bit(file: Path, position: int) -> None:
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


def put_a_folder_at(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "the first byte changed": (lambda f: flip_a_bit(f / ONNX_NAME, 0), ONNX_NAME),
    "the last byte changed": (lambda f: flip_a_bit(f / ONNX_NAME, -1), ONNX_NAME),
    "the file cut": (lambda f: (f / ONNX_NAME).write_bytes(b""), ONNX_NAME),
    "the file missing": (lambda f: (f / ONNX_NAME).unlink(), ONNX_NAME),
    "not ONNX, but as in the manifest": (lambda f: replace_model(f, b"7" * 99), ONNX_NAME),
    "an empty file, as in the manifest": (lambda f: replace_model(f, b""), ONNX_NAME),
    "no manifest": (lambda f: (f / MANIFEST_NAME).unlink(), MANIFEST_NAME),
    "a folder for a manifest": (lambda f: put_a_folder_at(f / MANIFEST_NAME), MANIFEST_NAME),
    "an empty manifest": (lambda f: (f / MANIFEST_NAME).write_bytes(b""), MANIFEST_NAME),
    "a manifest that is not JSON": (lambda f: (f / MANIFEST_NAME).write_text("{'"), MANIFEST_NAME),
    "a manifest that is not text": (
        lambda f: (f / MANIFEST_NAME).write_bytes(b"\xff\xfe\0"),
        MANIFEST_NAME,
    ),
    "a manifest that is a list": (lambda f: (f / MANIFEST_NAME).write_text("[]"), MANIFEST_NAME),
    "a deeply nested manifest": (
        lambda f: (f / MANIFEST_NAME).write_text("[" * 99_999),
        MANIFEST_NAME,
    ),
    "a manifest without sums": (lambda f: without(f, "sha256"), MANIFEST_NAME),
    "a manifest without a threshold": (lambda f: without(f, "threshold"), MANIFEST_NAME),
    "a manifest of another file": (
        lambda f: change_manifest(f, sha256={"other.onnx": "0"}),
        MANIFEST_NAME,
    ),
    "a list for the sums": (lambda f: change_manifest(f, sha256=[]), MANIFEST_NAME),
    "a text for the threshold": (lambda f: change_manifest(f, threshold="high"), MANIFEST_NAME),
    "NaN for the threshold": (lambda f: change_manifest(f, threshold=float("nan")), MANIFEST_NAME),
    "a threshold beyond 1": (lambda f: change_manifest(f, threshold=70.784), MANIFEST_NAME),
}


@pytest.mark.parametrize(
    ("damage", "culprit"), [pytest.param(*case, id=name) for name, case in DAMAGE.items()]
)
def test_a_damaged_model_is_reported(
    model_folder: Path, damage: Callable[[Path], object], culprit: str
) -> None:
    """Each kind of damage is a ModelError of one line: the file, what is wrong, what to do."""
    damage(model_folder)
    message = rf"\A{re.escape(str(model_folder / culprit))}: .+; .+\Z"
    with pytest.raises(ModelError, match=message):
        Recognizer(model_folder)


@pytest.mark.parametrize("name", ["nowhere", "nowhere/model.onnx", "null\0byte"])
def test_a_missing_model_is_reported(tmp_path: Path, name: str) -> None:
    """A folder or file that does not exist is a ModelError that names it."""
    with pytest.raises(ModelError, match=rf"\A{re.escape(str(tmp_path / name))}: .+; .+\Z"):
        Recognizer(tmp_path / name)


def test_a_folder_without_a_model_is_reported(tmp_path: Path) -> None:
    """Any other folder is a ModelError that names the missing manifest."""
    with pytest.raises(ModelError, match=MANIFEST_NAME):
        Recognizer(tmp_path)


@pytest.mark.parametrize("name", [MANIFEST_NAME, SAFETENSORS_NAME])
def test_another_file_of_the_model_is_not_run(model_folder: Path, name: str) -> None:
    """The path of the manifest or the weights is a ModelError with that name."""
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(name)}.*; .+\Z"):
        Recognizer(model_folder / name)


def test_folder_and_file_mean_the_same_model(model_folder: Path, seven: Drawing) -> None:
    """A model is given by its folder or its .onnx file, as a path or string."""
    shipped = Recognizer(threads=1)
    for place in (model_folder, str(model_folder), model_folder / ONNX_NAME):
        recognizer = Recognizer(place, threads=1)
        assert recognizer.model_hash == shipped.model_hash
        assert recognizer.manifest.folder == model_folder
        assert recognizer.predict(seven).text == "7"


def test_a_model_can_have_another_name(model_folder: Path, seven: Drawing) -> None:
    """An .onnx file of any name is loaded if the manifest has that name."""
    renamed = (model_folder / ONNX_NAME).rename(model_folder / "mine.onnx")
    change_manifest(model_folder, sha256={"mine.onnx": Recognizer(threads=1).model_hash})
    assert Recognizer(renamed, threads=1).predict(seven).text == "7"


@pytest.mark.parametrize("threshold", [0, 0.5, 1])
def test_the_threshold_decides_what_is_accepted(
    model_folder: Path, seven: Drawing, threshold: float
) -> None:
    """Ink is accepted at the manifest's threshold, if one digit has half of the probability."""
    change_manifest(model_folder, threshold=threshold)
    dot, dash = Drawing((Stroke([(5, 5)]),)), Drawing((Stroke([(0, 9), (50, 0)]),))
    for prediction in Recognizer(model_folder, threads=1).predict_many([seven, dot, dash]):
        (digit,) = prediction.digits
        is_sure = digit.likelihood >= threshold and digit.confidence >= 0.5
        assert digit.accepted == is_sure


def test_the_shipped_manifest_describes_the_shipped_files() -> None:
    """All files of the shipped model match their sums, and the facts are complete."""
    manifest = load_manifest(shipped_model())
    names = {ONNX_NAME, SAFETENSORS_NAME, PATH_ONNX_NAME, PATH_SAFETENSORS_NAME}
    assert set(manifest.sha256) == names
    for name, digest in manifest.sha256.items():
        assert hashlib.sha256(manifest.read(name)).hexdigest() == digest
    assert 0 <= manifest.threshold <= 1
    assert manifest.facts["architecture"] == "DigitNet"
    assert not {"sha256", "threshold"} & set(manifest.facts)


def test_any_of_the_models_files_leads_to_the_manifest(model_folder: Path) -> None:
    """Folder, manifest, ONNX and safetensors file lead to the same manifest."""
    manifests: list[Manifest] = [
        load_manifest(model_folder / name)
        for name in (".", MANIFEST_NAME, ONNX_NAME, SAFETENSORS_NAME)
    ]
    assert all(manifest == manifests[0] for manifest in manifests)
