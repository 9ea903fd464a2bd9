"""What waits for somebody's signature, or for a second person where the glass was broken."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db.models import Count, Q, Value
from django.db.models.functions import Coalesce, NullIf

from readiness.accounts.models import User
from readiness.accounts.permissions import Action, grants
from readiness.checklists.models import SigningRule
from readiness.launches.models import LaunchItem, SignOff
from readiness.launches.models.launches import OVER
from readiness.launches.queries.facts import Fact, facts_of_items
from readiness.launches.queries.pinned import pinned
from readiness.launches.queries.signing import why_not_theirs
from readiness.launches.queries.waits import Wait
from readiness.rules.states import State, state_of

SEVERAL = (SigningRule.TWO_PERSONS.value, SigningRule.ROLE_QUORUM.value)


def second_signatures(user: User, now: datetime) -> Iterator[Wait]:
    """Items that somebody signed, that want further signatures, and that this person may sign."""
    signed = Count("signoffs", filter=Q(signoffs__withdrawn_at=None))
    mine = SignOff.objects.standing().filter(by=user).values("item")
    rule = Coalesce(NullIf("item__signing_rule", Value("")), "item__version__signing_rule")
    items = (
        LaunchItem.objects.filter(grants(user, Action.ITEM_SIGN, lead="launch__lead"))
        .running()
        .annotate(rule=rule, signed=signed)
        .filter(rule__in=SEVERAL, signed__gt=0)
        .exclude(pk__in=mine)
        .select_related("launch")
    )
    found = {item.pk: item for item in items}
    if not found:
        return
    facts = {one.pk: one for one in facts_of_items(LaunchItem.objects.filter(pk__in=found), now)}
    barred = why_not_theirs(found.values(), user)
    given = SignOff.objects.standing().filter(item__in=found).values_list("pk", "printed_name")
    names = dict(given)
    for pk, item in found.items():
        if not barred[pk] and _waits(facts[pk], item, now):
            yield _second(facts[pk], item, names, now)


def _waits(fact: Fact, item: LaunchItem, now: datetime) -> bool:
    rule = pinned(item.launch.version_id).items[item.key]
    is_waiting = state_of(fact.item, now) is State.PROVISIONAL
    return is_waiting and 0 < fact.signed(now) < rule.signatures


def _second(fact: Fact, item: LaunchItem, names: Mapping[int, str], now: datetime) -> Wait:
    rule = pinned(item.launch.version_id).items[item.key]
    counting = [word for word in fact.words if word.counts(now)]
    return Wait(
        launch=item.launch.name,
        item=f"{rule.ref} {rule.title}",
        what=f"{fact.signed(now)} of {rule.signatures} signatures",
        because="",
        by=", ".join(names[word.pk] for word in counting),
        since=min(word.at for word in counting),
        link=item.get_absolute_url(),
        look="second_signature",
        launch_id=item.launch_id,
        askers=tuple(word.by for word in counting),
    )


def glass_to_confirm(user: User, now: datetime) -> Iterator[Wait]:
    """What one person signed alone on what holds now, and somebody else has to confirm."""
    waiting = (
        SignOff.objects.standing()
        .filter(grants(user, Action.GLASS_CONFIRM, lead="item__launch__lead"))
        .filter(broke_glass=True, confirmed_at=None)
        .exclude(by=user)
        .exclude(item__launch__stage__in=OVER)
        .select_related("item__launch")
    )
    for one in waiting:
        item = one.item
        if one.basis != item.basis or not set(one.evidence) <= set(item.evidence):
            continue
        rule = pinned(item.launch.version_id).items[item.key]
        yield Wait(
            launch=item.launch.name,
            item=f"{rule.ref} {rule.title}",
            what="Broken glass to confirm",
            because=one.note,
            by=one.printed_name,
            since=one.at,
            link=item.get_absolute_url(),
            look="second_signature",
            launch_id=item.launch_id,
            askers=(one.by_id,),
        )
