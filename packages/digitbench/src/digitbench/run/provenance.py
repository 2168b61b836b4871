"""Where results come from: code, model, machine and options."""

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
_TIMEOUT = 10  # seconds for git, or for the system to name its processor


def provenance(model_hash: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return where results come from.

    The same code, model and options give the same values, except for "time" and "machine".

    Args:
        model_hash: SHA-256 of the model, in hexadecimal.
        options: of the run, as plain values; "shuffle" is the seed.

    Returns:
        plain values for JSON. "commit" is that of the checkout that digitbench runs from, and
        "dirty" whether the sources there differ from it; both are None in an installation.
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
    """Return the commit of the checkout, and whether the three packages' sources differ from it."""
    # Installed packages may be inside an unrelated checkout, which does not track them.
    tracked = _git("ls-files", "--error-unmatch", "--", *_SOURCES)
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain", "--", *_SOURCES)
    if not tracked or not commit or changes is None:
        return None, None
    return commit, bool(changes)


def _git(*arguments: str) -> str | None:
    # Within a git hook these variables point git to the repository of the hook.
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    return _output(["git", "-C", _SOURCES[-1], *arguments], environment)


def _processor() -> str:
    """Return the model name of the processor, if the system knows it; Python does not."""
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
    """Return what a program prints; None if it is missing, fails or takes too long."""
    try:
        process = subprocess.run(  # noqa: S603 - the commands above, and no shell
            command, capture_output=True, check=True, timeout=_TIMEOUT, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return process.stdout.decode(errors="replace").strip()
