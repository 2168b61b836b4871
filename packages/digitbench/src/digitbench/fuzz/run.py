"""Runs many sessions in a row, the same ones for the same seed, until one fails."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from digitbench.fuzz.campaign import Campaign
from digitbench.fuzz.state_machine import AppStateMachine
from digitnet import Recognizer

_SESSIONS = 20
"""Sessions in one round; Hypothesis learns from the sessions of a round to make others."""

_MOST_SHRINKS = 200
"""Sessions to find simpler ones after a failure; more would take minutes, for hardly less steps."""

_MOST_ROUNDS = 10**6  # so that no two seeds share a round


class _ShrunkEnough(BaseException):
    """Ends a round of Hypothesis, which passes on only what is no `Exception`."""


def fuzz(
    recognizer: Recognizer,
    *,
    seed_: int,
    steps: int,
    session_steps: int = 30,
    shrink: bool = True,
    report: Callable[[Campaign], None] = lambda _: None,
) -> Campaign:
    """Run sessions until they have taken this many steps, or one fails.

    Args:
        recognizer: of the app.
        seed_: of all random choices.
        steps: in total, including the start of each session.
        session_steps: of one session, at most.
        shrink: whether a failure is reduced to the fewest and simplest steps.
        report: called with what is known after each round.

    Returns:
        what was counted, and the failure, if any; after Ctrl-C, what was known until then.
    """
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    with tempfile.TemporaryDirectory(prefix="digitbench-") as name:
        campaign = Campaign(recognizer, Path(name))
        with contextlib.suppress(KeyboardInterrupt):
            number = seed_ * _MOST_ROUNDS
            while campaign.steps < steps and campaign.failure is None:
                _run_round(campaign, number, steps - campaign.steps, session_steps, phases)
                number += 1
                report(campaign)
            campaign.is_complete = True
    return campaign


def _run_round(
    campaign: Campaign, number: int, steps: int, most: int, phases: Sequence[Phase]
) -> None:
    shrinks = 0

    @seed(number)
    def start() -> AppStateMachine:
        nonlocal shrinks
        shrinks += campaign.failure is not None
        if shrinks > _MOST_SHRINKS:
            raise _ShrunkEnough
        return AppStateMachine(campaign)

    options = settings(
        max_examples=max(1, min(_SESSIONS, steps // most)),
        stateful_step_count=min(most, steps),
        database=None,
        deadline=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    try:
        # Any function that makes a machine will do, though the type asks for a class.
        run_state_machine_as_test(cast(type[RuleBasedStateMachine], start), settings=options)
    except _ShrunkEnough:
        pass
    except Exception:
        if campaign.failure is None:  # not an error of the app
            raise
