"""Saying that an item is not done: what has to happen still, who does it, and until when."""

from datetime import date, datetime

from django.db import transaction

from readiness.accounts.models import User
from readiness.accounts.permissions import Action
from readiness.launches import policies
from readiness.launches.models import ActionItem, LaunchItem, Progress
from readiness.launches.policies import following
from readiness.launches.queries.facts import facts_of_items
from readiness.launches.services.items import hand_over, say_due, say_progress
from readiness.launches.services.taking import take_item, touch
from readiness.web.refusal import refuse_if


@transaction.atomic
def follow_up(
    item: LaunchItem,
    *,
    text: str,
    owner: User,
    due_on: date,
    by: User,
    version: int,
    key: str,
    now: datetime,
) -> ActionItem:
    """Write down what has to happen before an item is done: its owner owes it until that day.

    The item is theirs from now on, due that day, and in progress unless something blocks it.
    """
    body = f"follow up {owner.pk} {due_on} {text}"
    item = take_item(item, to=Action.ITEM_WORK, by=by, version=version, key=key, body=body, now=now)
    launch = item.launch
    [fact] = facts_of_items(LaunchItem.objects.filter(pk=item.pk), now)
    is_checked = any(word.counts(now) for word in fact.words)
    refuse_if(policies.working_on(item) or policies.progressing(is_checked=is_checked))
    refuse_if(policies.owning(launch, owner) or policies.due_by(launch, due_on))
    refuse_if(following.asking(text, due_on, today=launch.day_at(now)))
    touch(item, by=by, now=now)  # a new version also where all of it was so before
    if item.owner_id != owner.pk:
        hand_over(item, to=owner, by=by, now=now)
    if item.due_on != due_on:
        say_due(item, on=due_on, by=by, now=now)
    if item.progress == Progress.NOT_STARTED:
        say_progress(item, to=Progress.IN_PROGRESS, by=by, now=now, because="")
    return ActionItem.objects.create(
        team_id=item.team_id,
        launch=launch,
        item=item,
        text=text.strip(),
        owner=owner,
        due_on=due_on,
    )


def settle(follow_ups: list[ActionItem], *, by: User, now: datetime, note: str) -> None:
    """Close what is owed no more, as another word on its item was given; the launch is taken."""
    open_ones = [one.pk for one in follow_ups if one.done_at is None]
    rows = ActionItem.objects.filter(pk__in=open_ones, done_at=None)
    rows.update(done_at=now, done_by=by, done_note=note)
