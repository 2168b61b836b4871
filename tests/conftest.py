"""Shared by all tests: the environment, how they spread over processes, the model and the data."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

# Before anything imports pygame.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"

# Before anything imports PyTorch: tests already use every core, and its threads would compete.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell starts background jobs with SIGINT ignored, which the processes of a test would inherit.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Compiling PyTorch's sources takes each process seconds. Where bytecode must not be written next to
# the sources (as in many containers), keep it in pytest's cache instead.
if sys.dont_write_bytecode:
    cache = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode, sys.pycache_prefix = False, cache
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = cache

from hypothesis import HealthCheck, Phase, settings

from digitnet import Recognizer

settings.register_profile(
    "digits",
    deadline=None,  # machines are noisy, and speed is measured elsewhere
    derandomize="CI" in os.environ,  # a change must not be refused for a case that it never met
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# For tools/measure/mutants.py, which runs the tests thousands of times only to see whether any
# fails.
settings.register_profile(
    "mutants",
    settings.get_profile("digits"),
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("digits")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return one process per core, or 0 (this process) if only one file is tested."""
    files = {argument.partition("::")[0] for argument in config.args}
    if len(files) == 1 and files.pop().endswith(".py"):
        return 0
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start files with slow tests first, so that no process works on one when others are done."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The shipped model, loaded once per process."""
    return Recognizer(threads=1)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with MNIST and pendigits, from DIGITNET_DATA; skips the test if it is not set."""
    folder = os.environ.get("DIGITNET_DATA")
    if not folder:
        pytest.skip("needs MNIST and pendigits: set DIGITNET_DATA to the folder that holds them")
    return Path(folder)


@pytest.fixture(scope="session")
def mnist(data: Path) -> Path:
    """The folder that contains MNIST/raw; skips the test if there is none."""
    if not (data / "MNIST" / "raw").is_dir():
        pytest.skip(f"needs MNIST: {data} contains no MNIST/raw")
    return data


@pytest.fixture(scope="session")
def pendigits(data: Path) -> Path:
    """The folder with pendigits' UNIPEN files; skips the test if there is none."""
    if not (data / "pendigits" / "pendigits-orig.tes").is_file():
        pytest.skip(f"needs pendigits: {data} contains no pendigits/pendigits-orig.tes")
    return data / "pendigits"
