"""Who stands in acts by their own roles; the history says both names, and no seat passes on."""

import pytest

from readiness.accounts.models import Role, User
from readiness.audit.models import Event
from readiness.launches.models import Launch
from readiness.launches.policies import deciding
from readiness.launches.queries.history import SENTENCES
from readiness.launches.services import exemptions
from readiness.web.refusal import NotPermitted, Refused
from tests import make
from tests.launches import signing
from tests.launches.deciding import room
from tests.launches.exempting import agree, ask, crew, propose
from tests.launches.given import said

pytestmark = pytest.mark.django_db


def last(launch: Launch, kind: str) -> tuple[str, str]:
    """Who did it, and what the history says behind it."""
    event = Event.objects.filter(subject=launch.subject, kind=kind).latest("pk")
    return event.printed_name, SENTENCES[event.kind](event.said, None).then


def approver(launch: Launch, name: str) -> User:
    return make.user(name, team=launch.team, role=Role.APPROVER)


def test_agreeing_in_the_place_of_who_is_away_says_both_names():
    launch, ann, amara = crew()
    ravi = approver(launch, "Ravi Shah")
    make.away(amara, stand_in=ravi)

    agree(ask(make.item(launch, 1), by=ann), by=ravi)
    agree(propose(make.item(launch, 2), by=ann), by=ravi)

    who, waived = Event.objects.filter(kind="exemption.confirmed").order_by("pk")
    assert who.said["absent"] == waived.said["absent"] == ["Amara"]
    assert last(launch, "exemption.confirmed") == ("Ravi Shah", "as Ann asked, for Amara")


def test_declining_says_both_names_where_it_waited_and_not_where_it_stood():
    launch, ann, amara = crew()
    ravi = approver(launch, "Ravi Shah")
    standing = agree(ask(make.item(launch, 1), by=ann), by=amara)
    make.away(amara, stand_in=ravi)
    waiting = ask(make.item(launch, 2), by=ann)

    found = []
    for one in (waiting, standing):
        exemptions.decline(one, because="Not yet.", **said(one.item, by=ravi))
        found.append(last(launch, "exemption.declined"))

    assert found == [("Ravi Shah", "for Amara"), ("Ravi Shah", "")]


@pytest.mark.parametrize("why", ["is back", "asked", "could not", "has another"])
def test_whose_word_was_not_waited_for_is_not_named(why):
    launch, ann, amara = crew()
    ravi = approver(launch, "Ravi Shah")
    absent = {"asked": ann, "could not": make.user("Olu", team=launch.team)}.get(why, amara)
    days = (1, 3) if why == "is back" else (0, 3)
    make.away(absent, stand_in=approver(launch, "Bob") if why == "has another" else ravi, days=days)

    agree(ask(make.item(launch, 1), by=ann), by=ravi)

    assert last(launch, "exemption.confirmed")[1].endswith("as Ann asked")


def test_who_stands_in_agrees_to_nothing_that_their_own_roles_do_not_allow():
    launch, ann, amara = crew()
    olu = make.user("Olu", team=launch.team)
    make.away(amara, stand_in=olu)
    waiting = ask(make.item(launch, 1), by=ann)

    with pytest.raises(NotPermitted):
        agree(waiting, by=olu)


def test_who_asked_does_not_agree_as_who_stands_in():
    launch, _, amara = crew()
    ravi = make.user("Ravi Shah", team=launch.team, role=Role.LEAD)
    make.away(amara, stand_in=ravi)
    waiting = ask(make.item(launch, 1), by=ravi)

    with pytest.raises(Refused, match="Somebody else has to agree"):
        agree(waiting, by=ravi)


def test_checking_the_item_of_an_owner_who_is_away_says_both_names():
    launch = make.launch(items=3)
    hannah, ravi = (make.user(name, team=launch.team) for name in ("Hannah Berg", "Ravi Shah"))
    for position in (1, 2):
        signing.own(make.item(launch, position), hannah, by=launch.lead)
    make.away(hannah, stand_in=ravi)

    make.sign(make.item(launch, 1), by=ravi)
    of_ravi = last(launch, "item.signed_off")
    make.sign(make.item(launch, 2), by=launch.lead)

    assert of_ravi == ("Ravi Shah", "for Hannah Berg")
    assert last(launch, "item.signed_off")[1] == ""


def test_the_second_signature_of_who_stands_in_says_both_names_and_is_one():
    launch = signing.launch("two_persons")
    hannah, ravi = (make.user(name, team=launch.team) for name in ("Hannah Berg", "Ravi Shah"))
    make.away(hannah, stand_in=ravi)
    item = make.item(launch)

    make.sign(item, by=ravi)
    first = last(launch, "item.signed_off")
    make.sign(make.item(launch, 2), by=launch.lead)
    make.sign(make.item(launch, 2), by=ravi)

    assert (first[1], last(launch, "item.signed_off")[1]) == ("", "for Hannah Berg")
    with pytest.raises(Refused, match="signed this off already"):
        make.sign(make.item(launch, 2), by=ravi)


def test_what_an_owner_may_sign_alone_nobody_signs_by_standing_in():
    launch = signing.launch("owner")
    hannah, ravi = (make.user(name, team=launch.team) for name in ("Hannah Berg", "Ravi Shah"))
    signing.own(make.item(launch), hannah, by=launch.lead)
    make.away(hannah, stand_in=ravi)

    with pytest.raises(Refused):
        make.sign(make.item(launch), by=ravi)


def test_confirming_broken_glass_in_the_place_of_who_is_away_says_both_names():
    launch = signing.launch("owner")
    ann, hannah, ravi = (make.user(name, team=launch.team) for name in ("Ann", "Hannah", "Ravi"))
    make.away(hannah, stand_in=ravi)

    signing.break_glass(make.item(launch), by=ann)
    signing.confirm(make.item(launch), by=ravi)

    assert last(launch, "glass.confirmed") == ("Ravi", "for Hannah")


def test_an_approver_who_stands_in_has_no_seat_by_that():
    here = room()
    make.away(here.ann, stand_in=approver(here.launch, "Ravi Shah"))
    ravi = User.objects.get(name="Ravi Shah")
    here.ask()

    with pytest.raises(Refused, match=deciding.READ_ONLY):
        here.say(ravi)


def test_one_approver_who_stands_in_for_the_other_is_still_one_of_two():
    here = room()
    make.away(here.ann, stand_in=here.bob)
    here.ask()

    signature = here.say(here.bob)

    assert (signature.decision.outcome, here.again().decision_id) == ("", None)
    assert "absent" not in Event.objects.get(kind="decision.signed").said
