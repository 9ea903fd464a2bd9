"""The page of the poll: who is called answers there, also without htmx, and nothing is lost."""

import re

import pytest

from readiness import clock
from readiness.accounts.models import Role
from readiness.launches.models import Decision
from readiness.reviews.models import PollCall
from readiness.reviews.models.room import Device
from readiness.reviews.services import planning, presence, starting
from readiness.reviews.services.planning import Plan
from tests import make
from tests.launches import deciding
from tests.launches.test_decision_page import PASSWORD, sign_in
from tests.reviews.reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A launch whose two approvers are in the room of its review, and asked to decide."""
    now = clock.now()
    room = deciding.room(items=10, signed_off=9, at=now)
    room.ask(at=now)
    to_be = Plan(now, "UTC", 30, room.lead, (room.ann, room.bob), wants_poll=True)
    review = planning.plan(room.launch, to_be, by=room.lead, key=make.key(), now=now)
    room.review = starting.start(review, by=room.lead, key=make.key(), now=now)
    for person in (room.ann, room.bob):
        presence.join(review, by=person, device=Device.LAPTOP, now=now)
    return room


def begin(client, here) -> None:
    client.force_login(here.lead)
    client.post(f"/reviews/{here.review.pk}/poll/begin/", {"key": make.key()})


def form_of(client, here, **typed) -> dict:
    """The fields of the answer as a browser sends them back."""
    text = client.get(f"/reviews/{here.review.pk}/poll/").content.decode()
    form = re.search(r'<form class="card pollform".*?</form>', text, re.S).group(0)
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_off = said.get("type") in ("radio", "checkbox") and " checked" not in tag
        if "name" in said and not is_off:
            fields[said["name"]] = said.get("value", "on" if "checkbox" in tag else "")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen.group(1) if chosen else ""
    return fields | typed


def say(client, here, **typed):
    return client.post(f"/reviews/{here.review.pk}/poll/say/", form_of(client, here, **typed))


def test_the_driver_begins_it_and_each_answers_in_turn_with_password_and_conditions(client, here):
    begin(client, here)
    sign_in(client, here.ann)
    page = text_of(client.get(f"/reviews/{here.review.pk}/poll/"))
    assert "You are called Your GO is your signature under the decision." in page

    without = say(client, here, says="go")
    assert without.status_code == 422
    assert "Give your password" in without.content.decode()
    assert say(client, here, says="go", password=PASSWORD).status_code == 302
    sign_in(client, here.bob)
    say(client, here, says="go", password=PASSWORD, reason="All <b>holds</b>.")

    assert Decision.objects.get().outcome == "conditional_go"
    text = client.get(f"/reviews/{here.review.pk}/poll/").content.decode()
    assert "Approved with conditions" in text
    assert "All &lt;b&gt;holds&lt;/b&gt;." in text


def test_a_hold_without_a_reason_is_corrected_where_it_was_typed(client, here):
    begin(client, here)
    client.force_login(here.ann)

    answer = say(client, here, says="hold")

    assert answer.status_code == 422
    assert "Say what holds you." in answer.content.decode()
    say(client, here, says="hold", reason="No rehearsal.")
    assert PollCall.objects.get(approver=here.ann).reason == "No rehearsal."


def test_who_is_not_called_sees_who_is_and_has_no_form(client, here):
    begin(client, here)
    client.force_login(here.bob)

    page = client.get(f"/reviews/{here.review.pk}/poll/")
    answer = client.post(f"/reviews/{here.review.pk}/poll/say/", {"says": "hold", "reason": "No."})

    assert "Ann Ash Called now" in text_of(page)
    assert b'id="answer"' not in page.content
    assert (answer.status_code, "Ann Ash is called now." in answer.content.decode()) == (409, True)


def test_what_was_typed_comes_back_when_the_verdict_changed_meanwhile(client, here):
    begin(client, here)
    sign_in(client, here.ann)
    fields = form_of(client, here, says="go", password=PASSWORD, reason="It holds.")
    make.sign(make.item(here.launch, 10), by=here.lead, at=clock.now())

    answer = client.post(f"/reviews/{here.review.pk}/poll/say/", fields)

    assert answer.status_code == 409
    assert "It holds." in answer.content.decode()
    assert PollCall.objects.get(approver=here.ann).says == ""


def test_nonsense_is_no_answer(client, here):
    begin(client, here)
    client.force_login(here.ann)

    answers = [
        client.post(f"/reviews/{here.review.pk}/poll/say/", typed)
        for typed in ({}, {"says": "maybe"}, {"says": "go", "signs": "on", "c-TOTAL_FORMS": "x"})
    ]

    assert [one.status_code for one in answers] == [422] * 3


def test_only_approvers_answer_and_strangers_find_nothing(client, here):
    begin(client, here)
    path = f"/reviews/{here.review.pk}/poll/"
    client.force_login(make.user(team=here.team, role=Role.MEMBER))
    assert [client.get(path).status_code, client.post(f"{path}say/").status_code] == [200, 403]

    client.force_login(make.user(team=make.team(), role=Role.APPROVER))
    answers = [client.get(path), client.post(f"{path}begin/"), client.post(f"{path}say/")]

    assert [one.status_code for one in answers] == [404] * 3
