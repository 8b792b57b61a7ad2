"""The two-minute start: nothing in it is obligatory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lantern.web.about_me import LikesForm, MinutesForm, Offered, WorkForm


class StartForm(WorkForm, MinutesForm, LikesForm):
    """What Lantern asks once, and which of a few resources she did and valued. What is left open stays as it is."""

    def __init__(
        self, data: Any = None, *, offered: Offered, resources: Sequence[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(data, offered=offered, **options)
        self.fields["valued"].choices = list(resources)  # type: ignore[attr-defined]  # a field with choices
        self.fields["valued"].label = "Which of these did you do, and was it worth it?"
