"""Addresses of together."""

from django.urls import path

from lantern.web.together.views import (
    communities,
    group_needs,
    links,
    mentors,
    observations,
    overview,
    proposals,
    shared,
)

app_name = "together"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("mentors/", mentors.mentors, name="mentors"),
    path("mentors/offer/", mentors.offer, name="mentors_offer"),
    path("mentors/<uuid:person_id>/ask/", mentors.ask, name="mentors_ask"),
    path("links/<uuid:link_id>/", links.link, name="link"),
    path("links/<uuid:link_id>/answer/", links.answer, name="links_answer"),
    path("links/<uuid:link_id>/end/", links.end, name="links_end"),
    path("links/<uuid:link_id>/share/", links.share, name="links_share"),
    path("links/<uuid:link_id>/items/<str:item_kind>/<uuid:item_id>/", links.item, name="links_item"),
    path("links/<uuid:link_id>/propose/<str:kind>/", proposals.propose, name="proposals_propose"),
    path("links/<uuid:link_id>/observations/new/", observations.write, name="observations_write"),
    path("observations/<uuid:observation_id>/", observations.observation, name="observation"),
    path("observations/<uuid:observation_id>/withdraw/", observations.withdraw, name="observations_withdraw"),
    path("proposals/<uuid:proposal_id>/", proposals.proposal, name="proposal"),
    path("proposals/<uuid:proposal_id>/withdraw/", proposals.withdraw, name="proposals_withdraw"),
    path("shared/", shared.shared, name="shared"),
    path("shared/<uuid:share_id>/", shared.shared_one, name="shared_one"),
    path("shared/<uuid:share_id>/items/<uuid:item_id>/", shared.shared_item, name="shared_item"),
    path("group-needs/", group_needs.group_needs, name="group_needs"),
    path("group-needs/<uuid:group_need_id>/vote/", group_needs.vote, name="group_needs_vote"),
    path("communities/", communities.communities, name="communities"),
]
