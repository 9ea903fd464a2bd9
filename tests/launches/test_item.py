"""The page of an item, which is also the drawer beside its launch."""

from datetime import timedelta

import pytest
import time_machine

from readiness.accounts.models import Role
from readiness.launches.services import comments, signoffs
from readiness.launches.services import evidence as evidence_services
from tests import make
from tests.launches import given
from tests.launches.reading import offers, statements, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

HTMX = {"HX-Request": "true"}


def page(client, item):
    return client.get(item.get_absolute_url()).context["page"]


def test_the_page_says_what_a_check_would_do(client, launch):
    item = make.item(launch, 4)

    effect = page(client, item).effect

    assert (effect.was, effect.becomes, effect.then) == ("60%", "80%", "That is Extra monitoring.")


def test_it_says_how_far_it_is_still_to_the_next_verdict(client, team, ann):
    launch = make.launch(team=team, by=ann, items=10)

    effect = page(client, make.item(launch, 2)).effect

    assert (effect.was, effect.becomes, effect.then) == (
        "0%",
        "10%",
        "Still Delay, 7 short of Extra monitoring.",
    )


def test_a_checked_item_has_nothing_to_gain(client, launch):
    item = make.item(launch, 1)

    found = page(client, item)

    assert (found.effect, found.word, found.not_signing) == (
        None,
        "Done",
        "You signed this off already.",
    )


def test_htmx_gets_the_drawer_and_everyone_else_the_page(client, launch):
    address = make.item(launch, 4).get_absolute_url()

    whole, drawer = client.get(address), client.get(address, headers=HTMX)
    boosted = client.get(address, headers={**HTMX, "HX-Boosted": "true"})

    starts = [one.content.decode().lstrip()[:15].lower() for one in (whole, drawer, boosted)]
    assert starts == ["<!doctype html>", '<aside class="d', "<!doctype html>"]
    assert ["HX-Request" in one.headers["Vary"] for one in (whole, drawer)] == [True, True]
    assert words(whole, "dr__title") == words(drawer, "dr__title")


def test_it_shows_guidance_neighbours_and_the_text_as_written(client, launch):
    item = make.item(launch, 2)

    response = client.get(item.get_absolute_url())

    found = response.context["page"]
    assert words(response, "dr__title") == [item.item.title]
    assert (found.before, found.after) == (make.item(launch, 1).pk, make.item(launch, 3).pk)
    assert item.item.guidance in response.content.decode()


def test_the_first_and_the_last_item_have_one_neighbour(client, launch):
    first, last = make.item(launch, 1), make.item(launch, 5)

    assert page(client, first).before is None
    assert page(client, last).after is None


def test_owners_are_those_who_may_work_on_it(client, team, ann, launch):
    priya = make.user("Priya Raman", team=team)
    zoe = make.everywhere(make.user("Zoe Everywhere"), Role.MEMBER)
    make.user("Vera Viewer", team=team, role=Role.VIEWER)
    make.user("Gone", team=team, is_active=False)

    found = page(client, make.item(launch))

    assert found.owners == [ann, priya, zoe]


def test_sign_offs_say_what_became_of_them(client, team, ann, launch):
    item = make.item(launch, 4)
    priya = make.user("Priya Raman", team=team)
    make.link(item, by=ann)
    make.sign(item, by=priya, note="Saw run 1")
    [link] = item.evidence_links.all()
    link.item = make.item(launch, 4)
    evidence_services.remove_evidence(link, **given.said(item, by=ann))
    make.sign(item, by=ann)
    mine = item.signoffs.get(by=ann)
    mine.item = make.item(launch, 4)
    signoffs.withdraw(mine, because="Too early", **given.said(item, by=ann))

    found = page(client, make.item(launch, 4))

    told = [(one.signoff.by, one.word, one.signoff.note) for one in found.signatures]
    assert sorted(told, key=str) == sorted(
        [
            (ann, "Taken back", ""),
            (priya, "Out of date: its evidence changed", "Saw run 1"),
        ],
        key=str,
    )
    assert (found.word, found.row.note) == (
        "Out of date",
        "Out of date: what Priya Raman checked has changed since.",
    )


def test_a_colleague_cannot_take_back_what_the_lead_said(client, team, launch):
    client.force_login(make.user("Priya Raman", team=team))

    response = client.get(make.item(launch).get_absolute_url())

    sentence = "Only Ann Ash or the lead can take this back."
    assert response.context["page"].taking_back.taking_back == sentence
    assert sentence in response.content.decode()


def test_a_viewer_reads_it_and_may_comment(client, team, launch):
    item = make.item(launch, 4)
    client.force_login(make.user("Vera", team=team, role=Role.VIEWER))

    response = client.get(item.get_absolute_url())

    assert response.status_code == 200
    acts = ("sign-off", "progress", "assign", "due", "evidence", "comment")
    found = [offers(response, f"/items/{item.pk}/{act}/") for act in acts]
    assert found == [False, False, False, False, False, True]


def test_an_auditor_is_offered_nothing(client, team, launch):
    item = make.item(launch, 4)
    client.force_login(make.user("Otto", team=team, role=Role.AUDITOR))

    response = client.get(item.get_absolute_url())

    assert response.status_code == 200
    assert not offers(response, f"/items/{item.pk}/comment/")


def test_a_stranger_finds_no_item(client, launch):
    client.force_login(make.user("Zoe", team=make.team(), role=Role.LEAD))

    response = client.get(make.item(launch).get_absolute_url())

    assert response.status_code == 404


def test_an_item_that_ran_out_is_expired_before_the_job_ran(client, team, ann):
    launch = make.launch(team=team, by=ann, signed_off=40)
    expiring = next(
        item for item in launch.items.all() if item.signoffs.get().expires_at == launch.next_change
    )

    with time_machine.travel(launch.next_change + timedelta(seconds=1), tick=False):
        client.force_login(ann)
        found = page(client, expiring)

    assert (found.word, found.signatures[0].word) == ("Expired", "Expired")


def test_huge_comments_and_any_script_are_shown_as_text(client, ann, launch):
    item, text = make.item(launch), "💥 שלום <b>bold</b> " + "x" * 4900
    comments.comment(item, text=text, by=ann, key=make.key(), now=make.NOW)

    response = client.get(item.get_absolute_url())

    assert words(response, "comment__text") == [text]
    assert b"<b>bold</b>" not in response.content


@pytest.mark.parametrize("items", [5, 40])
def test_the_page_costs_the_same_however_long_the_launch_is(client, team, ann, items):
    launch = make.launch(team=team, by=ann, items=items, signed_off=items - 1)
    item = make.item(launch, 2)
    for number in range(items // 5):
        make.link(item, by=ann, url=f"https://runs.example/{number}")
        comments.comment(item, text="Seen.", by=ann, key=make.key(), now=make.NOW)

    found = statements(client, item.get_absolute_url())

    # The person; the item, what the rule needs, its row, sign-offs, rights, evidence, comments,
    # owners, the latest, the badge.
    assert len(found) == 11
