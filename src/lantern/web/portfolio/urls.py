"""Addresses of portfolio."""

from django.urls import path

from lantern.web.portfolio.views import evidence, overview, reflections, transcript

app_name = "portfolio"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("reflections/new/<uuid:activity_id>/", reflections.new, name="reflections_new"),
    path("reflections/<uuid:reflection_id>/", reflections.reflection, name="reflection"),
    path("reflections/<uuid:reflection_id>/answer/", reflections.answer, name="reflections_answer"),
    path("evidence/add/<uuid:activity_id>/", evidence.add, name="evidence_add"),
    path("evidence/video/<uuid:activity_id>/", evidence.add_video, name="video_add"),
    path("evidence/<uuid:evidence_id>/", evidence.evidence, name="evidence"),
    path("evidence/<uuid:evidence_id>/file/", evidence.download, name="evidence_file"),
    path("evidence/<uuid:evidence_id>/poster/", evidence.poster, name="evidence_poster"),
    path("evidence/<uuid:evidence_id>/extend/", evidence.extend, name="evidence_extend"),
    path("evidence/<uuid:evidence_id>/students/", evidence.students, name="evidence_students"),
    path("evidence/<uuid:evidence_id>/remove/", evidence.remove, name="evidence_remove"),
    path("transcript/", transcript.transcript, name="transcript"),
    path("transcript.pdf", transcript.pdf, name="transcript_pdf"),
    path("licence/", transcript.licence, name="transcript_licence"),
]
