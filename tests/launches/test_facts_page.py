"""The page of a fact: read, filled in, worked out, corrected; with htmx and without."""

import re
from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.launches.models import FactRevision, Launch, LaunchItem
from tests import make
from tests.launches import given
from tests.launches.reading import read, statements, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
HOW = ["markdown", "print"]


@pytest.fixture
def launch() -> Launch:
    return make.launch()


def item_of(launch: Launch, key: str) -> LaunchItem:
    return launch.items.get(key=key)


def post(client, item: LaunchItem, *, at: str = "", htmx: bool = False, **said):
    fields = {"v": given.version_of(item), "key": make.key(), **said}
    headers = HTMX if htmx else {}
    return client.post(f"/items/{item.pk}/fact/{at}", fields, headers=headers)


def fields_in(page) -> dict[str, str]:
    """The fields of the fact's own form, as the page shows them."""
    forms = [fields for _, fields in read(page).forms if "add" in fields or len(fields) > 5]
    return forms[-1]


def shares_in(page) -> list[str]:
    return [value for name, value in fields_in(page).items() if name.endswith("-share")]


def wrong_in(page) -> list[str]:
    return re.findall(r'name="([\w-]+)"[^>]*aria-invalid="true"', page.content.decode())


LOAD = {
    "row": "new",
    "peak_rps": "1200",
    "peak_source": "Last December",
    "headroom_factor": "2",
    "achieved_rps": "2400",
    "steady_minutes": "30",
    "p99_ms": "180",
    "p99_limit_ms": "200",
    "error_percent": "0.1",
    "error_limit_percent": "0.5",
    "environment": "production",
    "model_version": "14.2.0",
    "ran_at": "2026-11-20T10:00",
    "load_model": "open",
    "report_url": "https://k6.example/1",
}
STAGES = {
    "unit": "users",
    "stages-count": "2",
    "stages-0-share": "10",
    "stages-0-hold": "1d",
    "stages-1-share": "100",
    "stages-1-hold": "12h",
}


def test_the_form_of_every_fact_is_shown_with_what_is_usual(client, launch):
    client.force_login(launch.lead)
    keys = [
        "rollback-runbook-rehearsed", "gradual-rollout-switch", "rollback-trigger-criteria",
        "rollback-owner-on-call", "ab-test-plan-approved", "data-freshness-slas",
        "load-test-headroom", "post-launch-review-scheduled",
    ]  # fmt: skip

    pages = {key: client.get(f"/items/{item_of(launch, key).pk}/fact/") for key in keys}

    assert {key: page.status_code for key, page in pages.items()} == dict.fromkeys(keys, 200)
    plan, review = pages["gradual-rollout-switch"], pages["post-launch-review-scheduled"]
    assert shares_in(plan) == ["1", "10", "50", "100"]
    assert fields_in(review)["review_at"] == "2026-12-21T10:00"


