"""Recordings replayed, and all checked that must hold of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace

from digitbench.checks.assertions import is_readable
from digitbench.checks.devices import compare_devices
from digitbench.checks.invariants import check_invariants
from digitbench.checks.moments import Moments
from digitbench.checks.outcome import DEVICES, INVARIANTS, MOMENTS, USUAL, Broken, Checked
from digitbench.replay.events import Input
from digitbench.replay.replayer import Replayed, Replayer, Setup
from digitbench.report.printable import last_line
from digitnet import Drawing, Recognizer


class Inspector:
    """Replays recordings as a `Replayer` does, and checks each.

    What a recording itself expects is checked always. The time that a recording may take counts its
    checks, and a crash at what they do after its end is one of the app.

    Args:
        recognizer: shared by all apps.
        setup: how recordings are replayed.
        checks: of `CHECKS`, those that are made.
    """

    def __init__(
        self, recognizer: Recognizer, setup: Setup, checks: Collection[str] = USUAL
    ) -> None:
        self._recognizer = recognizer
        self._setup = setup
        self._checks = checks
        self._replayer = Replayer(recognizer, **asdict(setup))
        # What is replayed once more must not be saved twice, and takes any device.
        self._again = Replayer(recognizer, **asdict(replace(setup, input=None, save_dir=None)))

    def inspect(self, drawing: Drawing) -> Replayed:
        """Replay a recording and check it; of one that crashes, what was checked before it."""
        moments = Moments(self._recognizer, self._setup.window, is_thorough=MOMENTS in self._checks)
        replayed = self._replayer.replay(drawing, moments.watch, moments.encore)
        checked = list(moments.checked)
        if moments.end is not None and not replayed.error:
            if INVARIANTS in self._checks and is_readable(moments.end):
                checked.append(check_invariants(moments.end, self._recognizer))
            if DEVICES in self._checks:
                checked.append(self._compare(drawing, replayed, moments.end))
        return replace(replayed, checks=tuple(checked))

    def _compare(self, drawing: Drawing, replayed: Replayed, end: Drawing) -> Checked:
        """Replay a recording with the other device."""
        names: tuple[Input, Input] = ("mouse", "touch")
        if self._replayer.device_of(drawing) == "touch":
            names = ("touch", "mouse")
        moments = Moments(self._recognizer, self._setup.window, is_thorough=False)
        other = replace(drawing, device=names[1])
        again = self._again.replay(other, moments.watch, moments.encore)
        if again.error or moments.end is None:
            message = f"by {names[1]} the app crashed: {last_line(again.error)}"
            return Checked(DEVICES, 1, (Broken(message, "no crash", last_line(again.error)),))
        windows = [self._setup.window]
        windows += [(round(e[2]), round(e[3])) for e in drawing.events if e[1] == "resize"]
        answers = (replayed.prediction, again.prediction)
        broken = compare_devices(names, (end, moments.end), answers, windows)
        return Checked(DEVICES, 1, tuple(broken))
