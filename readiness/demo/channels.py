"""Where somebody in the demo hears beside their mails."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from readiness.accounts.models import User
from readiness.notifications.models import Channel, Kind, Way
from readiness.notifications.services.own_hooks import add_own
from readiness.notifications.services.subscribing import choose

PERSON = "Priya Raman"
ADDRESS = "https://hooks.slack.example/services/T0/B0/demo"  # a name that never leads anywhere
BY_MAIL_ALONE = (Kind.DECIDED, Kind.VERDICT_DROPPED, Kind.REVIEW_INVITED, Kind.MINUTES)


def tell_channels(people: Mapping[str, User], now: datetime) -> None:
    """One of the company hears by Slack what cannot wait."""
    person, at = people[PERSON], now - timedelta(minutes=5)
    add_own(person, way=Way.SLACK, url=ADDRESS, key=str(uuid4()), now=at)
    choose(person, {(kind, Channel.SLACK): False for kind in BY_MAIL_ALONE}, now=at)