def test_a_row_is_saved_and_reads_as_a_sentence_on_its_item(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")

    answer = post(client, item, **LOAD)

    assert (answer.status_code, answer.url) == (302, f"/items/{item.pk}/fact/")
    [line] = words(client.get(f"/items/{item.pk}/"), "sfact__says")
    assert line == (
        "2400 requests per second of 2400 required (2 × the peak of 1200), P99 180 of 200 ms, "
        "errors 0.1 of 0.5 %, steady for 30 min in production, 14.2.0, "
        "Fri 20 Nov 2026, 10:00 UTC."
    )


def test_a_form_with_mistakes_comes_back_with_all_that_was_typed(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")

    unreadable = post(client, item, **LOAD | {"peak_rps": "1e3", "report_url": "x"})
    refused = post(client, item, **LOAD | {"headroom_factor": "0.5"})

    assert (unreadable.status_code, refused.status_code) == (422, 422)
    assert words(unreadable, "error") == [
        "Write a number with a point, like 2.5.",
        "Give a web address that starts with https:// or http://.",
    ]
    assert words(refused, "error") == ["Give a factor of at least 1."]
    assert fields_in(refused)["headroom_factor"] == "0.5"
    assert wrong_in(refused) == ["headroom_factor"]
    assert re.search('name="headroom_factor"[^>]* autofocus', refused.content.decode())
    assert not FactRevision.objects.exists()


def test_a_mistake_in_a_line_is_told_at_that_line(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "gradual-rollout-switch")
    lines = {"stages-2-share": "100", "stages-2-hold": "1d", "stages-count": "3"}

    answer = post(client, item, **STAGES | lines | {"stages-1-share": "10"})

    assert answer.status_code == 422
    assert wrong_in(answer) == ["stages-1-share"]


def test_lines_come_and_go_without_anything_being_saved(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "gradual-rollout-switch")

    more = post(client, item, **STAGES, add="stages")
    fewer = post(client, item, **STAGES, drop="stages-0")

    assert (more.status_code, shares_in(more)) == (200, ["10", "100", ""])
    assert (fewer.status_code, shares_in(fewer)) == (200, ["100"])
    assert not FactRevision.objects.exists()


PLAN = {
    "metric_kind": "proportion",
    "baseline": "0.1",
    "min_effect": "0.02",
    "alpha": "0.05",
    "power": "0.8",
    "sides": "2",
    "allocation": "0.5",
    "exposure": "1",
    "eligible_units_per_day": "1000",
    "duration_days": "7",
}


@pytest.mark.parametrize("htmx", [True, False])
def test_the_calculator_answers_while_one_types_and_by_its_button(client, launch, htmx):
    client.force_login(launch.lead)
    item = item_of(launch, "ab-test-plan-approved")

    answer = post(client, item, htmx=htmx, **PLAN, work_out="1")

    told = words(answer, "sfact__value")
    assert (answer.status_code, told) == (200, ["7,682", "8 days, so 2 weeks"])
    assert "7 days are too few for 7,682 units: plan at least 8." in answer.content.decode()
    assert ("<html" in answer.content.decode()) is not htmx
    assert not FactRevision.objects.exists()


def test_what_is_said_of_all_rows_together_has_a_form_of_its_own(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "rollback-trigger-criteria")
    said = {"row": "0", "missing_because": "Nothing is sold yet."}

    form = client.get(f"/items/{item.pk}/fact/?row=0")
    answer = post(client, item, **said)

    assert (form.status_code, answer.status_code) == (200, 302)
    payloads = FactRevision.objects.values_list("row", "payload")
    assert list(payloads) == [(0, {"missing_because": "Nothing is sold yet."})]
    assert not item_of(launch, "rollback-trigger-criteria").has_fact


def test_another_number_of_days_proposes_another_review(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "post-launch-review-scheduled")

    answer = post(client, item, htmx=True, days_after_launch="21", work_out="1")

    assert words(answer, "sfact__value")[0] == "Mon 28 Dec 2026, 10:00 UTC"


def test_who_comes_too_late_keeps_what_they_typed_and_sees_what_is_so_now(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")
    post(client, item, **LOAD)

    late = post(client, item, **LOAD | {"row": "1", "steady_minutes": "45", "v": 1})

    assert late.status_code == 409
    found = fields_in(late)
    assert (found["steady_minutes"], found["v"]) == ("45", str(given.version_of(item)))


def test_an_untouched_time_keeps_its_seconds(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")
    post(client, item, **LOAD | {"ran_at": "2026-11-20T10:00:42"})

    post(client, item, **LOAD | {"row": "1", "steady_minutes": "45"})

    assert FactRevision.objects.latest("number").payload["ran_at"] == "2026-11-20T10:00:42+00:00"


def test_a_row_is_removed_and_its_history_tells_before_and_after(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")
    post(client, item, **LOAD)
    post(client, item, **LOAD | {"row": "1", "steady_minutes": "45"})

    changed = words(client.get(f"/items/{item.pk}/fact/"), "sfact__change")
    answer = post(client, item, at="remove/", row="1")
    again = post(client, item, at="remove/", row="1")

    assert changed[0] == "45 minutes was 30 minutes"
    assert (answer.status_code, again.status_code) == (302, 409)
    assert words(client.get(f"/items/{item.pk}/fact/"), "sfact__what")[0].startswith(
        f"{launch.lead.name} removed load test 1"
    )


def test_only_who_is_named_is_offered_to_accept_and_does(client, launch):
    ann, eve = make.user("Ann", team=launch.team), make.user("Eve", team=launch.team)
    item = item_of(launch, "rollback-owner-on-call")
    client.force_login(launch.lead)
    opens, closes = (launch.launch_at + timedelta(days=days) for days in (-1, 9))
    post(
        client,
        item,
        owner=launch.lead_id,
        deputy=ann.pk,
        window_start=f"{opens:%Y-%m-%dT%H:%M}",
        window_end=f"{closes:%Y-%m-%dT%H:%M}",
        may_act_alone="yes",
        contact="#ranking",
    )
    offered = {}

    for person in (eve, ann, launch.lead):
        client.force_login(person)
        offered[person.name] = "I accept" in client.get(f"/items/{item.pk}/").content.decode()
        post(client, item, at="accept/")

    assert offered == {"Eve": False, "Ann": True, launch.lead.name: True}
    assert item_of(launch, "rollback-owner-on-call").has_fact


def test_who_only_reads_sees_the_fact_and_no_form(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")
    post(client, item, **LOAD)
    client.force_login(make.user("Vic", team=launch.team, role=Role.VIEWER))

    page = client.get(f"/items/{item.pk}/fact/")

    assert (page.status_code, len(words(page, "sfact__says"))) == (200, 1)
    assert "fact-form" not in page.content.decode()
    assert post(client, item, **LOAD).status_code == 403


def test_a_stranger_and_an_item_without_a_fact_find_nothing(client, launch):
    item, plain = item_of(launch, "load-test-headroom"), item_of(launch, "golden-test-suite")
    client.force_login(launch.lead)
    found = [client.get(f"/items/{plain.pk}/fact/").status_code, post(client, plain).status_code]

    client.force_login(make.user("Eve"))
    found += [client.get(f"/items/{item.pk}/fact/").status_code, post(client, item).status_code]

    assert found == [404] * 4


def test_facts_cost_a_page_the_same_however_many_rows_they_have(client, launch):
    client.force_login(launch.lead)
    item = item_of(launch, "load-test-headroom")
    post(client, item, **LOAD)
    few = len(statements(client, f"/items/{item.pk}/"))
    for _ in range(5):
        post(client, item, **LOAD)

    assert len(statements(client, f"/items/{item.pk}/")) == few


def test_facts_go_along_in_what_a_launch_is_handed_over_as(client, launch):
    client.force_login(launch.lead)
    post(client, item_of(launch, "gradual-rollout-switch"), **STAGES | {"unit": "shards"})

    told = [client.get(f"/launches/{launch.pk}/{how}/").content.decode() for how in HOW]

    says = "Rollout stages: 10 % for 1 day → 100 % for 12 h of shards."
    assert [says in one for one in told] == [True, True]
