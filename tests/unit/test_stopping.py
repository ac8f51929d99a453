"""What is told to stop finishes what it began: nobody who starts it gives it less time."""

import re
from pathlib import Path

from portal.jobs.worker import SHUTDOWN_SECONDS
from portal.mail.smtp import PATIENCE
from portal.settings.settings import Settings
from portal.web.door.server import shutdown_seconds

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"


def given(unit: str) -> int:
    """Give the seconds after which systemd ends a service that was told to stop."""
    found = re.search(r"^TimeoutStopSec=(\d+)$", (DEPLOY / unit).read_text(), re.MULTILINE)
    assert found
    return int(found[1])


def test_a_worker_has_the_time_that_a_mail_may_take():
    assert PATIENCE < SHUTDOWN_SECONDS < given("portal-worker.service")


def test_a_server_has_the_time_that_a_request_may_take():
    assert shutdown_seconds(Settings()) < given("portal.service")
