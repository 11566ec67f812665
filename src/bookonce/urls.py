"""Who answers which address; first parts are reserved (accounts/slugs.py), readable addresses come last."""

from django.urls import URLPattern, URLResolver, include, path

from bookonce.booking_page.views.preview import show_preview
from bookonce.dashboard.views.front_door import to_first_page
from bookonce.dashboard.views.look import preview_look
from bookonce.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("", include("bookonce.design.urls")),
    path("", to_first_page, name="front_door"),
    path("app/", include("bookonce.dashboard.account_urls")),
    path("app/", include("bookonce.dashboard.urls")),
    path(
        "app/calendars/<slug:public_id>/look/preview/",
        preview_look,
        {"guest_page": show_preview},  # the owner's pages know nothing of the guest's
        name="look_preview",
    ),
    path("api/v1/", include("bookonce.api.v1.urls")),
    path("", include("bookonce.booking_page.urls")),
]
handler404 = "bookonce.dashboard.views.errors.not_found"
handler500 = "bookonce.dashboard.views.errors.failed"
