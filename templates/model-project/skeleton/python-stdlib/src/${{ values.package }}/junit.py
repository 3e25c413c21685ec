"""Test results as JUnit XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """One test; ``outcome`` is pass, failure, error or skipped."""

    suite: str
    name: str
    seconds: float
    outcome: str
    message: str


def document(kind: str, cases: Sequence[Case], seconds: float) -> bytes:
    """Return the XML of one suite; characters that XML can't hold are replaced."""

    def counted(outcome: str) -> str:
        return str(sum(case.outcome == outcome for case in cases))

    attributes = {
        "name": kind,
        "tests": str(len(cases)),
        "failures": counted("failure"),
        "errors": counted("error"),
        "skipped": counted("skipped"),
        "time": f"{seconds:.3f}",
    }
    root = ET.Element("testsuites", attributes)
    suite = ET.SubElement(root, "testsuite", attributes)
    for case in cases:
        element = ET.SubElement(
            suite,
            "testcase",
            {
                "classname": _clean(case.suite),
                "name": _clean(case.name),
                "time": f"{case.seconds:.3f}",
            },
        )
        if case.outcome != "pass":
            text = _clean(case.message)
            summary = text.strip().splitlines()[-1] if text.strip() else ""
            ET.SubElement(element, case.outcome, {"message": summary}).text = text
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
