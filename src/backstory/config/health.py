"""The examinations behind `backstory doctor`. Each returns findings and never raises."""

import shutil
import stat
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from backstory.config.env import env
from backstory.config.health_finding import Finding
from backstory.config.health_mail import mail_in, mail_out

if TYPE_CHECKING:
    from backstory.conversations.models import DkimKey

LEAST_FREE_BYTES = 1024**3


def examine() -> Iterator[Finding]:
    """All findings, in the order in which mending makes sense."""
    ready = True
    for examination in EXAMINATIONS:
        if examination in NEED_TABLES and not ready:
            continue
        try:
            for finding in examination():
                ready = ready and not (examination is database and finding.level == "fault")
                yield finding
        except Exception as error:
            yield Finding("fault", examination.__name__.replace("_", " "), f"{type(error).__name__}: {error}")


def settings_and_secrets() -> Iterator[Finding]:
    host = urlsplit(settings.BASE_URL).hostname or ""
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        mend = f"Add {host} to BACKSTORY_ALLOWED_HOSTS."
        yield Finding("fault", "Settings", f"The desk would refuse its own address {settings.BASE_URL}.", mend)
    if settings.DEBUG:
        mend = "Unset BACKSTORY_DEBUG."
        yield Finding("warning", "Settings", "Developer mode is on: errors show the inside of the desk.", mend)
    if not settings.SECURE and host not in {"localhost", "127.0.0.1"}:
        mend = "Put a reverse proxy with a certificate before it and set BACKSTORY_BASE_URL to https://…"
        yield Finding("warning", "Settings", "Log-ins and letters travel unencrypted.", mend)
    key = env.data_dir / "secret_key"
    if not env.secret_key and key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("fault", "Secret key", "Others on this machine can read it.", f"chmod 600 {key}")
    yield Finding("well", "Settings", f"People reach the desk at {settings.BASE_URL}.")


def database() -> Iterator[Finding]:
    name = connection.settings_dict["NAME"]
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        mend = "Check BACKSTORY_DATABASE_URL and that the database server runs."
        yield Finding("fault", "Database", f"Not reachable: {str(error).strip()}", mend)
        return
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        words = f"{name} is {len(missing)} steps behind this version."
        yield Finding("fault", "Database", words, "Start `backstory serve`, which migrates, or run `backstory init`.")
        return
    yield Finding("well", "Database", f"{connection.display_name} at {name} is up to date.")


def clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        statement = (
            "SELECT extract(epoch from now())"
            if connection.vendor == "postgresql"
            else ("SELECT (julianday('now') - 2440587.5) * 86400.0")
        )
        cursor.execute(statement)
        row = cursor.fetchone()
    drift = abs(float(row[0]) - time.time()) if row else 0.0
    if drift > 5:
        mend = "Let both machines keep time by NTP: promises and deadlines depend on it."
        yield Finding("fault", "Clock", f"Database and desk differ by {drift:.0f} seconds.", mend)
    else:
        yield Finding("well", "Clock", "Database and desk agree on the time.")


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    probe = settings.FILES_DIR / ".doctor"
    try:
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        mend = f"Give the desk's user write access to {settings.FILES_DIR}."
        yield Finding("fault", "Disk", f"Files cannot be stored: {error}", mend)
        return
    words = f"{free / 1024**3:.1f} GB free at {settings.DATA_DIR}."
    if free < LEAST_FREE_BYTES:
        mend = "Make room: mail is refused (and tried again by its sender) when the disk is full."
        yield Finding("warning", "Disk", words, mend)
    else:
        yield Finding("well", "Disk", words)


def queue() -> Iterator[Finding]:
    from huey.contrib.djhuey import HUEY

    waiting = HUEY.pending_count()
    words = f"{waiting} tasks wait in {type(HUEY).__name__}."
    if waiting > 1000:
        mend = "Is `backstory worker` running? Start more of them if it is."
        yield Finding("warning", "Queue", words, mend)
    else:
        yield Finding("well", "Queue", words)


