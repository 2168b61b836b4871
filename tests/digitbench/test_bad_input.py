"""Bad input and bad places: each command says so in a line, and overwrites nothing."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench.cli import SUMMARIES
from digitbench.commands import fuzz, golden, perf, record, run, show
from digitnet import Drawing, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

COMMAND = Path(sys.executable).with_name("digitbench")

READERS = {
    "run": ["{}"],
    "run --baseline": ["good.ndjson", "--baseline", "{}"],
    "run --gates": ["good.ndjson", "--gates", "{}"],
    "run --model": ["good.ndjson", "--model", "{}"],
    "lint": ["lint", "{}"],
    "export": ["export", "inkml", "{}", "--out", "new.inkml"],
    "import inkml": ["import", "inkml", "{}", "--out", "new.ndjson"],
    "import quickdraw": ["import", "quickdraw", "{}", "--out", "new.ndjson"],
    "import unipen": ["import", "unipen", "{}", "--out", "new.ndjson"],
    "show": ["show", "{}", "--out", "new.png"],
    "perf": ["perf", "--compare", "{}"],
}
"""How each command that reads is told what to read."""

WRITERS = {
    "run --json": ["good.ndjson", "--json"],
    "run --junit": ["good.ndjson", "--junit"],
    "run --html": ["good.ndjson", "--html"],
    "run --sheet": ["good.ndjson", "--sheet"],
    "run --save-dir": ["good.ndjson", "--save-dir"],
    "export": ["export", "inkml", "good.ndjson", "--out"],
    "import": ["import", "quickdraw", "good.ndjson", "--out"],
    "show": ["show", "good.ndjson", "--out"],
    "golden": ["golden", "--sheet"],
    "fuzz": ["fuzz", "--steps", "1", "--out"],
    "perf": ["perf", "--json"],
    "record": ["record", "--out"],
}
"""How each command that writes is told where."""

NOT_AN_ERROR = {("run --gates", "empty"), ("import quickdraw", "packed")}
"""A gates file without gates; and imported files may be packed."""


@pytest.fixture
def folder(tmp_path: Path, seven: Drawing, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a good file and bad ones; each command would fail if it began."""
    write_drawings(tmp_path / "good.ndjson", [seven])
    good = (tmp_path / "good.ndjson").read_bytes()
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    (tmp_path / "packed").write_bytes(gzip.compress(good))
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "cut").write_bytes(good[:40])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("file", ["gone.ndjson", "folder", "empty", "packed", "binary", "cut"])
@pytest.mark.parametrize("name", READERS)
def test_what_cannot_be_read_is_reported(
    bench: Bench, folder: Path, name: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names it; a missing file is wrong usage. Only `lint` and `import` list faults."""
    monkeypatch.setattr(perf, "Benchmark", None)
    if (name, file) in NOT_AN_ERROR:
        return
    before = contents(folder)
    done = bench(*(word.format(file) for word in READERS[name]))
    assert done.code == (2 if file == "gone.ndjson" and name != "run --model" else 1)
    *faults, last = (done.out + done.err).splitlines()
    if name == "lint" and file not in {"gone.ndjson", "folder"}:
        assert re.match(r"\d recordings? in 1 file: [1-9] errors?, 0 warnings", last)
    elif name == "run" and file == "empty":
        assert faults == ["FAILED: no recordings"]
        assert "there are no recordings" in last
    else:
        assert last.startswith(f"digitbench: {'' if name == 'run --model' else file}")
        assert name.startswith("import") or not faults
    assert "Traceback" not in done.out + done.err
    assert contents(folder) == before


@pytest.mark.parametrize("place", ["good.ndjson/new", "{}" + "x" * 300, "folder", "good.ndjson"])
@pytest.mark.parametrize("name", WRITERS)
def test_where_cannot_be_written_is_reported_at_once(
    bench: Bench, folder: Path, name: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the work begins, as wrong usage, with the option; no recordings are overwritten."""
    for module, work in (
        (run, "_replay"),
        (golden, "suite"),
        (fuzz, "Recognizer"),
        (perf, "Benchmark"),
        (show, "write"),
        (record, "digitdraw"),
    ):
        monkeypatch.setattr(module, work, None)
    is_folder = name in {"run --html", "run --save-dir", "fuzz"}
    if (is_folder and place == "folder") or (name in MAY_REPLACE and place == "good.ndjson"):
        return
    before = contents(folder)
    done = bench(*WRITERS[name], place.format(""))
    assert (done.code, done.out) == (2, "")
    assert WRITERS[name][-1] in done.err or "--json" in done.err
    assert done.err.count("\n") == 1
    assert contents(folder) == before


MAY_REPLACE = {"golden", "perf", "show"}
"""Commands that replace an older report or picture, as is usual."""


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], *([name] for name in SUMMARIES)], ids=str)
def test_help_has_a_short_name(bench: Bench, command: list[str], option: str) -> None:
    """Of each command."""
    done = bench(*command, option)
    assert (done.code, done.err) == (0, "")
    assert "-h, --help" in done.out


@pytest.mark.parametrize(
    ("words", "question"),
    [
        (["rnu"], "Did you mean 'run'?"),
        (["fuz", "--steps", "3"], "Did you mean 'fuzz'?"),
        (["god.ndjson"], "Did you mean 'good.ndjson'?"),
        (["lint", "./goodd.json"], "Did you mean 'good.ndjson'?"),
        (["lint", "--hlep"], "Did you mean '--help'?"),
        (["nothing-like-it"], "there is no such file or folder. See"),
    ],
    ids=str,
)
def test_what_was_meant_is_asked(
    bench: Bench, folder: Path, words: list[str], question: str
) -> None:
    """Of commands, files and options; exit code 2."""
    done = bench(*words)
    assert (done.code, done.out) == (2, "")
    assert question in done.err


def test_a_file_named_like_a_command_is_a_file(bench: Bench, folder: Path) -> None:
    """If it exists, nothing else can be meant."""
    (folder / "good.ndjson").rename(folder / "ru")
    assert bench("ru").code == 0


STREAMS = {
    "run": ["--limit", "1"],
    "lint": ["lint", "good.ndjson"],
    "export": ["export", "inkml", "good.ndjson", "--out", "new.inkml"],
    "import": ["import", "quickdraw", "good.ndjson", "--out", "new.ndjson"],
    "show": ["show", "good.ndjson"],
    "fuzz": ["fuzz", "--steps", "1"],
    "run -h": ["run", "-h"],
}


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "ends", ["| true", "2>&1 | true", ">&-", ">&- 2>&-", "< /dev/null > out"], ids=str
)
@pytest.mark.parametrize("name", STREAMS)
def test_nobody_has_to_listen(folder: Path, name: str, ends: str) -> None:
    """A pipe that was closed, or no output at all, changes neither exit code nor files."""
    script = f'set -o pipefail; "$0" "$@" {ends}'
    done = subprocess.run(
        ["bash", "-c", script, COMMAND, *STREAMS[name]],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert name not in {"export", "import"} or list(folder.glob("new.*"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file")
def test_recordings_can_be_written_to_a_pipe(folder: Path) -> None:
    """What is no file is not overwritten, so it needs no force."""
    script = '"$0" import quickdraw good.ndjson --out /dev/stderr > /dev/null'
    done = subprocess.run(
        ["bash", "-c", script, COMMAND], capture_output=True, timeout=60, check=True
    )
    assert json.loads(done.stderr)["word"] == "7"
