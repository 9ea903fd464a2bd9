"""What sign-offs stand on: a page to read, and a form that shows first what would fall."""

import pytest
from django.urls import reverse

from readiness.accounts.models import Role
from readiness.launches.models import ConfigEvent, Launch
from readiness.launches.queries.foreseeing import falling, falling_with
from readiness.launches.services import configs
from readiness.rules.states import State
from tests import make
from tests.launches import signing
from tests.launches.given import (
    count_told,
    placed,
    recomputed,
    refused,
    stored,
    told,
)
from tests.launches.intakes import another, edited

pytestmark = pytest.mark.django_db
SERVING = "serving_config"


def declared(launch: Launch, value: str, kind: str = SERVING) -> None:
    launch = Launch.objects.get(pk=launch.pk)
    said = {"edition": launch.edition, "by": launch.lead, "key": make.key(), "now": make.NOW}
    configs.declare(launch, kind=kind, value=value, **said)


def form(launch: Launch, **said: object) -> dict[str, object]:
    """What the page sends, as it stands now."""
    edition = Launch.objects.values_list("edition", flat=True).get(pk=launch.pk)
    return {"edition": edition, "key": make.key(), **said}


@pytest.fixture
def launch() -> Launch:
    return signing.launch("anyone", signed_off=2)


def test_a_declared_change_takes_away_exactly_what_stood_on_it_and_bringing_it_back_revives_it(
    launch,
):
    declared(launch, "overlay 41")
    after_first = placed(launch, State.SUPERSEDED)
    make.sign(make.item(launch, 3), by=launch.lead)

    declared(launch, "overlay 42")
    second = (placed(launch, State.SUPERSEDED), placed(launch, State.MET))
    declared(launch, "overlay 41")

    assert after_first == [1, 2]
    assert second == ([1, 2, 3], [])
    assert placed(launch, State.MET) == [3]
    assert stored(launch) == recomputed(launch)


def test_it_is_recorded_with_what_it_was_and_the_items_it_touched(launch):
    declared(launch, "overlay 41")
    before = count_told(launch)

    declared(launch, "overlay 42")

    kind, by, at, payload = told(launch, before)[0]
    keys = [item.key for item in launch.items.all()]
    assert (kind, by, at) == ("config.declared", launch.lead, make.NOW)
    assert payload == {
        "what": SERVING, "value": "overlay 42", "was": "overlay 41", "items": keys,
    }  # fmt: skip
    assert ConfigEvent.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("weather", "rain", "No item of this checklist stands on that."),
        ("model_version", "15", "No item of this checklist stands on that."),
        (SERVING, " ", "Say what the serving config is: a version, a commit, or a few words."),
        (SERVING, "overlay 41", "The serving config is overlay 41 already."),
    ],
)
def test_what_declares_nothing_new_is_refused(launch, kind, value, reason):
    declared(launch, "overlay 41")

    with refused(reason):
        declared(launch, value, kind)

    assert ConfigEvent.objects.count() == 1


@pytest.mark.parametrize("change", ["candidate", "config", "back"])
def test_what_is_foreseen_is_what_comes(launch, change):
    declared(launch, "overlay 41")
    make.sign(make.item(launch, 1), by=launch.lead)
    current = Launch.objects.get(pk=launch.pk)
    if change == "candidate":
        candidate = another(current, version="15")
        foreseen = falling(current, candidate=candidate, launch_on=current.launch_on, now=make.NOW)
        edited(launch, candidate=candidate)
    else:
        if change == "back":
            declared(launch, "overlay 42")
            current = Launch.objects.get(pk=launch.pk)
        value = "overlay 43" if change == "config" else "overlay 41"
        foreseen = falling_with(current, kind=SERVING, value=value, now=make.NOW)
        declared(launch, value)

    launch.refresh_from_db()
    title = {"delay": "Delay", "monitor": "Extra monitoring", "ready": "Ready"}
    assert (foreseen.becomes.shown, foreseen.becomes.checked) == (launch.shown, launch.checked)
    assert [one.position for one in foreseen.items] == ([] if change == "back" else [1])
    assert [one.position for one in foreseen.returning] == ([1] if change == "back" else [])
    assert foreseen.becomes.title in title.values()


def test_the_page_shows_candidates_configurations_and_who_signs(client):
    launch = signing.launch("role_quorum")
    edited(launch, candidate=another(launch, version="15"))
    declared(launch, "overlay 41")
    vic = make.user("Vic", team=launch.team, role=Role.VIEWER)

    client.force_login(vic)
    page = client.get(reverse("launches:basis", args=[launch.pk]))

    text = page.content.decode()
    assert page.status_code == 200
    assert text.index("ranker@15") < text.index("ranker@14.2.0")
    assert ("overlay 41" in text, "2 more needed" in text) == (True, True)
    assert "Declare a change" not in text


def test_what_would_fall_is_shown_and_confirmed_first(client, launch):
    declared(launch, "overlay 41")
    make.sign(make.item(launch, 1), by=launch.lead)
    client.force_login(launch.lead)
    address = reverse("launches:declare", args=[launch.pk])
    said = {"kind": SERVING, "value": "overlay 42"}

    asked = client.post(address, form(launch, **said))
    kept = ConfigEvent.objects.count()
    seal = make.item(launch, 1).key
    done = client.post(address, form(launch, **said, confirmed=seal))

    assert (asked.status_code, kept) == (200, 1)
    assert "This item stands on the serving config and will stop counting" in (
        asked.content.decode()
    )
    assert (done.status_code, ConfigEvent.objects.count()) == (302, 2)


def test_a_bad_form_and_a_stale_page_say_so_where_they_were_sent_from(client, launch):
    client.force_login(launch.lead)
    address = reverse("launches:declare", args=[launch.pk])
    stale = form(launch, kind=SERVING, value="overlay 41")
    declared(launch, "overlay 40")

    empty = client.post(address, form(launch, kind=SERVING, value=""))
    late = client.post(address, stale)

    assert (empty.status_code, late.status_code) == (422, 409)
    assert "Say what it is now: a version, a commit, or a few words." in empty.content.decode()
    assert "Someone edited this launch since you loaded the page." in late.content.decode()


def test_a_further_person_signs_for_a_duty_and_no_longer_does(client):
    launch = signing.launch("role_quorum")
    bob, eve = make.user("Bob", team=launch.team), make.user("Eve")
    client.force_login(launch.lead)
    address = reverse("launches:signers", args=[launch.pk])
    said = {"duty": signing.SRE, "person": bob.pk}

    added = client.post(address, form(launch, **said, act="add"))
    twice = client.post(address, form(launch, **said, act="add"))
    stranger = client.post(address, form(launch, duty=signing.SRE, person=eve.pk, act="add"))
    seated = list(launch.signers.values_list("person", flat=True))
    gone = client.post(address, form(launch, **said, act="remove"))

    assert [one.status_code for one in (added, twice, stranger, gone)] == [302, 409, 422, 302]
    assert (seated, launch.signers.count()) == ([bob.pk], 0)
    kinds = launch.subject.events.values_list("kind", flat=True)
    assert {"signer.added", "signer.removed"} <= set(kinds)
