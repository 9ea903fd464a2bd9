"""The page of a decision: what it shows to whom, and that nothing typed is ever lost."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils import timezone

from readiness import clock
from readiness.accounts.models import Role, User
from readiness.launches.models import ActionItem, Decision, DecisionSignature
from readiness.launches.queries.record import hash_of
from readiness.launches.queries.waiting import waiting_for
from tests import make
from tests.launches.deciding import OVERRIDE, room, with_conditions
from tests.launches.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PASSWORD = "correct horse battery"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def here():
    """A launch with nine of ten checked, opened and asked about just now."""
    now = clock.now()
    found = room(items=10, signed_off=9, at=now, launch_at=now + timedelta(days=14))
    found.ask(at=now)
    return found


def sign_in(client, person: User) -> None:
    """As somebody whose session is old: the password is asked again."""
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)


def page_of(client, here):
    return client.get(f"/launches/{here.launch.pk}/decision/")


def form_of(page, **typed) -> dict:
    """The fields of the form of the decision as a browser sends them back."""
    text = page.content.decode()
    form = re.search(r'<form class="card" id="decide".*?</form>', text, re.S).group(0)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_off = said.get("type") in ("radio", "checkbox") and " checked" not in tag
        if "name" in said and not is_off:
            nothing = "on" if said.get("type") == "checkbox" else ""
            fields[said["name"]] = said.get("value", nothing)
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen.group(1) if chosen else ""
    return fields | typed


def test_who_may_decide_sees_verdict_formula_what_is_missing_and_the_form(client, here):
    sign_in(client, here.ann)

    page = page_of(client, here)
    text = page.content.decode()

    assert "Launch with extra monitoring and quick rollback plan" in text
    assert ("<b>9</b><small>checked</small>" in text, "No must-have is open." in text) == (
        True,
        True,
    )
    assert 'value="approve_with_conditions" checked' in text
    assert "0 of 2 needed" in text
    assert 'type="password"' in text


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR, Role.APPROVER])
def test_who_may_not_decide_reads_why(client, here, role):
    client.force_login(make.user(team=here.team, role=role))

    text = page_of(client, here).content.decode()

    assert "Only approvers decide. You can read this page and comment." in text
    assert 'id="decide"' not in text


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_decision_is_signed_with_the_password(client, here, headers):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD)

    response = client.post(f"/launches/{here.launch.pk}/decide/", form, headers=headers)

    where = response["HX-Redirect"] if headers else response["Location"]
    assert where == f"/launches/{here.launch.pk}/decision/"
    signature = DecisionSignature.objects.get()
    assert (signature.by, signature.says, len(signature.conditions)) == (
        here.ann,
        "approve_with_conditions",
        2,
    )


def test_who_signs_with_a_password_that_was_hashed_weaker_stays_signed_in(
    client, here, monkeypatch
):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD)
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", Argon2PasswordHasher.time_cost + 1)

    response = client.post(f"/launches/{here.launch.pk}/decide/", form, follow=True)

    assert response.redirect_chain == [(f"/launches/{here.launch.pk}/decision/", 302)]
    assert (response.status_code, DecisionSignature.objects.get().by) == (200, here.ann)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Give your password: a decision is signed by who signed in."),
        ("wrong", "This is not your password."),
    ],
)
def test_without_the_password_nothing_is_decided_and_nothing_typed_is_lost(
    client, here, headers, password, sentence
):
    sign_in(client, here.ann)
    typed = {"reason": "Because of the shadow run.", "c-0-text": "Watch it closely"}
    form = form_of(page_of(client, here), password=password, **typed)

    response = client.post(f"/launches/{here.launch.pk}/decide/", form, headers=headers)

    text = response.content.decode()
    assert (response.status_code, words(response, "error")) == (422, [sentence])
    assert ("Because of the shadow run." in text, 'value="Watch it closely"' in text) == (
        True,
        True,
    )
    assert 'value="wrong"' not in text
    assert not DecisionSignature.objects.exists()


def test_who_signed_in_just_now_is_not_asked_again_and_the_setting_says_how_long(
    client, here, settings
):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD, says="send_back", reason="")
    client.post(f"/launches/{here.launch.pk}/decide/", form)  # refused, but it was their password

    fresh = 'type="password"' in page_of(client, here).content.decode()
    settings.DECIDE_WITHIN_MINUTES = 0

    assert fresh is False
    assert 'type="password"' in page_of(client, here).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_page_from_before_a_change_comes_back_with_all_that_was_typed(client, here, headers):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD, reason="I looked at all of it.")
    here.untick(3)

    response = client.post(f"/launches/{here.launch.pk}/decide/", form, headers=headers)

    text = response.content.decode()
    assert response.status_code == 409
    assert "Verdict changed, look again." in text
    assert "I looked at all of it." in text
    assert "Decide on what stands now" in text
    assert not DecisionSignature.objects.exists()
    again = form_of(response)
    assert again["seal"] != form["seal"]
    client.post(
        f"/launches/{here.launch.pk}/decide/", again | {"says": "send_back", "reason": "No."}
    )
    assert Decision.objects.get().outcome == "no_go"


def test_what_is_missing_in_a_condition_is_said_beside_it(client, here):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD) | {"c-0-owner": "", "c-1-text": ""}

    response = client.post(f"/launches/{here.launch.pk}/decide/", form)

    assert response.status_code == 422
    assert words(response, "error") == ["Say who.", "Say what."]


@pytest.mark.parametrize(
    "broken",
    [
        {"says": "maybe"},
        {"c-TOTAL_FORMS": "x"},
        {"c-TOTAL_FORMS": "9999"},
        {"c-0-due_on": "soon"},
        {"c-0-owner": "0"},
        {"seal": "0" * 65},
    ],
)
def test_a_broken_form_is_answered_in_words(client, here, broken):
    sign_in(client, here.ann)
    form = form_of(page_of(client, here), password=PASSWORD) | broken

    response = client.post(f"/launches/{here.launch.pk}/decide/", form)

    assert response.status_code in (409, 422)
    assert not DecisionSignature.objects.exists()


def test_the_second_approver_starts_from_the_conditions_of_the_first(client, here):
    here.say(here.bob, with_conditions(here.lead), at=clock.now())
    sign_in(client, here.ann)

    text = page_of(client, here).content.decode()

    assert 'value="Watch the launch board for 72 hours"' in text
    assert "1 of 2 needed" in text


def test_the_lead_asks_on_the_page_and_takes_the_question_back(client):
    here = room(items=3, signed_off=3, at=clock.now())
    client.force_login(here.lead)
    address = f"/launches/{here.launch.pk}/decision/"

    asked = client.post(
        f"{address}ask/", {"key": make.key(), "edition": here.again().edition, "note": "Ready."}
    )
    stage = here.again().stage
    client.post(f"{address}unask/", {"key": make.key(), "edition": here.again().edition})

    assert (asked.status_code, stage, here.again().stage) == (302, "in_review", "preparing")


def test_what_waits_for_an_approver_is_on_their_dashboard_and_in_their_list(client, here):
    client.force_login(here.ann)

    dashboard = client.get("/").content.decode()
    [row] = waiting_for(here.ann, clock.now())
    here.say(here.ann, with_conditions(here.lead), at=clock.now())

    assert f'href="/launches/{here.launch.pk}/decision/"' in dashboard
    assert (row.wait.what, row.wait.because) == ("Decision", "All is checked.")
    assert waiting_for(here.ann, clock.now()) == []
    assert "waits for your decision" not in client.get("/").content.decode()


def test_an_approval_that_lapsed_waits_again_and_is_shown_as_such(client, here):
    here.say(here.ann, with_conditions(here.lead), at=clock.now())
    here.untick(3)
    client.force_login(here.ann)

    assert [one.wait.what for one in waiting_for(here.ann, clock.now())] == ["Decision"]
    text = page_of(client, here).content.decode()
    assert ("Lapsed" in text, "which changed since" in text) == (True, True)


def test_an_override_waits_for_the_other_approver_who_confirms_it_on_the_page(client, here):
    proposal = here.say(here.bob, OVERRIDE, at=clock.now())
    sign_in(client, here.ann)

    [row] = waiting_for(here.ann, clock.now())
    text = page_of(client, here).content.decode()
    seal = re.search(r'name="seal" value="(\w+)"', text).group(1)
    form = {"key": make.key(), "seal": seal}
    unsigned = client.post(f"/signatures/{proposal.pk}/confirm/", form)
    client.post(f"/signatures/{proposal.pk}/confirm/", form | {"password": PASSWORD})

    assert row.wait.what == "Override to confirm, or to refuse"
    assert (unsigned.status_code, here.again().stage) == (422, "approved")
    assert "Override" in page_of(client, here).content.decode()


def test_the_record_is_a_page_json_and_markdown_of_what_was_seen(client):
    here = room(items=3, signed_off=3)
    decision = here.approve()
    here.untick()
    client.force_login(here.lead)
    address = f"/launches/{here.launch.pk}/decisions/1"

    page, data, text = (client.get(f"{address}{end}") for end in ("/", ".json", ".md"))

    assert (page.status_code, hash_of(data.json())) == (200, decision.record_hash)
    assert "No longer in force since" in page.content.decode()
    assert "was changed since it was signed" not in page.content.decode()
    assert "- **Ann Ash**," in text.content.decode()
    assert f"SHA-256 of the record: `{decision.record_hash}`." in text.content.decode()
    assert client.get(f"{address[:-1]}2/").status_code == 404


def test_a_go_that_time_took_away_is_told_before_anybody_judged_it_again(client):
    document = make.document(3)
    for item in document["sections"][0]["items"]:
        item["fresh_days"] = 1
    long_ago = clock.now() - timedelta(days=2)
    here = room(items=3, signed_off=3, version=make.published(document), at=long_ago)
    here.ask(at=long_ago)
    here.say(here.ann, at=long_ago)
    here.say(here.bob, at=long_ago)
    client.force_login(here.ann)

    text = page_of(client, here).content.decode()

    assert "This GO no longer holds. The verdict fell from Ready to Delay, 0%." in text


def test_the_board_shows_what_is_owed_and_its_owner_says_done(client, here):
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead), at=clock.now())
    item = ActionItem.objects.first()
    client.force_login(here.lead)

    board = client.get("/actions/").content.decode()
    empty = client.post(f"/actions/{item.pk}/done/", {"key": make.key(), "note": ""})
    done = client.post(f"/actions/{item.pk}/done/", {"key": make.key(), "note": "Board 7."})

    assert "Extra monitoring: Watch the launch board for 72 hours" in board
    assert words(empty, "error") == ["Say what was done, or where it can be seen."]
    assert (empty.status_code, done.status_code) == (422, 302)
    assert "Board 7." in client.get("/actions/?show=done").content.decode()


def test_late_action_items_are_told_apart(client, here):
    for by in (here.ann, here.bob):
        here.say(by, with_conditions(here.lead), at=clock.now())
    ActionItem.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    client.force_login(here.lead)

    text = client.get("/actions/?show=late").content.decode()

    assert text.count("2 days late") == 2
