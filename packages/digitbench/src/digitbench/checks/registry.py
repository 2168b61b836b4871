"""The checks that can be asked for by name."""

from __future__ import annotations

from digitbench.checks.check import Check
from digitbench.checks.devices import Devices
from digitbench.checks.invariants import Invariants
from digitbench.checks.moments import Moments
from digitbench.checks.screen import ScreenCheck

CHECKS: dict[str, type[Check]] = {
    check.name: check for check in (Moments, ScreenCheck, Invariants, Devices)
}
"""What ``digitbench run --check`` accepts, in the order of all reports; add yours here."""

DEFAULT_CHECKS = tuple(name for name, check in CHECKS.items() if check.is_default)
"""The names of those that are made by default; the others take as long as another replay."""
