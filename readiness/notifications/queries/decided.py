"""What somebody hears of decisions: asked of them, taken, ended, and what they owe by them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from readiness.accounts.models import User
from readiness.launches.models import ActionItem, Decision, DecisionSignature, LaunchApprover
from readiness.launches.models.decisions import GOES, Outcome
from readiness.launches.models.launches import QUIET
from readiness.launches.queries.deciding_words import TITLES
from readiness.launches.queries.following import settled
from readiness.notifications.queries.before import NEW
from readiness.web.templatetags.face import day

# Who hears of what, and when it happened: of an end the lead, the approvers and who owed
# something; of a question the approvers; of an answer the lead.
NEWS = """
    SELECT launch.lead_id AS person_id, decision.voided_at AS happened_at
    FROM launches_decision decision JOIN launches_launch launch ON launch.id = decision.launch_id
    WHERE decision.voided_at >= %(now)s - 2 * %(new)s
    UNION ALL
    SELECT approver.person_id, decision.voided_at
    FROM launches_decision decision
    JOIN launches_launchapprover approver ON approver.launch_id = decision.launch_id
    WHERE decision.voided_at >= %(now)s - 2 * %(new)s
    UNION ALL
    SELECT item.owner_id, decision.voided_at
    FROM launches_decision decision
    JOIN launches_actionitem item ON item.decision_id = decision.id AND item.done_at IS NULL
    WHERE decision.voided_at >= %(now)s - 2 * %(new)s
    UNION ALL
    SELECT approver.person_id, decision.asked_at
    FROM launches_decision decision
    JOIN launches_launchapprover approver ON approver.launch_id = decision.launch_id
    WHERE decision.outcome = '' AND decision.asked_at >= %(now)s - 2 * %(new)s
    UNION ALL
    SELECT launch.lead_id, decision.decided_at
    FROM launches_decision decision JOIN launches_launch launch ON launch.id = decision.launch_id
    WHERE decision.outcome IN ('go', 'conditional_go', 'no_go')
      AND decision.decided_at >= %(now)s - 2 * %(new)s
"""
OWED = """
    SELECT FROM launches_actionitem item
    JOIN launches_launch launch
        ON launch.id = item.launch_id AND launch.decision_id = item.decision_id
    WHERE item.owner_id = person.id AND item.done_at IS NULL
      AND item.due_on <= person.today + %(soon)s AND launch.stage <> ALL (%(quiet)s)
"""


ASKED = "Your decision is asked for"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing about a decision: of which launch, when, what was said, and where to look."""

    title: str
    launch: str
    due: str
    then: str
    url: str
    label: str


def notices_of(
    person: User, *, today: date, since: datetime, at: datetime, soon: timedelta
) -> tuple[Notice, ...]:
    """What is owed by then, and what happened since the digest before."""
    return (*_owed(person, today, soon, at), *_news(person, since, at))


def _owed(person: User, today: date, soon: timedelta, at: datetime) -> Iterable[Notice]:
    owed = ActionItem.objects.owed().filter(owner=person, due_on__lte=today + soon)
    owed = owed.exclude(launch__stage__in=QUIET).visible_to(person)
    rows = list(owed.select_related("launch").order_by("due_on", "pk"))
    why = settled(rows, at)
    for one in rows:
        late = (today - one.due_on).days
        words = (
            f"{late} day{'' if late == 1 else 's'} late" if late > 0 else f"Due {day(one.due_on)}"
        )
        url = settings.BASE_URL + reverse("launches:actions")
        asked = (
            "A review of the launch asked for this."
            if one.is_follow_up
            else "The launch was approved under this."
        )
        closes = why.get(one.item_id or 0, "")
        then = f"{closes}: close this, too." if closes else asked
        yield Notice(str(one), one.launch.name, words, then, url, "Done")


def _news(person: User, since: datetime, at: datetime) -> Iterable[Notice]:
    """What happened of late; of what is longer ago only how things stand by it."""
    later = Decision.objects.filter(launch=OuterRef("launch"), number__gt=OuterRef("number"))
    is_last = ~Exists(later.filter(outcome__in=(*GOES, Outcome.NO_GO.value)))
    seat = LaunchApprover.objects.filter(launch=OuterRef("launch"), person=person)
    owes = ActionItem.objects.filter(decision=OuterRef("pk"), owner=person, done_at=None)
    seen = Decision.objects.without_record().visible_to(person).select_related("launch")
    concerned = Q(launch__lead=person) | Exists(seat) | Exists(owes)
    ended = seen.filter(concerned, voided_at__gte=since, voided_at__lt=at)
    for one in ended.filter(Q(voided_at__gte=at - NEW) | is_last).order_by("voided_at"):
        yield _notice(one, "The GO ended", one.voided_at, one.voided_because)
    said = DecisionSignature.objects.standing().filter(decision=OuterRef("pk"), by=person)
    asked = seen.open().filter(Exists(seat), ~Exists(said), asked_at__gte=since, asked_at__lt=at)
    asked = asked.exclude(asked_by=person).exclude(launch__lead=person)
    for one in asked.order_by("asked_at"):
        yield _notice(one, ASKED, one.asked_at, one.note)
    taken = seen.filter(outcome__in=(*GOES, Outcome.NO_GO.value), launch__lead=person)
    taken = taken.filter(decided_at__gte=since, decided_at__lt=at)
    stands = Q(voided_at=None) & is_last
    for one in taken.filter(Q(decided_at__gte=at - NEW) | stands).order_by("decided_at"):
        yield _notice(one, TITLES[one.outcome], one.decided_at, one.against)


def _notice(one: Decision, title: str, happened_at: datetime | None, said: str) -> Notice:
    local = (happened_at or one.asked_at).astimezone(one.launch.tzinfo)
    url = settings.BASE_URL + reverse("launches:decision", args=[one.launch_id])
    return Notice(title, one.launch.name, day(local), said, url, "Look")
