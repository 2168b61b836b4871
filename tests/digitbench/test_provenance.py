"""Provenance: its content, and that the rest of a report is reproducible."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import digitbench
from digitbench.run import provenance
from digitnet import Drawing, write_drawings

COMMAND = Path(sys.executable).with_name("digitbench")
GIT = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one commit that holds the sources of the packages."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "module.py").write_text("pass\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "source")
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    git(tmp_path, *name, "commit", "--quiet", "--message", "first", "--no-gpg-sign")
    monkeypatch.setattr(provenance, "_SOURCES", [str(source)])
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", folder, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_provenance_says_where_results_are_from() -> None:
    """Model, seed, versions, machine and options, as plain JSON."""
    source = provenance.provenance("c0ffee", {"shuffle": 7, "window": (960, 640)})
    assert source["model"] == "c0ffee"
    assert source["seed"] == 7
    assert source["python"] == platform.python_version()
    packages = {"digitnet", "digitdraw", "digitbench", "numpy", "onnxruntime", "pillow", "pygame"}
    assert source["versions"].keys() == packages
    assert source["versions"]["digitbench"] == digitbench.__version__
    assert source["machine"].keys() == {"cpu", "cores", "architecture", "platform"}
    assert source["machine"]["cpu"]
    assert {"time", "commit", "dirty"} <= source.keys()
    assert json.loads(json.dumps(source))["options"] == {"shuffle": 7, "window": [960, 640]}


@GIT
def test_the_commit_is_that_of_the_sources(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From any working directory, and whatever git's own variables say."""
    monkeypatch.setenv("GIT_DIR", str(checkout / "elsewhere"))
    commit = provenance.provenance("", {})["commit"]
    monkeypatch.delenv("GIT_DIR")
    assert commit == git(checkout, "rev-parse", "HEAD")


@GIT
@pytest.mark.parametrize(
    ("change", "dirty"),
    [(None, False), ("report.json", False), ("source/module.py", True), ("source/new.py", True)],
)
def test_sources_that_differ_from_the_commit_are_reported(
    checkout: Path, change: str | None, *, dirty: bool
) -> None:
    """Changed or new sources; other files do not matter."""
    if change:
        (checkout / change).write_text("changed\n")
    assert provenance.provenance("", {})["dirty"] == dirty


@GIT
def test_an_installed_package_has_no_commit(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even inside an unrelated checkout; nor is there a commit without git."""
    installed = checkout / "venv"
    installed.mkdir()
    (installed / "module.py").touch()
    monkeypatch.setattr(provenance, "_SOURCES", [str(installed)])
    source = provenance.provenance("", {})
    assert (source["commit"], source["dirty"]) == (None, None)
    monkeypatch.setenv("PATH", "")
    assert provenance.provenance("", {})["commit"] is None


def without_times(report: Path) -> bytes:
    """Return a report without what varies between runs or machines."""
    document: dict[str, Any] = json.loads(report.read_bytes())
    for key in ("seconds", "latency_ms"):
        del document["summary"][key]
    for key in ("time", "machine"):
        del document["provenance"][key]
    return json.dumps(document).encode()


def test_two_runs_give_the_same_report(seven: Drawing, tmp_path: Path) -> None:
    """To the byte, except for times and machine, in separate processes, with one job or several."""
    recordings = tmp_path / "mine.ndjson"
    write_drawings(recordings, [seven] * 4)
    reports = [tmp_path / f"{number}.json" for number in range(3)]
    for report, jobs in zip(reports, "113", strict=True):
        command = [str(COMMAND), str(recordings), "--shuffle", "7", "--jobs", jobs]
        command += ["--json", str(report)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    one, again, several = map(without_times, reports)
    assert one == again
    assert several == one.replace(b'"jobs": 1', b'"jobs": 3')
