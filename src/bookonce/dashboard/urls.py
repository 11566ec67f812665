"""The addresses of the owner's pages; sign-in and sign-out carry allauth's names (account_urls.py)."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard import urls_form, urls_groups, urls_hours, urls_lists
from bookonce.dashboard.views import (
    calendar_acts,
    calendar_settings,
    calendars,
    embed,
    front_door,
    look,
    message,
    setup,
    share,
    why,
)

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", front_door.to_first_page, name="home"),
    path("setup/", setup.first_run, name="setup"),
    path("setup/done/<slug:link_id>/", setup.done, name="setup_done"),
    path("calendars/", calendars.list_calendars, name="calendars"),
    path("calendars/new/", calendar_settings.new_calendar, name="calendar_new"),
    path("calendars/slug/", calendars.check_slug, name="slug_check"),
    path("calendars/<slug:public_id>/", calendar_settings.edit_calendar, name="calendar"),
    path("calendars/<slug:public_id>/pause/", calendar_acts.pause, name="calendar_pause"),
    path("calendars/<slug:public_id>/resume/", calendar_acts.resume, name="calendar_resume"),
    path("calendars/<slug:public_id>/delete/", calendar_acts.delete, name="calendar_delete"),
    path("calendars/<slug:public_id>/restore/", calendar_acts.restore, name="calendar_restore"),
    path("calendars/<slug:public_id>/look/", look.edit_look, name="look"),
    path("calendars/<slug:public_id>/look/reset/", look.reset, name="look_reset"),
    path("calendars/<slug:public_id>/embed/", embed.embed_calendar, name="calendar_embed"),
    path("calendars/<slug:public_id>/why/", why.why_not_offered, name="calendar_why"),
    path("calendars/<slug:public_id>/share/", share.show_ways, name="share"),
    path("calendars/<slug:public_id>/share/address/", share.change_address, name="share_address"),
    path("calendars/<slug:public_id>/share/one-time/", share.generate_link, name="share_one_time"),
    path(
        "calendars/<slug:public_id>/share/message/<slug:way>/",
        message.message_of_target,
        name="calendar_message",
    ),
    path("calendars/<slug:public_id>/share/qr/<slug:way>.svg", share.draw_code, name="share_qr"),
    *urls_form.urlpatterns,
    *urls_groups.urlpatterns,
    *urls_hours.urlpatterns,
    *urls_lists.urlpatterns,
]