def reports() -> Iterator[Finding]:
    from backstory.insight import warehouse

    found = warehouse.status()
    if not found.ready:
        mend = "Start `backstory worker`, which builds it, or run `backstory reports --rebuild`."
        yield Finding("warning", "Reports", "Their read model is not built: everything else works.", mend)
    elif not found.followed:
        mend = "Start `backstory worker`; it catches up by itself."
        yield Finding("warning", "Reports", f"Nobody keeps them up to date since {found.updated_at:%c} UTC.", mend)
    else:
        yield Finding("well", "Reports", f"Their read model follows the desk, last at {found.updated_at:%c} UTC.")


def signatures() -> Iterator[Finding]:
    """The keys with which letters are signed: usable here, and the same as the DNS says (RFC 6376)."""
    from backstory.channels.email import signing
    from backstory.conversations.queries import dkim_keys

    for key in dkim_keys():
        try:
            usable = signing.is_verified(signing.signed(b"From: a@b.example\r\n\r\nTest\r\n", key), key)
            words = "" if usable else "Its two halves do not belong together."
        except signing.CannotSign as error:
            words = str(error)
        if words:
            yield Finding("fault", "DKIM", f"{key}: {words}", "Make a new key in the administration.")
        else:
            yield _published(key)


def _published(key: "DkimKey") -> Finding:
    from backstory.channels.email import signing

    mend = f"Publish as TXT at {key}: {key.record}"
    try:
        public = signing.published(key)
    except OSError as error:
        return Finding("warning", "DKIM", f"{key} signs; its record was not to be had: {error}", "Try again later.")
    if public == key.public_key:
        return Finding("well", "DKIM", f"{key} signs, and the DNS says the same.")
    wrong = "the DNS holds another key" if public else "the DNS has no such record"
    return Finding("fault", "DKIM", f"{key} signs, but {wrong}: no receiver can verify it.", mend)


def people() -> Iterator[Finding]:
    from backstory.people.models import Role, User

    if not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
        yield Finding("fault", "People", "There is no administrator.", "Run `backstory init`.")
    else:
        yield Finding("well", "People", f"{User.objects.filter(is_active=True).count()} people can log in.")


def reading() -> Iterator[Finding]:
    from backstory import language

    try:
        result = language.read("The heating has failed again and nobody answers.")
    except language.ModelError as problem:
        mend = "Install the package again. The desk goes on without readings, and catches up once this is mended."
        yield Finding("fault", "Reading", str(problem), mend)
        return
    models = ", ".join(f"{name} {version}" for name, version in result.models.items())
    yield Finding("well", "Reading", f"The models load: {models}.")


def readings() -> Iterator[Finding]:
    """Whether messages wait to be read, or were read by an earlier engine."""
    from backstory.cases import engine, queries

    if engine.problem():
        return  # `reading` says so
    total, stale = sum(count for _, count in queries.versions()), queries.stale_readings(engine.version()).count()
    waiting = queries.unread_count()
    if waiting:
        mend = "`backstory worker` reads them; if the number stays, look into its log."
        yield Finding("warning", "Readings", f"{waiting} messages wait to be read.", mend)
    if stale:
        words = f"{stale} of {total} messages were read by an earlier engine."
        yield Finding("warning", "Readings", words, "Have them read again, under Readings: it runs in the background.")
    elif not waiting:
        yield Finding("well", "Readings", f"All {total} messages were read by the engine of now.")


def own_causes() -> Iterator[Finding]:
    from backstory.cases import learning

    model = learning.model_in_force()
    problem = learning.problem_of(model)
    if problem:
        mend = "Put another model in force, or train anew, under Causes, Learning. Until then the shipped one answers."
        yield Finding("warning", "Own causes", problem, mend)
    elif model is not None:
        yield Finding("well", "Own causes", f"Model {model.pk} proposes the causes of new messages.")


NEED_TABLES = (own_causes, readings, people, mail_in, signatures, reports)
EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    settings_and_secrets,
    database,
    clock,
    disk,
    queue,
    people,
    mail_in,
    mail_out,
    signatures,
    reading,
    readings,
    own_causes,
    reports,
)
