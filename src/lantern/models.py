"""Gathers every table of the house, so that one Django app and one migration history hold them all."""

from lantern.domain.announcements.models import *
from lantern.domain.assessments.models import *
from lantern.domain.catalog.models import *
from lantern.domain.coaching.models import *
from lantern.domain.competencies.models import *
from lantern.domain.courses.models import *
from lantern.domain.credits.models import *
from lantern.domain.evidence.models import *
from lantern.domain.goals.models import *
from lantern.domain.initiatives.models import *
from lantern.domain.insights.models import *
from lantern.domain.needs.models import *
from lantern.domain.notices.models import *
from lantern.domain.pathways.models import *
from lantern.domain.people.models import *
from lantern.domain.plans.models import *
from lantern.domain.privacy.models import *
from lantern.domain.recommendations.models import *
from lantern.domain.results.models import *
from lantern.kernel.audit.models import *
from lantern.kernel.events.models import *
from lantern.kernel.files.models import *
from lantern.kernel.idempotency.models import *
from lantern.kernel.jobs.models import *
from lantern.kernel.mail.models import *
from lantern.kernel.sign_in.models import *
