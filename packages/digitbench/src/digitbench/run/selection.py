"""Which recordings are replayed, and in which order."""

from __future__ import annotations

import random
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from digitbench.text import counted
from digitnet import Drawing
from digitnet.errors import RecordingError

NO_DIGIT = "none"
"""What people read and write for the word ""."""

_MOST_NAMES = 12

_VALUES: dict[str, Callable[[Drawing], tuple[str, ...]]] = {
    "word": lambda drawing: (drawing.word,),
    "tag": lambda drawing: drawing.tags,
    "device": lambda drawing: (drawing.device,),
    "writer": lambda drawing: (drawing.writer,),
    "key_id": lambda drawing: (drawing.key_id,),
}
"""The values of a drawing, by kind of filter."""


@dataclass(frozen=True)
class Selection:
    """Which recordings to select; each attribute is named after its option.

    Attributes:
        word: those that mean any of these, "" for no digit; an empty tuple, here and in the next
            four, for all recordings.
        tag: those with any of these tags.
        device: those drawn with any of these.
        writer: those drawn by any of these.
        key_id: those with any of these names.
        shuffle: seed of a random order; None for the given order.
        limit: how many to select at most, once filtered and shuffled; None for all.
    """

    word: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    writer: tuple[str, ...] = ()
    key_id: tuple[str, ...] = ()
    shuffle: int | None = None
    limit: int | None = None


def select(drawings: Iterable[Drawing], selection: Selection) -> list[Drawing]:
    """Select recordings.

    Reads no more than needed: with a limit and no shuffling, that may be few.

    Raises:
        RecordingError: there are recordings, but a filter leaves none of them; says which.
    """
    filters = {kind: values for kind in _VALUES if (values := getattr(selection, kind))}
    # What reaches each filter: how many recordings, with which values.
    reaching = {kind: _Reaching() for kind in filters}
    kept: Iterable[Drawing] = _pass(drawings, filters, reaching)
    if selection.shuffle is not None:
        kept = list(kept)
        random.Random(selection.shuffle).shuffle(kept)
    chosen = list(islice(kept, selection.limit))
    if not chosen and filters and next(iter(reaching.values())).count:
        # The last filter that any recording reached.
        blocking = [kind for kind in filters if reaching[kind].count][-1]
        raise RecordingError(_explain(blocking, filters, reaching[blocking]))
    return chosen


class _Reaching:
    """Counts what reaches a filter."""

    def __init__(self) -> None:
        self.count = 0
        self.values: Counter[str] = Counter()


def _pass(
    drawings: Iterable[Drawing],
    filters: dict[str, tuple[str, ...]],
    reaching: dict[str, _Reaching],
) -> Iterator[Drawing]:
    for drawing in drawings:
        for kind, wanted in filters.items():
            values = set(_VALUES[kind](drawing))
            reaching[kind].count += 1
            reaching[kind].values.update(values)
            if values.isdisjoint(wanted):
                break
        else:
            yield drawing


def _explain(kind: str, filters: dict[str, tuple[str, ...]], reaching: _Reaching) -> str:
    among = counted(reaching.count, "recording")
    if before := list(filters)[: list(filters).index(kind)]:
        among = f"the {among} that {_options(before, filters)} selects"
    known = sorted({_name(kind, value) for value in reaching.values} - {""})
    names = ", ".join(known[:_MOST_NAMES])
    if len(known) > _MOST_NAMES:
        names += f" and {len(known) - _MOST_NAMES} others"
    has = f"their {kind}s are {names}" if known else f"they name no {kind}"
    return f"{_options([kind], filters)}: selects none of {among}; {has}"


def _options(kinds: Sequence[str], filters: dict[str, tuple[str, ...]]) -> str:
    """Return filters as on the command line."""
    return " ".join(
        f"--{kind.replace('_', '-')} {shlex.quote(_name(kind, value))}"
        for kind in kinds
        for value in filters[kind]
    )


def _name(kind: str, value: str) -> str:
    return NO_DIGIT if kind == "word" and not value else value
