"""What was done to the app, in words."""

from __future__ import annotations

from collections.abc import Iterable

from digitbench.replay.timeline import Step, describe_steps


def narrate(steps: Iterable[Step]) -> list[str]:
    """Describe steps in order, a line each; moves of the pen that follow each other share one.

    Places are in pixels of the recording's canvas.

    >>> narrate([("down", 10, 20), ("move", 11, 21), ("move", 12.5, 22), ("up", 12.5, 22)])
    ['pen down at 10, 20', '2 moves to 12.5, 22', 'pen up']
    """
    lines: list[str] = []
    moves = 0
    for name, *values in steps:
        moves = moves + 1 if name == "move" else 0
        if name == "move":
            line = f"{moves} move{'s' if moves > 1 else ''} to {_place(values)}"
            lines[len(lines) - (moves > 1) :] = [line]
        elif name == "down":
            lines.append(f"pen down at {_place(values)}")
        elif name == "up":
            lines.append("pen up")
        elif name == "erase":
            lines.append(f"erase at {_place(values)}")
        else:
            lines += describe_steps([(name, *values)])
    return lines


def _place(values: list[float]) -> str:
    x, y = (f"{value:.1f}".removesuffix(".0") for value in values[:2])
    return f"{x}, {y}"
