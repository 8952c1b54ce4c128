"""Settings for tests: a data folder of their own, quick passwords, tasks run at once."""

import os
import tempfile

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_folder = os.environ.setdefault("BACKSTORY_TEST_DIR", tempfile.mkdtemp(prefix="backstory-test-"))
for _name in [
    name
    for name in os.environ
    if name.startswith("BACKSTORY_")
    and name not in ("BACKSTORY_TEST_DIR", "BACKSTORY_SHARED", "BACKSTORY_DATABASE_URL", "BACKSTORY_REDIS_URL")
]:
    del os.environ[_name]
os.environ["BACKSTORY_DATA_DIR"] = f"{_folder}/{_worker}"
os.environ["BACKSTORY_MAIL_MODE"] = "outbox"
os.environ["BACKSTORY_UNDO_SEND_SECONDS"] = "0"  # the tests of taking back set it; the others want their letters

from backstory.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HUEY = {"name": "test", "huey_class": "huey.MemoryHuey", "immediate": True, "results": False}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # What a crash would lose is a test's; waiting for the disk at each commit doubles the time.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True  # each test client would look through all files first
