"""Invitations: who is asked in, what the link lets in, and when it ends."""

from datetime import timedelta
from functools import partial

import pytest

from readiness.accounts.invitations import LASTS, invitation_of, token_of
from readiness.accounts.models import Invitation, Membership, Role, User
from readiness.audit import inviting
from readiness.audit.models import Event
from readiness.audit.services import AlreadyDone
from readiness.web.refusal import Refused
from tests import make
from tests.launches.given import at_once

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
SAID = {"name": "Zoë Lind", "zone": "Europe/Oslo", "password": "horse battery staple"}


@pytest.fixture
def team():
    return make.team("Search")


@pytest.fixture
def lead(team):
    return make.user("Lou Lead", team=team, role=Role.LEAD)


def invite(team, lead, email="zoe@example.test", roles=(Role.MEMBER,), now=make.NOW) -> Invitation:
    said = {"roles": [*roles], "by": lead, "key": make.key(), "now": now}
    return inviting.invite(email, team=team, **said)


def accept(token: str, now=LATER) -> User:
    return inviting.accept(token, **SAID, now=now)


def roles_of(person) -> list[tuple[str, str]]:
    return list(person.memberships.order_by("pk").values_list("team__name", "role"))


def test_whoever_has_the_link_joins_once_as_the_address_it_was_sent_to(team, lead):
    token = token_of(invite(team, lead, "Zoe@Example.test", roles=[Role.MEMBER, Role.APPROVER]))

    zoe = accept(token)

    assert (zoe.email, zoe.name, zoe.zone) == ("zoe@example.test", "Zoë Lind", "Europe/Oslo")
    assert zoe.password.startswith("argon2")
    assert roles_of(zoe) == [("Search", "member"), ("Search", "approver")]
    with pytest.raises(Refused, match="This invitation has ended"):
        accept(token)
    kinds = [*Event.objects.order_by("pk").values_list("kind", flat=True)]
    assert kinds == ["person.invited", "person.added", "person.joined", "role.given", "role.given"]


def test_a_link_ends_by_time_by_revocation_and_by_a_newer_mail(team, lead):
    old = invite(team, lead, "old@example.test")
    revoked = invite(team, lead, "revoked@example.test")
    again = invite(team, lead, "again@example.test")
    tokens = [token_of(one) for one in (old, revoked, again)]

    inviting.revoke(revoked, by=lead, now=LATER)
    inviting.resend(again, sent=1, by=lead, now=LATER)

    assert invitation_of(tokens[0], LATER) == old
    assert invitation_of(tokens[0], make.NOW + LASTS) is None
    assert [invitation_of(token, LATER) for token in tokens[1:]] == [None, None]
    again.refresh_from_db()
    assert invitation_of(token_of(again), LATER) == again


def test_what_was_made_up_is_no_link(team, lead):
    token = token_of(invite(team, lead))

    other = token[:-1] + ("B" if token.endswith("A") else "A")
    odd = ["", "x", other, token.replace(":", ";"), "🚀", f"{token}x"]

    assert [invitation_of(one, make.NOW) for one in odd] == [None] * len(odd)


def test_invited_into_two_teams_somebody_joins_both_by_the_newer_link(team, lead):
    feed = make.team("Feed")
    first = token_of(invite(team, lead))
    second = invite(feed, make.user(team=feed, role=Role.LEAD), now=LATER)

    with pytest.raises(Refused, match="has ended"):
        accept(first)
    zoe = accept(token_of(second))

    assert roles_of(zoe) == [("Search", "member"), ("Feed", "member")]


def test_who_has_an_account_gets_the_role_at_once_and_no_link_into_it(team, lead):
    ann = make.user("Ann")

    invitation = invite(team, lead, ann.email.upper())

    assert roles_of(ann) == [("Search", "member")]
    assert (invitation.person, invitation_of(token_of(invitation), make.NOW)) == (ann, None)


