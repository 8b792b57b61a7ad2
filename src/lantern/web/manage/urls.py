"""Addresses of manage."""

from django.urls import path

from lantern.web.manage.views import (
    audit,
    catalog,
    emergency,
    frameworks,
    imports,
    organisations,
    overview,
    people,
    rules,
    terms,
)

app_name = "manage"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="people_new"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/correct/", people.correct, name="person_correct"),
    path("people/<uuid:person_id>/roles/", people.add_role, name="people_add_role"),
    path("people/<uuid:person_id>/invite/", people.invite, name="person_invite"),
    path("people/<uuid:person_id>/end/", people.end, name="person_end"),
    path("roles/<uuid:membership_id>/end/", people.end_role, name="people_end_role"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new, name="organisations_new"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("imports/", imports.imports, name="imports"),
    path("imports/new/", imports.new, name="imports_new"),
    path("imports/<uuid:run_id>/", imports.run, name="imports_run"),
    path("imports/<uuid:run_id>/carry-out/", imports.carry_out, name="imports_carry_out"),
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/assign/", frameworks.assign, name="frameworks_assign"),
    path("frameworks/<uuid:framework_id>/", frameworks.framework, name="framework"),
    path("catalog/", catalog.catalog, name="catalog"),
    path("catalog/new/", catalog.new, name="catalog_new"),
    path("catalog/<uuid:resource_id>/", catalog.edit, name="catalog_edit"),
    path("catalog/<uuid:resource_id>/status/", catalog.status, name="catalog_status"),
    path("terms/", terms.terms, name="terms"),
    path("terms/<uuid:term_id>/", terms.term, name="term"),
    path("rules/", rules.rules, name="rules"),
    path("people/<uuid:person_id>/emergency/", emergency.ask, name="emergency_ask"),
    path("emergency/", emergency.emergencies, name="emergencies"),
    path("emergency/<uuid:access_id>/", emergency.emergency, name="emergency"),
    path("emergency/<uuid:access_id>/agree/", emergency.agree, name="emergency_agree"),
    path("emergency/<uuid:access_id>/read/", emergency.read, name="emergency_read"),
    path("emergency/<uuid:access_id>/end-hold/", emergency.end_hold, name="emergency_end_hold"),
    path("audit/", audit.audit, name="audit"),
    path("audit/requests/", audit.requests, name="audit_requests"),
]
