"""What all tests share: the headless screen, Hypothesis's profile, and where the data is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before anything imports pygame.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"

from hypothesis import HealthCheck, Phase, settings

from digitnet import Recognizer

settings.register_profile(
    "digits",
    deadline=None,  # machines are noisy, and speed is measured elsewhere
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# For tools/measure/mutants.py, which runs the tests thousands of times and only asks whether they
# fail.
settings.register_profile(
    "mutants",
    settings.get_profile("digits"),
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile("digits")


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The shipped model, loaded once."""
    return Recognizer(threads=1)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with MNIST and pendigits that DIGITNET_DATA names; skips the test without it."""
    folder = os.environ.get("DIGITNET_DATA")
    if not folder:
        pytest.skip("needs MNIST and pendigits: set DIGITNET_DATA to the folder that holds them")
    return Path(folder)


@pytest.fixture(scope="session")
def mnist(data: Path) -> Path:
    """The folder that holds MNIST/raw; skips the test without it."""
    if not (data / "MNIST" / "raw").is_dir():
        pytest.skip(f"needs MNIST: {data} holds no MNIST/raw")
    return data


@pytest.fixture(scope="session")
def pendigits(data: Path) -> Path:
    """The folder with pendigits' UNIPEN files; skips the test without it."""
    if not (data / "pendigits" / "pendigits-orig.tes").is_file():
        pytest.skip(f"needs pendigits: {data} holds no pendigits/pendigits-orig.tes")
    return data / "pendigits"
