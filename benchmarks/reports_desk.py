"""A large desk made by a generator, for `benchmarks.reports`: seeded, set-wise, the same rows for every database.

DuckDB draws the rows as CSV; SQLite and PostgreSQL swallow them in bulk. Columns that no figure asks about get the
model's own default, so that the tables are as wide as real ones.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb

SEED = 20260
TEAMS, CAUSES, MAILBOXES = 8, 40, 8
DAYS = 3 * 365
ENDS = "TIMESTAMP '2026-06-30 18:00:00'"
AT_ONCE = 50_000

MACROS = f"""
CREATE MACRO chance(i, what) AS (hash(i, what, {SEED}) % 1000000) / 1000000.0;
CREATE MACRO pick(i, what, n) AS (1 + hash(i, what, {SEED}) % n)::BIGINT;
CREATE MACRO later(moment, i, what, hours) AS moment + to_microseconds((1 + chance(i, what) * hours * 3600e6)::BIGINT);
"""
BASE = f"""
CREATE TABLE base AS SELECT i AS id,
    ({ENDS} - to_microseconds((({{count}} - i) * {DAYS} * 86400e6 / {{count}})::BIGINT)) AS began,
    pick(i, 'team', {TEAMS}) AS team, pick(i, 'mailbox', {MAILBOXES}) AS mailbox,
    pick(i, 'customer', greatest({{count}} // 3, 1)) AS customer,
    chance(i, 'complains') < 0.4 AS complains, 10 + 300 * chance(i, 'length') ^ 3 AS hours,
    (pick(i, 'c1', {CAUSES}) * chance(i, 'c2') ^ 2)::BIGINT + 1 AS cause FROM range(1, {{count}} + 1) r(i);
ALTER TABLE base ADD COLUMN closed TIMESTAMP;
UPDATE base SET closed = CASE
    WHEN began + to_microseconds((hours * 3600e6)::BIGINT) < {ENDS} AND chance(id, 'open') > 0.02
    THEN began + to_microseconds((hours * 3600e6)::BIGINT) END;
"""
ROWS: dict[str, str] = {
    "people.Customer": """SELECT i AS id, 'Customer ' || i AS name, (['en','en','en','de','fr','es'])[pick(i, 'l', 6)]
        AS language, TIMESTAMP '2023-01-01' AS created_at FROM range(1, greatest({count} // 3, 1) + 1) r(i)""",
    "conversations.Conversation": """SELECT id, customer AS customer_id, mailbox AS mailbox_id, team AS team_id,
        'Matter ' || id AS subject, CASE WHEN chance(id, 'form') < 0.2 THEN 'form' ELSE 'email' END AS channel,
        CASE WHEN closed IS NULL THEN 'open' ELSE 'closed' END AS state, 't' || id AS reply_token,
        'What a day this was, and what a long wait.' AS snippet, began AS created_at,
        coalesce(closed, began) AS last_message_at, closed AS closed_at FROM base""",
    "conversations.Message": """SELECT row_number() OVER (ORDER BY id, part) AS id, id AS conversation_id,
        CASE WHEN part % 2 = 0 THEN 'in' ELSE 'out' END AS direction,
        CASE WHEN part % 2 = 1 THEN pick(id, 'author', 8) END AS author_id,
        'It has been cold here for days and nobody came. ' || id || ' ' || part AS text,
        '<' || id || '.' || part || '@customer.example>' AS message_id,
        began + to_microseconds((part * hours * 3600e6 / 4)::BIGINT) AS created_at
        FROM base, range(0, 3) p(part) WHERE part < 2 OR chance(id, 'third') < 0.5""",
    "cases.Reading": """SELECT row_number() OVER (ORDER BY id) AS id, m AS message_id, id AS conversation_id,
        'engine' AS engine, chance(m, 'strain') AS strain, 'en' AS language, moment AS created_at
        FROM (SELECT id, n AS m, moment FROM letters WHERE direction = 'in')""",
    "cases.Complaint": """SELECT row_number() OVER (ORDER BY id) AS id, 'C-' || id AS number, id AS conversation_id,
        CASE WHEN closed IS NULL THEN 'open' ELSE 'closed' END AS state, began AS received_at, closed AS closed_at,
        pick(id, 'severity', 5) - 1 AS severity, CASE WHEN chance(id, 'nocause') > 0.05 THEN cause END AS cause_id,
        CASE WHEN closed IS NULL THEN '' ELSE (['upheld','upheld','partly_upheld','not_upheld'])[pick(id, 'o', 4)] END
        AS outcome, CASE WHEN chance(id, 're') < 0.06 THEN 1 ELSE 0 END AS reopened_count, began AS created_at
        FROM base WHERE complains""",
    "cases.Promise": """SELECT row_number() OVER (ORDER BY c.id) AS id, c.id AS conversation_id, n AS message_id,
        'I will call you by Friday' AS quote, later(moment, c.id, 'd', 72) AS due_at, moment AS created_at,
        CASE WHEN chance(c.id, 'k') < 0.8 THEN 'kept' WHEN chance(c.id, 'k') < 0.92 THEN 'broken' ELSE 'open' END
        AS state, CASE WHEN chance(c.id, 'k') < 0.92 THEN later(moment, c.id, 'w', 96) END AS decided_at
        FROM base c JOIN letters USING (id) WHERE direction = 'out' AND chance(c.id, 'promise') < 0.4""",
    "recovery.Remedy": """SELECT row_number() OVER (ORDER BY id) AS id, k AS complaint_id,
        (['refund','credit','goodwill','apology'])[pick(id, 'kind', 4)] AS kind,
        round(5 + 200 * chance(id, 'amount') ^ 3, 2)::DECIMAL(12,2) AS amount,
        (['EUR','EUR','EUR','GBP'])[pick(id, 'money', 4)] AS currency, 'Because.' AS reason,
        CASE WHEN chance(id, 'granted') < 0.9 THEN 'granted' ELSE 'declined' END AS state,
        began AS created_at, later(began, id, 'decided', 200) AS decided_at
        FROM complaints WHERE chance(id, 'y') < 0.4""",
    "recovery.Survey": """SELECT row_number() OVER (ORDER BY id) AS id, k AS complaint_id, 's' || id AS token,
        closed AS created_at, closed + INTERVAL 3 DAY AS due_at, closed + INTERVAL 3 DAY AS sent_at,
        CASE WHEN chance(id, 'a') < 0.4 THEN later(closed + INTERVAL 3 DAY, id, 'when', 90) END AS answered_at,
        CASE WHEN chance(id, 'a') < 0.4 THEN pick(id, 'score', 5) END AS score
        FROM complaints WHERE closed IS NOT NULL""",
    "live.Event": """SELECT i AS id, began + to_microseconds((hours * 3600e6 * part / 5)::BIGINT) AS at,
        (['message.received','message.read','message.sent','complaint.changed','conversation.seen'])[part + 1] AS kind,
        'system' AS actor_kind, team AS team_id, b.id AS conversation_id, 'conversation' AS subject,
        b.id AS subject_id, '{{}}' AS data
        FROM range(1, {events} + 1) r(i) JOIN base b ON b.id = 1 + (i - 1) * {count} // {events},
        LATERAL (SELECT (i % 5)::INTEGER AS part)""",
}
HELPERS = {
    "cases.Reading": """CREATE TABLE letters AS SELECT row_number() OVER (ORDER BY id, part) AS n, id,
        CASE WHEN part % 2 = 0 THEN 'in' ELSE 'out' END AS direction,
        began + to_microseconds((part * hours * 3600e6 / 4)::BIGINT) AS moment
        FROM base, range(0, 3) p(part) WHERE part < 2 OR chance(id, 'third') < 0.5""",
    "recovery.Remedy": """CREATE TABLE complaints AS SELECT *, row_number() OVER (ORDER BY id) AS k
        FROM base WHERE complains""",
}
"""What is to be made before the rows of a table can be drawn."""


def draw(folder: Path, count: int, events: int) -> None:
    """Every table as `folder/app.Model.csv`, its first line the columns."""
    con = duckdb.connect(":memory:", config={"memory_limit": "6GB", "temp_directory": str(folder), "threads": 2})
    con.execute(MACROS)
    for statement in BASE.format(count=count).split(";"):
        if statement.strip():
            con.execute(statement)
    for name, question in ROWS.items():
        if name in HELPERS:
            con.execute(HELPERS[name])
        text = question.replace("{count}", str(count)).replace("{events}", str(events)).replace("{{}}", "{}")
        con.execute(
            f"COPY ({text} ORDER BY id) TO '{folder / name}.csv' (HEADER, TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S.%f')"
        )
    con.close()


def load(folder: Path) -> None:
    """Into the database of this process's settings, which is empty but migrated: its people, then the drawn rows."""
    from django.apps import apps
    from django.db import connection

    _people()
    for name in ROWS:
        model = apps.get_model(name)
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            given = next(csv.reader(file))
            columns, fixed = _columns(model, given)
            if connection.vendor == "postgresql":
                _copy(model._meta.db_table, columns, fixed, file)
            else:
                _insert(model._meta.db_table, columns, fixed, file)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people() -> None:
    from backstory.cases.models import Cause
    from backstory.conversations.models import Mailbox
    from backstory.live.models import Event
    from backstory.people.actions import add_user
    from backstory.people.models import Role, Team

    teams = [Team.objects.create(pk=n, name=f"Team {n}") for n in range(1, TEAMS + 1)]
    for n, team in enumerate(teams, 1):
        add_user(f"lead{n}@desk.example", f"Lead {n}", "correct horse battery", Role.LEAD, (team,))
        Mailbox.objects.create(pk=n, name=f"Mailbox {n}", address=f"box{n}@desk.example", team=team)
    add_user("dana@desk.example", "Dana", "correct horse battery", Role.ADMINISTRATOR)
    Cause.objects.all().delete()  # the shipped ones, which nothing uses yet
    for n in range(1, CAUSES + 2):
        parent = Cause.objects.get(pk=(n - 1) // 5 * 5 + 1) if n % 5 != 1 else None
        Cause.objects.create(pk=n, slug=f"cause-{n}", name=f"Cause {n}", parent=parent)
    Event.objects.all().delete()  # of this beginning: the drawn ones bring their ids along


def _columns(model: Any, given: list[str]) -> tuple[list[str], list[Any]]:
    """All columns of a table, and the constants for those that were not drawn."""
    fixed: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column in given:
            continue
        value = field.get_default()
        if value is None and not field.null:
            value = "2026-01-01 00:00:00" if "Date" in field.get_internal_type() else ""
        fixed[field.column] = json.dumps(value) if isinstance(value, dict | list) else value
    return [*given, *fixed], list(fixed.values())


def _insert(table: str, columns: list[str], fixed: list[Any], file: Any) -> None:
    from django.db import connection

    connection.ensure_connection()
    raw = connection.connection
    for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000"):
        raw.execute(f"PRAGMA {pragma}")
    indexes = raw.execute("SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name=? AND sql<>''", [table])
    held = indexes.fetchall()
    for name, _sql in held:
        raw.execute(f'DROP INDEX "{name}"')
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    rows: Iterator[list[Any]] = ([value or None for value in row] + fixed for row in csv.reader(file))
    nullable = _blank_where_needed(table, columns)
    raw.execute("BEGIN")
    while some := list(islice(rows, AT_ONCE)):
        raw.executemany(statement, [[nullable(i, v) for i, v in enumerate(row)] for row in some] if nullable else some)
    raw.execute("COMMIT")
    for _name, sql in held:
        raw.execute(sql)


def _blank_where_needed(table: str, columns: list[str]) -> Any:
    """Text columns that may not be null keep an empty text; None where no drawn column is such."""
    from django.db import connection

    info = connection.connection.execute(f"PRAGMA table_info({table})").fetchall()
    needed = {name for _id, name, kind, notnull, *_rest in info if notnull and "char" in kind.lower()}
    places = {place for place, name in enumerate(columns) if name in needed and name in ("outcome", "text")}
    return (lambda place, value: "" if value is None and place in places else value) if places else None


def _copy(table: str, columns: list[str], fixed: list[Any], file: Any) -> None:
    from django.db import connection

    connection.ensure_connection()
    drawn = columns[: len(columns) - len(fixed)]
    names = ", ".join(f'"{name}"' for name in drawn)
    with connection.connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for name, value in zip(columns[len(drawn) :], fixed, strict=True):
            if value is not None:
                text = str(value).replace("'", "''")
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN \"{name}\" SET DEFAULT '{text}'")
        blank = [name for name in ("outcome",) if name in drawn]
        force = f", FORCE_NOT_NULL ({', '.join(blank)})" if blank else ""
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv{force})") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        for name in columns[len(drawn) :]:
            cursor.execute(f'ALTER TABLE {table} ALTER COLUMN "{name}" DROP DEFAULT')
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def in_desk(folder: Path, database: str, code: str) -> str:
    """Run Python in a process whose desk is that folder and database; returns what it printed."""
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("BACKSTORY_")},
        "BACKSTORY_DATA_DIR": str(folder),
        "BACKSTORY_DATABASE_URL": database,
        "PGOPTIONS": "-c timezone=UTC",
    }
    head = "from backstory.config import boot\nboot.setup(json_lines=False)\n"
    ran = subprocess.run(
        [sys.executable, "-c", head + code], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr[-3000:])
    return ran.stdout
