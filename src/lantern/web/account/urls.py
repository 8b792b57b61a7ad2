"""Addresses of account."""

from django.urls import path

from lantern.web.account.views import activity, comfort, export, overview, privacy, rights, sharing

app_name = "account"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("purposes/", privacy.purposes, name="purposes"),
    path("share/", sharing.new, name="share_new"),
    path("share/confirm/", sharing.confirm, name="share_confirm"),
    path("shares/<uuid:share_id>/", sharing.receipt, name="share"),
    path("wording/", sharing.words, name="wording"),
    path("shares/<uuid:share_id>/revoke/", privacy.revoke, name="revoke"),
    path("data/", rights.overview, name="rights"),
    path("data/archive/", rights.archive, name="archive"),
    path("data/bring-back/", rights.bring_back, name="bring_back"),
    path("data/erase/", rights.erase, name="erase"),
    path("activity/", activity.activity, name="activity"),
    path("export/", export.export, name="export"),
    path("comfort/", comfort.comfort, name="comfort"),
]
