"""The command ``digitnet``: its output, errors and exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

import digitnet
from digitnet import write_drawings
from digitnet.manifest import load_manifest, shipped_model

if TYPE_CHECKING:
    from tests.digitnet.conftest import Command, Outcome, Process


def assert_one_error(outcome: Outcome, code: int, *parts: object) -> None:
    """Check that the only output is one line on stderr, and that it contains what it should."""
    assert outcome.code == code
    assert outcome.err.startswith("digitnet: ")
    assert outcome.err.count("\n") == 1
    # At most two lines of a terminal, so not a page of help without line ends.
    assert len(outcome.err) < 300
    for part in parts:
        assert str(part) in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["guess"],
        ["--verbose"],
        ["predict"],
        ["predict", "--jsn", "a.png"],
        ["predict", "--top", "0", "a.png"],
        ["predict", "--top", "11", "a.png"],
        ["info", "surplus"],
        ["train"],
        ["train", "--out", "model", "--epochs", "0"],
        ["train", "--out", "model", "--seed", "one"],
        ["train", "--out", "model", "--batch-size", "0"],
        ["train", "--out", "model", "--learning-rate", "0"],
        ["train", "--out", "model", "--device", "abacus"],
        ["finetune", "--out", "model"],
        ["finetune", "saved.ndjson"],
        ["evaluate", "--data", "no/such/folder"],
    ],
)
def test_wrong_usage_is_one_line_and_code_2(command: Command, arguments: list[str]) -> None:
    """One line says what is wrong, and how to get help."""
    assert_one_error(command(*arguments), 2, "--help")


@pytest.mark.parametrize("arguments", [["predict", "a.png"], ["info"], ["info", "--json"]])
def test_a_missing_model_is_one_line(
    command: Command, tmp_path: Path, arguments: list[str]
) -> None:
    """Every command that accepts a model reports where it is missing."""
    place = tmp_path / "nowhere"
    assert_one_error(command(*arguments, "--model", place), 1, place, "; ")


def test_info_describes_the_model(command: Command) -> None:
    """`info --json` prints the manifest and the version; `info` prints the same as text."""
    facts = json.loads(command("info", "--json").out)
    card = load_manifest(shipped_model())
    assert facts["digitnet"] == digitnet.__version__
    assert (facts["model"], facts["threshold"]) == (str(card.folder), card.threshold)
    assert facts["sha256"] == card.sha256
    assert {key: facts[key] for key in card.facts} == card.facts
    text = command("info").out
    assert f"architecture: {facts['architecture']}\n" in text
    assert f"parameters: {facts['parameters']:,}\n" in text
    assert f"  model.onnx: {card.sha256['model.onnx']}\n" in text


def test_info_describes_another_model(command: Command, model_folder: Path) -> None:
    """`--model` accepts a folder or an .onnx file."""
    for place in (model_folder, model_folder / "model.onnx"):
        assert json.loads(command("info", "--json", "--model", place).out)["model"] == str(
            model_folder
        )


def test_version(command: Command) -> None:
    """`--version` prints the program and its version."""
    outcome = command("--version")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"digitnet, version {digitnet.__version__}\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("name", ["", "predict", "grid", "train", "finetune", "evaluate", "info"])
def test_help(command: Command, name: str, option: str) -> None:
    """Every command prints its help to stdout."""
    outcome = command(*name.split(), option)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"Usage: digitnet {name}".rstrip())


@pytest.mark.parametrize(
    "arguments",
    [["train", "--out", "model"], ["finetune", "a.ndjson", "--out", "model"], ["evaluate"]],
)
def test_training_without_pytorch_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    """If PyTorch is missing, one line names the extra to install, and nothing is written."""
    for module in [name for name in sys.modules if name.startswith("digitnet.training.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.chdir(tmp_path)
    assert_one_error(command(*arguments), 1, "torch", "digitnet[train]")
    assert list(tmp_path.iterdir()) == []


def test_finetune_without_drawings_is_one_line(command: Command, tmp_path: Path) -> None:
    """If there is nothing to learn from, one line says so, and nothing is written."""
    pytest.importorskip("torch")
    out = tmp_path / "out"
    saved = tmp_path / "saved"
    saved.mkdir()
    assert_one_error(command("finetune", saved, "--out", out), 1, saved, "; ")
    write_drawings(saved / "a.ndjson", [])
    assert_one_error(command("finetune", saved, "--out", out), 1, saved / "a.ndjson", "; ")
    assert not out.exists()


def test_evaluate_without_mnist_is_one_line(command: Command, tmp_path: Path) -> None:
    """The error names the folder without MNIST."""
    pytest.importorskip("torch")
    assert_one_error(command("evaluate", "--data", tmp_path), 1, tmp_path, "; ")


def test_an_interrupted_command_says_so(
    command: Command, monkeypatch: pytest.MonkeyPatch, picture: Path
) -> None:
    """Ctrl-C ends a command with one line, and the exit code that shells expect."""
    monkeypatch.setattr("digitnet.cli.predict.Recognizer", Mock(side_effect=KeyboardInterrupt))
    outcome = command("predict", picture)
    assert (outcome.code, outcome.out, outcome.err.strip()) == (130, "", "digitnet: stopped")


def test_the_process_exits_with_the_commands_code(
    digitnet_process: Process, picture: Path, tmp_path: Path
) -> None:
    """A real process has the command's exit code, stdout and stderr."""
    result = digitnet_process("predict", picture, tmp_path / "missing.png", stdout=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stdout.splitlines()[1].endswith(str(picture).encode())
    assert result.stderr.startswith(f"digitnet: {tmp_path / 'missing.png'}: ".encode())


def test_the_package_can_be_run() -> None:
    """``python -m digitnet`` is the same as ``digitnet``; torchrun only starts modules."""
    words = [sys.executable, "-m", "digitnet", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == f"digitnet, version {digitnet.__version__}\n"


def test_a_closed_pipe_is_not_an_error(digitnet_process: Process, recordings: Path) -> None:
    """A pipe closed by its reader, such as `head`, ends the command silently."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer) as pipe:
        result = digitnet_process("predict", recordings, stdout=pipe)
    assert (result.returncode, result.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line(digitnet_process: Process, recordings: Path) -> None:
    """If the output cannot be written, one line says so."""
    with Path("/dev/full").open("w") as full:
        result = digitnet_process("predict", recordings, stdout=full)
    assert result.returncode == 1
    assert result.stderr.startswith(b"digitnet: ")
    assert result.stderr.count(b"\n") == 1
