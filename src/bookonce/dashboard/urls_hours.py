"""The addresses of schedules and time off; urls.py includes them."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import holidays, journeys, schedule_acts, schedules, time_off

urlpatterns: list[URLPattern | URLResolver] = [
    path("schedules/", schedules.list_schedules, name="schedules"),
    path("schedules/new/", schedules.new_schedule, name="schedule_new"),
    path("schedules/<slug:public_id>/", schedules.edit_schedule, name="schedule"),
    path("schedules/<slug:public_id>/duplicate/", schedule_acts.duplicate, name="schedule_duplicate"),
    path("schedules/<slug:public_id>/delete/", schedule_acts.delete, name="schedule_delete"),
    path("time-off/", time_off.show_time_off, name="time_off"),
    path("time-off/add/", time_off.add, name="time_off_add"),
    path("time-off/again/", time_off.add_again, name="time_off_again"),
    path("time-off/holidays/", holidays.choose, name="holidays"),
    path("time-off/journeys/add/", journeys.add, name="journey_add"),
    path("time-off/journeys/again/", journeys.add_again, name="journey_again"),
    path("time-off/journeys/<slug:public_id>/", journeys.edit, name="journey"),
    path("time-off/journeys/<slug:public_id>/remove/", journeys.remove, name="journey_remove"),
    path("time-off/<slug:public_id>/", time_off.edit, name="time_off_edit"),
    path("time-off/<slug:public_id>/remove/", time_off.remove, name="time_off_remove"),
]
