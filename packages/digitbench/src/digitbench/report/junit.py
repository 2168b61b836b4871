"""The report for CI systems: JUnit XML as most of them accept it.

There is no specification; this module follows what https://github.com/testmoapp/junitxml describes
as common. Some systems show only the text of a failure, so the message is repeated there; some
merge tests of the same class and name, so names are made unique.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import digitbench
from digitbench.report.report import Report
from digitbench.run.suite import CORRECT, CRASHED, Result, Summary
from digitbench.run.verdict import Requirement, Verdict
from digitbench.text import last_line, printable

_PACKAGES = Path(digitbench.__path__[0]).parent
_GATES = "gates"
_NO_FILE = "recordings"


def as_junit(
    results: Sequence[Result],
    summary: Summary,
    verdict: Verdict,
    provenance: Mapping[str, Any],
) -> bytes:
    """Return a run as one XML document in UTF-8.

    Args:
        results: the results of the run; each file of recordings becomes a test suite.
        summary: their summary.
        verdict: on the run; its gates become tests in another suite.
        provenance: where the results come from; values that are text become properties.
    """
    of_file: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        of_file[result.drawing.place.file if result.drawing.place else _NO_FILE].append(result)
    names = portable_names(of_file)
    suites = [
        _suite_of_recordings(names[file], members, verdict) for file, members in of_file.items()
    ]
    if gates := [requirement for requirement in verdict.requirements if requirement.is_gate]:
        suites.append(_suite_of_gates(gates))
    root = ET.Element("testsuites", name="digitbench")
    for suite in suites:
        _count(suite, provenance)
        suite.insert(0, _properties(provenance))
    root.extend(suites)
    _count(root, provenance)
    root.set("time", f"{summary.seconds:.3f}")
    ET.indent(root, " ")
    document: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return document + b"\n"


JUNIT_REPORT = Report(
    "junit",
    "Write a report for CI systems (JUnit XML).",
    lambda run: as_junit(run.results, run.summary, run.verdict, run.provenance),
)


def portable_names(files: Iterable[str]) -> dict[str, str]:
    """Return a name for each file that does not depend on where things are on this machine.

    A bundled file is named by its path in this package, and any other in the current folder, at
    any depth, by its path there. Those elsewhere that were given with an absolute path are named by
    their path in the folder that they share.
    """
    names, elsewhere = {}, []
    for file in files:
        path = Path(file)
        for folder in (_PACKAGES, Path.cwd()):
            if path.is_relative_to(folder):
                path = path.relative_to(folder)
        names[file] = path.as_posix()
        if path.is_absolute():
            elsewhere.append(file)
    for drive in {Path(file).drive for file in elsewhere}:
        there = [file for file in elsewhere if Path(file).drive == drive]
        shared = os.path.commonpath([Path(file).parent for file in there])
        names |= {file: Path(file).relative_to(shared).as_posix() for file in there}
    taken: set[str] = set()
    return {file: _unique(name, taken) for file, name in names.items()}


def _suite_of_recordings(name: str, results: Iterable[Result], verdict: Verdict) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    if name != _NO_FILE:
        suite.set("file", name)
    taken: set[str] = set()
    for result in results:
        test = _test(suite, name, _unique(result.key_id, taken), result.replayed.seconds)
        if result.drawing.place:
            test.set("file", name)
            test.set("line", str(result.drawing.place.line))
        if not result.is_right:
            _add_fault(test, result, is_allowed=not verdict.fails(result))
    return suite


def _add_fault(test: ET.Element, result: Result, *, is_allowed: bool) -> None:
    """Add what is not right about a recording."""
    kind, type_, message, details = "failure", result.outcome, result.verdict, _details(result)
    if result.outcome == CRASHED:
        kind, details = "error", result.replayed.error
        type_ = last_line(details).partition(":")[0]
    elif result.outcome == CORRECT:
        type_, violation = result.violations[0]
        message = str(violation)
    if is_allowed:
        kind, message = "skipped", f"allowed: {message}"
    _add_problem(test, kind, type_, message, details)


def _unique(text: str, taken: set[str]) -> str:
    name = first = printable(text)
    number = 1
    while name in taken:
        number += 1
        name = f"{first} ({number})"
    taken.add(name)
    return name


def _suite_of_gates(gates: Iterable[Requirement]) -> ET.Element:
    suite = ET.Element("testsuite", name=_GATES)
    for gate in gates:
        test = _test(suite, _GATES, gate.name, 0.0)
        if gate.failure:
            _add_problem(test, "failure", "gate", gate.failure, "")
    return suite


def _test(suite: ET.Element, class_name: str, name: str, seconds: float) -> ET.Element:
    return ET.SubElement(suite, "testcase", name=name, classname=class_name, time=f"{seconds:.3f}")


def _add_problem(test: ET.Element, kind: str, type_: str, message: str, details: str) -> None:
    problem = ET.SubElement(test, kind, message=printable(message), type=printable(type_))
    problem.text = printable("\n".join(filter(None, [message, details])), keep="\n")


def _details(result: Result) -> str:
    """Return where the recording comes from and what the network made of each digit."""
    lines = [f"recording: {result.drawing.place}"] if result.drawing.place else []
    lines += [f"tags: {', '.join(result.drawing.tags)}"] if result.drawing.tags else []
    lines += [f"check {check}: {violation}" for check, violation in result.violations]
    for digit in result.digits:
        likeliest = sorted(range(10), key=lambda label: -digit.probabilities[label])[:3]
        opinions = ", ".join(f"{label} {digit.probabilities[label]:.1%}" for label in likeliest)
        lines.append(f"digit: {opinions}; a digit at all {digit.likelihood:.1%}")
    return "\n".join(lines)


def _properties(provenance: Mapping[str, Any]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in provenance.items():
        if isinstance(value, str):
            ET.SubElement(properties, "property", name=printable(name), value=printable(value))
    return properties


def _count(suite: ET.Element, provenance: Mapping[str, Any]) -> None:
    """Set the numbers of tests by their result of an element, and their total time."""
    tests = list(suite.iter("testcase"))
    suite.set("tests", str(len(tests)))
    for kind, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(count, str(sum(test.find(kind) is not None for test in tests)))
    suite.set("time", f"{sum(float(test.get('time', 0)) for test in tests):.3f}")
    if "time" in provenance:
        suite.set("timestamp", str(provenance["time"]))
