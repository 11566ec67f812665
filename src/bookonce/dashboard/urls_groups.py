"""The addresses of calendar groups, shared where calendars are (urls.py, which includes them)."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import groups

urlpatterns: list[URLPattern | URLResolver] = [
    path("groups/new/", groups.new_group, name="group_new"),
    path("groups/<slug:public_id>/", groups.edit_group, name="group"),
    path("groups/<slug:public_id>/pause/", groups.pause, name="group_pause"),
    path("groups/<slug:public_id>/resume/", groups.resume, name="group_resume"),
    path("groups/<slug:public_id>/delete/", groups.delete, name="group_delete"),
    path("groups/<slug:public_id>/restore/", groups.restore, name="group_restore"),
]
