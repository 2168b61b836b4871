"""What a check found in one recording."""

from __future__ import annotations

from dataclasses import dataclass


class ViolationError(AssertionError):
    """Something that must hold does not.

    Args:
        message: what is wrong, in one line.
        expected: what would be right, in a few words; "" if the message alone says it.
        got: what there is instead.
    """

    def __init__(self, message: str, expected: str = "", got: str = "") -> None:
        super().__init__(message)
        self.expected = expected
        self.got = got

    @classmethod
    def of(cls, what: str, expected: str, got: str) -> ViolationError:
        """Build the message from its parts, as in "the pen is 0.1, not 0.2"."""
        return cls(f"{what} {got}, not {expected}", expected, got)


@dataclass(frozen=True)
class Violation:
    """Something that must hold of a recording and does not.

    Attributes:
        message: what is wrong, in one line.
        expected: what would be right, in a few words.
        got: what there is instead.
        at: milliseconds from the start; None if it does not belong to one moment.
        after: what had been done last, such as "undo"; "" if it does not belong to one moment.
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
        """When it happened, in words; "" if it does not belong to one moment."""
        if not self.after:
            return ""
        when = "the end" if self.at is None else f"{self.at / 1000:.2f} s"
        return f"at {when}, after {self.after}"


@dataclass(frozen=True)
class CheckOutcome:
    """What one check found in one recording.

    Attributes:
        name: the name of the check.
        count: how many comparisons it made.
        violations: what does not hold.
    """

    name: str
    count: int
    violations: tuple[Violation, ...] = ()
