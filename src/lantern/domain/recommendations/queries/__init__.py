"""What may be asked about suggestions."""

from lantern.domain.recommendations.queries.facts import learner_of, shelf_for
from lantern.domain.recommendations.queries.in_bulk import District, learners_of, nobody_elses_night
from lantern.domain.recommendations.queries.lists import (
    current_for,
    dismissed_by,
    export_for,
    for_goal,
    my_lessons,
    rank_now,
    steps_for_goal,
    varied_for_start,
    why_not_shown,
    within,
)
from lantern.domain.recommendations.queries.peers import packed, peers_until, peers_view, switches, tagged

__all__ = [
    "District",
    "current_for",
    "dismissed_by",
    "export_for",
    "for_goal",
    "learner_of",
    "learners_of",
    "my_lessons",
    "nobody_elses_night",
    "packed",
    "peers_until",
    "peers_view",
    "rank_now",
    "shelf_for",
    "steps_for_goal",
    "switches",
    "tagged",
    "varied_for_start",
    "why_not_shown",
    "within",
]
