"""Addresses of account."""

from django.urls import path

from lantern.web.account.views import activity, comfort, export, overview, privacy

app_name = "account"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("purposes/", privacy.purposes, name="purposes"),
    path("shares/<uuid:share_id>/revoke/", privacy.revoke, name="revoke"),
    path("activity/", activity.activity, name="activity"),
    path("export/", export.export, name="export"),
    path("comfort/", comfort.comfort, name="comfort"),
]
