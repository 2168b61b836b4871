"""The comparison of two training recipes: both train on the same files and are timed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

import training_speed
from training_speed import Course, table, train_example, train_quick

pytestmark = pytest.mark.usefixtures("one_torch_thread")

CONTEXT = {
    "machine": {"cores": 2, "cpu": "a CPU"},
    "time": "2026-11-24T10:00:00+00:00",
    "torch": "2.15",
    "python": "3.11",
}


def test_both_recipes_train_and_are_timed(small_mnist: Path) -> None:
    """Each reports its accuracy and times; the example stops after its last epoch."""
    example, quick = train_example(small_mnist, 1, epochs=2), train_quick(small_mnist, 1)
    assert len(example.accuracies) == 2
    assert len(quick.accuracies) == 1
    for course in (example, quick):
        assert len(course.seconds) == len(course.cpu_seconds) == len(course.accuracies)
        assert all(0 <= accuracy <= 1 for accuracy in course.accuracies)
        assert 0 < course.seconds[0] <= course.seconds[-1]
    assert example.seconds[0] < example.seconds[1]


def test_the_example_stops_at_the_goal(small_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock stops after the first epoch that reaches the goal."""
    monkeypatch.setattr(training_speed, "GOAL", 0.01)
    assert len(train_example(small_mnist, 1).accuracies) == 1


def test_the_table_has_medians_ranges_and_ratios() -> None:
    """Ratios are between runs with the same seed; runs that fell short are mentioned."""
    slow = [Course(1, [0.98, 0.991], [50, 100], [90, 180]), Course(2, [0.99], [60], [120])]
    fast = [Course(1, [0.992], [4], [8]), Course(2, [0.985], [5], [10])]
    text = table({"slow": slow, "fast": fast}, CONTEXT)
    assert "| to 99% | slow | fast |\n|---|---|---|\n" in text
    assert "| runs that reached it | 2 of 2 | 1 of 2 |" in text
    assert "| training, median and range | 80.0 s (60.0 to 100.0) | 4.5 s (4.0 to 5.0) |" in text
    assert "| measurements until then | 1 to 2 | 1 to 1 |" in text
    assert "18.5 (12.0 to 25.0) times as long" in text
    assert "2026-11-24, 2 cores of a CPU, PyTorch 2.15, Python 3.11." in text
    assert "did not reach" in text
    assert "did not reach" not in table({"slow": slow[:1], "fast": fast[:1]}, CONTEXT)
