"""Addresses of grow."""

from django.urls import path

from lantern.web.grow.views import (
    checks,
    evaluation,
    goals,
    initiatives,
    needs,
    overview,
    pathways,
    plan,
    standing,
)

app_name = "grow"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("needs/", needs.needs, name="needs"),
    path("needs/add/", needs.add, name="needs_add"),
    path("needs/words/", needs.words, name="needs_words"),
    path("needs/evaluation/", evaluation.evaluation, name="needs_evaluation"),
    path("needs/rate/", needs.rate, name="needs_rate"),
    path("needs/<uuid:need_id>/end/", needs.end, name="needs_end"),
    path("needs/on/<uuid:competency_id>/", standing.standing, name="standing"),
    path("needs/said/<uuid:evidence_id>/take-away/", standing.take_away, name="standing_take_away"),
    path("checks/", checks.checks, name="checks"),
    path("checks/on/<uuid:competency_id>/", checks.start, name="checks_start"),
    path("checks/<uuid:check_id>/", checks.check, name="check"),
    path("checks/<uuid:check_id>/let-go/", checks.let_go, name="check_let_go"),
    path("checks/<uuid:check_id>/contribute/", checks.contribute, name="check_contribute"),
    path("checks/<uuid:check_id>/remove/", checks.remove, name="check_remove"),
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
    path("pathways/", pathways.pathways, name="pathways"),
    path("pathways/<uuid:pathway_id>/", pathways.pathway, name="pathway"),
    path("pathways/<uuid:pathway_id>/start/", pathways.start, name="pathway_start"),
    path("initiatives/<uuid:initiative_id>/", initiatives.initiative, name="initiative"),
]
