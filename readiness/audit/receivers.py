"""What the log keeps of passwords: that one was changed, and that other sessions ended with it."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.dispatch import receiver
from django.http import HttpRequest

from readiness import clock
from readiness.accounts.models import User
from readiness.audit import people


@receiver([password_changed, password_reset])
def end_other_sessions(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    """Who knows the old password only is out at once."""
    people.password_changed(user, current=request.session.session_key, now=clock.now())
