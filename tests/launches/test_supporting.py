"""What evidence is worth: of the right kind, young enough, not expired; and used again."""

import random
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.launches.models import EvidenceKind, EvidenceLink, Launch, LaunchItem, Stage
from readiness.launches.models.evidence import canonical, hash_of_evidence
from readiness.launches.queries import twin
from readiness.launches.queries.evidence import linked_to, offered, supported
from readiness.launches.queries.pinned import pinned
from readiness.launches.services.evidence import (
    Content,
    add_evidence,
    remove_evidence,
    revise_evidence,
    use_evidence,
)
from readiness.launches.services.judging import judge, judge_due
from readiness.rules.states import State
from tests import make
from tests.launches.given import (
    count_told,
    placed,
    recomputed,
    refused,
    said,
    states,
    stored,
    told,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
METRIC = Content("p99", "", EvidenceKind.METRIC, canonical({"value": "1.70", "unit": "x"}))


def asking(items=3, kinds=("metric", "ci_run"), days=30):
    """A checklist of which every item needs evidence of these kinds, at most so old."""
    document = make.document(items)
    policy = {"kinds": list(kinds)} if kinds else {}
    policy |= {"max_age_days": days} if days else {}
    for section in document["sections"]:
        for item in section["items"]:
            item["requires"] = ["evidence"]
            if policy:
                item["evidence_policy"] = policy
    return make.published(document)


def add(item, by, content=METRIC, at=make.NOW, **more):
    parts = {name: getattr(content, name) for name in Content.__slots__} | more
    add_evidence(item, **parts, **said(item, by=by, at=at))
    return EvidenceLink.objects.select_related("item", "revision", "evidence").latest("pk")


def worth(item):
    item.refresh_from_db()
    return item.lacks_evidence, item.supported_until


def test_a_metric_is_kept_to_the_digit_with_its_hash():
    launch = make.launch(items=2)

    link = add(make.item(launch), launch.lead, captured_at=make.NOW - DAY)

    assert (link.revision.body, link.revision.facts) == (
        '{"unit":"x","value":"1.70"}',
        {"unit": "x", "value": "1.70"},
    )
    assert link.revision.sha256 == hash_of_evidence("p99", "", '{"unit":"x","value":"1.70"}')
    assert link.revision.captured_at == make.NOW - DAY


def test_a_tick_without_the_evidence_that_is_asked_for_is_provisional_until_it_is_there():
    launch = make.launch(version=asking())
    item, lead = make.item(launch), launch.lead
    make.sign(item, by=lead)
    bare = states(launch)[1]
    make.link(item, by=lead)
    make.sign(make.item(launch, 2), by=lead)
    of_another_kind = states(launch)[1], worth(item)

    add(item, lead)

    assert (bare, of_another_kind) == (State.PROVISIONAL, (State.PROVISIONAL, (True, None)))
    assert (states(launch)[1], worth(item)) == (State.MET, (False, make.NOW + 30 * DAY))
    assert placed(launch, State.PROVISIONAL) == [2]


def test_evidence_grows_too_old_by_itself_and_the_launch_is_judged_then():
    launch = make.launch(version=asking())
    add(make.item(launch), launch.lead, captured_at=make.NOW - 10 * DAY)
    make.sign(make.item(launch), by=launch.lead)
    launch.refresh_from_db()
    before, due = launch.checked, launch.next_change

    judged = judge_due(now=due)

    launch.refresh_from_db()
    assert (before, due) == (1, make.NOW + 20 * DAY)
    assert (judged, launch.checked) == (1, 0)
    assert stored(launch) == recomputed(launch)
    assert states(launch, due - timedelta.resolution)[1] == State.MET
    assert states(launch, due)[1] == State.PROVISIONAL


def test_evidence_expires_and_removing_what_lasted_longer_counts_at_once():
    launch = make.launch(version=asking(kinds=(), days=None))
    item, lead = make.item(launch), launch.lead
    soon = add(item, lead, expires_at=make.NOW + DAY)
    longer = add(item, lead, expires_at=make.NOW + 3 * DAY)
    both = worth(item)

    remove_evidence(longer, **said(item, by=lead))

    assert (both, worth(item)) == ((False, make.NOW + 3 * DAY), (False, make.NOW + DAY))
    remove_evidence(soon, **said(item, by=lead))
    assert worth(item) == (False, None)


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"captured_at": make.NOW + DAY}, "Evidence cannot be captured in the future."),
        ({"expires_at": make.NOW}, "This has expired already. Give a later day, or none."),
    ],
)
def test_times_that_cannot_be_are_refused(times, reason):
    launch = make.launch(items=2)

    with refused(reason):
        add(make.item(launch), launch.lead, **times)


