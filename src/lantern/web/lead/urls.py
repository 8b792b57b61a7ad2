"""Addresses of lead."""

from django.urls import path

from lantern.web.lead.views import announcements, days, districts, initiatives, insights, overview

app_name = "lead"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("initiatives/", initiatives.initiatives, name="initiatives"),
    path("initiatives/new/", initiatives.new, name="initiatives_new"),
    path("initiatives/<uuid:initiative_id>/edit/", initiatives.edit, name="initiatives_edit"),
    path("initiatives/<uuid:initiative_id>/delete/", initiatives.delete, name="initiatives_delete"),
    path("announcements/new/", announcements.new, name="announcements_new"),
    path("days/", days.days, name="days"),
    path("insights/", insights.insights, name="insights"),
    path("insights/smallest-group/", insights.smallest_group, name="insights_smallest_group"),
    path("districts/", districts.districts, name="districts"),
]
