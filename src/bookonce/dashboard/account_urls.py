"""Sign-in, sign-out and the password, under allauth's own names: it looks them up. No sign-up."""

from allauth.account.views import password_change
from django.urls import URLPattern, URLResolver, path

from bookonce.dashboard.views import front_door

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", front_door.sign_in, name="account_login"),
    path("sign-out/", front_door.sign_out, name="account_logout"),
    path("settings/password/", password_change, name="account_change_password"),
]
