"""The report for people: one page that needs no other files and no network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from digitbench.report import breakdown
from digitbench.report.cards import Card, make_cards
from digitbench.report.pages import render_page
from digitbench.report.ranking import KINDS, choose, rank
from digitbench.report.report import Report
from digitbench.report.timeline_report import Camera
from digitbench.run.baseline import Baseline
from digitbench.run.intervals import wilson_interval
from digitbench.run.suite import CORRECT, CRASHED, OUTCOMES, Result, Summary
from digitbench.run.tally import group_of
from digitbench.run.verdict import Verdict

MOST_SHOWN, MOST_WITH_RIGHT = 100, 300
"""The maximum number of failures that are shown, and of recordings if all are asked for."""

_MOST_ROWS = 25
_NOTHING: tuple[Any, ...] = (None, "", (), [], {})
_HEAT = (0.005, 0.02, 0.05, 0.15)
"""The shares of its row from which on a cell is one step hotter."""


def as_html(
    results: Sequence[Result],
    summary: Summary,
    verdict: Verdict,
    provenance: Mapping[str, Any],
    camera: Camera,
    baseline: Baseline | None = None,
    *,
    has_all: bool = False,
) -> str:
    """Return a run as one HTML document, which is the same for the same run.

    Args:
        results: the results of the run.
        summary: their summary.
        verdict: whether the run passes, and why not.
        provenance: where the results come from.
        camera: takes pictures of the app for the recordings that are shown.
        baseline: an earlier run to put beside this one.
        has_all: whether to show recordings that are right, too.
    """
    ranked = rank(results, baseline)
    failed = [each for each in ranked if each.is_failure]
    chosen = choose(ranked if has_all else failed, MOST_WITH_RIGHT if has_all else MOST_SHOWN)
    cards = list(make_cards(chosen, camera, provenance.get("options", {})))
    latencies = [latency for result in results for latency in result.replayed.latency_ms]
    return render_page(
        "page.html",
        summary=summary,
        counts={outcome: getattr(summary, outcome) for outcome in OUTCOMES},
        verdict=verdict,
        provenance=_flat(provenance),
        groups=_groups(results, summary),
        confusion=breakdown.confusion(results),
        first=_first_of_each_kind(cards),
        histogram=breakdown.histogram(latencies),
        latencies=sorted(latencies),
        cards=cards,
        failed=len(failed),
        shown_failures=sum(card.ranked.is_failure for card in cards),
        has_all=has_all,
        kinds=_count_kinds(cards),
        names=KINDS,
        tags=sorted({tag for card in cards for tag in card.result.drawing.tags}),
        baseline=baseline,
        lost=len(baseline.regressions(results)) if baseline else 0,
        gained=len(baseline.gains(results)) if baseline else 0,
        heat=_heat,
        origin_of=_origin,
        wilson=wilson_interval,
    )


HTML_REPORT = Report(
    "html",
    "Write a report for people, DIR/index.html: the replay of each failure, to scrub through.",
    lambda run: as_html(
        run.results,
        run.summary,
        run.verdict,
        run.provenance,
        run.camera,
        run.baseline,
        has_all=run.has_all,
    ).encode(),
    file_in_folder="index.html",
)


def _origin(baseline: Baseline) -> str:
    """Return where the results of a baseline come from, in a few words."""
    time, *hashes = (baseline.source.get(name, "") for name in ("time", "commit", "model"))
    named = zip(("commit", "model"), hashes, strict=True)
    short = [f"{name} {hash_[:8]}" for name, hash_ in named if hash_]
    return ", ".join(filter(None, [time[:10], *short]))


def _heat(share: float) -> int:
    """Return the heat of a cell that is not 0, from 1 to 5."""
    return 1 + sum(share >= step for step in _HEAT)


def _groups(results: Sequence[Result], summary: Summary) -> list[dict[str, Any]]:
    """Return the tables of accuracies, each with its own axis."""
    tables = {
        "digit": dict(summary.digits),
        "writer": breakdown.worst_first(breakdown.by_writer(results)),
        "tag": breakdown.worst_first(summary.tags),
    }
    groups = []
    for by, tallies in tables.items():
        shown = dict(islice(tallies.items(), _MOST_ROWS))
        if shown:
            start = breakdown.axis_start(shown.values())
            left_out = len(tallies) - len(shown)
            groups.append({"by": by, "tallies": shown, "left_out": left_out, "start": start})
    return groups


def _first_of_each_kind(cards: Sequence[Card]) -> dict[tuple[str, str], int]:
    """Return the first card of each cell of the confusion matrix."""
    first: dict[tuple[str, str], int] = {}
    for card in cards:
        kind = group_of(card.result.word), breakdown.read_as(card.result)
        if card.result.outcome not in (CORRECT, CRASHED):
            first.setdefault(kind, card.number)
    return first


def _count_kinds(cards: Sequence[Card]) -> dict[str, int]:
    """Return how many cards there are of each of `KINDS` that occurs, the worst first."""
    counts = Counter(kind for card in cards for kind in card.ranked.kinds)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _flat(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return each value as one line, without empty ones."""
    flat = {}
    for name, value in provenance.items():
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        known = [f"{key} {_short(part)}".strip() for key, part in parts if part not in _NOTHING]
        flat[name] = ", ".join(known)
    return {name: line for name, line in flat.items() if line}


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
