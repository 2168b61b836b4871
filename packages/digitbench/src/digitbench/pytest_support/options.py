"""The plugin's options, from the command line or from pytest's configuration file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal, TypeAlias, cast

import pytest

_SMALLEST, _LARGEST = 240, 7680  # sides of a window in pixels, as for `digitbench run`
_SWITCH = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}

Input: TypeAlias = Literal["mouse", "touch"]


@dataclass(frozen=True)
class Options:
    """Which files hold recordings, and how apps are started.

    Attributes:
        root: folder to which the patterns are relative.
        patterns: of the files that hold recordings.
        named: files that the command line names as recordings.
        model: file or folder of the model; None for the shipped one.
        window: (width, height) in pixels.
        input: what draws; None for what each recording was drawn with, and the mouse elsewhere.
        live: whether the app reads while drawing; None for what is usual.
        update: whether golden images are written.
    """

    root: Path
    patterns: tuple[str, ...] = ()
    named: frozenset[Path] = frozenset()
    model: Path | None = None
    window: tuple[int, int] = (960, 640)
    input: Input | None = None
    live: bool | None = None
    update: bool = False

    def ask_for(self, path: Path) -> bool:
        """Whether a file is to be collected, because of its name or of a pattern."""
        if path in self.named:
            return True
        if not path.is_relative_to(self.root):
            return False
        parts = path.relative_to(self.root).parts
        return any(_matches(parts, pattern.split("/")) for pattern in self.patterns)


_OPTIONS = pytest.StashKey[Options]()


def options_of(config: pytest.Config) -> Options:
    """Return the options of a pytest run; those of the command line come first.

    Raises:
        UsageError: an option has no meaning; says what would have one.
    """
    if _OPTIONS not in config.stash:
        config.stash[_OPTIONS] = Options(
            root=config.rootpath,
            patterns=tuple(config.getini("digitbench_recordings")),
            named=frozenset(_named_files(config)),
            model=_model(config),
            window=_window(config),
            input=_input(config),
            live=_live(config),
            update=config.getoption("digitbench_update"),
        )
    return config.stash[_OPTIONS]


def _given(config: pytest.Config, name: str) -> tuple[str, str]:
    """Return the text of an option, "" if it is not given, and where it stands."""
    if text := config.getoption(f"digitbench_{name}"):
        return str(text), f"--digitbench-{name}"
    return str(config.getini(f"digitbench_{name}")).strip(), f"digitbench_{name}"


def _named_files(config: pytest.Config) -> list[Path]:
    """Return the files that --digitbench-recordings names; a pattern stands for several."""
    paths = config.getoption("digitbench_recordings")
    if not paths:
        return []
    from digitnet.errors import RecordingError
    from digitnet.recordings import find_recordings

    folder = config.invocation_params.dir
    try:
        found = find_recordings(folder / path for path in paths)
    except RecordingError as error:
        raise pytest.UsageError(f"--digitbench-recordings: {error}") from None
    # As pytest names the files of its arguments: without "..", but not through links.
    return [Path(os.path.abspath(path)) for path in found]  # noqa: PTH100


def _model(config: pytest.Config) -> Path | None:
    text, where = _given(config, "model")
    if not text:
        return None
    base = config.invocation_params.dir if where.startswith("-") else config.rootpath
    if not (path := base / text).exists():
        raise pytest.UsageError(f"{where}: {path} does not exist; name the file of a model")
    return path


def _window(config: pytest.Config) -> tuple[int, int]:
    text, where = _given(config, "window")
    if not text:
        return Options.window
    match = re.fullmatch(r"([0-9]{1,5})x([0-9]{1,5})", text)
    sides = [int(side) for side in match.groups()] if match else []
    if not sides or min(sides) < _SMALLEST or max(sides) > _LARGEST:
        raise pytest.UsageError(
            f"{where}: {text!r} is not the size of a window; use for example 960x640, with sides "
            f"of {_SMALLEST} to {_LARGEST} pixels"
        )
    return sides[0], sides[1]


def _input(config: pytest.Config) -> Input | None:
    text, where = _given(config, "input")
    if text in ("mouse", "touch"):
        return cast("Input", text)
    if text:
        raise pytest.UsageError(f"{where}: {text!r} draws nothing; use mouse or touch")
    return None


def _live(config: pytest.Config) -> bool | None:
    text, where = _given(config, "live")
    if not text:
        return None
    if text.lower() not in _SWITCH:
        raise pytest.UsageError(f"{where}: {text!r} is neither on nor off")
    return _SWITCH[text.lower()]


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Match the parts of a path; ** stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[start:], pattern[1:]) for start in range(len(parts) + 1))
    return bool(parts) and fnmatch(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
