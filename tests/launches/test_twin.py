"""The SQL twin and the rule say the same, over random histories."""

import random
from copy import copy
from datetime import timedelta
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from readiness.accounts.models import User
from readiness.audit.models import Subject
from readiness.checklists.document.reading import read
from readiness.checklists.models import Version
from readiness.checklists.services import publish
from readiness.launches.models import Exemption, Launch, LaunchItem, SignOff
from readiness.launches.queries import twin
from readiness.launches.queries.facts import Fact, facts_of_many
from readiness.launches.queries.pinned import AnswerRule, pinned
from readiness.launches.services.judging import columns_of
from readiness.rules.verdict import judge
from tests import make

pytestmark = pytest.mark.django_db
LIBRARY = sorted(path.name for path in make.LIBRARY.glob("*.yaml"))
POLICIES = [
    {},
    {"blockers": "cap_verdict"},
    {"blockers": "off", "na_counts_as": "met"},
    {"waiver_counts_as": "excluded"},
    {"waiver_counts_as": "met"},
    {"signing": {"rule": "two_persons"}},
    {"signing": {"rule": "role_quorum", "role": "sre", "quorum": 3}},
]
CROWD, HANDFUL = 350, 5
PLANNED = 25  # so few that a plan made of an empty table does them no harm
CROWDED = [
    {"rule": "anyone"},
    {"rule": "two_persons"},
    {"rule": "role_quorum", "role": "sre", "quorum": 3},
]
REQUIRED = [["evidence"], ["fact"], ["evidence", "fact"]]
SCRAMBLED = [
    "applies",
    "blocker",
    "evidence",
    "lacks_evidence",
    "supported_until",
    "has_fact",
]
TIMES = [
    None,
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(days=-1),
    timedelta(days=30),
]


def scramble(launch: Launch, people: list, seed: int) -> None:
    """Give every item some history: words on this or another basis, exemptions, evidence."""
    dice = random.Random(seed)
    luck, items = dice.random(), list(launch.items.all())
    for item in items:
        shuffle(item, dice)
    LaunchItem.objects.bulk_update(items, SCRAMBLED)
    speak(launch.version_id, items, people, luck, dice)


def shuffle(item: LaunchItem, dice: random.Random) -> None:
    item.applies = dice.choice(["yes", "yes", "yes", "unknown", "no"])
    item.blocker = dice.choice(["no", "no", "no", "yes", "unknown"])
    item.evidence = dice.choice([[], [1], [1, 2]])
    item.lacks_evidence, item.has_fact = dice.random() < 0.2, dice.random() < 0.7
    ends = dice.choice(TIMES)
    item.supported_until = None if ends is None else make.NOW + ends


def speak(
    version: int,
    items: list[LaunchItem],
    people: list,
    luck: float,
    dice: random.Random,
    *,
    most: int = 4,
) -> None:
    """Let people sign these items, past their policy at times, or leave them out."""
    answers = list(pinned(version).answers.values())
    words, exemptions = [], []
    for item in items:
        signers = people if dice.random() < 0.3 else people[: dice.choice([1, 1, 2])]
        if dice.random() < luck:
            signers = signers[:most]
            words += [word(item, person, dice.choice(answers), dice) for person in signers]
            words[-1] = past_the_policy(words[-1], people[-1], dice)
        if dice.random() < 0.3:
            exemptions += exempt(item, people, dice)
    SignOff.objects.bulk_create(words)
    Exemption.objects.bulk_create(exemptions)


def word(item: LaunchItem, person: User, answer: AnswerRule, dice: random.Random) -> SignOff:
    ends = dice.choice(TIMES)
    return SignOff(
        team_id=item.team_id,
        item=item,
        checklist_item_id=item.item_id,
        by=person,
        printed_name=person.name,
        answer=answer.key,
        credit=str(answer.credit),
        credit_units=answer.credit_units,
        basis=dice.choice([item.basis, item.basis, item.basis, "another"]),
        basis_parts={},
        evidence=dice.choice([[], [], [1], [2]]),
        at=make.NOW - timedelta(days=dice.randint(0, 3)),
        expires_at=None if ends is None else make.NOW + ends,
    )


