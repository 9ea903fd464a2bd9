"""Waivers and leaving items out on pages: asking, agreeing, and the queue of what waits."""

from datetime import timedelta

import pytest
from django.test import Client

from readiness import clock
from readiness.accounts.models import Role, User
from readiness.launches.models import Exemption, LaunchItem
from readiness.launches.services import judging
from readiness.rules.truth import Truth
from tests import make
from tests.launches.exempting import agree, ask, propose, seal_of
from tests.launches.given import version_of
from tests.launches.reading import form_to, marks, offers, statements, words
from tests.launches.sending import HTMX, send

pytestmark = pytest.mark.django_db
WHY = {"reason": "There is no traffic to switch."}


@pytest.fixture
def launch():
    return make.launch(items=5, at=clock.now(), name="Ads ranking v14")


@pytest.fixture
def item(launch):
    item = make.item(launch, 3)
    assert item.item.na_allowed
    return item


@pytest.fixture
def ann(launch) -> User:
    return make.user("Ann Ash", team=launch.team)


@pytest.fixture
def amara(launch) -> User:
    return make.user("Amara Okafor", team=launch.team, role=Role.APPROVER)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def until(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def waiver_of(item: LaunchItem, by: User, **more: object) -> Exemption:
    last = (clock.now() + timedelta(days=30)).date()
    return ask(item, by=by, at=clock.now(), **{"until": last} | more)


def answer(client: Client, exemption: Exemption, act: str, **said: object):
    version = version_of(exemption.item)
    fields = {"v": version, "key": make.key(), **said}
    return client.post(f"/exemptions/{exemption.pk}/{act}/", fields)


def test_a_row_that_is_said_not_to_apply_looks_so_and_can_be_taken_back(item, ann):
    response = send(as_(ann), item, "not-applicable", **WHY)

    exemption = Exemption.objects.get()
    assert marks(response, "item")[0]["data-status"] == "na_proposed"
    assert words(response, "item__note") == [
        "Proposed as not applicable: There is no traffic to switch."
    ]
    undo = form_to(response, f"/exemptions/{exemption.pk}/withdraw/")
    back = as_(ann).post(f"/exemptions/{exemption.pk}/withdraw/", undo, headers=HTMX)
    assert marks(back, "item")[0]["data-status"] == "not_started"
    assert Exemption.objects.get().closed_by == ann


def test_without_javascript_one_is_led_back_to_the_row(item, ann):
    response = send(as_(ann), item, "waive", htmx=False, **WHY, control="Daily.", until=until(9))

    assert response.status_code == 302
    assert Exemption.objects.get().compensating_control == "Daily."


@pytest.mark.parametrize(
    ("act", "fields", "errors"),
    [
        ("not-applicable", {"reason": " "}, ["Say why it does not apply."]),
        (
            "waive",
            {"reason": "", "control": "", "until": "soon"},
            [
                "Say why it can wait.",
                "Say what makes up for it meanwhile.",
                "Give a date, as 2026-11-27.",
            ],
        ),
    ],
)
def test_a_form_to_correct_comes_back_where_it_was_sent_from(item, ann, act, fields, errors):
    in_row = send(as_(ann), item, act, **fields)
    on_page = send(as_(ann), item, act, htmx=False, at="item", **fields)

    assert (in_row.status_code, words(in_row, "error")) == (422, errors)
    assert (on_page.status_code, sorted(words(on_page, "error"))) == (422, sorted(errors))


def test_an_end_beyond_the_limit_is_refused_in_words(item, ann):
    response = send(as_(ann), item, "waive", **WHY, control="Daily.", until="9999-12-31")

    assert response.status_code == 409
    assert "This may last 90 days at most." in response.content.decode()


TYPED = {
    "not-applicable": {**WHY, "until": until(9)},
    "waive": {**WHY, "control": "Somebody looks daily.", "until": until(9)},
}


@pytest.mark.parametrize("at", ["", "drawer", "item"])
@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("act", TYPED)
def test_who_comes_late_keeps_all_that_was_typed_and_sends_it_again(item, ann, act, htmx, at):
    seen = version_of(item)
    make.sign(item, by=make.user("Priya Raman", team=item.team))
    make.link(item, by=item.launch.lead)

    late = send(as_(ann), item, act, htmx=htmx, v=seen, at=at, **TYPED[act])

    assert (late.status_code, Exemption.objects.count()) == (409, 0)
    assert "changed this" in late.text
    again = form_to(late, f"/items/{item.pk}/{act}/")
    assert again | TYPED[act] == again
    assert (int(again["v"]), again["key"] != "") == (version_of(item), True)


def test_what_was_typed_late_can_be_sent_as_it_comes_back(item, ann):
    seen = version_of(item)
    make.link(item, by=item.launch.lead)
    late = send(as_(ann), item, "waive", v=seen, **TYPED["waive"])
    path = f"/items/{item.pk}/waive/"

    done = as_(ann).post(path, form_to(late, path), headers=HTMX)

    assert done.status_code == 200
    assert Exemption.objects.get().compensating_control == "Somebody looks daily."


def test_a_no_that_comes_late_keeps_its_reason(item, ann, amara):
    waiver = waiver_of(item, ann)
    make.link(item, by=item.launch.lead)

    late = answer(as_(amara), waiver, "decline", v=1, because="Not before March.")

    assert late.status_code == 409
    assert form_to(late, f"/exemptions/{waiver.pk}/decline/")["because"] == "Not before March."
    assert '<details class="agree__no" open>' in late.text


def test_who_may_agree_finds_it_waiting_and_nobody_else_does(item, ann, amara):
    waiver_of(item, ann)

    found = {who: words(as_(who).get("/waiting/"), "wait__what") for who in (ann, amara)}

    stranger = make.user("Eve", team=make.team(), role=Role.APPROVER)
    title = f"{item.item.ref} {item.item.title}"
    assert len(found[amara]) == 1
    assert found[amara][0].endswith(title)
    assert found[ann] == []
    assert words(as_(stranger).get("/waiting/"), "wait__what") == []


def test_the_queue_costs_the_same_for_one_and_for_many(launch, ann, amara):
    counts = []
    for place in (1, 2, 3, 4, 5):
        waiver_of(make.item(launch, place), ann)
        if place in (1, 5):
            counts.append(len(statements(as_(amara), "/waiting/")))

    assert counts[0] == counts[1]


def test_one_is_shown_what_one_agrees_to_and_what_it_does(launch, item, ann, amara):
    LaunchItem.objects.filter(pk=item.pk).update(blocker=Truth.YES.value)
    judging.judge(launch, now=clock.now(), by=None)
    waiver = waiver_of(item, ann)

    page = as_(amara).get(f"/exemptions/{waiver.pk}/").content.decode()

    for said in (
        "Booked for January.",
        "A person looks daily.",
        "Ann Ash",
        "<b>It no longer holds the launch</b>",
        "The item stays open and counts as not met.",
        "From then on the item is open and holds the launch again, unless it is done.",
    ):
        assert said in page


def test_agreeing_leads_back_to_the_queue_and_the_waiver_stands(item, ann, amara):
    waiver = waiver_of(item, ann)
    form = form_to(as_(amara).get(f"/exemptions/{waiver.pk}/"), f"/exemptions/{waiver.pk}/agree/")

    response = as_(amara).post(f"/exemptions/{waiver.pk}/agree/", form)

    assert (response.status_code, response["Location"]) == (302, "/waiting/")
    assert Exemption.objects.get().agreed_by == amara
    row = as_(ann).get(f"/launches/{item.launch_id}/")
    assert marks(row, "item")[2]["data-status"] == "waived"


def test_the_same_agreement_sent_twice_is_one(item, ann, amara):
    waiver = waiver_of(item, ann)
    form = form_to(as_(amara).get(f"/exemptions/{waiver.pk}/"), f"/exemptions/{waiver.pk}/agree/")

    codes = [as_(amara).post(f"/exemptions/{waiver.pk}/agree/", form).status_code for _ in range(2)]

    assert codes == [302, 302]


def test_what_changed_meanwhile_is_shown_again_instead_of_being_agreed_to(item, ann, amara):
    waiver = waiver_of(item, ann)
    form = form_to(as_(amara).get(f"/exemptions/{waiver.pk}/"), f"/exemptions/{waiver.pk}/agree/")
    waiver_of(item, ann, reason="Booked for March.")

    response = as_(amara).post(f"/exemptions/{waiver.pk}/agree/", form)

    assert response.status_code == 409
    assert words(response, "callout")[0].startswith("Ann Ash changed this")
    assert not offers(response, f"/exemptions/{waiver.pk}/agree/")


def test_a_no_needs_a_reason_and_is_seen_on_the_item(item, ann, amara):
    waiver = waiver_of(item, ann)

    empty = answer(as_(amara), waiver, "decline", because="")
    said = answer(as_(amara), waiver, "decline", because="Do it now.")

    page = as_(ann).get(f"/items/{item.pk}/").content.decode()
    assert (empty.status_code, said.status_code) == (422, 302)
    assert "Say why not." in empty.content.decode()
    assert "Waiver, declined" in page
    assert "Do it now." in page


def test_the_asker_reads_the_page_and_is_offered_no_yes(item, ann, amara):
    waiver = waiver_of(item, launch_lead := item.launch.lead)

    own = as_(launch_lead).get(f"/exemptions/{waiver.pk}/")
    member = as_(ann).get(f"/exemptions/{waiver.pk}/")

    assert not offers(own, f"/exemptions/{waiver.pk}/agree/")
    assert "Somebody else has to agree." in own.content.decode()
    assert not offers(member, f"/exemptions/{waiver.pk}/agree/")
    assert answer(as_(launch_lead), waiver, "agree", seal=seal_of(waiver)).status_code == 409
    assert answer(as_(ann), waiver, "agree", seal=seal_of(waiver)).status_code == 403


def test_a_waiver_comes_to_its_end_on_every_page(launch, item, ann, amara, monkeypatch):
    waiver = agree(waiver_of(item, ann, until=clock.now().date()), by=amara, at=clock.now())
    page = f"/launches/{launch.pk}/"
    before = marks(as_(ann).get(page), "item")[2]["data-status"]

    monkeypatch.setattr(clock, "now", lambda: waiver.ends_at)

    after = marks(as_(ann).get(page), "item")[2]["data-status"]
    assert (before, after) == ("waived", "not_started")
    assert "Waiver, ended" in as_(ann).get(f"/items/{item.pk}/").content.decode()


def test_the_share_of_what_was_left_out_stands_beside_the_percentage(launch, item, ann, amara):
    agree(propose(item, by=ann, at=clock.now()), by=amara, at=clock.now())
    agree(propose(make.item(launch, 2), by=ann, at=clock.now()), by=amara, at=clock.now())
    client = as_(ann)

    page = client.get(f"/launches/{launch.pk}/").content.decode()
    markdown = client.get(f"/launches/{launch.pk}/markdown/").content.decode()
    paper = client.get(f"/launches/{launch.pk}/print/").content.decode()

    for said in ("2 of 5 not applicable (40%)", "More than 25% of the items are marked not"):
        assert [said in one for one in (page, markdown, paper)] == [True] * 3
    assert "Not applicable, asked by Ann Ash, agreed by Amara Okafor" in markdown
