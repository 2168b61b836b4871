"""The face of the package: its names, its errors, its version and its examples."""

from __future__ import annotations

import doctest
import importlib
import importlib.metadata
import inspect
import pkgutil

import pytest

import digitnet
from digitnet import errors

# Training is for those who have PyTorch; its modules have tests of their own.
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(digitnet.__path__, "digitnet.")
    if not module.name.startswith("digitnet.training")
)


def test_all_is_exactly_the_public_names() -> None:
    """`__all__` holds every public name of the package, in order, and nothing else."""
    public = {
        name
        for name, value in vars(digitnet).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(digitnet.__all__) == public | {"__version__"}
    assert digitnet.__all__ == sorted(digitnet.__all__)


def test_the_version_is_that_of_the_installed_package() -> None:
    """There is one version number, and the package tells it."""
    assert digitnet.__version__ == importlib.metadata.version("digitnet")


def test_errors_are_one_tree() -> None:
    """Every error is a DigitnetError, says in its docstring when it is raised, and is public."""
    classes = {name: cls for name, cls in vars(errors).items() if inspect.isclass(cls)}
    for name, error in classes.items():
        assert issubclass(error, errors.DigitnetError)
        assert error.__doc__
        assert getattr(digitnet, name) is error
    assert issubclass(errors.DigitnetError, Exception)


@pytest.mark.parametrize("name", ["digitnet", *MODULES])
def test_examples_in_docstrings_are_true(name: str) -> None:
    """What the documentation shows is what happens."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    """The modules that people meet first show their use."""
    for name in ("digitnet", "digitnet.ink", "digitnet.recognizer"):
        tests = doctest.DocTestFinder().find(importlib.import_module(name))
        assert any(test.examples for test in tests)
