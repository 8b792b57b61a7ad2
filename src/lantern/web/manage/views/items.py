"""Banks of questions for checks: what is there, write one, take it into use or out of it, see how it is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from lantern.domain.assessments import commands, policy, queries
from lantern.domain.assessments.types import (
    CALIBRATED_WORDS,
    ITEM_STATUS_WORDS,
    LEAST_ITEMS,
    LEAST_PEOPLE_SHOWN,
    ItemStatus,
)
from lantern.domain.needs.types import LEVEL_WORDS
from lantern.kernel.errors import Invalid, NotFound
from lantern.ui.tags.addresses import address
from lantern.web.answers import again, done, show
from lantern.web.gate import COORDINATOR, OPERATOR, page
from lantern.web.manage.forms.items import ItemFilter, ItemForm, ItemStatusForm
from lantern.web.manage.views.catalog import competency_choices

VERDICTS = {"keep": "Does its work", "look_at": "Look at it", "retire": "Better taken out of use"}
REASONS = {
    "too_few_answers": "too few answers to judge",
    "wrong_key": "those who know more answer it wrong: is the right answer marked?",
    "tells_nothing": "it tells nobody apart",
    "tells_little": "it hardly tells anybody apart",
    "too_sharp": "it tells apart more sharply than questions do: look for a giveaway",
    "too_easy": "nearly everybody answers it right",
    "too_hard": "nearly nobody answers it right",
    "does_not_fit": "it is not answered as its level promises",
    "seen_too_often": "it comes in most checks: more questions of its level would help",
}


@page(OPERATOR, COORDINATOR)
def items(request: Any) -> HttpResponse:
    """List the banks, and the questions of the one that is chosen."""
    actor = request.actor
    filters = ItemFilter(request.GET)
    status = filters.cleaned_data["status"] if filters.is_valid() else ""
    banks = queries.list_banks(actor)
    chosen = next((bank for bank in banks if str(bank.competency.pk) == request.GET.get("competency")), None)
    rows = queries.list_items(actor, chosen.competency.pk, status) if chosen else []
    drafts = queries.count_drafts(actor, chosen.competency.pk) if chosen else 0
    return show(
        request,
        "manage/items.html",
        banks=[_bank(bank) for bank in banks],
        chosen=chosen,
        filters=filters,
        rows=[_row(actor, row) for row in rows],
        drafts=drafts,
        take_words="Take the draft into use" if drafts == 1 else f"Take all {drafts} drafts into use",
        least=LEAST_ITEMS,
    )


def _bank(bank: Any) -> dict[str, Any]:
    return {
        "competency": bank.competency,
        "in_use": bank.counts.get(ItemStatus.PUBLISHED, 0),
        "drafts": bank.counts.get(ItemStatus.DRAFT, 0),
        "retired": bank.counts.get(ItemStatus.RETIRED, 0),
        "look": bank.wants_a_look,
        "is_enough": bank.is_enough,
    }


@page(OPERATOR, COORDINATOR, methods="POST")
def publish(request: Any) -> HttpResponse:
    """Take every draft of one bank into use at once, as after a file was brought in and read through."""
    try:
        competency_id = UUID(request.POST.get("competency", ""))
    except ValueError:
        raise NotFound("There is no such bank.") from None
    told = commands.publish_drafts(request.actor, competency_id=competency_id)
    noun = "question is" if told == 1 else "questions are"
    message = f"{told} {noun} in use now." if told else "There are no drafts in this bank any more."
    return done(request, f"{address('manage:items')}?competency={competency_id}#questions", message=message)


def _row(actor: Any, row: Any) -> dict[str, Any]:
    return {
        "item": row,
        "level": LEVEL_WORDS[row.level],
        "status": ITEM_STATUS_WORDS[row.status],
        "says_enough": row.answers >= LEAST_PEOPLE_SHOWN,
        "verdict": VERDICTS.get(row.verdict, ""),
        "own": policy.can_edit(actor, row.tenant_id),
    }


@page(OPERATOR, COORDINATOR, methods="GET POST")
def new(request: Any) -> HttpResponse:
    """Write a question, as a draft or into use at once."""
    actor = request.actor
    choices = competency_choices(actor, [])
    if request.method != "POST":
        initial = {"competency_id": request.GET.get("competency", ""), "language": "en"}
        return show(request, "manage/item_form.html", form=ItemForm(initial=initial, competencies=choices), item=None)
    form = ItemForm(request.POST, competencies=choices)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            made = commands.create_item(actor, data=form.data_of())
            if request.POST.get("act") != "draft":
                commands.set_status(actor, item_id=made.pk, status=ItemStatus.PUBLISHED.value)
        except Invalid as refused:
            problem = _at_its_field(refused)
        else:
            return done(request, "manage:item", made.pk, message="The question is kept.")
    return again(request, "manage/item_form.html", form, problem, item=None)


@page(OPERATOR, COORDINATOR, methods="GET POST")
def item(request: Any, item_id: UUID) -> HttpResponse:
    """Change a question of one's own tenant, and see how it is answered; an inherited one is shown only."""
    actor = request.actor
    row = queries.get_item(actor, item_id)
    choices = competency_choices(actor, [row.competency])
    context = {"item": row, "told": _told(actor, row), "status_form": ItemStatusForm()}
    if request.method != "POST":
        form = ItemForm(initial=_initial(row), competencies=choices)
        return show(request, "manage/item_form.html", form=form, **context)
    form = ItemForm(request.POST, competencies=choices)
    problem: Invalid | None = None
    if form.is_valid():
        try:
            commands.edit_item(actor, item_id=item_id, data=form.data_of())
        except Invalid as refused:
            problem = _at_its_field(refused)
        else:
            return done(request, "manage:item", item_id, message="The changes are kept.")
    return again(request, "manage/item_form.html", form, problem, **context)


def _told(actor: Any, row: Any) -> dict[str, Any]:
    return {
        "status": ITEM_STATUS_WORDS[row.status],
        "level": LEVEL_WORDS[row.level],
        "own": policy.can_edit(actor, row.tenant_id),
        "numbers": CALIBRATED_WORDS[row.calibrated],
        "says_enough": row.answers >= LEAST_PEOPLE_SHOWN,
        "verdict": VERDICTS.get(row.verdict, ""),
        "flags": [REASONS.get(flag["reason"], flag["reason"]) for flag in row.flags],
        "seen": f"{row.seen:.0%}",
        "difficulty": f"{row.difficulty:.1f}",
        "discrimination": f"{row.discrimination:.1f}",
    }


def _initial(row: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: getattr(row, name) for name in ("external_id", "level", "area", "language", "question", "right")
    }
    said["competency_id"] = str(row.competency_id)
    for place, option in enumerate(row.options):
        said |= {f"option_{place}": option["text"], f"why_{place}": option.get("why", "")}
    return said


def _at_its_field(refused: Invalid) -> Invalid:
    return Invalid({"option_0" if name == "options" else name: why for name, why in refused.fields.items()})


@page(OPERATOR, COORDINATOR, methods="POST")
def status(request: Any, item_id: UUID) -> HttpResponse:
    """Take a question into use, or out of it with a reason."""
    form = ItemStatusForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose a status from the list.")
    row = commands.set_status(
        request.actor, item_id=item_id, status=form.cleaned_data["status"], because=form.cleaned_data["because"]
    )
    return done(request, "manage:item", item_id, message=f"{row.external_id}: {ITEM_STATUS_WORDS[row.status].lower()}.")