def test_evidence_of_another_launch_is_used_again_and_says_from_where():
    lead = make.user("Ann", team=(team := make.team()), role=Role.LEAD)
    earlier = make.launch(items=2, team=team, by=lead)
    link = add(make.item(earlier), lead)
    launch = make.launch(team=team, by=lead, version=asking())
    item, before = make.item(launch), count_told(launch)

    use_evidence(item, revision=link.revision_id, **said(item, by=lead))

    item.refresh_from_db()
    assert (item.evidence, worth(item)) == ([link.revision_id], (False, make.NOW + 30 * DAY))
    one = {"item": item.pk, "key": item.key, "evidence": link.revision_id, "title": "p99"}
    one |= {"url": "", "origin": earlier.pk}
    assert told(launch, before) == [(Kind.EVIDENCE_ADDED, lead, make.NOW, one)]


def test_evidence_is_used_once_on_an_item_and_only_by_who_may_see_where_it_is():
    launch, other = make.launch(items=2), make.launch(items=2)
    link, theirs = add(make.item(launch), launch.lead), add(make.item(other), other.lead)
    item = make.item(launch)

    with refused("This supports the item already."):
        use_evidence(item, revision=link.revision_id, **said(item, by=launch.lead))
    with refused("This evidence is not there, or you may not see it. Look for it again."):
        use_evidence(item, revision=theirs.revision_id, **said(item, by=launch.lead))


def test_the_lead_of_one_launch_alone_finds_no_evidence_of_the_others():
    team, lea = make.team(), make.user("Lea")
    add(make.item(other := make.launch(items=2, team=team)), other.lead)
    launch = make.launch(items=2, team=team, lead=make.user("Lara", team=team))
    Launch.objects.filter(pk=launch.pk).update(lead=lea)
    item = make.item(launch)

    found = offered(item, reader=lea, words=""), offered(item, reader=other.lead, words="")

    assert [[one.title for one in those] for those in found] == [[], ["p99"]]


def test_the_team_s_evidence_is_found_by_its_words_in_its_latest_revision():
    launch = make.launch(items=3)
    first, lead = make.item(launch), launch.lead
    link = add(first, lead, Content("Shadow run", "https://grafana.example/shadow"))
    add(make.item(launch, 2), lead, Content("Load test", "https://ci.example/8"))
    revised = Content("Shadow run, 6 days", "https://grafana.example/shadow")
    first.refresh_from_db()
    pairs = [(first.pk, first.version)]
    revise_evidence(link, revised, items=pairs, by=lead, key=make.key(), now=make.NOW)

    found = {
        words: [one.title for one in offered(make.item(launch, 3), reader=lead, words=words)]
        for words in ("", "shadow", "ci.example", "nothing")
    }

    assert found == {
        "": ["Shadow run, 6 days", "Load test"],
        "shadow": ["Shadow run, 6 days"],
        "ci.example": ["Load test"],
        "nothing": [],
    }


