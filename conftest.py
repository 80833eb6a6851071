"""Test environment: a database, a broker and worker processes as real as in production, made for one run.

``--database sqlite`` (the default) uses a file that other processes can open; ``--database postgres`` uses
the server that DATABASE_URL names or else starts a private one. The broker is the one that REDIS_URL names or
else a private Valkey.
Each pytest-xdist process has a database and a broker of its own.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import django
import django.db
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mediaassets.dev_stack import embedded_broker, processes  # noqa: E402
from tests.support.run import NO_CHROMIUM, RUN_DIRECTORY, broker_directory, process_number  # noqa: E402
from tests.support.site import migrated, restoring  # noqa: E402
from tests.support.site.servers import Postgres  # noqa: E402

# Imported after pytest_addoption has set Django up.
pytest_plugins = [
    "tests.support.fixtures.browser",
    "tests.support.fixtures.people",
    "tests.support.fixtures.jobs",
    "tests.support.fixtures.review",
    "tests.support.fixtures.api",
    "tests.support.fixtures.admin",
    "tests.support.fixtures.web",
    "tests.support.fixtures.workers",
]

# How long an example takes depends on the load of the machine, and says nothing about the code.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

_postgres: Postgres | None = None
# Whether the last test with a database was a transactional one.
_is_emptied = False
_migrating: subprocess.Popen[bytes] | None = None


def _is_xdist_process() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


# --- Before settings are loaded -----------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add ``--database``, and set up the environment and Django accordingly.

    This is the one hook that runs before the other conftest files are imported, and those import models. For
    the same reason pytest.ini does not name the settings: pytest-django would load them even earlier.
    """
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="what to run on")
    if settings.configured:
        raise pytest.UsageError("Settings are loaded already: unset DJANGO_SETTINGS_MODULE, drop --ds.")
    config = pluginmanager.get_plugin("pytestconfig")
    assert isinstance(config, pytest.Config)
    options = parser.parse_known_args(config.invocation_params.args)
    if not _is_xdist_process():
        _prepare_environment(options.database)
    directory = Path(os.environ[RUN_DIRECTORY])
    if os.environ.get("TEST_BROKER_URL"):
        os.environ["REDIS_URL"] = _numbered_database(os.environ["TEST_BROKER_URL"], process_number())
    else:
        os.environ["REDIS_URL"] = embedded_broker.url(broker_directory(directory))
    os.environ["DJANGO_SETTINGS_MODULE"] = "mediaassets.settings"
    default = settings.DATABASES["default"]
    if default["ENGINE"].endswith("sqlite3"):
        # Django would otherwise keep it in memory, where no other process can reach it.
        default["TEST"] = {"NAME": str(directory / "test.sqlite3")}
    else:
        # The transaction of a test is idle for as long as the test does something else.
        default["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
    django.setup()
    # Password hashing is slow on purpose, and tests create thousands of users. The algorithm stays that of production.
    PBKDF2PasswordHasher.iterations = 1
    # Otherwise WhiteNoise lists all static files for each test client.
    settings.WHITENOISE_AUTOREFRESH = True
    restoring.restore_in_bulk()
    if options.database == "postgres" and str(directory) in os.environ["DATABASE_URL"]:
        # The private server, on which tests are superusers.
        restoring.empty_by_delete()
    if not _is_xdist_process():
        # The processes of pytest-xdist inherit this environment and must not load settings before this hook.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _prepare_environment(database: str) -> None:
    """Set the environment of the whole run; variables set for the product must not reach the tests."""
    given_database, given_broker = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    example = ROOT / ".env.example"
    for name in re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", example.read_text() if example.exists() else "", re.M):
        os.environ.pop(name, None)
    directory = Path(tempfile.mkdtemp(prefix="umam-"))
    # atexit and not a pytest hook, so that a run that fails during configuration is cleaned up too.
    atexit.register(_clean_up, directory)
    (directory / "static").mkdir()
    os.environ |= {
        RUN_DIRECTORY: str(directory),
        "TEST_BROKER_URL": given_broker,
        "DATA_DIR": str(directory / "data"),
        "STATIC_ROOT": str(directory / "static"),
        "SECRET_KEY": secrets.token_urlsafe(50),
        "JWT_SIGNING_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": f"sqlite:///{directory / 'db.sqlite3'}",
        # Sampling depends on random job ids and would make tests flaky; tests of sampling set their own shares.
        "AUDIT_SHARE_NARRATIVE": "0",
        "AUDIT_SHARE_SPATIAL": "0",
        "AUDIT_SHARE_CONSISTENCY": "0",
        "REVIEW_BLIND_SHARE": "0",
    }
    if database == "postgres":
        global _postgres
        if given_database.startswith("postgres"):
            os.environ["DATABASE_URL"] = given_database
        else:
            # It would find tables empty whose rows belong to a test; plans for no rows take minutes for thousands.
            _postgres = Postgres(directory / "pg", settings="autovacuum=off")
            os.environ["DATABASE_URL"] = _postgres.url


def _numbered_database(url: str, number: int) -> str:
    """Return the URL of the same Redis server, ``number`` databases further."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = dict(parse_qsl(parts.query))
        query["db"] = str(int(query.get("db", "0")) + number)
        return urlunsplit(parts._replace(query=urlencode(query)))
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + number}"))


# --- The run ------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    if _is_xdist_process() or config.option.help or config.option.version:
        return
    if _postgres is not None:
        _postgres.start()
    is_private = _postgres is not None or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if is_private and config.getoption("numprocesses"):
        global _migrating
        _migrating = migrated.start(Path(os.environ[RUN_DIRECTORY]), _postgres)


def _clean_up(directory: Path) -> None:
    if _migrating is not None:
        processes.kill(_migrating)
    if _postgres is not None:
        _postgres.stop()
    shutil.rmtree(directory, ignore_errors=True)


def pytest_report_header() -> str:
    broker = "REDIS_URL" if os.environ["TEST_BROKER_URL"] else "private Valkey"
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    return f"database: {engine}{' (private)' if _postgres else ''}; broker: {broker}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by path and fixtures; restore rows of migrations after transactional tests, which empty all tables."""
    if config.getoption("database") != "postgres":
        elsewhere = [item for item in items if item.get_closest_marker("postgres")]
        items[:] = [item for item in items if item not in elsewhere]
        if elsewhere:
            config.hook.pytest_deselected(items=elsewhere)
    for item in items:
        if _shows_pages(item.path):
            item.add_marker(pytest.mark.page)
        fixtures = set(getattr(item, "fixturenames", ()))
        mark = item.get_closest_marker("django_db")
        if mark or fixtures & {"db", "transactional_db", "live_server", "django_db_setup"}:
            item.add_marker(pytest.mark.database)
        options = dict(mark.kwargs) if mark else {}
        if options.get("transaction") or fixtures & {"transactional_db", "live_server"}:
            item.add_marker(
                pytest.mark.django_db(**{**options, "transaction": True, "serialized_rollback": True}),
                append=False,
            )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Restore the rows of migrations for a test that this process took over after a transactional one emptied them."""
    global _is_emptied
    mark = item.get_closest_marker("django_db")
    is_transactional = bool(mark and mark.kwargs.get("transaction"))
    if _is_emptied and not is_transactional and item.get_closest_marker("database"):
        with item.config.stash[blocking_manager_key].unblock():
            connection: Any = django.db.connection
            connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
            connection.close()
    if item.get_closest_marker("database"):
        _is_emptied = is_transactional


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of garbage collection, and collect more rarely: a fifth of the tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)


def _shows_pages(path: Path) -> bool:
    """Return whether a test file belongs to the pages of admin or studio, by its folders or the end of its name."""
    folders = path.relative_to(ROOT).parent.parts
    return bool(
        {"admin", "browser", "studio"}.intersection(folders)
        or re.fullmatch(r"test_(.+_)?(admin|in_a_browser)", path.stem)
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    without_browser = [
        report for report in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(report.longrepr)
    ]
    if without_browser:
        terminalreporter.write_line(
            f"{len(without_browser)} browser tests were skipped: there is {NO_CHROMIUM} on this machine.",
            yellow=True,
        )


# --- Database -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Keep the copied file: Django would delete it before it migrates. It goes with the directory of the run."""
    is_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    return django_db_keepdb or (is_file and migrated.VARIABLE in os.environ)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool
) -> None:
    """Start from the migrated database of this run, if it makes one; Django then finds nothing to migrate."""
    database = migrated.wait(Path(os.environ[RUN_DIRECTORY]))
    test = settings.DATABASES["default"]["TEST"]
    if database is not None and django_db_keepdb:
        shutil.copyfile(database, test["NAME"])
    elif database is not None:
        test["TEMPLATE"] = database
