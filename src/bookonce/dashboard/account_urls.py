"""Sign-in, sign-out and the password, under allauth's own names: it looks them up. No sign-up."""

from allauth.account.views import PasswordChangeView
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, path

from bookonce.accounts.invitations import memberships
from bookonce.accounts.models import Member
from bookonce.dashboard.access import member_required
from bookonce.dashboard.account_forms import NewPasswordForm
from bookonce.dashboard.show import surroundings
from bookonce.dashboard.views import front_door


@member_required
def change_password(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The view of allauth, within the owner's pages."""
    around = surroundings(member) | {"rail_active": "settings", "section": "account"}
    around["memberships"] = list(memberships(member.user_id))
    view = PasswordChangeView.as_view(form_class=NewPasswordForm, extra_context=around)
    answer: HttpResponseBase = view(request)
    return answer


urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", front_door.sign_in, name="account_login"),
    path("sign-out/", front_door.sign_out, name="account_logout"),
    path("settings/password/", change_password, name="account_change_password"),
]
