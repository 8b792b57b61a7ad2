"""What may be asked about banks and checks."""

from lantern.domain.assessments.queries.banks import (
    bank_sizes,
    checked,
    contributed,
    count_drafts,
    get_item,
    list_banks,
    list_items,
    problems_of,
)
from lantern.domain.assessments.queries.checks import (
    all_offers,
    export_for,
    get_check,
    item_asked,
    my_checks,
    offer_for,
    posterior_of,
    question_of,
    result_of,
)

__all__ = [
    "all_offers",
    "bank_sizes",
    "checked",
    "contributed",
    "count_drafts",
    "export_for",
    "get_check",
    "get_item",
    "item_asked",
    "list_banks",
    "list_items",
    "my_checks",
    "offer_for",
    "posterior_of",
    "problems_of",
    "question_of",
    "result_of",
]
