"""Preparing a pathway, offering a version of it, retiring it. None of it changes where anybody is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from lantern.domain.pathways import policy, queries
from lantern.domain.pathways.events import (
    PathwayChanged,
    PathwayCreated,
    PathwayDraftKept,
    PathwayOffered,
    PathwayOfferedAgain,
    PathwayRetired,
)
from lantern.domain.pathways.models import Pathway, PathwayStep, PathwayVersion
from lantern.domain.pathways.types import PathwayState, outline_of_json
from lantern.domain.people.types import JobKind
from lantern.engine.pathway import outline as outlines
from lantern.engine.pathway.outline import Malformed, Section
from lantern.kernel import clock
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Conflict, Invalid, NotAllowed
from lantern.kernel.events import publish

TITLE_MOST, SUMMARY_MOST = 160, 500
ID_MOST, SOURCE_MOST = 200, 300
FAULTS_TOLD = 5


@transaction.atomic
def create_pathway(
    actor: Actor,
    *,
    title: str,
    summary: str = "",
    job_kinds: Iterable[str] = (),
    level_from: int = 0,
    level_to: int = 1,
    outline: Section | None = None,
    source: str = "",
    external_id: str = "",
) -> Pathway:
    """Begin a pathway of the own tenant, as a draft that nobody is offered. Raises NotAllowed, Invalid by field."""
    if not policy.can_manage(actor):
        raise NotAllowed("Pathways are prepared by coordinators and operators.")
    facts = _checked(title, summary, job_kinds, level_from, level_to)
    for name, text, most in (("id", external_id, ID_MOST), ("source", source, SOURCE_MOST)):
        if len(text) > most or outlines.UNFIT.search(text):
            raise Invalid({name: f"It is text of at most {most} characters."})
    now = clock.now()
    pathway = Pathway.objects.create(
        tenant_id=actor.tenancy.own,
        draft=_plain(outline or outlines.empty()),
        source=source,
        external_id=external_id,
        created_at=now,
        updated_at=now,
        **facts,
    )
    publish(actor, PathwayCreated(pathway.pk))
    return pathway


@transaction.atomic
def describe_pathway(
    actor: Actor,
    *,
    pathway_id: UUID,
    title: str,
    summary: str = "",
    job_kinds: Iterable[str] = (),
    level_from: int = 0,
    level_to: int = 1,
) -> Pathway:
    """Change what is said of a pathway of the own tenant; its steps stay. Raises NotFound, NotAllowed, Invalid."""
    pathway = _to_write(actor, pathway_id)
    for name, value in _checked(title, summary, job_kinds, level_from, level_to).items():
        setattr(pathway, name, value)
    pathway.updated_at = clock.now()
    pathway.save()
    publish(actor, PathwayChanged(pathway.pk, pathway.version))
    return pathway


@transaction.atomic
def save_draft(actor: Actor, *, pathway_id: UUID, change: Callable[[Section], Section]) -> Pathway:
    """Change the draft, which is what is offered now where there is none yet; what is offered stays as it is.

    `change` is given the outline as it stands, so that two windows add to each other. A draft may have faults. Raises
    NotFound, NotAllowed, Invalid where it cannot be kept at all.
    """
    pathway = _to_write(actor, pathway_id)
    before = queries.draft_of(actor, pathway)
    after = change(before)
    if after != before or (pathway.draft is None and not pathway.version):
        pathway.draft, pathway.updated_at = _plain(after), clock.now()
        pathway.save(update_fields=["draft", "updated_at"])
        publish(actor, PathwayDraftKept(pathway.pk))
    return pathway


@transaction.atomic
def drop_draft(actor: Actor, *, pathway_id: UUID, seen: str | None = None) -> Pathway:
    """Throw away what was written since the last version; what was never offered keeps its draft. Raises NotFound,
    NotAllowed; Conflict where `seen` is given and the draft has changed since.
    """
    pathway = _to_write(actor, pathway_id)
    _refuse_unseen(queries.draft_of(actor, pathway), seen)
    if pathway.draft is not None and pathway.version:
        pathway.draft = None
        pathway.save(update_fields=["draft"])
        publish(actor, PathwayDraftKept(pathway.pk))
    return pathway


@transaction.atomic
def offer_pathway(actor: Actor, *, pathway_id: UUID, seen: str | None = None) -> Pathway:
    """Offer a pathway as its draft is, which makes its next version, or again as it was; a repeat changes nothing.

    Whoever started an older version stays in it. Raises NotFound, NotAllowed, Invalid by `outline` while there is a
    fault, so that no step goes out without minutes, outcome and prior knowledge (P7.4); Conflict where `seen`, the
    digest of a draft, is given and the draft has changed since.
    """
    pathway = _to_write(actor, pathway_id)
    outline = queries.draft_of(actor, pathway)
    _refuse_unseen(outline, seen)
    found = queries.faults_of(actor, outline)
    if found:
        more = len(found) - FAULTS_TOLD
        words = [one.words for one in found[:FAULTS_TOLD]] + ([f"And {more} more."] if more > 0 else [])
        raise Invalid({"outline": " ".join(words)})
    renewed = pathway.version == 0 or outline != queries.outline_of(actor, pathway)
    if not renewed and pathway.state == PathwayState.OFFERED and pathway.draft is None:
        return pathway
    if renewed:
        pathway.version += 1
        _write_version(pathway, outline)
    pathway.draft, pathway.state, pathway.updated_at = None, PathwayState.OFFERED.value, clock.now()
    pathway.save(update_fields=["draft", "state", "version", "updated_at"])
    publish(actor, PathwayOffered(pathway.pk, pathway.version) if renewed else PathwayOfferedAgain(pathway.pk))
    return pathway


@transaction.atomic
def retire_pathway(actor: Actor, *, pathway_id: UUID) -> Pathway:
    """Offer a pathway no more; who is in it stays. The same again changes nothing. Raises NotFound, NotAllowed."""
    pathway = _to_write(actor, pathway_id)
    if pathway.state != PathwayState.RETIRED:
        pathway.state, pathway.updated_at = PathwayState.RETIRED.value, clock.now()
        pathway.save(update_fields=["state", "updated_at"])
        publish(actor, PathwayRetired(pathway.pk))
    return pathway


def _to_write(actor: Actor, pathway_id: UUID) -> Pathway:
    pathway = queries.get_pathway(actor, pathway_id)
    if not policy.can_edit(actor, pathway.tenant_id):
        raise NotAllowed("This pathway belongs to another organisation, or you do not prepare pathways.")
    return Pathway.objects.select_for_update().get(policy.visible(actor), pk=pathway_id)


def _refuse_unseen(outline: Section, seen: str | None) -> None:
    if seen is not None and seen != outlines.digest(outline):
        raise Conflict("The draft changed in another window. Look through it again; nothing was lost.")


def _plain(outline: Section) -> dict[str, object]:
    """Return an outline as it is kept. Raises Invalid where it could not be read again."""
    plain = outlines.as_json(outline)
    try:
        outline_of_json(plain)
    except Malformed as problem:
        raise Invalid({"outline": f"This cannot be kept: {problem.where} {problem.reason}."}) from None
    return plain


def _write_version(pathway: Pathway, outline: Section) -> None:
    version = PathwayVersion.objects.create(
        tenant_id=pathway.tenant_id,
        pathway=pathway,
        number=pathway.version,
        structure=outlines.as_json(outline),
        offered_at=clock.now(),
    )
    PathwayStep.objects.bulk_create(
        PathwayStep(
            tenant_id=pathway.tenant_id,
            version=version,
            key=entry.key,
            position=place,
            route=number,
            resource_id=UUID(route),
            outcome=entry.outcome,
        )
        for place, entry in enumerate(outlines.entries(outline), start=1)
        for number, route in enumerate(entry.routes)
    )


def _checked(title: str, summary: str, job_kinds: Iterable[str], level_from: int, level_to: int) -> dict[str, Any]:
    title, summary, kinds = title.strip(), summary.strip(), [str(kind) for kind in dict.fromkeys(job_kinds)]
    problems: dict[str, str] = {}
    if not title:
        problems["title"] = "Give the pathway a name that people will recognise."
    elif len(title) > TITLE_MOST:
        problems["title"] = f"Please keep the name to {TITLE_MOST} characters."
    if len(summary) > SUMMARY_MOST:
        problems["summary"] = f"Please keep this to {SUMMARY_MOST} characters."
    for name, text in (("title", title), ("summary", summary)):
        if outlines.UNFIT.search(text):
            problems[name] = "It holds characters that are no text."
    if not set(kinds) <= {kind.value for kind in JobKind}:
        problems["job_kinds"] = "Choose from the kinds of work."
    if not 0 <= level_from < level_to <= 4:
        problems["level_to"] = "It must end at a higher level than it begins."
    if problems:
        raise Invalid(problems)
    return {"title": title, "summary": summary, "job_kinds": kinds, "level_from": level_from, "level_to": level_to}
