"""How people sign in: by an account that someone gave them."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up by themselves: people are added, or come by single sign-on."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Email and password do not match.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "Type the password you have now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """The answer is a page, whatever was sent: nothing here speaks JSON."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Where somebody may be led after signing in; an address nobody can read is no such."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail that cannot go is logged: an error would tell a stranger who has an account."""
        if not settings.EMAIL_HOST:
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("A mail about an account was not sent.")
