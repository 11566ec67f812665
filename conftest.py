"""What every test stands on: a data directory of its own, the engine, and Django with settings for tests.

BOOKONCE_TEST_DATABASE_URL names a PostgreSQL server to run on; without it the tests run on SQLite.
All of it happens on import, because Django reads its settings once, before the first test is collected.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

for name in [name for name in os.environ if name.startswith("BOOKONCE_") and "_TEST_" not in name]:
    del os.environ[name]  # a developer's own settings must neither help nor harm a test
DATA_DIR = Path(tempfile.mkdtemp(prefix="bookonce-tests-"))
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
os.environ["BOOKONCE_DATA_DIR"] = str(DATA_DIR)
os.environ["BOOKONCE_DATABASE_URL"] = os.environ.get("BOOKONCE_TEST_DATABASE_URL", "")
os.environ["DJANGO_SETTINGS_MODULE"] = "bookonce.settings"
# Playwright keeps an event loop in the main thread for good; Django would then refuse queries of later tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django  # noqa: E402 - after the environment it reads
import hypothesis  # noqa: E402
from django.conf import settings  # noqa: E402

from tools.compile_catalogues import compile_catalogues  # noqa: E402

compile_catalogues()  # a clone that was never installed has none

database = settings.DATABASES["default"]  # reads the settings
# pytest-xdist's workers inherit our environment, and would read the settings before they came to this file.
del os.environ["DJANGO_SETTINGS_MODULE"]
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if not os.environ["BOOKONCE_DATABASE_URL"]:
    # A file, like in production: an in-memory database has other locks, and threads would not race.
    database["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
# Bounded runs try the same cases every time; `make proof` looks for new ones.
hypothesis.settings.register_profile("bounded", derandomize=True, deadline=None)
if not os.environ.get("BOOKONCE_TEST_FULL"):
    hypothesis.settings.load_profile("bounded")
django.setup()  # before tests.cast imports the models

pytest_plugins = [
    "tests.strictness",
    "tests.engine",
    "tests.migrated",
    "tests.emptied",
    "tests.browser",
    "tests.live",
    "tests.cast",
    "tests.limits",
]
