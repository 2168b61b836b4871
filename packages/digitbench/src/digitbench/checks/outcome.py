"""What can be checked, what was, and what of it does not hold."""

from __future__ import annotations

from dataclasses import dataclass

EXPECT, MOMENTS, INVARIANTS, DEVICES = "expect", "moments", "invariants", "devices"

CHECKS = {
    MOMENTS: "after each stroke, undo, clear and so on, ink and answer are right",
    INVARIANTS: "place, size, order and direction of strokes make no difference",
    DEVICES: "mouse and touch agree",
}
"""What can be checked besides the answer and what recordings expect, in the order of reports."""

USUAL = (MOMENTS, INVARIANTS)
"""What is checked unless something else is asked for; the rest takes as long as another replay."""


class BrokenError(AssertionError):
    """Something that must hold does not.

    Args:
        message: says what, in one line.
        expected: what would be right, in few words; "" where the message alone tells it.
        got: what there is instead.
    """

    def __init__(self, message: str, expected: str = "", got: str = "") -> None:
        super().__init__(message)
        self.expected = expected
        self.got = got

    @classmethod
    def of(cls, what: str, expected: str, got: str) -> BrokenError:
        """Say that something is other than it should be, as in "the pen is 0.1, not 0.2"."""
        return cls(f"{what} {got}, not {expected}", expected, got)


@dataclass(frozen=True)
class Broken:
    """Something that does not hold of one recording.

    Attributes:
        message: what, in one line.
        expected: what would be right, in few words.
        got: what there is instead.
        at: the time from the start, in milliseconds; None where it is not of one moment.
        after: what was done last then, such as "undo"; "" where it is not of one moment.
    """

    message: str
    expected: str = ""
    got: str = ""
    at: int | None = None
    after: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.moment, self.message]))

    @property
    def moment(self) -> str:
        """When it was, in words; "" where it is not of one moment."""
        if not self.after:
            return ""
        when = "the end" if self.at is None else f"{self.at / 1000:.2f} s"
        return f"at {when}, after {self.after}"


@dataclass(frozen=True)
class Checked:
    """One of the checks, made of one recording.

    Attributes:
        name: the check's.
        count: how many times something was compared.
        broken: what does not hold.
    """

    name: str
    count: int
    broken: tuple[Broken, ...] = ()
