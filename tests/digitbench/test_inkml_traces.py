"""The encoding of InkML traces: values, differences, and wildcards."""

from __future__ import annotations

import pytest

from digitbench.formats.inkml.trace import decode
from digitnet import RecordingError


def test_the_example_of_the_recommendation_is_decoded() -> None:
    """Values, differences, second differences, minus signs as separators, wildcards."""
    trace = """1125 18432,'23'43,"7"-8,3-5,7 -3,6 2,6 8,3 6 T,2 4*T,3 6,3-6 F F"""
    assert list(decode(trace, regular=2, intermittent=2)) == [
        [1125, 18432],
        [1148, 18475],
        [1178, 18510],
        [1211, 18540],
        [1251, 18567],
        [1297, 18596],
        [1349, 18633],
        [1404, 18676, 1],
        [1461, 18723, 1, 1],
        [1521, 18776],
        [1584, 18823, 0, 0],
    ]


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ("", []),
        (" 1 2 ", [[1, 2]]),
        ("1 2,", [[1, 2]]),
        ("1-2,.5 1e2,#ff-#A", [[1, -2], [0.5, 100], [255, -10]]),
        ("1 2,* *,3 *", [[1, 2], [1, 2], [3, 2]]),
        ("1 2,'1 '2,* *,* 5", [[1, 2], [2, 4], [3, 6], [4, 11]]),
        ("0 0,'1'1,\"1\"1,**,**", [[0, 0], [1, 1], [3, 3], [6, 6], [10, 10]]),
        ("1 2,'1'1,!9!9,5 5", [[1, 2], [2, 3], [9, 9], [5, 5]]),
        ("1 2,? 3,'1'1", [[1, 2], [None, 3], [2, 4]]),
        ("0.1 1,!0.3 1", [[0.1, 1], [0.3, 1]]),
    ],
)
def test_values_are_decoded(trace: str, expected: list[list[float | None]]) -> None:
    """As values and differences, with prefixes until the next one, unknown, or continued."""
    assert list(decode(trace, regular=2)) == expected


@pytest.mark.parametrize(
    "trace",
    [
        "1",
        "1 2 3",
        "1 2,,3 4",
        ",",
        "1 x",
        "'1 2",
        "1 NaN",
        f"1 {'9' * 5000}",
        "1 1e999",
        "1 -",
        "1 ٣",
    ],
)
def test_an_invalid_trace_is_reported_with_its_point(trace: str) -> None:
    """Too few or too many values, no values, differences without a value, numbers too large."""
    with pytest.raises(RecordingError, match=r"\Apoint \d: .+\Z"):
        list(decode(trace, regular=2))
