"""One recognizer in several processes, forked and spawned, with telemetry turned off."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

PREPARED = """
import os, sys, warnings
from digitnet import Drawing, Recognizer, Stroke

warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons say that forks are delicate
seven = Drawing([Stroke.of([40, 160, 90], [40, 40, 210])])

def read(recognizer):
    return recognizer.predict(seven).text

def read_inherited(_):
    return read(inherited)
"""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked here")


def run(tmp_path: Path, code: str, **environment: str) -> list[str]:
    """Run a program, which must exit without errors, and return the lines that it prints."""
    program = tmp_path / "program.py"
    program.write_text(PREPARED + code)
    result = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert (result.stderr, result.returncode) == ("", 0)
    return result.stdout.splitlines()


@needs_fork
@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_forked_process_reads_and_exits_normally(tmp_path: Path, threads: int) -> None:
    """Children and grandchildren use the inherited recognizer, free it, and exit normally."""
    code = f"""
inherited = Recognizer(threads={threads})
unused = Recognizer(threads={threads})
print(read(inherited), flush=True)
for _ in range(2):
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    print(read(inherited), flush=True)
    del unused
    unused = Recognizer(threads={threads})
"""
    assert run(tmp_path, code) == ["7", "7", "7"]


@needs_fork
def test_forking_while_threads_predict(tmp_path: Path) -> None:
    """What threads were doing in the parent does not keep a child from predicting."""
    code = """
from concurrent.futures import ThreadPoolExecutor

inherited = Recognizer(threads=2)
with ThreadPoolExecutor(2) as pool:
    pool.map(read_inherited, range(300))
    for _ in range(5):
        child = os.fork()
        if not child:
            print(read(inherited), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
"""
    assert run(tmp_path, code) == ["7"] * 5


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_recognizers_can_be_sent_to_processes(tmp_path: Path, method: str) -> None:
    """`multiprocessing` accepts a recognizer as an argument, with every start method."""
    code = f"""
import multiprocessing

if __name__ == "__main__":
    inherited = Recognizer(threads=2)
    read(inherited)
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        print(*pool.map(read, [inherited] * 4))
        if {method!r} == "fork":
            print(*pool.map(read_inherited, range(4)))
"""
    assert run(tmp_path, code) == ["7 7 7 7"] * (2 if method == "fork" else 1)


@pytest.mark.parametrize(("chosen", "expected"), [({}, "1"), ({"ORT_DISABLE_TELEMETRY": "0"}, "0")])
def test_telemetry_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], expected: str
) -> None:
    """ONNX Runtime's telemetry is off before the import, unless the user chose otherwise."""
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    code = """
import builtins

original = builtins.__import__

def notice(name, *rest):
    if name == "onnxruntime":
        print(os.environ["ORT_DISABLE_TELEMETRY"])
        builtins.__import__ = original
    return original(name, *rest)

builtins.__import__ = notice
Recognizer()
"""
    assert run(tmp_path, code, **chosen) == [expected]
