"""Sign-in, sign-out and the password, under allauth's own names: it looks them up. No sign-up."""

from allauth.account.views import PasswordChangeView
from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.account_forms import NewPasswordForm
from bookonce.dashboard.views import front_door

change_password = PasswordChangeView.as_view(
    form_class=NewPasswordForm, extra_context={"rail_active": "settings", "section": "account"}
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", front_door.sign_in, name="account_login"),
    path("sign-out/", front_door.sign_out, name="account_logout"),
    path("settings/password/", change_password, name="account_change_password"),
]
