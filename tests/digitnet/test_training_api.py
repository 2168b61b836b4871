"""The public API of digitnet.training: its names, its example, and its configuration."""

from __future__ import annotations

import doctest
import inspect
from typing import Any

import pytest

pytest.importorskip("torch")

import digitnet.training
from digitnet import DataError
from digitnet.training import Config, fit


def test_all_of_training_is_exactly_its_public_names() -> None:
    """`__all__` has every public name of `digitnet.training`, and its example works."""
    public = {
        name
        for name, value in vars(digitnet.training).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(digitnet.training.__all__) == public
    assert digitnet.training.__all__ == sorted(digitnet.training.__all__)
    assert digitnet.training.fit is fit
    assert doctest.testmod(digitnet.training).failed == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0),
        ("batch_size", -1),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("ema_decay", 1.5),
        ("seed", -1),
    ],
)
def test_an_invalid_configuration_is_refused(name: str, value: Any) -> None:
    """The error is one line that names the field, its value and the valid range."""
    with pytest.raises(DataError, match=rf"\A.*{name} is {value}; use .+\Z"):
        Config(**{name: value})
