"""Many sessions in a row, the same ones for the same seed, until one fails."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from digitbench.fuzz.campaign import Lab
from digitbench.fuzz.state_machine import Machine
from digitnet import Recognizer

_SESSIONS = 20
"""Of one round; Hypothesis remembers a round's sessions, to make others."""


_MOST_ROUNDS = 10**6  # so that no two seeds have a round in common


def fuzz(
    recognizer: Recognizer,
    *,
    seed_: int,
    steps: int,
    session_steps: int = 30,
    note: Callable[[Lab], None] = lambda _: None,
) -> Lab:
    """Make sessions until they have so many steps, or one fails; a failure is shrunk.

    Args:
        recognizer: of the app.
        seed_: of all random choices.
        steps: in total, the start of each session among them.
        session_steps: of one session, at most.
        note: is called with what is known after each round.

    Returns:
        what was counted, and the failure, if any. After Ctrl-C it is what was known until then.
    """
    with tempfile.TemporaryDirectory(prefix="digitbench-") as name:
        lab = Lab(recognizer, Path(name))
        with contextlib.suppress(KeyboardInterrupt):
            number = 0
            while lab.steps < steps and lab.failure is None:
                _run_round(lab, seed_ * _MOST_ROUNDS + number, steps - lab.steps, session_steps)
                number += 1
                note(lab)
            lab.is_complete = True
    return lab


def _run_round(lab: Lab, number: int, steps: int, most: int) -> None:
    @seed(number)
    def start() -> Machine:
        return Machine(lab)

    options = settings(
        max_examples=max(1, min(_SESSIONS, steps // most)),
        stateful_step_count=min(most, steps),
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    try:
        # Any function that makes machines will do, but its types say a class.
        run_state_machine_as_test(cast(type[RuleBasedStateMachine], start), settings=options)
    except Exception:
        if lab.failure is None:  # it is not the app's
            raise
