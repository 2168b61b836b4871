"""The comparison of recognisers: workers, rounds, ratios, and fits of costs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from cost import Cost
from digitbench.run.suite import bundled_recordings, read_all
from peer_process import FailedError, Peer, started
from peer_worker import ONE_BY_ONE
from peers import OURS, Measured, in_turn, table, write_pictures

HERE = Path(sys.executable)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with a seven on a board, and a framed one."""
    wide = np.full((60, 90), 255, np.uint8)
    wide[10:13, 30:55] = wide[10:50, 52:55] = 0
    framed = np.zeros((28, 28), np.uint8)
    framed[6:8, 8:19] = framed[6:22, 17:19] = 255
    for name, picture in (("drawn", wide), ("mnist", framed)):
        np.save(tmp_path / f"{name}.npy", picture[None])
        np.save(tmp_path / f"{name}_labels.npy", np.array([7]))
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digitnet", "digitnet[train]"])
def test_a_worker_reads_and_is_timed_in_every_way(name: str, pictures: Path) -> None:
    """Both runtimes answer correctly, framed or not, and report times and facts."""
    with started(Peer(name, HERE, 0), pictures) as worker:
        assert worker.start > 0
        assert worker.memory > 10e6
        assert worker.ask("facts")["torch"] is (name != OURS)
        assert all(worker.ask(task) > 0 for task in ("picture", "framed", "many"))
        correct = worker.ask("correct")
    assert correct["drawn"] == {"one by one, as they are": 1, "one by one, negatives": 1}
    assert correct["mnist"]["many at once, as they are"] == 1


def test_a_worker_that_dies_reports_why(tmp_path: Path) -> None:
    """The message is the error that ended it, at its start or later."""
    with pytest.raises(FailedError, match="KeyError"), started(Peer("none", HERE, 0), tmp_path):
        pass
    with started(Peer(OURS, HERE, 0), tmp_path) as worker:
        for _ in range(2):
            with pytest.raises(FailedError, match=r"drawn\.npy"):
                worker.ask("facts")


def test_all_take_turns_and_the_first_round_does_not_count() -> None:
    """Each round starts with a different one, and has a figure of each."""
    asked: list[str] = []

    def ask(name: str) -> dict[str, float]:
        asked.append(name)
        return {"figure": float(len(asked))}

    measured = {name: Measured() for name in "abc"}
    in_turn(ask, measured, 2)
    assert "".join(asked) == "abcbcacab"
    assert measured["b"].rounds == {"figure": [4.0, 9.0]}


def test_ratios_are_taken_within_rounds() -> None:
    """A slow round slows both down, so ratios do not change."""
    figures = ("disk", "start", "memory", "picture", "framed", "many")
    facts = {"version": "1", "licence": "MIT", "python": ">=3", "torch": True}
    correct = {"mnist": {"a": 1, "b": 2}, "drawn": {"a": 1}}
    ours = Measured(facts, correct, {key: [1.0, 5.0, 2.0] for key in figures})
    theirs = Measured(facts, correct, {key: [4.0, 20.0, 8.0] for key in figures})
    lines = table({OURS: ours, "other": theirs}, {"mnist": 2, "drawn": 2}).splitlines()
    assert "| 2000.00 ms | 8000.00 ms, x4.0 (4.0 to 4.0) |" in lines[9]
    assert lines[-2].endswith("| 100.00% | 100.00% |")


def test_pictures_are_written_with_their_labels(tmp_path: Path, mnist: Path) -> None:
    """There is a white board with black ink for each bundled digit."""
    totals = write_pictures(tmp_path, mnist)
    digits = [d for d in read_all(bundled_recordings()) if len(d.word) == 1]
    assert totals == {"mnist": 10_000, "drawn": len(digits)}
    assert len(digits) >= ONE_BY_ONE
    drawn = np.load(tmp_path / "drawn.npy")
    assert drawn.shape[1:] == (280, 280)
    assert np.median(drawn) == 255
    assert (drawn.min(axis=(1, 2)) == 0).all()


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_the_power_of_growth_is_found(power: float) -> None:
    """A constant cost does not change it."""
    sizes = [1, 10, 100, 1000, 10_000]
    cost = Cost("", sizes, [0.5 + 1e-3 * size**power for size in sizes])
    assert cost.exponent == pytest.approx(power, abs=0.15)
    if power == 1:
        assert cost.line == pytest.approx((1e-3, 0.5))
