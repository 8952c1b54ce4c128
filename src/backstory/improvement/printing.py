"""A problem record as PDF, set by Typst. What people wrote is handed over as data (JSON), never as markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

TEMPLATE = Path(__file__).with_name("data") / "problem.typ"


def pdf(report: Mapping[str, Any]) -> bytes:
    """The record of `queries.report` as PDF."""
    found = typst.compile(TEMPLATE, root=TEMPLATE.parent, format="pdf", sys_inputs={"report": json.dumps(report)})
    return bytes(found)
