"""The read model: the desk's facts as columns, for questions that run over all of them.

Parquet files beside the database, asked through DuckDB. They hold numbers, dates and ids: no names, no addresses, no
texts, nothing of what is at stake for a person. They can be thrown away and built again at any time.

`schema` says what the tables hold, `extract` reads the operational tables, `derive` turns rows into facts, `store`
keeps the files, `build` makes and follows them, `snapshot` reads them.
"""

from backstory.insight.warehouse.build import Behind, rebuild, update
from backstory.insight.warehouse.snapshot import NotReady, Session, Snapshot, snapshot
from backstory.insight.warehouse.store import Status, ask_for_rebuild, status

__all__ = [
    "Behind",
    "NotReady",
    "Session",
    "Snapshot",
    "Status",
    "ask_for_rebuild",
    "rebuild",
    "snapshot",
    "status",
    "update",
]
