"""Reports on the read model: a few tables with words, the same on the page, as CSV, as a workbook and as PDF."""
