from django.http import Http404
from django.test import RequestFactory

from bookonce.dashboard.views import errors
from tests.pages.owner_pages import text

ASKED = RequestFactory().get("/somewhere/secret-token")


def test_they_need_no_database_and_repeat_nothing_of_the_address() -> None:
    # This test may not touch the database: pytest-django refuses.
    pages = {
        404: errors.not_found(ASKED, Http404("secret-token")),
        500: errors.failed(ASKED),
    }
    for status, answer in pages.items():
        assert answer.status_code == status
        assert "secret-token" not in text(answer)
        assert "<h1>" in text(answer)


def test_a_form_out_of_date_leads_back_to_its_page() -> None:
    answer = errors.csrf_failed(RequestFactory().post("/app/calendars/new/"), reason="no cookie")
    assert answer.status_code == 403
    assert 'href="/app/calendars/new/"' in text(answer)
