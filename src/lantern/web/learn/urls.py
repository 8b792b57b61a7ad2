"""Addresses of learn."""

from django.urls import path

from lantern.web.learn.views import activities, before, catalog, compare, competencies, resources, saved

app_name = "learn"
urlpatterns = [
    path("", catalog.catalog, name="catalog"),
    path("compare/", compare.compare, name="compare"),
    path("saved/", saved.saved, name="saved"),
    path("searches/save/", saved.save_search, name="save_search"),
    path("searches/<uuid:search_id>/", saved.open_search, name="open_search"),
    path("searches/<uuid:search_id>/delete/", saved.delete_search, name="delete_search"),
    path("resources/<uuid:resource_id>/", resources.resource, name="resource"),
    path("resources/<uuid:resource_id>/keep/", resources.keep, name="keep"),
    path("resources/<uuid:resource_id>/plan/", resources.add_to_plan, name="add_to_plan"),
    path("competencies/<uuid:competency_id>/", competencies.competency, name="competency"),
    path("activities/<uuid:activity_id>/", activities.activity, name="activity"),
    path("activities/<uuid:activity_id>/progress/", activities.progress, name="progress"),
    path("before/", before.before, name="before"),
    path("before/keep/", before.keep, name="before_keep"),
    path("before/template.csv", before.template, name="before_template"),
    path("before/<uuid:activity_id>/take-away/", before.take_away, name="before_take_away"),
    path("outside/", activities.outside, name="outside"),
    path("outside/preview/", activities.preview, name="preview"),
]
