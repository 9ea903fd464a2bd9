"""The digest tells, beside items, what waits for one's word, meets today, fell, or was said."""

from datetime import timedelta

import pytest

from readiness.accounts.models import User
from readiness.launches.models import Launch, LaunchItem, LaunchSigner
from readiness.launches.queries.signing_waits import second_signatures
from readiness.launches.services import exemptions
from readiness.notifications.models import Delivery, Preference
from readiness.notifications.queries.due import due_owners
from tests import make
from tests.launches.deciding import room
from tests.launches.intakes import another, edited
from tests.notifications.given import BEFORE, MONDAY, owner, owns, remind
from tests.reviews import given as reviews

pytestmark = pytest.mark.django_db(transaction=True)
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _long_after(time_machine) -> None:
    """Nothing of all this is told at once."""
    time_machine.move_to(MONDAY + timedelta(days=300), tick=False)


def digest(person: User) -> Delivery:
    return Delivery.objects.get(recipient=person, kind="digest")


def asks(launch, *, by: User, at=SUNDAY) -> None:
    item = make.item(launch, 4)
    said = {"reason": "No time.", "control": "Watch it.", "version": item.version}
    until = (MONDAY + timedelta(days=5)).date()
    exemptions.ask_waiver(item, by=by, until=until, key=make.key(), now=at, **said)


def test_what_waits_for_ones_word_is_told_and_by_itself_is_a_reason_once():
    here = room(items=5, signed_off=1, name="Ads ranking v14", at=BEFORE)
    olu = make.user("Olu", team=here.team)
    asks(here.launch, by=olu)

    remind()
    again = [one.person for one in due_owners(MONDAY + timedelta(days=1))]

    mail = digest(here.ann)
    assert mail.subject == "1 waits for your word: Ads ranking v14"
    assert "WAITS FOR YOUR WORD" in mail.text
    assert "Asked by Olu on Sun 22 Nov. Ads ranking v14" in mail.text
    assert "No time." in mail.html
    assert not Delivery.objects.filter(recipient=olu).exists()
    assert again == []


def two_of_us(**signing) -> tuple[Launch, User, User]:
    """A launch whose items two must sign, the one who signed the first, and another."""
    version = make.checklist(5, signing=signing or {"rule": "two_persons"})
    launch = make.launch(version=version, name="Ads ranking v14", at=BEFORE)
    priya, olu = owner(launch), owner(launch, "Olu Ade")
    return launch, priya, olu


def test_who_may_be_the_second_to_sign_hears_that_the_first_did():
    launch, priya, olu = two_of_us()
    make.sign(make.item(launch), by=priya, at=SUNDAY)

    remind()
    again = [one.person for one in due_owners(MONDAY + timedelta(days=1))]

    mail = digest(olu)
    assert mail.subject == "1 waits for your word: Ads ranking v14"
    assert "1 of 2 signatures: " in mail.text
    assert "Asked by Priya Raman on Sun 22 Nov. Ads ranking v14" in mail.text
    assert not Delivery.objects.filter(recipient=priya).exists()
    assert again == []


def test_when_both_signed_nobody_is_looked_for():
    launch, priya, olu = two_of_us()
    make.sign(make.item(launch), by=priya, at=SUNDAY)
    make.sign(make.item(launch), by=olu, at=SUNDAY)

    assert due_owners(MONDAY) == []


@pytest.mark.parametrize(
    "signing", [{"rule": "two_persons"}, {"rule": "role_quorum", "role": "sre", "quorum": 2}]
)
def test_everybody_whose_further_signature_waits_is_found_among_all(signing):
    launch, priya, olu = two_of_us(**signing)
    cem = owner(launch, "Cem Kaya")
    for person in (priya, olu):
        LaunchSigner.objects.create(launch=launch, duty="sre", person=person)
    make.sign(make.item(launch), by=priya, at=SUNDAY)
    make.sign(make.item(launch, 2), by=priya, at=SUNDAY)

    found = {one.person for one in due_owners(MONDAY)}

    people = {priya, olu, cem, launch.lead}
    assert found == {one.pk for one in people if [*second_signatures(one, MONDAY)]}
    assert olu.pk in found


