"""People and organisations in manage: lists, adding, roles, invitations, and what each may not."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lantern.domain.people import commands
from lantern.domain.people.models import Membership, Organisation, Person
from lantern.kernel import tenancy
from lantern.kernel.ids import uuid7
from lantern.kernel.mail.models import OutboxMessage
from tests.cast import Cast, acting, as_, make_person


def text(response: Any) -> str:
    return str(response.content.decode())


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid7())}


def add(cast: Cast, email: str = "rosa@example.org") -> Person:
    with acting(cast.operator) as actor:
        return commands.create_person(
            actor, given_name="Rosa", family_name="Diaz", email=email, organisation_id=cast.school.pk
        )


@pytest.mark.parametrize(
    "name",
    ["overview", "people", "people_new", "organisations", "organisations_new", "imports", "imports_new", "audit"],
)
def test_pages_are_for_operators_and_coordinators(cast: Cast, client: Client, name: str) -> None:
    address = reverse(f"manage:{name}")
    assert client.get(address).status_code == 302
    for person in (cast.operator, cast.coordinator):
        assert as_(client, person).get(address).status_code == 200
    for person in (cast.novice, cast.coach, cast.principal, cast.official):
        assert as_(client, person).get(address).status_code == 403


@pytest.mark.requirement("C.14")
def test_the_list_shows_ones_own_people_and_finds_them(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    page = text(client.get(reverse("manage:people")))
    assert "Nia Young" in page
    assert "Uma Far" not in page
    assert "Otto Grant" not in page
    assert "Nia Young" not in text(client.get(reverse("manage:people"), {"role": "coach"}))
    assert "Nobody fits" in text(client.get(reverse("manage:people"), {"q": "zzz"}))
    assert "Nia Young" in text(client.get(reverse("manage:people"), {"organisation": str(cast.far_school.pk)}))


def test_the_list_asks_as_often_for_many_as_for_few(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    as_(client, cast.operator)
    client.get(reverse("manage:people"))
    with django_assert_max_num_queries(14) as few:
        client.get(reverse("manage:people"))
    for number in range(10):
        make_person(cast.school, f"More {number}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("manage:people"))


def test_a_person_is_added_once_though_the_form_is_sent_twice(cast: Cast, client: Client) -> None:
    as_(client, cast.operator)
    fields = key() | {
        "given_name": "Rosa", "family_name": "Diaz", "email": "rosa@example.org",
        "organisation_id": str(cast.school.pk),
        "role": "educator", "job_kind": "teacher", "grades": ["3"], "subjects": "science, art",
    }  # fmt: skip
    first = client.post(reverse("manage:people_new"), fields)
    again = client.post(reverse("manage:people_new"), fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    page = text(client.get(first.headers["Location"]))
    assert "Rosa Diaz" in page
    assert "science, art" in page


def test_a_form_with_faults_comes_back_with_them(cast: Cast, client: Client) -> None:
    as_(client, cast.operator)
    fields = key() | {
        "given_name": "R", "family_name": "D", "email": cast.novice.email, "organisation_id": str(cast.school.pk),
        "role": "educator", "job_kind": "teacher",
    }  # fmt: skip
    answer = client.post(reverse("manage:people_new"), fields)
    assert answer.status_code == 422
    assert "Somebody here has this address already" in text(answer)
    answer = client.post(reverse("manage:people_new"), key() | {"organisation_id": str(cast.far_school.pk)})
    assert answer.status_code == 422


def test_an_entry_made_by_hand_is_put_right_and_one_of_the_roster_is_not(cast: Cast, client: Client) -> None:
    rosa = add(cast)
    where = reverse("manage:person_correct", args=[rosa.pk])
    as_(client, cast.operator)
    assert where in text(client.get(reverse("manage:person", args=[rosa.pk])))
    assert 'value="Rosa"' in text(client.get(where))
    right = {
        "given_name": "Rosalia", "family_name": "Diaz", "email": "Rosalia@example.org", "job_kind": "librarian",
        "years_experience": "7", "grades": ["K", "1"], "subjects": "reading, art",
    }  # fmt: skip
    assert client.post(where, key() | right, follow=True).redirect_chain[-1][1] == 303
    with tenancy.unscoped("test"):
        now = Person.objects.get(pk=rosa.pk)
        assert (now.full_name, now.email, now.job_kind) == ("Rosalia Diaz", "rosalia@example.org", "librarian")
        assert (now.years_experience, now.grades, now.subjects) == (7, ("K", "1"), ["reading", "art"])
    taken = client.post(where, key() | right | {"email": cast.novice.email})
    assert taken.status_code == 422 and "Somebody here has this address already" in text(taken)
    assert client.post(where, key() | right | {"years_experience": "99"}).status_code == 422
    assert "put a person&#x27;s entry right" in text(client.get(reverse("manage:audit")))
    with tenancy.unscoped("test"):
        assert Person.objects.get(pk=rosa.pk).email == "rosalia@example.org"
        Person.objects.filter(pk=rosa.pk).update(source="roster", sourced_id="r-1")
    assert client.post(where, key() | right).status_code == 409
    assert where not in text(client.get(reverse("manage:person", args=[rosa.pk])))
    assert as_(client, cast.outsider).get(where).status_code in {403, 404}


def test_a_coordinator_does_not_rewrite_who_has_more_power(cast: Cast, client: Client) -> None:
    where = reverse("manage:person_correct", args=[cast.operator.pk])
    sent = {"family_name": "Changed", "job_kind": "other", "email": "mine@example.org"}
    assert as_(client, cast.coordinator).post(where, key() | sent).status_code == 403


def test_foreign_people_and_unknown_ids_look_the_same(cast: Cast, client: Client) -> None:
    as_(client, cast.operator)
    for person_id in (cast.outsider.pk, cast.official.pk, uuid4()):
        assert client.get(reverse("manage:person", args=[person_id])).status_code == 404
        for name in ("people_add_role", "person_invite", "person_end"):
            fields = key() | {"role": "coach", "organisation_id": str(cast.school.pk)}
            assert client.post(reverse(f"manage:{name}", args=[person_id]), fields).status_code == 404
    assert client.get(reverse("manage:organisation", args=[cast.far_school.pk])).status_code == 404
    with tenancy.unscoped("test"):
        far = Membership.objects.get(person=cast.outsider)
    assert client.post(reverse("manage:people_end_role", args=[far.pk]), key()).status_code == 404


def test_a_role_is_given_and_ended(cast: Cast, client: Client) -> None:
    as_(client, cast.coordinator)
    here = reverse("manage:person", args=[cast.novice.pk])
    fields = key() | {"role": "coach", "organisation_id": str(cast.school.pk)}
    assert client.post(reverse("manage:people_add_role", args=[cast.novice.pk]), fields).status_code == 303
    assert "By hand" in text(client.get(here))
    with tenancy.unscoped("test"):
        row = Membership.objects.get(person=cast.novice, role="coach")
    assert client.post(reverse("manage:people_end_role", args=[row.pk]), key()).status_code == 303
    assert "Ended" in text(client.get(here))
    refused = client.post(
        reverse("manage:people_add_role", args=[cast.novice.pk]),
        key()
        | {"role": "coach", "organisation_id": str(cast.school.pk), "begins_on": "2026-05-02", "ends_on": "2026-05-01"},
    )
    assert refused.status_code == 422
    assert "The last day is before the first" in text(refused)
    power = key() | {"role": "operator", "organisation_id": str(cast.district.pk)}
    assert client.post(reverse("manage:people_add_role", args=[cast.novice.pk]), power).status_code == 422


def test_the_person_page_shows_nothing_that_is_hers(cast: Cast, client: Client) -> None:
    with acting(cast.novice) as actor:
        commands.save_profile(actor, minutes_per_week=1234, motivations=["career"], interests=["canary-interest"])
    page = text(as_(client, cast.operator).get(reverse("manage:person", args=[cast.novice.pk])))
    assert "canary" not in page
    assert "1234" not in page


def test_an_invitation_leads_to_a_password_and_works_once(cast: Cast, client: Client) -> None:
    person = add(cast)
    here = reverse("manage:person", args=[person.pk])
    as_(client, cast.coordinator)
    assert client.post(reverse("manage:person_invite", args=[person.pk]), key()).status_code == 303
    found = re.search(r'value="http://testserver(/sign-in/[^"]+)"', text(client.get(here)))
    assert found is not None
    assert "/sign-in/password/reset/key/" not in text(client.get(here))
    with tenancy.unscoped("test"):
        sent = OutboxMessage.objects.get(person=person)
    assert found[1] in sent.body
    newcomer = Client()
    form = newcomer.get(found[1], follow=True)
    assert "Choose a password" in text(form)
    secret = "a calm lantern on the table"
    done = newcomer.post(form.request["PATH_INFO"], {"password1": secret, "password2": secret}, follow=True)
    assert "Your password is kept" in text(done)
    assert "does not work any more" in text(Client().get(found[1], follow=True))
    signed = newcomer.post(reverse("account_login"), {"login": "rosa@example.org", "password": secret})
    assert signed.status_code == 302
    assert client.post(reverse("manage:person_invite", args=[person.pk]), key()).status_code == 409
    assert "Signs in with rosa@example.org" in text(client.get(here))


def test_who_left_is_off_the_list(cast: Cast, client: Client) -> None:
    as_(client, cast.operator)
    assert client.post(reverse("manage:person_end", args=[cast.coach.pk]), key()).status_code == 303
    client.get(reverse("manage:overview"))  # takes the message away
    assert "Cora Bell" not in text(client.get(reverse("manage:people")))
    assert "Cora Bell" in text(client.get(reverse("manage:people"), {"state": "left"}))
    assert client.post(reverse("manage:person_end", args=[cast.operator.pk]), key()).status_code == 403
    assert as_(client, cast.coach).get(reverse("manage:people")).status_code == 403


def test_a_school_is_added_and_renamed(cast: Cast, client: Client) -> None:
    as_(client, cast.operator)
    added = client.post(reverse("manage:organisations_new"), key() | {"kind": "school", "name": "Elm School"})
    assert added.status_code == 303
    assert "Elm School" in text(client.get(reverse("manage:organisations")))
    here = reverse("manage:organisation", args=[cast.school.pk])
    assert client.post(here, key() | {"name": "Alder Academy", "identifier": "7"}).status_code == 303
    assert "Alder Academy" in text(client.get(here))
    assert client.post(here, key() | {"name": ""}).status_code == 422
    state = reverse("manage:organisation", args=[cast.state.pk])
    assert client.post(state, key() | {"name": "Mine"}).status_code == 404
    with tenancy.unscoped("test"):
        assert Organisation.objects.get(pk=cast.state.pk).name == "State of Maple"


@pytest.mark.requirement("C.14")
def test_a_state_operator_sees_districts_below_as_counts_only(cast: Cast, client: Client) -> None:
    official = make_person(cast.state, "Stan Hill", "operator", "official")
    page = text(as_(client, official).get(reverse("manage:organisations")))
    assert "Riverbend" in page
    assert "Faraway" in page
    assert "Alder School" not in page
    assert client.get(reverse("manage:person", args=[cast.novice.pk])).status_code == 404


def test_the_audit_page_names_who_did_what(cast: Cast, client: Client) -> None:
    person = add(cast)
    with acting(cast.novice) as actor:
        commands.save_profile(actor, minutes_per_week=77)
    page = text(as_(client, cast.coordinator).get(reverse("manage:audit")))
    assert "Olga Frey" in page
    assert "added a person" in page
    assert person.full_name in page
    assert "Nia Young" not in page
    assert "Nothing yet" in text(client.get(reverse("manage:audit"), {"act": "RoleEnded"}))
