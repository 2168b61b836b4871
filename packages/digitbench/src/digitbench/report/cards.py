"""What the page for people shows of each recording: everything that helps to see what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from digitbench.report.command import command_for
from digitbench.report.crash import CrashSite, crash_site
from digitbench.report.ink_picture import InkPicture, picture_ink
from digitbench.report.player import MOST_DIGITS, Player, image_uri, make_player
from digitbench.report.ranking import RankedResult
from digitbench.report.timeline_report import Camera
from digitbench.run.suite import CRASHED, Result
from digitnet import Digit, Drawing
from digitnet.recordings import dump_drawing

MOST_BYTES = 12_000_000
"""The maximum size of all pictures of the app in a page, in bytes of the page."""

_FRAMES = ((30, 24), (100, 12))
"""Up to how many recordings have how many pictures each; where there are more, `_FEWEST`."""

_FEWEST = 6
_LONGEST_LINE = 100_000


@dataclass(frozen=True)
class ShownDigit:
    """A digit that the app found.

    Attributes:
        digit: the digit.
        picture: what the network saw of it, as a data URI.
        meant: what it should have been read as; None if that is unknown.
        before: its probabilities in an earlier run; None if they are unknown.
    """

    digit: Digit
    picture: str
    meant: int | None
    before: tuple[float, ...] | None


@dataclass(frozen=True)
class Card:
    """What a page shows of one recording.

    Attributes:
        number: counted from 1, in the order of the page.
        ranked: the result of the recording, and what an earlier run said.
        ink: the ink as it was drawn.
        digits: the first few digits that the app found at the moment that is shown first.
        meant: what each digit should have been read as; empty if that is unknown.
        player: the replay, to scrub through; None if there is none.
        missing: why there is no player, in a sentence; "" if there is one.
        crash: where the app crashed; None if it did not.
        line: the recording as NDJSON; "" if it is too long to show.
        command: replays the recording again; "" if that is unknown.
        facts: what else is known about the recording, in a few words each.
    """

    number: int
    ranked: RankedResult
    ink: InkPicture
    digits: tuple[ShownDigit, ...]
    meant: tuple[int, ...]
    player: Player | None
    missing: str
    crash: CrashSite | None
    line: str
    command: str
    facts: tuple[str, ...]

    @property
    def result(self) -> Result:
        """The result of the recording."""
        return self.ranked.result

    @property
    def data(self) -> dict[str, Any]:
        """What ``player.js`` reads; empty if there is no player."""
        if self.player is None:
            return {}
        digits = self.ranked.before.probabilities if self.ranked.before else ()
        before = [[round(100 * share, 1) for share in digit] for digit in digits]
        return {**self.player.data, "meant": list(self.meant), "before": before}


def make_cards(
    chosen: Sequence[RankedResult], camera: Camera, options: Mapping[str, Any]
) -> Iterator[Card]:
    """Replay recordings for their pictures, and yield what there is to see of each.

    The more there are, the fewer pictures each has; when the page is full, the rest have none.

    Args:
        chosen: in the order of the page.
        camera: takes the pictures.
        options: of the run, as in its provenance.
    """
    pictures = next((each for most, each in _FRAMES if len(chosen) <= most), _FEWEST)
    room = MOST_BYTES
    for number, ranked in enumerate(chosen, start=1):
        command = command_for(ranked.result.drawing, options)
        card = make_card(
            ranked, camera if room > 0 else None, pictures, number=number, command=command
        )
        room -= card.player.size_in_page if card.player else 0
        yield card


def make_card(
    ranked: RankedResult,
    camera: Camera | None,
    pictures: int,
    *,
    number: int = 1,
    command: str = "",
) -> Card:
    """Return what there is to see of one recording.

    Args:
        ranked: its result.
        camera: takes the pictures; None if the page is full.
        pictures: the maximum number of them.
        number: of the card.
        command: replays the recording again.
    """
    result = ranked.result
    player, missing = None, ""
    if result.replayed.killed:
        missing = "It hung, or took the process with it, so it was not replayed for its pictures."
    elif camera is None:
        missing = "Its pictures are left out to keep this page small."
    else:
        violations = [violation for _, violation in result.violations]
        wanted = [violation.at for violation in violations if violation.at is not None]
        player = make_player(camera(result.drawing, pictures, wanted), violations)
    line = dump_drawing(result.drawing)
    return Card(
        number=number,
        ranked=ranked,
        ink=picture_ink(result.drawing),
        digits=tuple(_digits(ranked, player)),
        meant=_meant(result),
        player=player,
        missing=missing,
        crash=crash_site(result.replayed.error) if result.outcome == CRASHED else None,
        line=line if len(line) <= _LONGEST_LINE else "",
        command=command,
        facts=tuple(_facts(result.drawing)),
    )


def _facts(drawing: Drawing) -> Iterator[str]:
    if drawing.place:
        yield f"{PurePath(drawing.place.file).name}:{drawing.place.line}"
    if drawing.writer:
        yield f"writer {drawing.writer}"
    if drawing.device:
        yield drawing.device
    yield from drawing.tags
    if drawing.events:
        yield "with " + ", ".join(dict.fromkeys(event[1] for event in drawing.events))


def _meant(result: Result) -> tuple[int, ...]:
    return tuple(map(int, result.word)) if result.word.isdecimal() else ()


def _digits(ranked: RankedResult, player: Player | None) -> Iterator[ShownDigit]:
    """Yield the digits at the moment that is shown first: those of the result if it is the end."""
    digits = ranked.result.digits
    if player and player.start < len(player.moments) - 1:
        prediction = player.moments[player.start].prediction
        digits = prediction.digits if prediction else ()
    meant = _meant(ranked.result)
    before = ranked.before.probabilities if ranked.before else ()
    for index, digit in enumerate(digits[:MOST_DIGITS]):
        yield ShownDigit(
            digit,
            image_uri(digit),
            meant[index] if len(meant) == len(digits) else None,
            before[index] if len(before) == len(digits) else None,
        )
