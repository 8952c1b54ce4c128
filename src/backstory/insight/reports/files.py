"""A report as a file: CSV, a workbook, a PDF. Cells are data in each of them and never run."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from django.utils.translation import gettext as _

from backstory.insight.reports import reading
from backstory.insight.reports.shape import Report, Section, flat_rows
from backstory.insight.tables import BYTE_ORDER_MARK, csv_text, safe_cell

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
LONGEST_SHEET_NAME = 31
PAGE = Path(__file__).with_name("page.typ")


def csv(report: Report) -> bytes:
    """Its tables one below the other, each with its head; one table only is plain RFC 4180."""
    texts = []
    for section in report.sections:
        head, *rows = flat_rows(section)
        texts.append(csv_text([str(name) for name in head], rows).removeprefix(BYTE_ORDER_MARK))
    return (BYTE_ORDER_MARK + "\r\n".join(texts)).encode()


def xlsx(report: Report) -> bytes:
    """A workbook: a sheet of words, then one for each table. No text in it is ever taken for a formula or a link."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        about = book.add_worksheet(_("About"))
        about.set_column(0, 0, 110, wrapped)
        for line, text in enumerate([report.title, *reading.about(report), "", *report.method]):
            about.write_string(line, 0, str(safe_cell(text)), bold if line == 0 else wrapped)
        for section in report.sections:
            _sheet(book, section, bold)
    return out.getvalue()


def _sheet(book: Any, section: Section, bold: Any) -> None:
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in section.title)[:LONGEST_SHEET_NAME]
    sheet = book.add_worksheet(name if name.lower() not in taken else section.name[:LONGEST_SHEET_NAME])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 32)
    for line, row in enumerate(flat_rows(section)):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                # The apostrophe outlives the workbook: somebody may save it as CSV.
                sheet.write_string(line, place, str(safe_cell(cell)), bold if line == 0 else None)
            else:
                sheet.write_number(line, place, cell)


def pdf(report: Report) -> bytes:
    """Typeset. The report travels as JSON text and is never read as markup."""
    data = json.dumps(reading.as_read(report), ensure_ascii=False)
    return bytes(typst.compile(str(PAGE), sys_inputs={"report": data}, root=str(PAGE.parent)))


MAKERS: dict[str, Callable[[Report], bytes]] = {"csv": csv, "xlsx": xlsx, "pdf": pdf}


def filename(report: Report, form: str) -> str:
    return f"backstory-{report.name}-{report.first}-{report.last}.{form}"
