"""Addresses of home."""

from django.urls import path

from lantern.web.home.views import announcements, home, inbox, short_time, suggestions

app_name = "home"
urlpatterns = [
    path("", home.home, name="home"),
    path("minutes/", short_time.short_time, name="short_time"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/<uuid:resource_id>/dismiss/", suggestions.dismiss, name="dismiss"),
    path("suggestions/<uuid:resource_id>/restore/", suggestions.restore, name="restore"),
    path("suggestions/factors/", suggestions.factors, name="factors"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:notice_id>/", inbox.open_notice, name="open_notice"),
    path("announcements/", announcements.announcements, name="announcements"),
    path("announcements/<uuid:announcement_id>/", announcements.announcement, name="announcement"),
]
