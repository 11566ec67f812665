"""The addresses that guests are given; a slash at the end changes nothing."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, re_path

from bookonce.booking_page.doors import at_door
from bookonce.booking_page.views.door import take_booking
from bookonce.booking_page.views.guest_json import show_slots

# The token may be anything: a malformed one takes the very path of an unknown one.
ONE_TIME = r"^o/(?P<token>.+?)"
PERMANENT = r"^c/(?P<permanent_id>[^/]+)"
READABLE = r"^(?P<workspace>[^/]+)/(?P<calendar>[^/]+)"


def _doors(ending: str, view: Callable[..., HttpResponse]) -> list[URLPattern]:
    return [re_path(f"{door}{ending}/?$", view) for door in (ONE_TIME, PERMANENT, READABLE)]


app_name = "booking_page"
urlpatterns: list[URLPattern] = [
    *_doors("/slots", at_door(show_slots)),
    *_doors("/book", at_door(take_booking)),
]
