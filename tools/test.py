"""All tests on SQLite, and again on PostgreSQL and Redis where they answer on localhost; says which ran."""

import os
import subprocess
import sys
import time

POSTGRESQL = os.environ.get("BACKSTORY_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("BACKSTORY_TEST_REDIS", "redis://127.0.0.1:6379/9")

NOT_FOR_TESTS = {"BACKSTORY_DATABASE_URL", "BACKSTORY_REDIS_URL", "PYTHONDONTWRITEBYTECODE"}
"""Each run names its own database; and without compiled files each of many processes would compile all anew."""


def postgresql_answers() -> bool:
    import psycopg

    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def redis_answers() -> bool:
    import redis

    try:
        return bool(redis.from_url(REDIS, socket_connect_timeout=3).ping())
    except redis.RedisError:
        return False


def run(title: str, *options: str, **settings: str) -> int:
    print(f"\n== Tests on {title}", flush=True)
    clean = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    # In the order of the folders: the long journeys begin first, so that no worker is left alone with one at the end.
    spread = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *spread, *options, *sys.argv[1:]]
    return subprocess.run(command, env={**clean, **settings}, check=False).returncode


def main() -> int:
    began = time.monotonic()
    ran, code = ["SQLite"], run("SQLite")
    settings = {}
    if postgresql_answers():
        settings["BACKSTORY_DATABASE_URL"] = POSTGRESQL
    if redis_answers():
        settings["BACKSTORY_REDIS_URL"] = REDIS
    if settings:
        title = " and ".join(
            name
            for name, key in (("PostgreSQL", "BACKSTORY_DATABASE_URL"), ("Redis", "BACKSTORY_REDIS_URL"))
            if key in settings
        )
        ran.append(title)
        code = run(f"{title} (but for those that know neither)", "-m", "not once and not servers", **settings) or code
    else:
        print("\nNeither PostgreSQL nor Redis answers on localhost: tested on SQLite alone.")
    print(f"\nRan on: {', then '.join(ran)}. {time.monotonic() - began:.0f} seconds.", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