def past_the_policy(signoff: SignOff, confirming: User, dice: random.Random) -> SignOff:
    """At times it broke the glass, and at times that is confirmed."""
    signoff.broke_glass = dice.random() < 0.3
    signoff.note = "Nobody is there." if signoff.broke_glass else ""
    if signoff.broke_glass and signoff.by != confirming and dice.random() < 0.5:
        signoff.confirmed_by, signoff.confirmed_at = confirming, make.NOW
    return signoff


def exempt(item: LaunchItem, people: list[User], dice: random.Random) -> list[Exemption]:
    """One that waits or stands, or one that waits to take the place of another."""
    kind = dice.choice(["na", "waiver"])
    agreed = dice.choice([[None], [people[1]], [None, people[1]]])
    dice.shuffle(agreed)
    return [exemption(item, kind, people[0], one, dice) for one in agreed]


def exemption(
    item: LaunchItem, kind: str, asker: User, agreed: User | None, dice: random.Random
) -> Exemption:
    ends = dice.choice(TIMES if kind == "na" else TIMES[1:])
    return Exemption(
        team_id=item.team_id,
        item=item,
        kind=kind,
        reason="It does not.",
        asked_by=asker,
        asked_at=make.NOW,
        agreed_by=agreed,
        agreed_at=make.NOW if agreed else None,
        ends_at=None if ends is None else make.NOW + ends,
    )


def parameters() -> dict:
    """Of a statement about no launches."""
    about = twin.Span()._asdict() | {"now": make.NOW}
    numbered = product(twin.Span()._asdict().items(), range(twin.SPANS))
    return about | {f"{name}_{number}": value for (name, value), number in numbered}


def by_the_rule(version: int, facts: list[Fact]) -> tuple[dict[str, str], twin.Found]:
    """States and verdict columns as the rule has them."""
    verdict = judge([fact.item for fact in facts], pinned(version).scheme, make.NOW)
    columns = columns_of(verdict, facts, pinned(version), make.NOW)
    found = twin.Found(**{name: columns[name] for name in twin.Found._fields})
    return {key: state.value for key, state in verdict.states.items()}, found


def assert_equal(launches: list[Launch]) -> None:
    ids = [launch.pk for launch in launches]
    states = twin.states_of(min(ids), max(ids), now=make.NOW)
    verdicts = twin.verdicts_of(min(ids), max(ids), now=make.NOW)
    facts = facts_of_many(launches, make.NOW)
    for launch in launches:
        expected_states, expected = by_the_rule(launch.version_id, facts[launch.pk])
        assert {
            key: state for (pk, key), state in states.items() if pk == launch.pk
        } == expected_states
        assert verdicts[launch.pk] == expected


@pytest.mark.parametrize("name", LIBRARY)
def test_sql_and_rule_agree_on_every_shipped_checklist(name):
    people = [make.user() for _ in range(4)]
    version, _ = publish(read((make.LIBRARY / name).read_bytes()), now=make.NOW)
    launches = [make.launch(version=version) for _ in range(10)]

    for seed, launch in enumerate(launches):
        scramble(launch, people, seed)

    assert_equal(launches)


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_sql_and_rule_agree_under_every_policy(policy):
    people = [make.user() for _ in range(4)]
    version = make.checklist(**policy)
    launches = [make.launch(version=version) for _ in range(6)]

    for seed, launch in enumerate(launches):
        scramble(launch, people, seed)

    assert_equal(launches)


@pytest.mark.parametrize("requires", REQUIRED, ids=str)
def test_sql_and_rule_agree_on_what_items_require(requires):
    people = [make.user() for _ in range(4)]
    document = make.document(10)
    for section in document["sections"]:
        for item in section["items"]:
            item["requires"] = requires
    version = make.published(document)
    launches = [make.launch(version=version) for _ in range(6)]

    for seed, launch in enumerate(launches):
        scramble(launch, people, seed)

    assert_equal(launches)


def crowd(version: Version, dice: random.Random) -> list[Launch]:
    """Many small launches at once: copies of one, whose items stand each as it comes."""
    first = make.launch(version=version)
    subjects = Subject.objects.bulk_create(Subject(kind="launch") for _ in range(CROWD))
    launches = []
    for subject in subjects:
        launch = copy(first)
        launch.pk, launch.subject = None, subject
        launches.append(launch)
    Launch.objects.bulk_create(launches)
    items = []
    for launch, one in product(launches, list(first.items.all())):
        item = copy(one)
        item.pk, item.launch = None, launch
        shuffle(item, dice)
        items.append(item)
    LaunchItem.objects.bulk_create(items)
    return launches


