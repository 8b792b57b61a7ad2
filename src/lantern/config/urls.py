"""Every URL; the area is the first word."""

from django.urls import include, path

from lantern.interop.case import views as case
from lantern.interop.ical import views as ical
from lantern.interop.pathways import views as pathways
from lantern.web.gate import COORDINATOR, OPERATOR, PUBLIC, page
from lantern.web.trail import at_door_below

# Interop stands beside web and knows no gate, so its views get their rules here.
_case = [path("<uuid:framework_id>/case.json", page(OPERATOR, COORDINATOR)(case.package), name="package")]
_ical = [path("<str:secret>.ics", page(PUBLIC)(ical.plan), name="plan")]
_pathways = [path("export/", page(OPERATOR, COORDINATOR)(pathways.export), name="export")]

urlpatterns = [
    path("", include("lantern.web.public.urls")),
    path("home/", include("lantern.web.home.urls")),
    path("start/", include("lantern.web.start.urls")),
    path("learn/", include("lantern.web.learn.urls")),
    path("grow/", include("lantern.web.grow.urls")),
    path("portfolio/", include("lantern.web.portfolio.urls")),
    path("together/", include("lantern.web.together.urls")),
    path("lead/", include("lantern.web.lead.urls")),
    path("manage/", include("lantern.web.manage.urls")),
    path("manage/frameworks/", include((_case, "case"))),
    path("calendar/", include((_ical, "ical"))),
    path("manage/pathways/", include((_pathways, "pathway_files"))),
    path("account/", include("lantern.web.account.urls")),
    path("sign-in/", at_door_below(include("allauth.urls"))),
]


handler400 = "lantern.web.broken.bad_request"
handler403 = "lantern.web.broken.forbidden"
handler404 = "lantern.web.gate.not_found"
handler429 = "lantern.web.broken.too_many"
handler500 = "lantern.web.broken.fault"
