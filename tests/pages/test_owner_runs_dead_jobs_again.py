"""Work that failed for good is visible and can be run again."""

from __future__ import annotations

import pytest

from bookonce.jobs.models import Job
from bookonce.scheduling.models.event import Event
from tests.cast import NOW, Person, make_link
from tests.pages.owner import read, signed_in

pytestmark = pytest.mark.usefixtures("at_now")
JOBS = "/app/settings/jobs/"


def dead_job(payload: dict[str, int | str], error: str = "Connection refused") -> Job:
    """A job that was given up."""
    return Job.objects.create(
        kind="mail.send", payload=payload, run_at=NOW, attempts=12, error=error, dead_at=NOW, created_at=NOW
    )


def event_of(person: Person) -> int:
    """An event of the person's workspace."""
    link = make_link(person).link
    return Event.objects.get(link=link).pk


def test_nothing_has_failed(alice: Person) -> None:
    make_link(alice)
    page = read(signed_in(alice), JOBS)
    assert "Nothing has failed" in page
    assert "1 job waits." in page


def test_a_dead_job_shows_its_error_and_runs_again(alice: Person) -> None:
    job = dead_job({"event": event_of(alice), "role": "guest"}, "Refused by <mx>")
    client = signed_in(alice)
    page = read(client, JOBS)
    for told in ("mail.send", "Refused by &lt;mx&gt;", "12", "Mon 23 Nov 2026, 09:00"):
        assert told in page
    answer = client.post(f"{JOBS}{job.pk}/run/", follow=True)
    assert "runs again" in answer.content.decode()
    job.refresh_from_db()
    assert (job.dead_at, job.attempts, job.run_at) == (None, 0, NOW)
    assert "already waiting" in client.post(f"{JOBS}{job.pk}/run/", follow=True).content.decode()


def test_housekeeping_is_shown_to_the_first_workspace(alice: Person, charlie: Person) -> None:
    job = dead_job({}, "Disk is full")
    assert "Disk is full" in read(signed_in(alice), JOBS)
    stranger = signed_in(charlie)
    assert "Disk is full" not in read(stranger, JOBS)
    assert stranger.post(f"{JOBS}{job.pk}/run/").status_code == 404


def test_a_strangers_job_is_not_there(alice: Person, charlie: Person) -> None:
    job = dead_job({"event": event_of(alice)}, "Refused by mx")
    stranger = signed_in(charlie)
    assert "Refused by mx" not in read(stranger, JOBS)
    assert stranger.post(f"{JOBS}{job.pk}/run/").status_code == 404
    assert stranger.post(f"{JOBS}{9**40}/run/").status_code == 404
    job.refresh_from_db()
    assert job.dead_at == NOW
