"""Kept addresses are the ones that Django would resolve."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from lantern.ui.tags.addresses import address


@pytest.mark.parametrize("name", ["learn:resource", "grow:goal", "grow:plan_move"])
def test_an_address_of_an_id_is_what_django_says(name: str) -> None:
    for one in (uuid4(), uuid4()):
        assert address(name, one) == reverse(name, args=[one])
        assert Template('{% url name one %}').render(Context({"name": name, "one": one})) == reverse(name, args=[one])


def test_two_ids_keep_their_order() -> None:
    link, goal = uuid4(), uuid4()
    wanted = reverse("together:links_item", args=[link, "goal", goal])
    assert address("together:links_item", link, "goal", goal) == wanted


def test_other_arguments_and_variables_go_djangos_way() -> None:
    written = (
        "{% url 'grow:plan' as where %}[{{ where }}]{% url 'grow:plan_week' '2026-11-23' %}"
        "{% url 'nowhere' as no %}[{{ no }}]"
    )
    said = Template(written).render(Context())
    assert said == f"[{reverse('grow:plan')}]{reverse('grow:plan_week', args=['2026-11-23'])}[]"


def test_an_unknown_page_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        address("learn:nothing", uuid4())
    with pytest.raises(NoReverseMatch):
        Template("{% url 'learn:nothing' one %}").render(Context({"one": uuid4()}))
