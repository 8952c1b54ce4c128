"""Reading the operational tables in bounded pieces, as CSV: both databases and DuckDB take that at full speed."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from duckdb import DuckDBPyConnection

from backstory.insight.warehouse.schema import Column, Source


@dataclass(frozen=True)
class Between:
    """Rows whose key lies above `low` and at most at `high`."""

    low: int
    high: int

    def sql(self, key: str) -> str:
        return f"{key} > {int(self.low)} AND {key} <= {int(self.high)}"


@dataclass(frozen=True)
class These:
    """Rows with these keys; at most some thousands."""

    keys: Sequence[int]

    def sql(self, key: str) -> str:
        return f"{key} IN ({', '.join(str(int(each)) for each in self.keys)})" if self.keys else "1 = 0"


Which = Between | These


def stage(con: DuckDBPyConnection, source: Source, which: Which, folder: Path) -> None:
    """Put the chosen rows of a source into DuckDB as a table of the source's name, replacing what was there."""
    path = folder / f"{source.name}.csv"
    _write(_statement(source, which), path)
    kinds = ", ".join(f"'{column.name}': '{column.kind}'" for column in source.columns)
    try:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {source.name} AS SELECT * FROM read_csv(?, columns = {{{kinds}}}, "
            "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = '')",
            [str(path)],
        )
    finally:
        path.unlink(missing_ok=True)


def _statement(source: Source, which: Which) -> str:
    columns = ", ".join(f"{_expression(column)} AS {column.name}" for column in source.columns)
    return f"SELECT {columns} FROM {source.tables} WHERE {which.sql(source.key)}"


def _expression(column: Column) -> str:
    """A moment as UTC without its offset, as SQLite keeps it anyway."""
    if column.kind == "TIMESTAMP" and connection.vendor == "postgresql":
        return f"({column.sql} AT TIME ZONE 'UTC')"
    return column.sql


def _write(statement: str, path: Path) -> None:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        copying = f"COPY ({statement}) TO STDOUT (FORMAT csv)"
        with path.open("wb") as out, connection.connection.cursor() as cursor, cursor.copy(copying) as copy:
            out.writelines(copy)
        return
    with path.open("w", encoding="utf-8", newline="") as text:
        # Below Django's cursor: it would copy every row once more.
        csv.writer(text).writerows(connection.connection.execute(statement))


def highest(table: str) -> int:
    """The largest id in an operational table; 0 for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {table}")
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0
