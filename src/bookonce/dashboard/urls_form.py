"""The addresses of what a calendar's form asks (urls.py includes them)."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import calendar_questions

OF_CALENDAR = "calendars/<slug:public_id>/form/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(OF_CALENDAR, calendar_questions.edit_form, name="calendar_form"),
    path(f"{OF_CALENDAR}new/", calendar_questions.new_question, name="question_new"),
    path(f"{OF_CALENDAR}<slug:question_id>/", calendar_questions.edit_question, name="question"),
    path(f"{OF_CALENDAR}<slug:question_id>/archive/", calendar_questions.archive, name="question_archive"),
    path(f"{OF_CALENDAR}<slug:question_id>/restore/", calendar_questions.restore, name="question_restore"),
]
