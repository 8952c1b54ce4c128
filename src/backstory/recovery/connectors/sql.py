"""Reading from the company's own database: one allowed statement, with parameters, read only, with limits.

PostgreSQL by address, SQLite as a file in the folder of sources. Only an administrator writes the statement; whoever
works on a case gives the values of its parameters, which travel beside the statement and are never part of its text.
"""

import re
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backstory.kernel.errors import BackstoryError
from backstory.recovery.connectors.addresses import permitted
from backstory.recovery.connectors.interface import Misconfigured

PARAMETERS = ("email", "order", "customer")
"""What a statement can ask about: the customer's address, an order's number, the customer's own number or name."""
LONGEST_CELL = 300
_NAMED = re.compile(r"(?<![:\w]):([a-z_]+)\b")


class SourceAway(BackstoryError):
    """The database did not answer; says why in words."""


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    database: Literal["postgresql", "sqlite"] = "postgresql"
    host: str = Field("", max_length=255)
    port: int = Field(5432, gt=0, lt=65536)
    name: str = Field("", max_length=200)  # of the database, or of the file in the folder of sources
    user: str = Field("", max_length=200)
    statement: str = Field(max_length=5000)
    most_rows: int = Field(20, ge=1, le=200)
    seconds: float = Field(5.0, ge=0.1, le=30)
    private_hosts: tuple[str, ...] = ()


class Rows(BaseModel):
    """What was read; `cut` where there was more."""

    columns: list[str]
    rows: list[list[str]]
    cut: bool


def read_settings(given: Mapping[str, Any]) -> Settings:
    """The settings, checked: one statement that begins with SELECT or WITH and names known parameters only."""
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise Misconfigured(f"{first['loc'][0]}: {first['msg']}.", str(first["loc"][0])) from None
    statement = settings.statement.strip().rstrip(";").strip()
    if not re.match(r"(?i)(select|with)\b", statement):
        raise Misconfigured("The statement must begin with SELECT: this connector only reads.", "statement")
    if ";" in statement:
        raise Misconfigured("Give one statement only, without a semicolon in it.", "statement")
    named = set(_NAMED.findall(statement))
    if not named or named - set(PARAMETERS):
        raise Misconfigured(f"The statement asks with one of {', '.join(':' + p for p in PARAMETERS)}.", "statement")
    if not settings.name or (settings.database == "sqlite" and Path(settings.name).name != settings.name):
        raise Misconfigured("Give the name of the database; for SQLite that of a file in the folder.", "name")
    if settings.database == "postgresql" and not settings.host:
        raise Misconfigured("Where is the database? Give the name of its host.", "host")
    return settings.model_copy(update={"statement": statement})


def asked_with(settings: Settings) -> list[str]:
    """The parameters that the statement names."""
    named = set(_NAMED.findall(settings.statement))
    return [name for name in PARAMETERS if name in named]


def read(settings: Settings, secret: str, parameters: Mapping[str, str], folder: Path) -> Rows:
    """Run the statement. Raises SourceAway where that cannot be done, Misconfigured where it must not."""
    values = {name: parameters.get(name, "") for name in asked_with(settings)}
    if settings.database == "sqlite":
        return _from_sqlite(settings, values, folder)
    return _from_postgresql(settings, secret, values)


def _result(settings: Settings, columns: list[str], rows: list[Any]) -> Rows:
    cells = [["" if cell is None else str(cell)[:LONGEST_CELL] for cell in row] for row in rows[: settings.most_rows]]
    return Rows(columns=columns, rows=cells, cut=len(rows) > settings.most_rows)


def _from_sqlite(settings: Settings, values: Mapping[str, str], folder: Path) -> Rows:
    path = folder / settings.name
    if not path.is_file() or path.is_symlink():
        raise SourceAway(f"There is no file {settings.name} in the folder of sources.")
    end = time.monotonic() + settings.seconds
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=settings.seconds)
        try:
            connection.execute("PRAGMA query_only = 1")
            connection.set_authorizer(_only_reading)
            connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
            cursor = connection.execute(settings.statement, dict(values))
            rows = cursor.fetchmany(settings.most_rows + 1)
            return _result(settings, [str(each[0]) for each in cursor.description], rows)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise SourceAway(_why(error, settings.seconds)) from None


_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def _only_reading(action: int, first: str | None, second: str | None, *rest: Any) -> int:
    """SQLite asks before each thing a statement does: ATTACH, PRAGMA and loading of code are denied like writes."""
    if action == sqlite3.SQLITE_FUNCTION and second in {"load_extension", "readfile", "writefile"}:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _why(error: Exception, seconds: float) -> str:
    text = str(error)
    if "interrupt" in text:
        return f"The statement took longer than {seconds:g} seconds and was ended."
    return f"The database refused the statement: {text.splitlines()[0][:200] if text else type(error).__name__}"


def _from_postgresql(settings: Settings, secret: str, values: Mapping[str, str]) -> Rows:
    try:
        import psycopg
    except ImportError:
        raise Misconfigured("PostgreSQL needs the extra “postgresql” to be installed.", "database") from None
    try:
        addresses = permitted(settings.host, settings.port, settings.private_hosts)
    except OSError:
        raise SourceAway(f"The name {settings.host} is not known.") from None
    milliseconds = int(settings.seconds * 1000)
    options = f"-c default_transaction_read_only=on -c statement_timeout={milliseconds} -c lock_timeout={milliseconds}"
    statement = _NAMED.sub(r"%(\1)s", settings.statement.replace("%", "%%"))
    try:
        with psycopg.connect(
            host=settings.host,
            hostaddr=addresses[0],
            port=settings.port,
            dbname=settings.name,
            user=settings.user,
            password=secret,
            connect_timeout=max(2, int(settings.seconds)),
            options=options,
            application_name="backstory",
        ) as connection:
            connection.read_only = True
            with connection.cursor() as cursor:
                cursor.execute(statement.encode(), dict(values))
                rows = cursor.fetchmany(settings.most_rows + 1)
                return _result(settings, [each.name for each in cursor.description or ()], rows)
    except psycopg.Error as error:
        words = str(error).replace(secret, "•••") if secret else str(error)
        raise SourceAway(_why(psycopg.Error(words), settings.seconds)) from None