class TestRevising:
    @pytest.fixture
    def launch(self):
        return make.launch(items=4)

    @pytest.fixture
    def link(self, launch):
        """A metric on the first two items, of which the first is signed off by two people."""
        link = add(make.item(launch), launch.lead)
        item = make.item(launch, 2)
        use_evidence(item, revision=link.revision_id, **said(item, by=launch.lead))
        for place in (1, 2):
            make.sign(make.item(launch, place), by=launch.lead)
        return link

    def revise(self, link, places, launch, by=None, **more):
        items = [make.item(launch, place) for place in places]
        pairs = [(item.pk, item.version) for item in items]
        content = Content("p99, run 2", "", EvidenceKind.METRIC, canonical({"value": "1.8"}))
        said = {"items": pairs, "by": by or launch.lead, "key": make.key(), "now": make.NOW}
        revise_evidence(link, content, **said | more)
        return link.evidence.revisions.latest("number")

    def test_a_revision_replaces_the_earlier_one_where_it_is_said_and_sign_offs_fall_there(
        self, launch, link
    ):
        before = count_told(launch)

        revision = self.revise(link, [1], launch)

        first, second = make.item(launch, 1), make.item(launch, 2)
        assert (revision.number, first.evidence, second.evidence) == (
            2,
            [revision.pk],
            [link.revision_id],
        )
        assert (placed(launch, State.SUPERSEDED), placed(launch, State.MET)) == ([1], [2])
        one = {"item": first.pk, "key": first.key, "evidence": revision.pk, "url": "", "number": 2}
        one |= {"was": link.revision_id, "title": "p99, run 2"}
        assert told(launch, before)[0] == (Kind.EVIDENCE_REVISED, launch.lead, make.NOW, one)
        assert stored(launch) == recomputed(launch)

    def test_the_earlier_revision_stays_as_it_was(self, launch, link):
        self.revise(link, [1, 2], launch)

        link.refresh_from_db()
        link.revision.refresh_from_db()
        assert (link.removed_at, link.removed_by) == (make.NOW, launch.lead)
        assert (link.revision.number, link.revision.facts["value"]) == (1, "1.70")

    def test_items_of_several_launches_are_revised_together(self, launch, link):
        other = make.launch(items=2, team=launch.team, by=launch.lead)
        item = make.item(other)
        use_evidence(item, revision=link.revision_id, **said(item, by=launch.lead))
        make.sign(item, by=launch.lead)
        item, first = make.item(other), make.item(launch)
        pairs = [(item.pk, item.version), (first.pk, first.version)]

        self.revise(link, [], launch, items=pairs)

        assert (placed(launch, State.SUPERSEDED), placed(other, State.SUPERSEDED)) == ([1], [1])
        assert (stored(launch), stored(other)) == (recomputed(launch), recomputed(other))

    def test_what_a_revision_is_worth_takes_the_place_of_what_the_earlier_one_was(self, launch):
        item = make.item(launch)
        link = add(item, launch.lead, expires_at=make.NOW + 9 * DAY)
        content = Content("p99", "", EvidenceKind.METRIC, "{}", expires_at=make.NOW + DAY)
        item.refresh_from_db()
        pairs = [(item.pk, item.version)]

        revise_evidence(link, content, items=pairs, by=launch.lead, key=make.key(), now=make.NOW)

        assert worth(item) == (False, make.NOW + DAY)

    def test_nobody_s_sign_off_falls_unseen(self, launch, link):
        seen = make.item(launch).version
        make.sign(make.item(launch), by=make.user("Ben", team=launch.team))

        with refused("Ben changed this just now. Nothing was lost."):
            self.revise(link, [], launch, items=[(link.item_id, seen)])

        assert link.evidence.revisions.count() == 1

    def test_a_revision_has_a_place(self, launch, link):
        with refused("Choose at least one item that the new revision stands for."):
            self.revise(link, [], launch)
        with refused(
            "This evidence does not support one of these items any more. Look at it again."
        ):
            self.revise(link, [3], launch)

    def test_who_does_not_work_on_the_launch_revises_nothing(self, launch, link):
        eve = make.user("Eve", team=launch.team, role=Role.VIEWER)
        far = make.user("Far", team=make.team())

        for person in (eve, far):
            with refused(
                "This evidence belongs to a launch that you do not work on. Add yours beside it."
            ):
                self.revise(link, [1], launch, by=person)

    def test_nothing_is_revised_once_the_launch_is_over(self, launch, link):
        Launch.objects.filter(pk=launch.pk).update(stage=Stage.ARCHIVED.value)

        with refused("This launch is over: its checklist is closed."):
            self.revise(link, [1], launch)


