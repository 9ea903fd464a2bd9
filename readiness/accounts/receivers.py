"""What accounts do when somebody signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from readiness import clock
from readiness.accounts.sessions import note_sign_in


@receiver(user_logged_in)
def remember_the_browser(sender: object, request: HttpRequest, **more: Any) -> None:
    note_sign_in(request.session, agent=request.META.get("HTTP_USER_AGENT", ""), now=clock.now())