def test_what_still_waits_stands_in_every_digest_that_goes_for_another_reason():
    here = room(items=5, signed_off=1, at=BEFORE)
    olu = make.user("Olu", team=here.team)
    asks(here.launch, by=olu, at=MONDAY - timedelta(days=20))
    owns(here.ann, here.launch, None, -1)

    remind()

    assert digest(here.ann).subject.startswith("1 late, 1 waits for your word: ")


def test_a_review_of_today_is_told_to_who_is_invited_in_their_own_time():
    here = reviews.cast(at=BEFORE)
    here.bob.zone = "Asia/Kolkata"
    here.bob.save()
    reviews.plan(here, starts_at=MONDAY + timedelta(hours=2), at=SUNDAY)

    remind()

    assert digest(here.cem).subject == f"1 review today: {here.launch.name}"
    assert "At 11:30, 60 minutes" in digest(here.cem).text
    assert "At 17:00, 60 minutes" in digest(here.bob).text


@pytest.mark.parametrize("hours", [-1, 24])
def test_a_review_of_another_day_or_that_was_is_no_reason(hours):
    here = reviews.cast(at=BEFORE)
    reviews.plan(here, starts_at=MONDAY + timedelta(hours=hours), at=SUNDAY - timedelta(days=9))

    assert due_owners(MONDAY) == []


def test_checks_that_fell_since_the_digest_before_are_told_to_who_made_them():
    launch = make.launch(name="Ads ranking v14", at=BEFORE)
    priya = owner(launch)
    item = on_the_model(launch)
    make.sign(item, by=priya, at=BEFORE)
    declare_candidate(launch)

    remind()
    again = [one.person for one in due_owners(MONDAY + timedelta(days=1))]

    mail = digest(priya)
    assert mail.subject == "1 check fell: Ads ranking v14"
    assert "CHECKS OF YOURS THAT FELL" in mail.text
    assert "Out of date. Ads ranking v14" in mail.text
    assert again == []


def test_a_check_that_fell_long_ago_is_not_told_again_with_what_is_late():
    launch = make.launch(at=BEFORE)
    priya = owner(launch)
    item = on_the_model(launch)
    make.sign(item, by=priya, at=BEFORE)
    declare_candidate(launch, at=MONDAY - timedelta(days=9))
    owns(priya, launch, -1)

    remind()

    assert "fell" not in digest(priya).text


def test_mentions_are_told_to_whom_they_are_not_told_at_once():
    launch = make.launch(items=3, name="Ads ranking v14", at=BEFORE)
    priya, olu = owner(launch), owner(launch, "Olu Ade")
    Preference.objects.create(person=priya, kind="mentioned", channel="mail", is_on=False)

    make.say(launch, "@Priya and @Olu, please rehearse.", by=launch.lead, at=SUNDAY)
    remind()

    assert digest(priya).subject == "1 mention: Ads ranking v14"
    assert "please rehearse." in digest(priya).text
    assert not Delivery.objects.filter(recipient=olu).exists()


def test_each_item_says_what_checking_it_does_to_the_verdict():
    launch = make.launch(items=10, signed_off=7, at=SUNDAY)
    priya = owner(launch)
    open_items = list(launch.items.filter(signoffs=None))[:2]
    for item in open_items:
        LaunchItem.objects.filter(pk=item.pk).update(
            owner=priya, owned_since=BEFORE, due_on=MONDAY.date()
        )

    remind()

    text = digest(priya).text
    assert text.count("Done takes it to 80%, Extra monitoring") == 2


def on_the_model(launch) -> LaunchItem:
    """An item whose checks stand on the model version."""
    return launch.items.filter(basis_parts__has_key="model_version").last()


def declare_candidate(launch, at=SUNDAY) -> None:
    """Propose another model version: what stands on it falls."""
    edited(launch, at=at, candidate=another(launch, version="15.0.0"))