@pytest.mark.parametrize("seed", range(4))
def test_the_columns_say_what_the_links_say_and_sql_says_the_same_over_any_history(seed):
    dice = random.Random(seed)
    launch = make.launch(version=asking(4))
    for _ in range(24):
        one_step(launch, dice)

    rules = pinned(launch.version_id).items
    pieces = linked_to(launch.items.values_list("pk", flat=True))
    for item in launch.items.all():
        found = {"lacks_evidence": item.lacks_evidence, "supported_until": item.supported_until}
        assert found == supported(rules[item.key], list(pieces[item.pk].values()))
        assert sorted(item.evidence) == sorted(pieces[item.pk])
    assert stored(launch) == recomputed(launch)
    for days in (0, 5, 15, 25, 29, 30, 31, 60):
        now = make.NOW + days * DAY
        in_sql = twin.states_of(launch.pk, launch.pk, now=now)
        by_rule = zip(rules, states(launch, now).values(), strict=True)
        assert in_sql == {(launch.pk, key): state for key, state in by_rule}


def test_evidence_from_before_ages_counted_is_weighed_by_the_migration():
    module = import_module("readiness.launches.migrations.0019_what_evidence_is_worth")
    launch, other = make.launch(version=asking()), make.launch(items=2, signed_off=1)
    add(make.item(launch), launch.lead, captured_at=make.NOW - 10 * DAY)
    add(make.item(launch, 2), launch.lead, Content("Page", "https://a.example"))
    add(make.item(launch, 3), launch.lead, expires_at=make.NOW + DAY)
    make.link(make.item(other), by=other.lead)
    for place in (1, 2, 3):
        make.sign(make.item(launch, place), by=launch.lead)
    columns = ("pk", "lacks_evidence", "supported_until")
    meant = list(LaunchItem.objects.order_by("pk").values_list(*columns))
    after = stored(launch), stored(other)
    LaunchItem.objects.update(lacks_evidence=False, supported_until=None)
    judge(Launch.objects.get(pk=launch.pk), now=make.NOW, by=None)

    with connection.cursor() as cursor:
        cursor.execute(module.FILL)
    judged = judge_due(now=make.NOW)

    assert list(LaunchItem.objects.order_by("pk").values_list(*columns)) == meant
    assert (judged, stored(launch), stored(other)) == (1, *after)


def one_step(launch, dice):
    """Somebody adds, uses, revises, removes or signs something."""
    lead, item = launch.lead, make.item(launch, dice.randint(1, 4))
    links = EvidenceLink.objects.filter(item__launch=launch, removed_at=None)
    link = dice.choice(list(links.select_related("item", "evidence", "revision")) or [None])
    act = dice.choice(["add", "add", "sign", "remove", "use", "revise"])
    ends = dice.choice([None, make.NOW + 5 * DAY, make.NOW + 25 * DAY])
    content = Content(
        "Run",
        kind=dice.choice(list(EvidenceKind)),
        captured_at=make.NOW - dice.choice([0, 1, 15, 40]) * DAY,
        expires_at=ends,
    )
    if act == "add":
        add(item, lead, content)
    elif act == "sign" and not item.signoffs.standing().exists():
        make.sign(item, by=lead)
    elif act == "remove" and link:
        remove_evidence(link, **said(link.item, by=lead))
    elif act == "use" and link and not links.filter(item=item, evidence=link.evidence_id):
        use_evidence(item, revision=link.revision_id, **said(item, by=lead))
    elif act == "revise" and link:
        used = LaunchItem.objects.filter(
            pk__in=links.filter(evidence=link.evidence_id).values("item")
        )
        pairs = list(used.values_list("pk", "version"))
        revise_evidence(link, content, items=pairs, by=lead, key=make.key(), now=make.NOW)
