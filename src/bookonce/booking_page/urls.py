"""The addresses that guests are given; a slash at the end changes nothing."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path

from bookonce.booking_page.doors import at_door
from bookonce.booking_page.views import manage, series
from bookonce.booking_page.views.codes import ask_for_code
from bookonce.booking_page.views.dead_end import ask
from bookonce.booking_page.views.door import show_page, take_booking
from bookonce.booking_page.views.guest_json import show_challenge, show_form, show_slots
from bookonce.booking_page.views.hold import keep_time
from bookonce.booking_page.views.moving import reschedule_booking
from bookonce.booking_page.views.pictures import show_picture
from bookonce.booking_page.views.robots import robots

# Tokens may be anything, line breaks too: a malformed one takes the very path of an unknown one.
ONE_TIME = r"^o/(?P<token>[\s\S]+?)"
PERMANENT = r"^c/(?P<permanent_id>[^/]+)"
READABLE = r"^(?P<workspace>[^/]+)/(?P<calendar>[^/]+)"
MANAGE = r"^m/(?P<token>[\s\S]+?)"


def _doors(ending: str, view: Callable[..., HttpResponse]) -> list[URLPattern]:
    return [re_path(f"{door}{ending}/?\\Z", view) for door in (ONE_TIME, PERMANENT, READABLE)]


app_name = "booking_page"
urlpatterns: list[URLPattern] = [
    path("robots.txt", robots),
    re_path(r"^assets/image/(?P<digest>[0-9a-f]{64})\.(?P<ending>png|webp)\Z", show_picture, name="picture"),
    re_path(f"{MANAGE}/cancel/?\\Z", manage.cancel_booking),
    re_path(f"{MANAGE}/reschedule/?\\Z", reschedule_booking),
    re_path(f"{MANAGE}/ask/?\\Z", manage.ask_again),
    re_path(f"{MANAGE}/appointment\\.ics/?\\Z", manage.download_file),
    re_path(f"{MANAGE}/open\\.ics/?\\Z", manage.open_file),
    re_path(f"{MANAGE}/cancel-all/?\\Z", series.cancel_rest),
    re_path(f"{MANAGE}/appointments\\.ics/?\\Z", series.download_series),
    re_path(f"{MANAGE}/?\\Z", manage.show_manage),
    re_path(f"{ONE_TIME}/ask/?\\Z", at_door(ask)),
    *_doors("/code", at_door(ask_for_code)),
    *_doors("/slots", at_door(show_slots)),
    *_doors("/form", at_door(show_form)),
    *_doors("/challenge", at_door(show_challenge)),
    *_doors("/book", at_door(take_booking)),
    *_doors("/hold", at_door(keep_time)),
    *_doors("", at_door(show_page)),
]
