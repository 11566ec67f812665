"""The addresses of links, appointments, outbox, team and settings; urls.py includes them."""

from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import (
    api_keys,
    appointments,
    bookings,
    jobs,
    join,
    links,
    outbox,
    requests,
    settings,
    team,
    workspaces,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("join/<str:token>/", join.join_workspace, name="join"),
    path("workspaces/<int:number>/open/", workspaces.open_workspace, name="workspace_open"),
    path("links/", links.links, name="links"),
    path("links/<slug:public_id>/", links.link, name="link"),
    path("links/<slug:public_id>/revoke/", links.revoke, name="link_revoke"),
    path("requests/<slug:public_id>/answer/", requests.answer, name="request_answer"),
    path("requests/<slug:public_id>/dismiss/", requests.dismiss, name="request_dismiss"),
    path("requests/<slug:public_id>/restore/", requests.restore, name="request_restore"),
    path("appointments/", appointments.appointments, name="appointments"),
    path("appointments/<slug:public_id>/", appointments.appointment, name="appointment"),
    path("appointments/<slug:public_id>/cancel/", appointments.cancel_appointment, name="appointment_cancel"),
    path("bookings/<slug:public_id>/", bookings.booking, name="booking"),
    path("bookings/<slug:public_id>/cancel/", bookings.cancel_booking, name="booking_cancel"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:number>/", outbox.mail, name="outbox_mail"),
    path("outbox/<int:number>/html/", outbox.html, name="outbox_html"),
    path("outbox/<int:number>/invite.ics", outbox.invitation, name="outbox_invitation"),
    path("settings/", settings.workspace_settings, name="settings"),
    path("settings/team/", team.team, name="team"),
    path("settings/team/<int:number>/role/", team.role, name="member_role"),
    path("settings/team/<int:number>/remove/", team.remove, name="member_remove"),
    path("settings/team/invitations/<slug:public_id>/revoke/", team.revoke, name="invitation_revoke"),
    path("settings/keys/", api_keys.keys, name="keys"),
    path("settings/keys/<slug:public_id>/revoke/", api_keys.revoke, name="key_revoke"),
    path("settings/jobs/", jobs.jobs, name="jobs"),
    path("settings/jobs/<int:number>/run/", jobs.run, name="job_run"),
]
