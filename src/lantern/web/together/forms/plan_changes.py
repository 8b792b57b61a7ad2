"""What a coach fills in to propose changes of a plan, and what she fills in whose plan it is. Both lay a plan out as it
is, with what may become of each part of it; a field left as it is proposes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from lantern.domain.coaching.types import Do, PlanLine
from lantern.domain.plans.types import MOST_MINUTES, ItemView, PlanView, WeekView

Choice = tuple[str, str]
STAY, OUT, NO_WEEK = "", "out", "none"
SLOTS = 3
"""How many new things one proposal may name."""

_MINUTES = {
    "invalid": "Write the minutes as a whole number.",
    "min_value": "Choose between 0 and 3000 minutes.",
    "max_value": "Choose between 0 and 3000 minutes.",
}


def _minutes(label: str, most: int = MOST_MINUTES) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, error_messages=_MINUTES)


class PlanChangesForm(forms.Form):
    """Her weeks, her items and room for new things; `lines` are what the coach changed."""

    note = forms.CharField(
        label="A few words with it", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, plan: PlanView, weeks: Sequence[Choice], goals: Sequence[Choice] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for week in plan.weeks:
            # A week may have more than one may give it: left as it is, it proposes nothing and is no mistake.
            self.fields[f"minutes_{week.monday}"] = _minutes("Minutes", max(MOST_MINUTES, week.available))
            self.fields[f"minutes_{week.monday}"].initial = week.available
            self.fields[f"quiet_{week.monday}"] = forms.BooleanField(label="Keep it quiet", required=False)
            self.fields[f"quiet_{week.monday}"].initial = week.quiet
        for item in self._items():
            choices = [(STAY, "Leave it here"), *weeks, (NO_WEEK, "No week yet"), (OUT, "Take it out")]
            self.fields[f"item_{item.id}"] = forms.ChoiceField(
                label="What becomes of it",
                required=False,
                choices=[each for each in choices if each[0] != (item.monday.isoformat() if item.monday else NO_WEEK)],
                error_messages={"invalid_choice": "Choose from the list."},
            )
        for slot in range(SLOTS):
            self.fields[f"resource_{slot}"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
            self.fields[f"title_{slot}"] = forms.CharField(label="What it is", required=False, max_length=300)
            self.fields[f"lasts_{slot}"] = _minutes("About how many minutes")
            self.fields[f"into_{slot}"] = forms.ChoiceField(
                label="Into which week", required=False, choices=[("", "The first with room"), *weeks]
            )
            self.fields[f"reason_{slot}"] = forms.CharField(label="Why", required=False, max_length=160)
            if goals:
                self.fields[f"goal_{slot}"] = forms.ChoiceField(
                    label="The goal it serves", required=False, choices=[("", "None"), *goals]
                )

    def _items(self) -> list[ItemView]:
        return [item for item in self.plan.items if not item.done]

    def weeks(self) -> Iterable[tuple[WeekView, Any, Any, list[tuple[ItemView, Any]]]]:
        """Yield each week with its fields and those of its items."""
        for week in self.plan.weeks:
            yield week, self[f"minutes_{week.monday}"], self[f"quiet_{week.monday}"], self._rows(week.items)

    def loose(self) -> list[tuple[ItemView, Any]]:
        """Return what is in no week from this one on, with its field."""
        return self._rows((*self.plan.earlier, *self.plan.unplaced))

    def _rows(self, items: Iterable[ItemView]) -> list[tuple[ItemView, Any]]:
        first = {item.id: item.part for item in self.plan.items}  # what goes on is moved where it begins
        return [(item, self[f"item_{item.id}"]) for item in items if not item.done and item.part == first[item.id]]

    def slots(self) -> list[tuple[list[Any], bool]]:
        """Return the fields of each new thing, and whether anything stands in them."""
        names = ("resource", "title", "lasts", "into", "reason", "goal")
        rows = [[self[f"{n}_{slot}"] for n in names if f"{n}_{slot}" in self.fields] for slot in range(SLOTS)]
        return [(fields, any(each.value() or each.errors for each in fields)) for fields in rows]

    def lines(self) -> list[PlanLine]:
        """Return what was changed, once the form is valid."""
        given, found = self.cleaned_data, []
        for week in self.plan.weeks:
            quiet = given[f"quiet_{week.monday}"]
            minutes = 0 if quiet else given[f"minutes_{week.monday}"]
            minutes = week.available if minutes is None else minutes
            if (quiet, minutes) != (week.quiet, week.available):
                found.append(PlanLine(Do.WEEK, monday=week.monday, minutes=minutes, quiet=quiet))
        for item in self._items():
            match given[f"item_{item.id}"]:
                case "":
                    continue
                case "out":
                    found.append(PlanLine(Do.REMOVE, item_id=item.id))
                case wanted:
                    found.append(PlanLine(Do.MOVE, item_id=item.id, monday=_day(wanted)))
        for slot in range(SLOTS):
            if given[f"title_{slot}"].strip() or given[f"resource_{slot}"]:
                goal = given.get(f"goal_{slot}", "")
                found.append(
                    PlanLine(
                        Do.ADD,
                        title=given[f"title_{slot}"],
                        resource_id=given[f"resource_{slot}"],
                        monday=_day(given[f"into_{slot}"]),
                        minutes=given[f"lasts_{slot}"],
                        reason=given[f"reason_{slot}"],
                        goal_id=UUID(goal) if goal else None,
                    )
                )
        return found


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value and value != NO_WEEK else None


class AnswerForm(forms.Form):
    """The proposed lines, each to tick and to change: another week, other minutes, other words."""

    def __init__(
        self, *args: Any, lines: Sequence[PlanLine], no_fits: Sequence[str], weeks: Sequence[Choice], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = lines
        known = {value for value, _ in weeks}
        for number, line in enumerate(lines):
            self.fields[f"take_{number}"] = forms.BooleanField(
                label="Take this up", required=False, initial=not no_fits[number]
            )
            if line.do in (Do.MOVE, Do.ADD):
                first = (NO_WEEK, "No week yet") if line.do == Do.MOVE else ("", "The first with room")
                there = line.monday.isoformat() if line.monday else first[0]
                self.fields[f"into_{number}"] = forms.ChoiceField(
                    label="Into which week",
                    required=False,
                    choices=[first, *weeks],
                    initial=there if there in known or there == first[0] else first[0],
                )
            if line.do == Do.WEEK:
                self.fields[f"minutes_{number}"] = _minutes("Minutes")
                self.fields[f"minutes_{number}"].initial = line.minutes
                self.fields[f"quiet_{number}"] = forms.BooleanField(
                    label="Keep it quiet", required=False, initial=line.quiet
                )
            if line.do == Do.ADD and line.resource_id is None:
                self.fields[f"title_{number}"] = forms.CharField(
                    label="What it is", required=False, max_length=300, initial=line.title
                )
                self.fields[f"minutes_{number}"] = _minutes("About how many minutes")
                self.fields[f"minutes_{number}"].initial = line.minutes
            if line.do == Do.ADD:
                self.fields[f"reason_{number}"] = forms.CharField(
                    label="Why it is in your plan", required=False, max_length=160, initial=line.reason
                )

    def of(self, number: int) -> list[Any]:
        """Return the fields of a line, the tick first."""
        names = ("take", "title", "into", "minutes", "quiet", "reason")
        return [self[f"{name}_{number}"] for name in names if f"{name}_{number}" in self.fields]

    def versions(self) -> dict[int, PlanLine]:
        """Return her version of each line that she ticked, once the form is valid."""
        given, found = self.cleaned_data, {}
        for number, line in enumerate(self.proposed):
            if given[f"take_{number}"]:
                found[number] = PlanLine(
                    line.do,
                    title=given.get(f"title_{number}", line.title),
                    monday=_day(given.get(f"into_{number}", "")),
                    minutes=given.get(f"minutes_{number}"),
                    quiet=given.get(f"quiet_{number}", False),
                    reason=given.get(f"reason_{number}", ""),
                )
        return found
