"""Settings of the test suite: quick hashing, no static manifest, and a data folder of its own."""

import os
import tempfile
import zlib
from pathlib import Path

os.environ["LANTERN_DEMO"] = "yes"
os.environ["LANTERN_DATA"] = str(
    Path(tempfile.gettempdir())
    / f"lantern-test-{os.getuid()}-{zlib.crc32(__file__.encode())}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
)

from lantern.config.settings import *
from lantern.config.settings import DATABASES, STORAGES

DEMO = True
SECOND_STEP_REQUIRED = True  # the guard stays on; tests/cast.py gives everybody what she needs
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    # Said, because pytest-django knows that of Django's own engine only.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
else:
    DATABASES["default"]["OPTIONS"] = {}
LANTERN_CHECK_PREPARED = True
LANTERN_SEMANTIC = False  # the suite runs as the base install does; tests of the extra switch it on
