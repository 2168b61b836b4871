"""The package's public names, errors and version."""

from __future__ import annotations

import importlib.metadata
import inspect

import digitnet
from digitnet import errors


def test_all_is_exactly_the_public_names() -> None:
    """`__all__` holds every public name of the package, in order, and nothing else."""
    public = {
        name
        for name, value in vars(digitnet).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(digitnet.__all__) == public | {
        "Grid",
        "Recognizer",
        "__version__",
    }  # come when asked for
    assert digitnet.__all__ == sorted(digitnet.__all__)


def test_every_public_name_can_be_imported_and_is_listed() -> None:
    """Including those loaded on demand; any other name is an AttributeError."""
    assert set(digitnet.__all__) <= set(dir(digitnet))
    assert all(hasattr(digitnet, name) for name in digitnet.__all__)
    assert not hasattr(digitnet, "Recogniser")


def test_version() -> None:
    """`__version__` is the version of the installed package."""
    assert digitnet.__version__ == importlib.metadata.version("digitnet")


def test_errors_have_one_base_class() -> None:
    """Every error is a DigitnetError, has a docstring, and is public."""
    classes = {name: cls for name, cls in vars(errors).items() if inspect.isclass(cls)}
    for name, error in classes.items():
        assert issubclass(error, errors.DigitnetError)
        assert error.__doc__
        assert getattr(digitnet, name) is error
    assert issubclass(errors.DigitnetError, Exception)
