"""Addresses of grow."""

from django.urls import path

from lantern.web.grow.views import class_results, evaluation, goals, initiatives, needs, overview, plan

app_name = "grow"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("needs/", needs.needs, name="needs"),
    path("needs/add/", needs.add, name="needs_add"),
    path("needs/words/", needs.words, name="needs_words"),
    path("needs/evaluation/", evaluation.evaluation, name="needs_evaluation"),
    path("needs/rate/", needs.rate, name="needs_rate"),
    path("needs/<uuid:need_id>/end/", needs.end, name="needs_end"),
    path("results/", class_results.classes, name="results"),
    path("results/new/", class_results.new, name="results_new"),
    path("results/<uuid:class_id>/", class_results.one, name="results_class"),
    path("results/<uuid:class_id>/needs/", class_results.needs, name="results_needs"),
    path("results/<uuid:class_id>/remove/", class_results.remove, name="results_remove"),
    path("results/standards/<uuid:standard_id>/", class_results.standard, name="results_standard"),
    path("results/standards/<uuid:standard_id>/goal/", class_results.goal, name="results_goal"),
    path("goals/", goals.goals, name="goals"),
    path("goals/new/", goals.new, name="goals_new"),
    path("goals/<uuid:goal_id>/", goals.goal, name="goal"),
    path("goals/<uuid:goal_id>/edit/", goals.edit, name="goals_edit"),
    path("goals/<uuid:goal_id>/check/", goals.check, name="goals_check"),
    path("goals/<uuid:goal_id>/end/", goals.end, name="goals_end"),
    path("plan/", plan.plan, name="plan"),
    path("plan/items/<uuid:item_id>/move/", plan.move, name="plan_move"),
    path("plan/items/<uuid:item_id>/remove/", plan.remove, name="plan_remove"),
    path("plan/weeks/<str:monday>/", plan.week, name="plan_week"),
    path("plan/settings/", plan.settings, name="plan_settings"),
    path("plan/print/", plan.print_plan, name="plan_print"),
    path("initiatives/<uuid:initiative_id>/", initiatives.initiative, name="initiative"),
]
