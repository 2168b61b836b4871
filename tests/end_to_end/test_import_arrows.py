"""The arrows between the packages: digitbench -> digitdraw -> digitnet, and PyTorch aside."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import digitbench
import digitdraw
import digitnet

ROOTS = [Path(package.__path__[0]) for package in (digitnet, digitdraw, digitbench)]
HEAVY = {"torch", "torchvision", "safetensors", "onnx", "onnxscript", "matplotlib"}
FORBIDDEN = {
    "digitnet": {"digitdraw", "digitbench", "pygame", "hypothesis"},
    "digitdraw": {"digitbench", "hypothesis"},
    "digitbench": set[str](),
}


def name_of(path: Path, root: Path) -> str:
    parts = [root.name, *path.relative_to(root).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path, root): path for root in ROOTS for path in sorted(root.rglob("*.py"))}


def imports(node: ast.AST, *, at_import: bool) -> Iterator[str]:
    """Name what a syntax tree imports; `at_import` leaves out what a function imports when called.

    What only type checkers see is no import.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute here"
            module = child.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from imports(other, at_import=at_import)
        elif not (at_import and isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))):
            yield from imports(child, at_import=at_import)


def imported_by(module: str, *, at_import: bool = False) -> set[str]:
    return set(imports(ast.parse(SOURCES[module].read_text("utf-8")), at_import=at_import))


def top(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def is_training(module: str) -> bool:
    return f"{module}.".startswith("digitnet.training.")


def test_every_package_is_looked_at() -> None:
    """Or else this file would prove nothing."""
    assert {"digitnet.ink", "digitdraw.app", "digitbench.replay.replayer"} <= SOURCES.keys()
    assert "digitnet.ink" in imported_by("digitdraw.model.board", at_import=True)
    assert "onnxruntime" in imported_by("digitnet.runtime")
    assert "onnxruntime" not in imported_by("digitnet.recognizer", at_import=True)


@pytest.mark.parametrize("module", SOURCES)
def test_imports_run_one_way(module: str) -> None:
    """Not even within a function does a package import one that is built on it."""
    assert not top(imported_by(module)) & FORBIDDEN[module.partition(".")[0]]


@pytest.mark.parametrize("module", [name for name in SOURCES if not is_training(name)])
def test_only_training_imports_pytorch(module: str) -> None:
    """What is for reading digits names no package that is for training."""
    assert not top(imported_by(module)) & HEAVY


@pytest.mark.parametrize("module", [name for name in SOURCES if not is_training(name)])
def test_training_is_imported_only_when_it_is_asked_for(module: str) -> None:
    """Within the function that trains, so that everything else starts without it."""
    assert not any(is_training(name) for name in imported_by(module, at_import=True))