def test_an_account_made_meanwhile_is_nobody_elses_to_set_a_password_for(team, lead):
    token = token_of(invite(team, lead, "ann@example.test"))
    ann = User.objects.create_user("ann@example.test", "a password of her own", name="Ann")

    with pytest.raises(Refused, match="There is an account with this address already"):
        accept(token)

    ann.refresh_from_db()
    assert (ann.check_password("a password of her own"), roles_of(ann)) == (True, [])


def test_who_left_is_not_asked_back_by_a_lead(team, lead):
    gone = make.user("Gil", is_active=False)

    with pytest.raises(Refused, match="Gil has left"):
        invite(team, lead, gone.email)


def test_nobody_sends_many_mails(team, lead):
    invitation = invite(team, lead)

    soon = make.NOW + timedelta(minutes=9)
    with pytest.raises(Refused, match="just now"):
        invite(team, lead, now=soon)
    with pytest.raises(Refused, match="just now"):
        inviting.resend(invitation, sent=1, by=lead, now=soon)
    for number in range(inviting.MOST_AN_HOUR - 1):
        invite(team, lead, f"{number}@example.test")
    with pytest.raises(Refused, match="You invited 30 people in the last hour"):
        invite(team, lead, "one-more@example.test")

    assert Invitation.objects.count() == inviting.MOST_AN_HOUR


def test_the_same_form_and_the_same_resending_go_once(team, lead):
    said = {"team": team, "roles": [Role.VIEWER], "by": lead, "key": "one"}
    invitation = inviting.invite("zoe@example.test", **said, now=make.NOW)

    with pytest.raises(AlreadyDone):
        inviting.invite("zoe@example.test", **said, now=LATER)
    for _ in range(2):
        inviting.resend(invitation, sent=1, by=lead, now=LATER)

    assert [*Invitation.objects.values_list("sent", flat=True)] == [2]


def test_who_leads_no_longer_invites_nobody(team, lead):
    invitation = invite(team, lead)
    lead.memberships.all().delete()

    for act in (
        partial(invite, team, lead, "new@example.test"),
        partial(inviting.resend, invitation, sent=1, by=lead, now=LATER),
        partial(inviting.revoke, invitation, by=lead, now=LATER),
    ):
        with pytest.raises(Refused, match="You no longer have the right"):
            act()


def test_an_invitation_ends_with_the_rights_of_who_sent_it(team, lead):
    token = token_of(invite(team, lead))
    lead.memberships.all().delete()

    with pytest.raises(Refused, match="has ended"):
        accept(token)

    assert not User.objects.filter(email="zoe@example.test").exists()


def test_it_ends_with_who_sent_it_and_another_may_send_it_again(team, lead):
    invitation = invite(team, lead)
    lead.is_active = False
    lead.save()

    gone = invitation_of(token_of(invitation), LATER)
    inviting.resend(invitation, sent=1, by=make.user("Lea", team=team, role=Role.LEAD), now=LATER)
    invitation.refresh_from_db()

    assert gone is None
    assert roles_of(accept(token_of(invitation))) == [("Search", "member")]


def test_a_role_that_only_an_admin_gives_ends_with_the_admin(team):
    admin = make.user("Ada", is_site_admin=True)
    token = token_of(invite(team, admin, roles=[Role.EDITOR]))
    Membership.objects.create(person=admin, team=team, role=Role.LEAD.value)
    admin.is_site_admin = False
    admin.save()

    assert invitation_of(token, LATER) is None


def test_of_two_invitations_only_the_one_that_is_still_backed_gives_roles(team, lead):
    invite(team, lead)
    feed = make.team("Feed")
    token = token_of(invite(feed, make.user(team=feed, role=Role.LEAD), now=LATER))
    lead.memberships.all().delete()

    assert roles_of(accept(token)) == [("Feed", "member")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_the_link_at_once_one_comes_in(team, lead):
    token = token_of(invite(team, lead))

    outcomes = at_once(partial(accept, token), partial(accept, token))

    assert sorted(type(one).__name__ for one in outcomes) == ["Refused", "User"]
    assert User.objects.filter(email="zoe@example.test").count() == 1
