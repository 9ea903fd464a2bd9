"""A form has one effect, however often and however fast it is sent."""

from functools import partial

import pytest

from readiness.audit.models import ActKey
from readiness.audit.services import AlreadyDone, KeyReused
from readiness.launches.models import Comment, Launch, SignOff
from readiness.launches.services.comments import comment
from readiness.launches.services.launches import answer_facets, edit_launch
from readiness.launches.services.signoffs import sign_off
from tests import make
from tests.launches.given import at_once, count_told, key_is_free, refused
from tests.launches.intakes import intake_of, opening

pytestmark = pytest.mark.django_db
REUSED = "This form was sent before with other contents. Load the page again."


def test_the_same_form_sent_again_is_done_already_and_has_no_second_effect():
    launch = make.launch(items=5)
    item, sent = make.item(launch), {"version": 1, "key": "form", "now": make.NOW}
    sign_off(item, by=launch.lead, **sent)
    count = count_told(launch)

    with pytest.raises(AlreadyDone):
        sign_off(item, by=launch.lead, **sent)

    assert (SignOff.objects.count(), count_told(launch)) == (1, count)


def test_nobody_is_refused_for_their_own_success_after_others_went_on():
    launch = make.launch(items=5)
    item, sent = make.item(launch), {"version": 1, "key": "form", "now": make.NOW}
    sign_off(item, by=launch.lead, **sent)
    make.link(item, by=launch.lead)

    with pytest.raises(AlreadyDone):
        sign_off(item, by=launch.lead, **sent)


def test_a_key_that_comes_back_with_another_body_is_refused():
    launch = make.launch(items=5)
    item, sent = make.item(launch), {"version": 1, "key": "form", "now": make.NOW}
    sign_off(item, by=launch.lead, **sent)

    with refused(REUSED) as problem:
        sign_off(item, by=launch.lead, note="More.", **sent)

    assert problem.type is KeyReused
    assert (KeyReused.status, SignOff.objects.count()) == (422, 1)


def test_a_key_that_comes_back_for_another_item_is_refused():
    launch = make.launch(items=5)
    sent = {"by": launch.lead, "version": 1, "key": "form", "now": make.NOW}
    sign_off(make.item(launch, 2), **sent)

    with refused(REUSED):
        sign_off(make.item(launch, 3), **sent)


def test_two_people_may_send_the_same_key():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    sent = {"version": 1, "key": "form", "now": make.NOW}

    sign_off(make.item(launch, 2), by=launch.lead, **sent)
    sign_off(make.item(launch, 3), by=ann, **sent)

    assert SignOff.objects.count() == 2


def test_a_refusal_leaves_the_key_free():
    launch = make.launch(items=5)
    ann = make.user("Ann", team=launch.team)
    item, sent = make.item(launch), {"by": ann, "key": "form", "now": make.NOW}

    with refused(f"{launch.lead.name} changed this just now. Nothing was lost."):
        sign_off(item, version=7, **sent)

    assert key_is_free("form")
    sign_off(item, version=1, **sent)
    assert SignOff.objects.get().by == ann


def test_opening_again_with_the_same_form_names_the_launch_it_opened():
    by = make.user()
    open_it = opening(by=by, key="form")
    launch = open_it()

    with pytest.raises(AlreadyDone) as done:
        open_it()

    assert (done.value.outcome, Launch.objects.count()) == (str(launch.pk), 1)


def test_a_form_with_another_lead_of_the_same_name_is_another_form():
    launch = make.launch(items=5)
    one, other = make.user("Ann", team=launch.team), make.user("Ann", team=launch.team)
    sent = {"edition": 1, "by": launch.lead, "key": "form", "now": make.NOW}
    edit_launch(launch, intake_of(launch, lead=one), **sent)

    with refused(REUSED):
        edit_launch(launch, intake_of(launch, lead=other), **sent)


def test_editing_and_answering_are_done_once_too():
    launch = make.launch(items=5)
    edit = partial(edit_launch, launch, intake_of(launch, name="New"))
    answer = partial(answer_facets, launch, {"genai": True})
    sent = {"by": launch.lead, "now": make.NOW}
    edit(edition=1, key="edit", **sent)
    answer(edition=2, key="answer", **sent)
    count = count_told(launch)

    with pytest.raises(AlreadyDone):
        edit(edition=1, key="edit", **sent)
    with pytest.raises(AlreadyDone):
        answer(edition=2, key="answer", **sent)

    launch.refresh_from_db()
    assert (launch.edition, count_told(launch)) == (3, count)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_eight_times_at_once_has_one_effect():
    launch = make.launch(items=5)
    item = make.item(launch)
    sent = {"by": launch.lead, "version": 1, "key": "form", "now": make.NOW}

    outcomes = at_once(*[partial(sign_off, item, **sent)] * 8)

    assert sum(isinstance(one, AlreadyDone) for one in outcomes) == 7
    assert (SignOff.objects.count(), ActKey.objects.filter(key="form").count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_comment_sent_at_once_is_said_once():
    launch = make.launch(items=5)
    say = partial(comment, make.item(launch), text="Hm.", by=launch.lead, key="form", now=make.NOW)

    outcomes = at_once(*[say] * 4)

    assert sum(isinstance(one, AlreadyDone) for one in outcomes) == 3
    assert Comment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_opening_with_the_same_form_at_once_opens_one_launch():
    open_it = opening(by=make.user(), key="form")

    outcomes = at_once(open_it, open_it)

    [launch] = Launch.objects.all()
    [done] = [one for one in outcomes if isinstance(one, AlreadyDone)]
    assert (launch in outcomes, done.outcome) == (True, str(launch.pk))
