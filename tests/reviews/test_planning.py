"""Planning a review, changing and cancelling it: who may, when, and what is told."""

from datetime import timedelta

import pytest

from readiness.accounts.models import Role
from readiness.audit.kinds import Kind
from readiness.audit.services import AlreadyDone
from readiness.launches.models import Launch, LaunchItem
from readiness.reviews.models import Review
from readiness.reviews.services import planning
from readiness.rules.truth import Truth
from readiness.web.refusal import NotPermitted, NotVisible
from tests import make
from tests.launches.given import count_told, refused, told
from tests.reviews.given import SOON, cast, now_of, places, plan, planned_for

pytestmark = pytest.mark.django_db


def test_a_review_is_planned_and_the_invited_are_written_down():
    here = cast()
    before = count_told(here.launch)

    review = plan(here, invited=(here.bob,))

    assert {one.person for one in review.invited.all()} == {here.ann, here.bob}
    assert (review.number, review.state, review.invitation, str(review)) == (
        1, "planned", 0, "Design review 1",
    )  # fmt: skip
    assert len(review.code) == 6
    assert told(here.launch, before) == [
        (
            Kind.REVIEW_PLANNED,
            here.ann,
            make.NOW,
            {
                "review": review.pk,
                "number": 1,
                "starts_at": SOON.isoformat(),
                "zone": "Europe/Berlin",
                "minutes": 60,
                "facilitator": "Ann Ash",
                "invited": sorted([here.ann.pk, here.bob.pk]),
            },
        )
    ]


def test_a_plan_that_is_sent_twice_is_one_review():
    here = cast()
    said = {"by": here.ann, "key": make.key(), "now": make.NOW}
    planning.plan(here.launch, planned_for(here), **said)

    with pytest.raises(AlreadyDone):
        planning.plan(here.launch, planned_for(here), **said)

    assert Review.objects.count() == 1


def test_who_may_not_plan_hears_so_and_a_stranger_finds_nothing():
    here = cast()
    viewer = make.user("Vic", team=here.team, role=Role.VIEWER)

    with pytest.raises(NotPermitted):
        plan(here, by=viewer)
    with pytest.raises(NotVisible):
        plan(here, by=make.user("Sue"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"starts_at": make.NOW - timedelta(hours=1)}, "Choose a time that is still to come."),
        (
            {"length_minutes": 4},
            "A review lasts 5 minutes at least and 8 hours at most.",
        ),
        (
            {"length_minutes": 481},
            "A review lasts 5 minutes at least and 8 hours at most.",
        ),
        ({"items": ()}, "Pick an item, or look at all of them."),
        ({"items": (2**60,)}, "This is not an item of this launch."),
    ],
)
def test_a_plan_that_cannot_be_is_refused(said, reason):
    here = cast()

    with refused(reason):
        plan(here, **said)

    assert not Review.objects.exists()


def test_only_who_may_drive_facilitates_and_only_who_may_see_the_launch_is_invited():
    here = cast()
    viewer, stranger = make.user("Vic", team=here.team, role=Role.VIEWER), make.user("Sue")
    team = here.team.name

    with refused(f"Vic may not drive a review in {team}. Choose somebody else."):
        plan(here, facilitator=viewer)
    with refused("Sue may not see this launch. Give them a role in its team first."):
        plan(here, invited=(stranger,))


def test_no_review_is_planned_of_a_launch_that_is_over():
    here = cast()
    Launch.objects.update(stage="cancelled")

    with refused("This launch is over: it is reviewed no more."):
        plan(here)


def test_reviews_of_a_launch_are_numbered():
    here = cast()

    first, second = plan(here), plan(here)

    assert (first.number, second.number) == (1, 2)
    assert first.code != second.code


def test_what_was_picked_is_on_the_agenda_from_the_start():
    here = cast()
    picked = tuple(item.pk for item in here.launch.items.all()[1:3])

    review = plan(here, items=picked)

    assert {one.item_id for one in review.agenda.all()} == {*picked}


def test_a_changed_plan_says_what_was_and_raises_the_number_of_its_invitation():
    here = cast()
    review, before = plan(here, invited=(here.bob,)), count_told(here.launch)
    later = SOON + timedelta(hours=1)
    to_be = planned_for(here, starts_at=later, facilitator=here.cem, invited=(here.amara,))

    said = {"edition": 1, "by": here.bob, "key": make.key(), "now": make.NOW}
    changed = planning.change(review, to_be, **said)

    assert (changed.edition, changed.invitation, changed.starts_at) == (2, 1, later)
    assert now_of(review).facilitator == here.cem
    assert {one.person for one in review.invited.all()} == {here.cem, here.amara}
    assert told(here.launch, before) == [
        (
            Kind.REVIEW_CHANGED,
            here.bob,
            make.NOW,
            {
                "review": review.pk,
                "number": 1,
                "changes": {
                    "starts_at": [SOON.isoformat(), later.isoformat()],
                    "facilitator": ["Ann Ash", "Cem Can"],
                },
                "zone": "Europe/Berlin",
                "added": sorted([here.cem.pk, here.amara.pk]),
                "left_out": sorted([here.ann.pk, here.bob.pk]),
            },
        )
    ]


def test_a_plan_that_somebody_changed_meanwhile_is_not_changed_unseen():
    here = cast()
    review = plan(here)
    said = {"edition": 1, "by": here.ann, "now": make.NOW}
    planning.change(review, planned_for(here, length_minutes=30), key=make.key(), **said)

    with refused("Someone changed this review since you loaded the page. Look at it again."):
        planning.change(review, planned_for(here, length_minutes=90), key=make.key(), **said)


def test_a_cancelled_review_says_why_and_stays_so():
    here = cast()
    review, before = plan(here), count_told(here.launch)
    said = {"by": here.ann, "now": make.NOW}

    with refused("Say why: the invited are told."):
        planning.cancel(review, because=" ", key=make.key(), **said)
    planning.cancel(review, because="The data is late.", key=make.key(), **said)
    with refused("This review was cancelled."):
        planning.cancel(review, because="Again.", key=make.key(), **said)

    assert (now_of(review).state, now_of(review).invitation) == ("cancelled", 1)
    told_of = {"review": review.pk, "number": 1, "because": "The data is late."}
    assert told(here.launch, before) == [(Kind.REVIEW_CANCELLED, here.ann, make.NOW, told_of)]


def test_undecided_items_come_first_in_each_section_and_must_haves_before_the_rest():
    here = cast(items=12, signed_off=2)
    must_have = make.item(here.launch, 4)
    LaunchItem.objects.filter(pk=must_have.pk).update(blocker=Truth.YES.value)
    sections = [item.item.section_id for item in here.launch.items.select_related("item")]
    count = sections.count(sections[0])

    review = plan(here, items=tuple(here.launch.items.values_list("pk", flat=True)))

    order = [*range(1, 13)]
    by_place = {item.position: place for place, item in enumerate(here.launch.items.all(), 1)}
    found = [by_place[position] for position in places(review)]
    assert found == [4, 3, *range(5, count + 1), 1, 2, *order[count:]]


def test_items_of_the_invited_come_first_where_that_was_asked_for():
    here = cast()
    LaunchItem.objects.filter(pk=make.item(here.launch, 5).pk).update(owner=here.bob)
    LaunchItem.objects.filter(pk=make.item(here.launch, 4).pk).update(owner=make.user("Else"))
    picked = tuple(here.launch.items.values_list("pk", flat=True))

    review = plan(here, items=picked, is_invited_first=True)

    [*positions] = here.launch.items.values_list("position", flat=True)
    assert places(review)[0] == positions[4]
