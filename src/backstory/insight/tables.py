"""The figures as CSV that a spreadsheet opens without running anything. Pure."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

from backstory.insight.rules import TimeRow
from backstory.measures.pareto import ParetoRow

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for its own code page

Cell = str | int | float | Decimal


def safe_cell(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection)."""
    if isinstance(value, str) and value.lstrip(" \ufeff").startswith(STARTS_FORMULA):
        return "'" + value
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table as CSV (RFC 4180): header first, lines end in CRLF, UTF-8 with a byte order mark."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def time_table(rows: Iterable[TimeRow]) -> str:
    """Per week or month: its days, the count (empty where nothing is known), and whether it is whole."""
    lines = [
        (
            row.bucket.first.isoformat(),
            row.bucket.last.isoformat(),
            "" if row.count is None else row.count,
            "yes" if row.bucket.whole else "no",
        )
        for row in rows
    ]
    return csv_text(("from", "to", "complaints", "whole"), lines)


def pareto_table(rows: Iterable[tuple[str, ParetoRow[object]]]) -> str:
    lines = [(path, row.count, round(row.share, 4), round(row.cumulative, 4)) for path, row in rows]
    return csv_text(("cause", "complaints", "share", "cumulative_share"), lines)
