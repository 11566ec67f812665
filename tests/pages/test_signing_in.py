import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, Person
from tests.pages.owner_pages import set_up_already, signed_in, text

PAGE = "/app/sign-in/"
OWNERS_PAGES = ["/app/calendars/", "/app/calendars/new/", "/app/settings/password/", "/app/calendars/slug/"]


@pytest.fixture(autouse=True)
def ready(db: None) -> None:
    cache.clear()  # the limits on tries
    set_up_already()


def test_who_is_set_up_but_not_signed_in_signs_in_and_goes_on(client: Client, alice: Person) -> None:
    asked = client.get(f"/app/calendars/{alice.calendar.public_id}/")
    assert asked["Location"].startswith(PAGE + "?next=")
    answer = client.post(asked["Location"], {"login": "Alice@example.com", "password": PASSWORD})
    assert answer["Location"] == f"/app/calendars/{alice.calendar.public_id}/"
    answer = client.get("/app/", follow=True)
    assert answer.request["PATH_INFO"] == "/app/calendars/"
    assert "Successfully" not in text(answer)


def test_the_page_asked_for_comes_after_signing_in(client: Client, alice: Person) -> None:
    there = f"/app/calendars/{alice.calendar.public_id}/"
    page = text(client.get(f"{PAGE}?next={there}"))
    assert f'value="{there}"' in page
    answer = client.post(PAGE, {"login": "alice@example.com", "password": PASSWORD, "next": there})
    assert answer["Location"] == there


def test_signing_in_leads_to_no_other_site(client: Client, alice: Person) -> None:
    answer = client.post(
        PAGE, {"login": "alice@example.com", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/app/"


@pytest.mark.parametrize(
    "sent",
    [
        {"login": "alice@example.com", "password": "wrong"},
        {"login": "nobody@example.com", "password": PASSWORD},
    ],
)
def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    client: Client, alice: Person, sent: dict[str, str]
) -> None:
    page = text(client.post(PAGE, sent))
    assert "don't belong together" in page
    assert "bookonce password EMAIL" in page
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "sent", [{"login": "", "password": ""}, {"login": "no address", "password": "x"}, {}]
)
def test_a_bad_field_is_named(client: Client, sent: dict[str, str]) -> None:
    page = text(client.post(PAGE, sent))
    assert 'class="field-error" id="id_login_error"' in page


def test_many_wrong_tries_are_held_off(client: Client, alice: Person) -> None:
    for _try in range(6):
        answer = client.post(PAGE, {"login": "alice@example.com", "password": "wrong"})
    assert "Too many" in text(answer)
    answer = client.post(PAGE, {"login": "alice@example.com", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_post(alice: Person) -> None:
    client = signed_in(alice)
    assert client.get("/app/sign-out/").status_code == 405
    assert client.post("/app/sign-out/")["Location"] == PAGE
    assert client.get("/app/calendars/").status_code == 302


@pytest.mark.parametrize("address", OWNERS_PAGES)
def test_pages_are_for_those_who_signed_in(client: Client, address: str) -> None:
    assert client.get(address)["Location"].startswith(PAGE)


@pytest.mark.parametrize("address", ["/app/sign-up/", "/app/signup/", "/accounts/signup/"])
def test_sign_up_is_closed(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_password_is_changed_by_who_knows_it(alice: Person) -> None:
    client = signed_in(alice)
    assert alice.workspace.name in text(client.get("/app/settings/password/")), "a page like the others"
    page = text(
        client.post(
            "/app/settings/password/", {"oldpassword": "wrong", "password1": "short", "password2": "other"}
        )
    )
    assert 'id="id_oldpassword_error"' in page
    new = "seven purple towels"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/app/settings/password/", sent).status_code == 302
    alice.user.refresh_from_db()
    assert alice.user.check_password(new)


def test_a_form_without_its_cookie_says_so(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(PAGE, {"login": "alice@example.com", "password": PASSWORD})
    assert answer.status_code == 403
    assert "out of date" in text(answer)


def test_an_unknown_page_says_so(alice: Person) -> None:
    answer = signed_in(alice).get("/app/nowhere/at/all/")
    assert answer.status_code == 404
    assert "nothing at this address" in text(answer)
