from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from bookonce.accounts.models import Installation, Member, User, Workspace
from bookonce.dashboard import setup_code
from bookonce.scheduling.models import Calendar, OneTimeLink, WeeklyHours
from tests.cast import Person
from tests.pages.owner_pages import said_beside, text

pytestmark = pytest.mark.django_db
PAGE = "/app/setup/"


@pytest.fixture(autouse=True)
def code() -> Iterator[str]:
    setup_code.forget()
    yield setup_code.ensure_code()
    setup_code.forget()


def answers(code: str, **changes: str) -> dict[str, Any]:
    hours = {f"on-{day}": "on" for day in (1, 2, 3)}
    hours |= {f"start-{day}": "10:00" for day in range(7)} | {f"end-{day}": "16:00" for day in range(7)}
    return (
        {
            "code": code,
            "name": "Olga Brandt",
            "email": "Olga@Example.org",
            "password": "nine green bottles",
            "workspace": "Atelier Olga",
            "timezone": "Europe/Berlin",
        }
        | hours
        | changes
    )


@pytest.mark.parametrize("address", ["/", "/app/", "/app/sign-in/"])
def test_until_set_up_every_way_in_leads_to_the_first_run(client: Client, address: str) -> None:
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1] == (PAGE, 302)
    assert "Set-up code" in text(answer)


def test_it_ends_signed_in_on_a_working_calendar_with_a_link_to_copy(client: Client, code: str) -> None:
    answer = client.post(PAGE, answers(code.lower().replace("-", " ")), follow=True)
    page = text(answer)
    link = OneTimeLink.objects.select_related("calendar__workspace").get()
    assert answer.request["PATH_INFO"] == f"/app/setup/done/{link.public_id}/"
    assert "/o/" in page
    assert "Copy" in page
    assert link.target.workspace.slug == "atelier-olga"
    assert User.objects.get().email == "olga@example.org"
    assert sorted(WeeklyHours.objects.values_list("weekday", "starts", "ends")) == [
        (d, 600, 960) for d in (1, 2, 3)
    ]
    assert client.get("/app/calendars/").status_code == 200
    code_picture = client.get(
        f"/app/calendars/{link.target.public_id}/share/qr/one-time.svg?link={link.public_id}"
    )
    assert code_picture["Content-Type"] == "image/svg+xml"


def test_it_is_closed_afterwards(client: Client, code: str) -> None:
    client.post(PAGE, answers(code))
    stranger = Client()
    for answer in (
        stranger.get(PAGE),
        stranger.post(PAGE, answers(setup_code.ensure_code(), email="eve@example.org")),
    ):
        assert answer.status_code == 302
        assert answer["Location"] == "/app/sign-in/"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("name", "", "Fill this in."),
        ("name", "x" * 121, "At most 120"),
        ("email", "olga", "like name@example.com"),
        ("password", "short", "too short"),
        ("password", "", "Choose a password"),
        ("workspace", "x" * 121, "At most 120"),
        ("timezone", "Mars/Olympus", "not a time zone"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_kept(
    client: Client, code: str, name: str, value: str, reason: str
) -> None:
    answer = client.post(PAGE, answers(code, **{name: value}))
    page = text(answer)
    assert answer.status_code == 422
    assert reason in said_beside(page, f"id_{name}")
    assert f'href="#id_{name}"' in page, "the summary leads to the field"
    assert "nine green bottles" not in page
    for model in (Installation, User, Workspace, Member, Calendar):
        assert not model._default_manager.exists()


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [("17:00", "17:00", "must end after it starts"), ("", "", "start and end"), ("9", "x", "start and end")],
)
def test_bad_hours_are_told_beside_their_day(
    client: Client, code: str, start: str, end: str, reason: str
) -> None:
    answer = client.post(PAGE, answers(code, **{"start-2": start, "end-2": end}))
    assert answer.status_code == 422
    assert reason in text(answer)
    assert not Installation.objects.exists()


def test_nights_are_kept_and_shown_as_typed(client: Client, code: str) -> None:
    night = {"start-1": "22:00", "end-1": "02:00"}
    answer = client.post(PAGE, answers(code, email="nobody", **night))
    assert answer.status_code == 422
    assert "until 02:00 the next day, 4 h" in text(answer)
    client.post(PAGE, answers(code, **night))
    assert WeeklyHours.objects.filter(weekday=1).values_list("starts", "ends").get() == (1320, 1560)


def test_a_week_without_a_day_is_refused(client: Client, code: str) -> None:
    sent = {name: value for name, value in answers(code).items() if not name.startswith("on-")}
    answer = client.post(PAGE, sent)
    assert answer.status_code == 422
    assert "Choose at least one day" in text(answer)


@pytest.mark.parametrize("wrong", ["", "ABCD-EFGH", "é\x00", "x" * 5000])
def test_a_wrong_code_is_told_and_nothing_is_kept(client: Client, wrong: str) -> None:
    answer = client.post(PAGE, answers(wrong))
    assert answer.status_code == 422
    assert said_beside(text(answer), "id_code")
    assert not Installation.objects.exists()


def test_ten_wrong_tries_make_the_code_worthless(client: Client, code: str) -> None:
    for _try in range(setup_code.MOST_TRIES):
        client.post(PAGE, answers("AAAA-AAAA"))
    assert client.post(PAGE, answers(code)).status_code == 422
    fresh = setup_code.ensure_code()
    assert fresh != code
    assert client.post(PAGE, answers(fresh)).status_code == 302


def test_the_code_is_for_the_server_alone(code: str) -> None:
    path = setup_code._path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(code) == 9
    assert setup_code.ensure_code() == code


def test_a_stranger_sees_nobody_elses_first_link(client: Client, code: str, charlie: Person) -> None:
    client.post(PAGE, answers(code))
    link = OneTimeLink.objects.get()
    other = Client()
    other.force_login(charlie.user)
    assert other.get(f"/app/setup/done/{link.public_id}/").status_code == 404
