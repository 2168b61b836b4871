"""The report for CI systems: JUnit XML as most of them accept it.

There is no specification; this module follows what https://github.com/testmoapp/junitxml describes
as common. Some systems show only the text of a failure, so the message is repeated there; some
merge tests of the same class and name, so names are made unique.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from digitbench.report.report import Report
from digitbench.run.suite import CORRECT, CRASHED, Result, Summary
from digitbench.text import last_line, printable

_GATES = "gates"
_NO_FILE = "recordings"


def as_junit(
    results: Sequence[Result],
    summary: Summary,
    gate_failures: Sequence[str],
    provenance: Mapping[str, Any],
) -> bytes:
    """Return a run as one XML document in UTF-8.

    Args:
        results: the results of the run; each file of recordings becomes a test suite.
        summary: their summary.
        gate_failures: a sentence for each gate that failed; each becomes a test in another suite.
        provenance: where the results come from; values that are text become properties.
    """
    of_file: defaultdict[str, list[Result]] = defaultdict(list)
    for result in results:
        of_file[result.drawing.place.file if result.drawing.place else _NO_FILE].append(result)
    suites = [_suite_of_recordings(file, members) for file, members in of_file.items()]
    if gate_failures:
        suites.append(_suite_of_gates(gate_failures))
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
    lambda run: as_junit(run.results, run.summary, run.failures, run.provenance),
)


def _suite_of_recordings(file: str, results: Iterable[Result]) -> ET.Element:
    name = printable(file)
    suite = ET.Element("testsuite", name=name)
    if file != _NO_FILE:
        suite.set("file", name)
    taken: set[str] = set()
    for result in results:
        test = _test(suite, name, _unique(result.key_id, taken), result.replayed.seconds)
        if result.drawing.place:
            test.set("file", name)
            test.set("line", str(result.drawing.place.line))
        if result.outcome == CRASHED:
            error = last_line(result.replayed.error)
            kind = error.partition(":")[0]
            _add_problem(test, "error", kind, result.verdict, result.replayed.error)
        elif result.outcome != CORRECT:
            _add_problem(test, "failure", result.outcome, result.verdict, _details(result))
        elif result.violations:
            check, violation = result.violations[0]
            _add_problem(test, "failure", check, str(violation), _details(result))
    return suite


def _unique(key_id: str, taken: set[str]) -> str:
    name = first = printable(key_id)
    number = 1
    while name in taken:
        number += 1
        name = f"{first} ({number})"
    taken.add(name)
    return name


def _suite_of_gates(sentences: Iterable[str]) -> ET.Element:
    suite = ET.Element("testsuite", name=_GATES)
    for number, sentence in enumerate(sentences, start=1):
        test = _test(suite, _GATES, f"gate {number}", 0.0)
        _add_problem(test, "failure", "gate", sentence, "")
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
    """Set the numbers of tests and failures of an element, and their total time."""
    tests = list(suite.iter("testcase"))
    suite.set("tests", str(len(tests)))
    suite.set("failures", str(sum(test.find("failure") is not None for test in tests)))
    suite.set("errors", str(sum(test.find("error") is not None for test in tests)))
    suite.set("skipped", "0")
    suite.set("time", f"{sum(float(test.get('time', 0)) for test in tests):.3f}")
    if "time" in provenance:
        suite.set("timestamp", str(provenance["time"]))
