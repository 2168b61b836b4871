"""Where results are from: what code, what model, what machine, and what was asked for."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import digitbench
import digitdraw
import digitnet

_PACKAGES = ("digitnet", "digitdraw", "digitbench", "numpy", "onnxruntime", "pillow", "pygame")
_SOURCES = [str(Path(package.__path__[0])) for package in (digitnet, digitdraw, digitbench)]
_PATIENCE = 10  # seconds for git, or for the system to name its processor


def provenance(model_hash: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Tell where results are from.

    With the same code, model and options, all but "time" and "machine" is the same.

    Args:
        model_hash: the model's SHA-256, in hexadecimal.
        options: what was asked for, in plain values; "shuffle" is the seed.

    Returns:
        plain values for JSON. "commit" is that of the checkout which digitbench runs from, and
        "dirty" whether the sources there differ from it; both are None where it is installed.
    """
    commit, dirty = _commit()
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "dirty": dirty,
        "model": model_hash,
        "seed": options.get("shuffle"),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES},
        "machine": {
            "cpu": _processor(),
            "cores": os.cpu_count(),
            "architecture": platform.machine(),
            "platform": platform.platform(),
        },
        "options": dict(options),
    }


def _commit() -> tuple[str | None, bool | None]:
    """Give the checkout's commit, and whether the sources of the three packages differ from it."""
    # Installed packages may lie within somebody else's checkout, which does not track them.
    tracked = _git("ls-files", "--error-unmatch", "--", *_SOURCES)
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain", "--", *_SOURCES)
    if not tracked or not commit or changes is None:
        return None, None
    return commit, bool(changes)


def _git(*arguments: str) -> str | None:
    # A hook of git's tells git where it runs, which need not be here.
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    return _output(["git", "-C", _SOURCES[-1], *arguments], environment)


def _processor() -> str:
    """Name the processor as its maker does, as far as the system tells; Python does not."""
    if platform.system() == "Darwin":
        name = _output(["sysctl", "-n", "machdep.cpu.brand_string"])
    else:
        try:
            lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        names = (line.partition(":")[2] for line in lines if line.startswith("model name"))
        name = next(names, None)
    return (name or platform.processor() or platform.machine()).strip()


def _output(command: list[str], environment: Mapping[str, str] | None = None) -> str | None:
    """Give what a program prints; None where it is not there, fails or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603 - the commands above, and no shell
            command, capture_output=True, check=True, timeout=_PATIENCE, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace").strip()
