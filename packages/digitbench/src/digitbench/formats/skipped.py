"""What an import leaves out: counted by its reason, and told for the first few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

_TOLD = 3  # of each reason; a whole collection may lack the same thing thousands of times


class Losses:
    """Counts what could not be imported.

    Args:
        tell: called with one line, file and line first, for the first few losses of each reason.

    Attributes:
        skipped: how many drawings were left out, by reason.
        missed: how many other things were left out, by reason: included files, whole files.
    """

    def __init__(self, tell: Callable[[str], object] = lambda _message: None) -> None:
        self.skipped: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self._tell = tell

    def __bool__(self) -> bool:
        return bool(self.skipped or self.missed)

    def skip(self, place: str, reason: str, message: str) -> None:
        """Count a drawing that is left out.

        Args:
            place: its file and line.
            reason: the same for all that are counted together.
            message: what is wrong with this one, and what to do.
        """
        self._count(self.skipped, place, reason, message)

    def miss(self, place: str, reason: str, message: str) -> None:
        """Count something that is left out and is no drawing; see `skip`."""
        self._count(self.missed, place, reason, message)

    def summary(self, imported: int) -> str:
        """Say in one line how many drawings were imported, and what was left out and why."""
        text = f"{imported:,} imported, {self.skipped.total():,} skipped"
        if self.skipped:
            text += f" ({_listed(self.skipped)})"
        if self.missed:
            text += f"; besides left out: {_listed(self.missed)}"
        return text

    def _count(self, counter: Counter[str], place: str, reason: str, message: str) -> None:
        counter[reason] += 1
        if counter[reason] <= _TOLD:
            self._tell(f"{place}: {message}")


def _listed(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} {reason}" for reason, count in counter.most_common())