@pytest.mark.parametrize("rule", CROWDED, ids=str)
def test_sql_and_rule_agree_over_thousands_of_random_histories(rule):
    dice = random.Random(5)
    people = [make.user() for _ in range(4)]
    version = make.checklist(HANDFUL, signing=rule)
    launches = crowd(version, dice)
    items = LaunchItem.objects.filter(launch__in=launches)

    speak(version.pk, list(items), people, 0.8, dice)

    for start in range(0, CROWD, PLANNED):
        assert_equal(launches[start : start + PLANNED])


def test_judge_check_finds_nothing_after_ordinary_work(capsys):
    make.launch(items=10, signed_off=4)

    call_command("judge", check=True)

    assert capsys.readouterr().out == "Every stored verdict equals its recomputation.\n"


def test_judge_check_names_a_verdict_that_was_tampered_with(capsys):
    launch = make.launch(items=10, signed_off=4)
    Launch.objects.filter(pk=launch.pk).update(verdict="ready", checked=10)

    with pytest.raises(CommandError, match="1 stored verdicts differ"):
        call_command("judge", check=True)

    assert capsys.readouterr().out.splitlines() == [
        f"Launch {launch.pk}:",
        "  verdict is ready, should be delay",
        "  checked is 10, should be 4",
    ]


def test_every_span_of_launches_is_checked(monkeypatch):
    monkeypatch.setattr(twin, "SPAN", 1)
    version = make.checklist(items=5)
    launches = [make.launch(version=version, signed_off=2) for _ in range(2 * twin.SPANS + 1)]
    tampered = [launches[0].pk, launches[1].pk, launches[-1].pk]
    Launch.objects.filter(pk__in=tampered).update(checked=4)

    found = list(twin.differences(now=make.NOW))

    assert [difference.launch for difference in found] == tampered
    assert {difference.found.checked for difference in found} == {2}
    assert {difference.stored.checked for difference in found} == {4}


@pytest.mark.parametrize("count", [1, 12])
def test_a_check_asks_the_same_number_of_statements_of_however_many_launches(
    count, django_assert_num_queries
):
    version = make.checklist(items=5)
    for _ in range(count):
        make.launch(version=version, signed_off=2)

    with django_assert_num_queries(5):  # the spans; a savepoint, its settings, all launches
        found = list(twin.differences(now=make.NOW))

    assert found == []


@pytest.mark.parametrize("asked", [twin.PLAINLY, twin.DIFFERENCES], ids=["plain", "others"])
def test_spans_may_be_read_at_once_by_several_workers(asked):
    make.launch(items=5)
    about = parameters()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0")
        cursor.execute("SET LOCAL min_parallel_table_scan_size = '1TB'")  # a span each, however
        cursor.execute("SET LOCAL min_parallel_index_scan_size = '1TB'")  # large tables have grown
        cursor.execute(f"EXPLAIN {asked}", about)
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Parallel Append" in plan


def test_a_launch_is_checked_though_an_item_of_it_lies_far_from_the_others():
    version = make.checklist(items=5)
    launches = [make.launch(version=version, signed_off=2) for _ in range(3 * twin.SPANS)]
    strayed = launches[1].items.filter(signoffs=None).first()
    LaunchItem.objects.filter(pk=strayed.pk).update(id=10 * strayed.pk)
    Launch.objects.filter(pk=launches[1].pk).update(checked=4)

    found = list(twin.differences(now=make.NOW))

    assert [difference.launch for difference in found] == [launches[1].pk]
    assert [difference.found.checked for difference in found] == [2]


def test_a_launch_with_items_since_its_span_was_looked_up_is_left_to_the_next_check(
    monkeypatch,
):
    but_one = "(SELECT max(id) - 1 FROM launches_launchitem)"
    for name, end in (("ALL_SPANS", "%(most)s) AS high"), ("ONE_SPAN", "-1) AS high")):
        assert end in getattr(twin, name)
        sooner = getattr(twin, name).replace(end, f"0) * 0 + {but_one} AS high")
        monkeypatch.setattr(twin, name, sooner)
    launch = make.launch(items=5, signed_off=5)
    Launch.objects.filter(pk=launch.pk).update(checked=4)

    found = list(twin.differences(now=make.NOW))

    assert found == []
