"""Addresses of start."""

from django.urls import path

from lantern.web.start.views import start

app_name = "start"
urlpatterns = [
    path("", start.start, name="start"),
    path("skip/", start.skip, name="skip"),
]
