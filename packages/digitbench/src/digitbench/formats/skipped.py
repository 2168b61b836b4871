"""What an import skips: counted by reason, and reported in detail for the first few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

_REPORTED = 3  # of each reason, because a whole collection may lack the same thing


class SkippedError(Exception):
    """A drawing that cannot be imported.

    Attributes:
        reason: the reason under which it is counted; see `Skipped.skip`.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Skipped:
    """Counts what could not be imported.

    Args:
        report: called with one line, starting with file and line number, for the first few items
            of each reason.

    Attributes:
        drawings: the number of skipped drawings, by reason.
        others: the number of other skipped things, such as files, by reason.
    """

    def __init__(self, report: Callable[[str], object] = lambda _message: None) -> None:
        self.drawings: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self._report = report

    def __bool__(self) -> bool:
        return bool(self.drawings or self.others)

    def skip(self, place: str, reason: str, message: str) -> None:
        """Count a skipped drawing.

        Args:
            place: its file and line number.
            reason: the same text for all drawings to be counted together.
            message: what is wrong with this one, and what to do about it.
        """
        self._count(self.drawings, place, reason, message)

    def skip_other(self, place: str, reason: str, message: str) -> None:
        """Count something skipped that is not a drawing; see `skip`."""
        self._count(self.others, place, reason, message)

    def summary(self, imported: int) -> str:
        """Return one line: how many drawings were imported, and what was skipped and why."""
        text = f"{imported:,} imported, {self.drawings.total():,} skipped"
        if self.drawings:
            reasons = self.drawings.most_common()
            text += f" ({', '.join(f'{count:,} {reason}' for reason, count in reasons)})"
        if self.others:
            things = self.others.most_common()
            text += f"; also skipped: {', '.join(f'{name} ({count:,})' for name, count in things)}"
        return text

    def _count(self, counter: Counter[str], place: str, reason: str, message: str) -> None:
        counter[reason] += 1
        if counter[reason] <= _REPORTED:
            self._report(f"{place}: {message}")
