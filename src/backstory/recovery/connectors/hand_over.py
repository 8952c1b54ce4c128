"""Payments handed over to finance as a CSV file, and what finance answers. Pure.

The file has a line a payment and a last line with their number and sum, so that whoever opens it can see that nothing
is missing. The answer is a CSV file too: key, state (paid or refused), and where there is one a reference and a note.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from backstory.kernel import money
from backstory.kernel.errors import InvalidInput
from backstory.kernel.money import Money
from backstory.recovery.connectors.interface import Order, Outcome, State

COLUMNS = ("batch", "line", "key", "case", "kind", "recipient", "amount", "currency")
LARGEST_ANSWER = 2 * 1024 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class HandOverConnector:
    """Nothing is called: an order waits for the next file, and finance answers with another."""

    honours_keys = False
    key_hours = 0.0
    can_look_up = False

    def carry_out(self, order: Order) -> Outcome:
        return Outcome(State.PENDING, words="Waits for the next file to finance.")

    def look_up(self, order: Order) -> Outcome:
        return Outcome(State.PENDING, words="Waits for finance.")

    def check(self) -> list[tuple[str, bool, str]]:
        return [("File", True, "Nothing to try: payments are collected until somebody makes the next file.")]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of finance's answer. `paid` None: a state that is neither."""

    number: int
    key: str
    paid: bool
    reference: str
    note: str
    money: Money | None


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def total(orders: Sequence[Order]) -> Decimal:
    return sum((order.money.amount for order in orders), Decimal(0))


def written(batch: str, orders: Sequence[Order]) -> bytes:
    """The file: UTF-8 with a byte-order mark, so that spreadsheets read names right. All orders in one currency."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for number, order in enumerate(orders, 1):
        cells = (order.key, order.case, order.kind, order.recipient)
        amount = f"{order.money.amount:.2f}"
        rows.writerow([batch, number, *(plain(cell) for cell in cells), amount, order.money.currency])
    currency = orders[0].money.currency if orders else ""
    rows.writerow([batch, "TOTAL", len(orders), "", "", "", f"{total(orders):.2f}", currency])
    return out.getvalue().encode("utf-8-sig")


_PAID = {"paid", "done", "ok", "yes", "bezahlt", "pagado", "payé"}
_REFUSED = {"refused", "rejected", "failed", "no", "abgelehnt", "rechazado", "refusé"}


def answered(data: bytes) -> list[Line]:
    """The lines of finance's answer. Raises InvalidInput, naming the line, for one that cannot be understood."""
    if len(data) > LARGEST_ANSWER:
        raise InvalidInput("This file is larger than an answer of finance can be.", "file")
    try:
        text = data.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        raise InvalidInput("Save the file as CSV in UTF-8.", "file") from None
    dialect: type[csv.Dialect] = csv.excel
    if ";" in text.split("\n", 1)[0] and "," not in text.split("\n", 1)[0]:
        dialect = _Semicolons
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    names = {(name or "").strip().lower() for name in reader.fieldnames or ()}
    if not {"key", "state"} <= names:
        raise InvalidInput("The first line must name the columns, with “key” and “state” among them.", "file")
    rows = ({(name or "").strip().lower(): (cell or "") for name, cell in _cells(row)} for row in reader)
    return list(_lines(rows))


class _Semicolons(csv.excel):
    delimiter = ";"


def _cells(row: dict[str | None, str | list[str] | None]) -> Iterable[tuple[str | None, str]]:
    return ((name, cell.strip()) for name, cell in row.items() if isinstance(cell, str))


def _lines(rows: Iterable[dict[str, str]]) -> Iterable[Line]:
    for number, row in enumerate(rows, 2):
        key, state = row.get("key", "").lstrip("'"), row.get("state", "").lower()
        if not key or row.get("line", "").upper() == "TOTAL":
            continue
        if state not in _PAID | _REFUSED:
            raise InvalidInput(f"Line {number}: the state is “{state[:20]}”, but must be paid or refused.", "file")
        amount = row.get("amount", "")
        paid = money.parse(amount, row.get("currency", "")) if amount and row.get("currency") else None
        yield Line(number, key[:60], state in _PAID, row.get("reference", "")[:200], row.get("note", "")[:300], paid)
