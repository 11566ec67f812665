"""The addresses of schedules and time off; urls.py includes them."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import holidays, host_days, schedule_acts, schedules
from bookonce.dashboard.views.host_days import JOURNEY, TIME_OFF

urlpatterns: list[URLPattern | URLResolver] = [
    path("schedules/", schedules.list_schedules, name="schedules"),
    path("schedules/new/", schedules.new_schedule, name="schedule_new"),
    path("schedules/<slug:public_id>/", schedules.edit_schedule, name="schedule"),
    path("schedules/<slug:public_id>/duplicate/", schedule_acts.duplicate, name="schedule_duplicate"),
    path("schedules/<slug:public_id>/delete/", schedule_acts.delete, name="schedule_delete"),
    path("time-off/", host_days.show_all, name="time_off"),
    path("time-off/add/", host_days.add, {"days": TIME_OFF}, name="time_off_add"),
    path("time-off/again/", host_days.add_again, {"days": TIME_OFF}, name="time_off_again"),
    path("time-off/holidays/", holidays.choose, name="holidays"),
    path("time-off/journeys/add/", host_days.add, {"days": JOURNEY}, name="journey_add"),
    path("time-off/journeys/again/", host_days.add_again, {"days": JOURNEY}, name="journey_again"),
    path("time-off/journeys/<slug:public_id>/", host_days.edit, {"days": JOURNEY}, name="journey"),
    path(
        "time-off/journeys/<slug:public_id>/remove/",
        host_days.remove,
        {"days": JOURNEY},
        name="journey_remove",
    ),
    path("time-off/<slug:public_id>/", host_days.edit, {"days": TIME_OFF}, name="time_off_edit"),
    path("time-off/<slug:public_id>/remove/", host_days.remove, {"days": TIME_OFF}, name="time_off_remove"),
]
