"""From rows to facts: one way for a whole desk and for one conversation, so that following equals building."""

from pathlib import Path

from duckdb import DuckDBPyConnection

from backstory.insight.warehouse import extract
from backstory.insight.warehouse.schema import EVENTS, FACTS, SOURCES


def facts(con: DuckDBPyConnection, which: extract.Which, folder: Path) -> None:
    """Make the tables `new_cases`, `new_letters`, … of the chosen conversations, as they are in the database now."""
    for source in SOURCES:
        extract.stage(con, source, which, folder)
    for name, question in FACTS.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE new_{name} AS {question}")
    for source in SOURCES:
        con.execute(f"DROP TABLE {source.name}")


def events(con: DuckDBPyConnection, which: extract.Which, folder: Path) -> None:
    """Make the table `new_events` of the chosen events, by their own ids."""
    extract.stage(con, EVENTS, which, folder)
    con.execute("CREATE OR REPLACE TEMP TABLE new_events AS SELECT * FROM event")
    con.execute("DROP TABLE event")
