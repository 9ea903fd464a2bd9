"""Where the link of an invitation leads, and the forms that make one."""

import pytest

from readiness import clock
from readiness.accounts.invitations import LASTS, token_of
from readiness.accounts.models import Invitation, Role, User
from tests import make
from tests.permissions.watch import written

pytestmark = pytest.mark.django_db
SAID = {"name": " Zoë  Lind ", "zone": "Europe/Oslo", "password": "horse battery staple"}


@pytest.fixture
def lead():
    team = make.team("Search")
    return make.user("Lou Lead", team=team, role=Role.LEAD, zone="Asia/Tokyo")


@pytest.fixture
def invitation(lead):
    now = clock.now()
    return Invitation.objects.create(
        team=lead.memberships.get().team,
        email="zoe@example.test",
        roles=["member"],
        invited_by=lead,
        sent_at=now,
        ends_at=now + LASTS,
    )


def test_looking_changes_nothing_and_joining_signs_in(client, invitation):
    path = f"/join/{token_of(invitation)}/"

    with written() as tables:
        seen = client.get(path)
    answer = client.post(path, SAID)

    page = seen.content.decode()
    assert (seen.status_code, tables) == (200, [])
    assert "Lou Lead" in page
    assert '<option value="Asia/Tokyo" selected>' in page
    assert (answer.status_code, answer["Location"]) == (302, "/")
    zoe = User.objects.get(email="zoe@example.test")
    assert client.get("/me/").context["user"] == zoe
    assert (zoe.name, zoe.zone, zoe.check_password(SAID["password"])) == (
        "Zoë Lind", "Europe/Oslo", True,
    )  # fmt: skip
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Say your name: it is printed under what you sign."),
        ("zone", "Europe/Atlantis", "Select a valid choice."),
        ("password", "", "Choose a password."),
        ("password", "short", "at least 12 characters"),
        ("password", "password1234", "too common"),
        ("password", "zoe@example.test", "too similar"),
    ],
)
def test_what_cannot_be_is_said_and_nobody_joins(client, invitation, field, value, sentence):
    answer = client.post(f"/join/{token_of(invitation)}/", SAID | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.filter(email="zoe@example.test").exists()


def test_every_link_that_does_not_work_is_answered_alike(client, invitation):
    token = token_of(invitation)
    invitation.revoked_at = clock.now()
    invitation.save()

    answers = [client.get(f"/join/{one}/") for one in (token, "made-up", f"{token}x")]

    assert [one.status_code for one in answers] == [404] * 3
    assert len({one.content for one in answers}) == 1


def test_a_lead_invites_sends_again_and_revokes_by_plain_forms(client, lead):
    team = lead.memberships.get().team
    client.force_login(lead)
    path = f"/teams/{team.pk}/"
    form = {"email": "zoe@example.test", "roles": ["member"], "key": make.key()}

    first, again = client.post(f"{path}invite/", form), client.post(f"{path}invite/", form)
    page = client.get(path).content.decode()
    invitation = Invitation.objects.get()
    Invitation.objects.update(sent_at=clock.now() - LASTS / 2)
    resent = client.post(f"/invitations/{invitation.pk}/resend/", {"sent": "1"})
    revoked = client.post(f"/invitations/{invitation.pk}/revoke/")

    assert [one["Location"] for one in (first, again, resent, revoked)] == [path] * 4
    assert "zoe@example.test" in page
    assert "1 invited" in page
    invitation.refresh_from_db()
    assert (invitation.sent, invitation.revoked_at is None) == (2, False)


def test_with_htmx_the_team_is_put_in_its_own_place_with_a_toast(client, lead):
    team = lead.memberships.get().team
    ann = make.user("Ann", team=team)
    client.force_login(lead)
    path, htmx = f"/teams/{team.pk}/", {"HX-Request": "true"}
    form = {"email": "zoe@example.test", "roles": ["member"], "key": make.key()}

    invited = client.post(f"{path}invite/", form, headers=htmx).content.decode()
    roles = {"person": ann.pk, "roles": ["viewer"]}
    given = client.post(f"{path}roles/", roles, headers=htmx).content.decode()
    invitation = Invitation.objects.get()
    revoked = client.post(f"/invitations/{invitation.pk}/revoke/", headers=htmx).content.decode()
    wrong = client.post(f"{path}invite/", form | {"email": "zoe"}, headers=htmx)

    for part in (invited, given, revoked, wrong.content.decode()):
        assert part.lstrip().startswith('<div id="team">')
    assert "A mail goes to zoe@example.test." in invited
    assert '<summary class="btn btn--sm" aria-label="Change the roles of Ann" autofocus' in given
    assert [one.role for one in ann.memberships.all()] == ["viewer"]
    assert "The invitation of zoe@example.test ended." in revoked
    assert '<h1 dir="auto" tabindex="-1" autofocus>Search</h1>' in revoked
    assert (wrong.status_code, "This is no mail address." in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"email": "", "roles": ["member"]}, "Say whom to invite."),
        ({"email": "zoe", "roles": ["member"]}, "This is no mail address."),
        ({"email": "zoe@example.test"}, "Choose at least one role."),
        ({"email": "zoe@example.test", "roles": ["editor"]}, "Select a valid choice."),
    ],
)
def test_an_invitation_to_correct_is_shown_again(client, lead, form, sentence):
    client.force_login(lead)

    answer = client.post(f"/teams/{lead.memberships.get().team_id}/invite/", form)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()


def test_an_account_and_a_stranger_are_answered_alike(client, lead):
    ann = make.user("Ann")
    client.force_login(lead)
    path = f"/teams/{lead.memberships.get().team_id}/invite/"
    emails = [ann.email, "nobody@example.test"]

    answers = [client.post(path, {"email": one, "roles": ["member"]}) for one in emails]

    assert len({(one.status_code, one["Location"]) for one in answers}) == 1
