"""The taxonomy: adding a word, giving it another label."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from lantern.domain.catalog import policy, queries
from lantern.domain.catalog.commands.indexing import count_change
from lantern.domain.catalog.events import TermCreated, TermRenamed
from lantern.domain.catalog.models import Resource, Term
from lantern.domain.catalog.types import Scheme
from lantern.kernel.actor import Actor
from lantern.kernel.errors import Invalid, NotAllowed
from lantern.kernel.events import publish

CODE_LETTERS = 60


@transaction.atomic
def create_term(actor: Actor, *, scheme: str, label: str, code: str = "") -> Term:
    """Add a word to a list of the taxonomy. Raises NotAllowed, Invalid (also when the word is there already)."""
    if not policy.can_manage(actor):
        raise NotAllowed("Terms are managed by coordinators and operators.")
    if scheme not in set(Scheme):
        raise Invalid({"scheme": "Choose topics or subjects."})
    words = _label(label)
    code = (code or slugify(words, allow_unicode=True))[:CODE_LETTERS].strip("-")
    if not code:
        raise Invalid({"label": "Use at least one letter or digit."})
    count_change(actor)
    there = queries.list_terms(actor, scheme)
    if there.filter(code=code).exists() or there.filter(label__iexact=words).exists():
        raise Invalid({"label": "This term is there already."})
    term = Term.objects.create(scheme=scheme, code=code, label=words)
    publish(actor, TermCreated(term.pk))
    return term


@transaction.atomic
def rename_term(actor: Actor, *, term_id: UUID, label: str) -> Term:
    """Give a term another label; every resource, filter and saved search follows, for they hold its id (P5.2).

    Raises NotFound, NotAllowed for an inherited term, Invalid.
    """
    term = queries.get_term(actor, term_id)
    if not policy.can_edit(actor, term.tenant_id):
        raise NotAllowed("This term belongs to another organisation, or you do not manage the catalog.")
    words = _label(label)
    if queries.list_terms(actor, term.scheme).exclude(pk=term.pk).filter(label__iexact=words).exists():
        raise Invalid({"label": "Another term has this name already."})
    if words == term.label:
        return term
    changes = count_change(actor)
    term.label = words
    term.save(update_fields=["label"])
    Resource.objects.filter(tenant_id=actor.tenancy.own, resource_terms__term=term).update(revision=changes)
    publish(actor, TermRenamed(term.pk))
    return term


def _label(label: str) -> str:
    words = " ".join(label.split())
    if not words:
        raise Invalid({"label": "Give the term a name."})
    if len(words) > 80:
        raise Invalid({"label": "Please keep the name to 80 characters."})
    return words
