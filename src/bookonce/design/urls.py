"""Addresses of the design system's files; included at the root."""

from django.urls import path

from bookonce.design import views

app_name = "design"
urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("embed.js", views.embed_script, name="embed"),
    path("assets/accent/<str:colour>.css", views.accent_sheet, name="accent"),
    path("assets/look/<str:name>.css", views.look_sheet, name="look"),
    path("assets/<str:file>", views.serve_asset, name="asset"),
    path("app/styleguide", views.show_styleguide, name="styleguide"),
    path("app/styleguide/<slug:page>", views.show_styleguide, name="styleguide_page"),
]
